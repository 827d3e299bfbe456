package host

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const cgroups = "/sys/fs/cgroup"

// hierarchies are the mounted control group trees: one for each controller in
// version 1, a single one in version 2.
func hierarchies() []string {
	if _, err := os.Stat(filepath.Join(cgroups, "cgroup.controllers")); err == nil {
		return []string{cgroups}
	}
	var out []string
	for _, c := range []string{"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "hugetlb", "net_cls", "net_prio", "perf_event", "systemd", "unified"} {
		if _, err := os.Stat(filepath.Join(cgroups, c)); err == nil {
			out = append(out, filepath.Join(cgroups, c))
		}
	}
	return out
}

// MakeCgroup makes the group that holds all pods of one node.
func MakeCgroup(name string) error {
	for _, h := range hierarchies() {
		dir := filepath.Join(h, name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		switch h {
		case filepath.Join(cgroups, "cpuset"): // empty there means no processor at all
			for _, f := range []string{"cpuset.cpus", "cpuset.mems"} {
				if err := inherit(h, dir, f); err != nil {
					return err
				}
			}
		case cgroups:
			delegate(h)
			delegate(dir)
		}
	}
	return nil
}

func inherit(parent, dir, file string) error {
	b, err := os.ReadFile(filepath.Join(parent, file))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, file), b, 0o644)
}

// delegate lets the children of a version 2 group use its controllers. What
// the kernel refuses here the kubelet will name, if it needs it.
func delegate(dir string) {
	b, err := os.ReadFile(filepath.Join(dir, "cgroup.controllers"))
	if err != nil {
		return
	}
	for _, c := range strings.Fields(string(b)) {
		_ = os.WriteFile(filepath.Join(dir, "cgroup.subtree_control"), []byte("+"+c), 0o644)
	}
}

// EndCgroup ends every process in the group, with a little time to do so by
// itself, and removes the group.
func EndCgroup(name string, grace time.Duration) error {
	signalGroup(name, syscall.SIGTERM)
	for end := time.Now().Add(grace); time.Now().Before(end) && len(members(name)) > 0; {
		time.Sleep(50 * time.Millisecond)
	}
	for i := 0; i < 100 && len(members(name)) > 0; i++ {
		signalGroup(name, syscall.SIGKILL)
		time.Sleep(50 * time.Millisecond)
	}
	var errs []error
	for _, h := range hierarchies() {
		errs = append(errs, removeTree(filepath.Join(h, name)))
	}
	return errors.Join(errs...)
}

func signalGroup(name string, s syscall.Signal) {
	for _, pid := range members(name) {
		_ = syscall.Kill(pid, s)
	}
}

// members lists the processes of the group and of all groups below it.
func members(name string) []int {
	seen := map[int]bool{}
	for _, h := range hierarchies() {
		_ = filepath.WalkDir(filepath.Join(h, name), func(p string, e fs.DirEntry, err error) error {
			if err != nil || !e.IsDir() {
				return nil
			}
			b, _ := os.ReadFile(filepath.Join(p, "cgroup.procs"))
			for _, f := range strings.Fields(string(b)) {
				if pid, err := strconv.Atoi(f); err == nil && pid > 1 {
					seen[pid] = true
				}
			}
			return nil
		})
	}
	var out []int
	for pid := range seen {
		out = append(out, pid)
	}
	return out
}

// removeTree removes the groups from the leaves up; their files go with them.
func removeTree(dir string) error {
	var dirs []string
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			dirs = append(dirs, p)
		}
		return nil
	})
	errs := []error{err}
	for i := len(dirs) - 1; i >= 0; i-- {
		err := syscall.Rmdir(dirs[i])
		for n := 0; n < 20 && errors.Is(err, syscall.EBUSY); n++ { // a process is still being buried
			time.Sleep(50 * time.Millisecond)
			err = syscall.Rmdir(dirs[i])
		}
		if err != nil && !errors.Is(err, syscall.ENOENT) {
			errs = append(errs, &fs.PathError{Op: "rmdir", Path: dirs[i], Err: err})
		}
	}
	return errors.Join(errs...)
}
