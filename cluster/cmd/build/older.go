package main

import (
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// kept is how many earlier builds stay: a few worktrees may want their own.
const kept = 3

// older lists the builds beside dir, the newest first.
func older(dir string) []string {
	all, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*", "kube"))
	sort.Slice(all, func(i, j int) bool { return modified(all[i]) > modified(all[j]) })
	var out []string
	for _, f := range all {
		if d := filepath.Dir(f); d != dir {
			out = append(out, d)
		}
	}
	return out
}

func modified(file string) int64 {
	st, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return st.ModTime().UnixNano()
}

// seed copies the programs of the newest earlier build: the go command links
// again only those that would come out different, which saves most of the time.
func seed(dir string, all []program) {
	from := older(dir)
	if len(from) == 0 {
		return
	}
	for _, p := range all {
		if err := copyFile(filepath.Join(from[0], p.name), filepath.Join(dir, p.name)); err != nil {
			_ = os.Remove(filepath.Join(dir, p.name)) // it is only a short cut
		}
	}
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// prune removes old builds, but none that a running process is from: its
// supervisor could not start it again.
func prune(dir string) {
	used := map[string]bool{}
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, l := range links {
		if exe, err := os.Readlink(l); err == nil {
			used[filepath.Dir(strings.TrimSuffix(exe, " (deleted)"))] = true
		}
	}
	for i, d := range older(dir) {
		if i >= kept && !used[d] {
			_ = os.RemoveAll(d)
		}
	}
}
