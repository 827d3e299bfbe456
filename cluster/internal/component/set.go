// Package component says how each process of the cluster is started: its
// command line and the files it reads. It starts nothing itself.
package component

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
	"time"

	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
	"cistern/cluster/internal/supervise"
)

//go:embed config
var configs embed.FS

// Set is the components of one cluster.
type Set struct {
	Dir      state.Dir
	Bin      string // folder of the built programs
	Pause    string // reference of the sandbox image
	Settings settings.Settings
}

// First are the components that the others and the images need.
func (s Set) First() []supervise.Spec {
	out := []supervise.Spec{s.etcd(), s.apiServer()}
	for i := 1; i <= s.Settings.Nodes; i++ {
		out = append(out, s.containerd(i))
	}
	return out
}

// All are all components.
func (s Set) All() []supervise.Spec {
	out := append(s.First(), s.controllerManager(), s.scheduler(), s.own("provisioner", "--dir", s.Dir.Data("volumes")), s.own("netpol"))
	for i := 1; i <= s.Settings.Nodes; i++ {
		out = append(out, s.kubelet(i))
	}
	out = append(out, s.proxy())
	if s.Settings.Kwok {
		out = append(out, s.kwok())
	}
	return out
}

// Configure writes the files that the components read.
func (s Set) Configure() error {
	files := []struct {
		template, file string
		data           any
	}{
		{"audit.yaml", s.Dir.Etc("audit.yaml"), nil},
		{"cni.conflist", s.Dir.Etc("cni", "10-cistern.conflist"), map[string]string{
			"Network": settings.CNINetwork, "Bridge": settings.Bridge, "IPAM": s.Dir.Run("ipam"), "PodCIDR": settings.PodCIDR}},
	}
	for i := 1; i <= s.Settings.Nodes; i++ {
		n := s.node(i)
		files = append(files, struct {
			template, file string
			data           any
		}{"containerd.toml", n.containerdFile(), n}, struct {
			template, file string
			data           any
		}{"kubelet.yaml", n.kubeletFile(), n})
	}
	for _, f := range files {
		text, err := Render(f.template, f.data)
		if err != nil {
			return err
		}
		if err := put(f.file, text); err != nil {
			return err
		}
	}
	// empty: no name is ever asked for outside this host
	return put(s.Dir.Etc("resolv.conf"), nil)
}

// Render fills in one of the embedded configuration files.
func Render(name string, data any) ([]byte, error) {
	t, err := template.New(name).Option("missingkey=error").ParseFS(configs, "config/"+name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func put(file string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o711); err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o644)
}

// program is a component of the multi-call binary, which takes its name for
// the component to be.
func (s Set) program(name string, args ...string) supervise.Spec {
	return supervise.Spec{Name: name, Path: filepath.Join(s.Bin, "kube"), Args: append([]string{name}, args...), Grace: 5 * time.Second}
}

// digest is a hash of files, so that a change of them restarts their reader.
func digest(files ...string) string {
	h := sha256.New()
	for _, f := range files {
		b, err := os.ReadFile(f)
		fmt.Fprintln(h, f, len(b), err == nil)
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
