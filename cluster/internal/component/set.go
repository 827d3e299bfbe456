// Package component says how each process of the cluster is started: its
// command line and the files it reads. It starts nothing itself.
package component

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
	"time"

	"cistern/cluster/internal/host"
	"cistern/cluster/internal/image"
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
	Images   image.Index
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
	cni := map[string]string{"Network": host.CNINetwork(s.Dir), "Bridge": settings.Bridge, "IPAM": s.Dir.Run("ipam"), "PodCIDR": settings.PodCIDR}
	errs := []error{
		write("audit.yaml", s.Dir.Etc("audit.yaml"), nil),
		write("cni.conflist", s.Dir.Etc("cni", "10-cistern.conflist"), cni),
		// empty: no name is ever asked for outside this host
		put(s.Dir.Etc("resolv.conf"), nil),
	}
	for i := 1; i <= s.Settings.Nodes; i++ {
		n := s.node(i)
		errs = append(errs, write("containerd.toml", n.containerdFile(), n), write("kubelet.yaml", n.kubeletFile(), n))
	}
	// a copy, as a build may be removed while its kwok still runs
	stages, err := os.ReadFile(filepath.Join(s.Bin, "kwok-stages.yaml"))
	return errors.Join(append(errs, err, put(s.kwokStages(), stages))...)
}

// write renders an embedded file to where a component reads it.
func write(name, file string, data any) error {
	text, err := Render(name, data)
	if err != nil {
		return err
	}
	return put(file, text)
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
	return supervise.Spec{
		Name: name, Path: filepath.Join(s.Bin, "kube"), Args: append([]string{name}, args...),
		Files: s.Images.Kube, // its tag is the program's hash
		Grace: 5 * time.Second,
	}
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
