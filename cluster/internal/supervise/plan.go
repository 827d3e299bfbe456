// Package supervise keeps a list of processes running. The supervisor is a
// small daemon of its own: `up` only writes the list, and whatever dies is
// started again. The processes outlive the supervisor, and a new supervisor
// takes them over from their records.
package supervise

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"cistern/cluster/internal/state"
)

// Spec is one process to keep running.
type Spec struct {
	Name  string        `json:"name"`
	Path  string        `json:"path"`
	Args  []string      `json:"args"`
	Files string        `json:"files"` // hash of its program and of the files it reads only at its start
	Grace time.Duration `json:"grace"`
}

// Hash changes when the process would have to be started differently. The
// folder of its program is left out: the same program may lie in two builds,
// and a cluster used from two worktrees shall not restart for that.
func (s Spec) Hash() string {
	s.Path = filepath.Base(s.Path)
	b, _ := json.Marshal(s) // strings and numbers only: cannot fail
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:8])
}

// Plan is all that shall run.
type Plan struct {
	Specs []Spec `json:"specs"`
}

// Write replaces the plan that the supervisor follows.
func (p Plan) Write(d state.Dir) error {
	b, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(d.Plan()+".tmp", b, 0o600); err != nil {
		return err
	}
	return os.Rename(d.Plan()+".tmp", d.Plan())
}

// ReadPlan loads the plan; a missing one is empty.
func ReadPlan(d state.Dir) (Plan, error) {
	var p Plan
	b, err := os.ReadFile(d.Plan())
	if os.IsNotExist(err) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(b, &p)
}

// Without is the plan without the named process.
func (p Plan) Without(name string) Plan {
	var rest Plan
	for _, s := range p.Specs {
		if s.Name != name {
			rest.Specs = append(rest.Specs, s)
		}
	}
	return rest
}

// Grace is how long the named process of the plan may take to end.
func (p Plan) Grace(name string) time.Duration {
	for _, s := range p.Specs {
		if s.Name == name {
			return s.Grace
		}
	}
	return 10 * time.Second
}
