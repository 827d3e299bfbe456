package image

import (
	"archive/tar"
	"os"
	"path/filepath"
	"testing"
)

func sample(t *testing.T, dir, text string) string {
	t.Helper()
	program := filepath.Join(dir, "program")
	if err := os.WriteFile(program, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "image.tar")
	m := Image{Ref: "x.local/a:1", Entries: []Entry{{Path: "bin", Mode: 0o755}, {Path: "bin/a", Mode: 0o755, From: program}, {Path: "bin/b", Link: "a"}}}
	if err := m.Write(file); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestTheSameContentHasTheSameID(t *testing.T) {
	one, err := Contents(sample(t, t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := Contents(sample(t, t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := Contents(sample(t, t.TempDir(), "y"))
	if err != nil {
		t.Fatal(err)
	}
	if one[0].ID != two[0].ID || one[0].ID == other[0].ID || one[0].Refs[0] != "x.local/a:1" {
		t.Error(one, two, other)
	}
}

func TestTheLayerHoldsTheEntries(t *testing.T) {
	dir := t.TempDir()
	layer, err := member(sample(t, dir, "hello"), "layer.tar")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "layer.tar")
	if err := os.WriteFile(file, layer, 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := member(file, "bin/a"); err != nil || string(b) != "hello" {
		t.Error(string(b), err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if h, err := tar.NewReader(f).Next(); err != nil || h.Name != "bin/" || h.Mode != 0o755 {
		t.Error("the first entry is not the open folder:", h, err)
	}
}

const list = `REF                 TYPE                                       DIGEST             SIZE    PLATFORMS   LABELS
x.local/a:1         application/vnd.docker.distribution.v2     sha256:1111        1.0 MiB linux/amd64 x=y
sha256:aaaa         application/vnd.docker.distribution.v2     sha256:1111        1.0 MiB linux/amd64 x=y
x.local/b:1         application/vnd.docker.distribution.v2     sha256:2222        1.0 MiB linux/amd64 x=y
`

func TestAnImageIsThereUnderItsNameAndID(t *testing.T) {
	have := parseList(list)
	for _, c := range []struct {
		content Content
		want    bool
	}{
		{Content{"sha256:aaaa", []string{"x.local/a:1"}}, true},
		{Content{"sha256:aaaa", []string{"x.local/b:1"}}, false},
		{Content{"sha256:bbbb", []string{"x.local/a:1"}}, false},
		{Content{"sha256:aaaa", []string{"x.local/a:2"}}, false},
	} {
		if got := holds(have, []Content{c.content}); got != c.want {
			t.Errorf("%v: %v", c.content, got)
		}
	}
	if holds(have, nil) {
		t.Error("an archive without images is there")
	}
}
