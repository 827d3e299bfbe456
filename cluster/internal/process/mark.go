package process

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
)

// Every process of the cluster carries these two variables, and so do the
// ones it starts in turn. They tell ours from others even when every record
// is lost.
const (
	markState = "CISTERN_CLUSTER_STATE="
	markName  = "CISTERN_CLUSTER_COMPONENT="
)

// Mark is the environment that makes a process recognisable.
func Mark(root, name string) []string { return []string{markState + root, markName + name} }

// Found is a marked process.
type Found struct {
	Record
	Component string
	Argv0     string
}

// Marked lists the running processes that carry the mark of that folder.
func Marked(root string) []Found {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	var out []Found
	for _, d := range dirs {
		pid, _ := strconv.Atoi(filepath.Base(d))
		owner, component := Owner(pid)
		if owner != root || pid == os.Getpid() {
			continue
		}
		r := Of(pid, "")
		cmd, _ := os.ReadFile(filepath.Join(d, "cmdline"))
		argv0, _, _ := bytes.Cut(cmd, []byte{0})
		if r.Start != "" {
			out = append(out, Found{Record: r, Component: component, Argv0: string(argv0)})
		}
	}
	return out
}

// Owner returns the state folder and the component that a process is marked
// with, both empty for a process that is not ours.
func Owner(pid int) (root, component string) {
	env, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "environ"))
	if err != nil {
		return "", ""
	}
	for _, kv := range bytes.Split(env, []byte{0}) {
		if v, ok := bytes.CutPrefix(kv, []byte(markState)); ok {
			root = string(v)
		}
		if v, ok := bytes.CutPrefix(kv, []byte(markName)); ok {
			component = string(v)
		}
	}
	return root, component
}
