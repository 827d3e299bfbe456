// Package process starts, recognises and ends processes that outlive the
// program that started them. A process is known by its id together with its
// start time: an id alone may have been given to somebody else meanwhile.
package process

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Record is what is kept on disk about a process that we started.
type Record struct {
	PID      int    `json:"pid"`
	Start    string `json:"start"`    // the kernel's start time, in ticks since boot
	Spec     string `json:"spec"`     // hash of how it was started
	Restarts int    `json:"restarts"` // how often it had to be started again
}

// stat returns a process's start time, and "" when it is gone or a zombie.
func stat(pid int) string {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return ""
	}
	// the name may hold blanks and brackets: count the fields after its end
	s := string(b)
	f := strings.Fields(s[strings.LastIndexByte(s, ')')+1:])
	if len(f) < 20 || f[0] == "Z" || f[0] == "X" {
		return ""
	}
	return f[19]
}

// Of makes the record of a process that runs now.
func Of(pid int, spec string) Record { return Record{PID: pid, Start: stat(pid), Spec: spec} }

// Alive says whether the very process of the record still runs.
func (r Record) Alive() bool { return r.PID > 0 && r.Start != "" && stat(r.PID) == r.Start }

// Age is how long the process has run.
func (r Record) Age() time.Duration {
	ticks, err := strconv.ParseInt(r.Start, 10, 64)
	if err != nil {
		return 0
	}
	b, err := os.ReadFile("/proc/uptime")
	if err != nil {
		return 0
	}
	up, err := strconv.ParseFloat(strings.Fields(string(b))[0], 64)
	if err != nil {
		return 0
	}
	return time.Duration((up - float64(ticks)/100) * float64(time.Second)).Round(time.Second)
}

// Read loads the record of that file; a missing or broken one is empty.
func Read(file string) Record {
	var r Record
	if b, err := os.ReadFile(file); err == nil {
		_ = json.Unmarshal(b, &r)
	}
	return r
}

// Write stores the record whole or not at all.
func (r Record) Write(file string) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".tmp", b, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".tmp", file)
}

// Stop asks the process to end and kills it after the grace period.
func (r Record) Stop(grace time.Duration) {
	if !r.Alive() {
		return
	}
	_ = syscall.Kill(r.PID, syscall.SIGTERM)
	for end := time.Now().Add(grace); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if !r.Alive() {
			return
		}
	}
	if r.Alive() {
		_ = syscall.Kill(r.PID, syscall.SIGKILL)
	}
	for i := 0; i < 100 && r.Alive(); i++ {
		time.Sleep(20 * time.Millisecond)
	}
}
