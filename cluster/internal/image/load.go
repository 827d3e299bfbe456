package image

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// namespace is the one that the kubelet's side of the runtime looks into.
const namespace = "k8s.io"

// Content is one image of an archive: its id and its names.
type Content struct {
	ID   string
	Refs []string
}

// Store is a node's container runtime.
type Store struct {
	Socket string
}

func (s Store) ctr(args ...string) (string, error) {
	cmd := exec.Command("ctr", append([]string{"-a", s.Socket, "-n", namespace}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("ctr %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}

// Ready says whether the runtime answers.
func (s Store) Ready() error {
	_, err := s.ctr("version")
	return err
}

// Load imports the archive unless the store holds all its images already,
// under the same names. It reports whether anything was imported.
func (s Store) Load(file string) (bool, error) {
	want, err := Contents(file)
	if err != nil {
		return false, err
	}
	have, err := s.digests()
	if err != nil {
		return false, err
	}
	if holds(have, want) {
		return false, nil
	}
	_, err = s.ctr("images", "import", file)
	return err == nil, err
}

// digests maps each name in the store to what it points to. The runtime also
// keeps every image under its id, so a name and an id can be compared.
func (s Store) digests() (map[string]string, error) {
	out, err := s.ctr("images", "ls")
	if err != nil {
		return nil, err
	}
	return parseList(out), nil
}

func parseList(out string) map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(out, "\n") {
		if f := strings.Fields(line); len(f) > 2 && strings.HasPrefix(f[2], "sha256:") {
			m[f[0]] = f[2]
		}
	}
	return m
}

func holds(have map[string]string, want []Content) bool {
	for _, c := range want {
		digest, ok := have[c.ID]
		if !ok {
			return false
		}
		for _, ref := range c.Refs {
			if have[ref] != digest {
				return false
			}
		}
	}
	return len(want) > 0
}

// Contents reads the images of an archive. The id of an image is the hash of
// its configuration, which is read rather than trusted from its file name.
func Contents(file string) ([]Content, error) {
	manifest, err := member(file, "manifest.json")
	if err != nil {
		return nil, fmt.Errorf("%s is not an image archive: %w", file, err)
	}
	var list []struct {
		Config   string
		RepoTags []string
	}
	if err := json.Unmarshal(manifest, &list); err != nil {
		return nil, fmt.Errorf("%s: manifest.json: %w", file, err)
	}
	var out []Content
	for _, m := range list {
		config, err := member(file, m.Config)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		out = append(out, Content{ID: idOf(config), Refs: m.RepoTags})
	}
	return out, nil
}

// member reads one small file of an archive. Layers are skipped by seeking.
func member(file, name string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for r := tar.NewReader(f); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("it holds no %s", name)
		}
		if err != nil {
			return nil, err
		}
		if strings.TrimPrefix(h.Name, "./") == name {
			return io.ReadAll(r)
		}
	}
}

func idOf(config []byte) string {
	h := sha256.Sum256(config)
	return "sha256:" + hex.EncodeToString(h[:])
}
