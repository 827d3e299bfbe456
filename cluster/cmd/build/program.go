package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is one binary: its package and what is stamped into it.
type program struct {
	name, pkg string
	stamps    []string
}

// programs lists them, the long one first.
func programs() ([]program, error) {
	var v [3]string
	for i, path := range []string{"k8s.io/kubernetes", "helm.sh/helm/v3", "sigs.k8s.io/kwok"} {
		var err error
		if v[i], err = module(path, "Version"); err != nil {
			return nil, err
		}
	}
	return []program{
		{"kube", "./cmd/kube", kubernetesStamps(v[0])},
		{"helm", "helm.sh/helm/v3/cmd/helm", helmStamps(v[1], v[0])},
		{"kwok", "sigs.k8s.io/kwok/cmd/kwok", []string{"sigs.k8s.io/kwok/pkg/consts.Version=" + v[2]}},
		{"pause", "./cmd/pause", nil},
		{"probe", "./cmd/probe", nil},
		{"cluster", "./cmd/cluster", nil},
	}, nil
}

// kubernetesStamps are what Kubernetes' own build sets, so that versions are
// told as they are. The date is fixed: the same sources give the same binary.
func kubernetesStamps(version string) []string {
	major, minor := majorMinor(version)
	var out []string
	for _, p := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		for _, kv := range []string{"gitVersion=" + version, "gitMajor=" + major, "gitMinor=" + minor, "gitTreeState=clean",
			"gitCommit=" + strings.Repeat("0", 40), "buildDate=2026-01-01T00:00:00Z"} {
			out = append(out, p+"."+kv)
		}
	}
	return out
}

func helmStamps(version, kubernetes string) []string {
	major, minor := majorMinor(kubernetes)
	out := []string{"helm.sh/helm/v3/internal/version.version=" + version}
	for _, p := range []string{"helm.sh/helm/v3/pkg/lint/rules", "helm.sh/helm/v3/pkg/chartutil"} {
		out = append(out, p+".k8sVersionMajor="+major, p+".k8sVersionMinor="+minor)
	}
	return out
}

func majorMinor(version string) (string, string) {
	f := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	return f[0], f[1]
}

func (p program) build(dir string) error {
	flags := "-s -w"
	for _, s := range p.stamps {
		flags += " -X " + s
	}
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", filepath.Join(dir, p.name), p.pkg)
	// one value for all: a second one would compile nearly everything again
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building %s: %w", p.name, err)
	}
	return nil
}
