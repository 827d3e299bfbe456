// Program build builds everything that the cluster runs into one folder: the
// programs, the images made of them, and the manifests that come with modules.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"cistern/cluster/internal/image"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: build FOLDER")
		os.Exit(2)
	}
	if err := build(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func build(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	all, err := programs()
	if err != nil {
		return err
	}
	prune(dir)
	seed(dir, all)
	for _, p := range all {
		if err := step("built "+p.name, func() error { return p.build(dir) }); err != nil {
			return err
		}
	}
	return step("made images and manifests", func() error {
		if err := manifests(dir); err != nil {
			return err
		}
		return image.Build(dir, filepath.Join(dir, "images"))
	})
}

func step(what string, do func() error) error {
	began := time.Now()
	if err := do(); err != nil {
		return err
	}
	fmt.Printf("%6.1f s  %s\n", time.Since(began).Seconds(), what)
	return nil
}

// module asks the go command about a module of the build.
func module(path, field string) (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{."+field+"}}", path).Output()
	if err != nil {
		return "", fmt.Errorf("go list %s: %w", path, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// manifests gathers the files that modules bring along.
func manifests(dir string) error {
	snapshots, err := module("github.com/kubernetes-csi/external-snapshotter/client/v8", "Dir")
	if err != nil {
		return err
	}
	kwok, err := module("sigs.k8s.io/kwok", "Dir")
	if err != nil {
		return err
	}
	if err := gather(filepath.Join(dir, "snapshot-crds.yaml"), filepath.Join(snapshots, "config/crd"),
		"snapshot.storage.k8s.io_volumesnapshotclasses.yaml", "snapshot.storage.k8s.io_volumesnapshotcontents.yaml",
		"snapshot.storage.k8s.io_volumesnapshots.yaml"); err != nil {
		return err
	}
	return gather(filepath.Join(dir, "kwok-stages.yaml"), filepath.Join(kwok, "kustomize/stage"),
		"node/fast/node-initialize.yaml", "node/heartbeat/node-heartbeat.yaml", "pod/fast/pod-*.yaml")
}

func gather(out, root string, patterns ...string) error {
	var b bytes.Buffer
	for _, p := range patterns {
		files, err := filepath.Glob(filepath.Join(root, p))
		if err != nil || len(files) == 0 {
			return fmt.Errorf("no %s in %s", p, root)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			b.WriteString(strings.TrimPrefix(string(text), "---\n") + "\n---\n")
		}
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}
