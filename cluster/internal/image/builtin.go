package image

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"cistern/cluster/internal/settings"
)

const (
	architecture = runtime.GOARCH
	indexFile    = "index.json"
	busybox      = "/bin/busybox"
)

// Index names the images that the cluster itself needs.
type Index struct {
	Pause   string `json:"pause"`
	Busybox string `json:"busybox"`
	Kube    string `json:"kube"`
}

// Build makes the cluster's own images from the programs in bin.
func Build(bin, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	kube, err := hashOf(filepath.Join(bin, "kube"))
	if err != nil {
		return err
	}
	// kube's tag follows its content: a new build makes CoreDNS roll over
	x := Index{Pause: settings.Registry + "/pause:1", Busybox: settings.Registry + "/busybox:1", Kube: settings.Registry + "/kube:" + kube[:12]}
	tools, err := busyboxImage(bin, x.Busybox)
	if err != nil {
		return err
	}
	images := map[string]Image{
		"pause.tar":   {Ref: x.Pause, Entrypoint: []string{"/pause"}, Entries: []Entry{{Path: "pause", Mode: 0o755, From: filepath.Join(bin, "pause")}}},
		"busybox.tar": tools,
		"kube.tar": {Ref: x.Kube, Entries: []Entry{{Path: "bin", Mode: 0o755}, {Path: "bin/kube", Mode: 0o755, From: filepath.Join(bin, "kube")},
			{Path: "bin/coredns", Mode: 0o777, Link: "kube"}, {Path: "bin/kubectl", Mode: 0o777, Link: "kube"}}},
	}
	for file, m := range images {
		if err := m.Write(filepath.Join(dir, file)); err != nil {
			return fmt.Errorf("image %s: %w", m.Ref, err)
		}
	}
	b, err := json.Marshal(x)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, indexFile), b, 0o644)
}

// busyboxImage is Debian's static busybox with a link for each of its tools.
func busyboxImage(bin, ref string) (Image, error) {
	out, err := exec.Command(busybox, "--list").Output()
	if err != nil {
		return Image{}, fmt.Errorf("%s --list: %w", busybox, err)
	}
	m := Image{Ref: ref, Entries: []Entry{
		{Path: "bin", Mode: 0o755}, {Path: "data", Mode: 0o777}, {Path: "etc", Mode: 0o755}, {Path: "tmp", Mode: 0o1777},
		{Path: "etc/passwd", Mode: 0o644, Text: "root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"},
		{Path: "bin/busybox", Mode: 0o755, From: busybox},
		{Path: "bin/probe", Mode: 0o755, From: filepath.Join(bin, "probe")},
	}}
	for _, tool := range strings.Fields(string(out)) {
		if tool != "busybox" { // or it would be a link to itself
			m.Entries = append(m.Entries, Entry{Path: "bin/" + tool, Mode: 0o777, Link: "busybox"})
		}
	}
	return m, nil
}

// ReadIndex loads what Build wrote, and the archives' file names.
func ReadIndex(dir string) (Index, []string, error) {
	var x Index
	b, err := os.ReadFile(filepath.Join(dir, indexFile))
	if err != nil {
		return x, nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.tar"))
	if err != nil {
		return x, nil, err
	}
	return x, files, json.Unmarshal(b, &x)
}

func hashOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}
