// Package image makes container images without a registry or a builder, and
// puts image archives into the nodes' container runtimes.
package image

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path"
	"time"
)

// Entry is one file of an image. With Link it is a symbolic link, with From
// a copy of that file, with Text that text, and otherwise a folder.
type Entry struct {
	Path string
	Mode int64
	From string
	Text string
	Link string
}

// Image is an image of one layer.
type Image struct {
	Ref        string
	Entrypoint []string
	Entries    []Entry
}

// Write writes the image as an archive that a container runtime imports. The
// same content gives the same archive, and so the same image id.
func (m Image) Write(file string) error {
	layer, err := os.CreateTemp(path.Dir(file), "layer-*")
	if err != nil {
		return err
	}
	defer os.Remove(layer.Name())
	defer layer.Close()
	h := sha256.New()
	if err := m.writeLayer(io.MultiWriter(layer, h)); err != nil {
		return err
	}
	config, manifest, err := m.describe("sha256:" + hex.EncodeToString(h.Sum(nil)))
	if err != nil {
		return err
	}
	return writeArchive(file, config, manifest, layer)
}

func writeArchive(file string, config, manifest []byte, layer *os.File) error {
	out, err := os.Create(file + ".tmp")
	if err != nil {
		return err
	}
	defer out.Close()
	size, err := layer.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := layer.Seek(0, io.SeekStart); err != nil {
		return err
	}
	w := tar.NewWriter(out)
	for _, p := range []struct {
		name string
		size int64
		body io.Reader
	}{
		{"manifest.json", int64(len(manifest)), bytes.NewReader(manifest)},
		{"config.json", int64(len(config)), bytes.NewReader(config)},
		{"layer.tar", size, layer},
	} {
		if err := w.WriteHeader(&tar.Header{Name: p.name, Mode: 0o644, Size: p.size, ModTime: time.Unix(0, 0)}); err != nil {
			return err
		}
		if _, err := io.Copy(w, p.body); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.Rename(file+".tmp", file)
}

// describe gives the image's configuration and the archive's manifest.
func (m Image) describe(diffID string) (config, manifest []byte, err error) {
	config, err = json.Marshal(map[string]any{
		"architecture": architecture, "os": "linux",
		"config": map[string]any{"Env": []string{"PATH=/bin:/usr/bin:/sbin:/usr/sbin"}, "Entrypoint": m.Entrypoint},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{diffID}},
	})
	if err != nil {
		return nil, nil, err
	}
	manifest, err = json.Marshal([]map[string]any{{"Config": "config.json", "RepoTags": []string{m.Ref}, "Layers": []string{"layer.tar"}}})
	return config, manifest, err
}

func (m Image) writeLayer(out io.Writer) error {
	w := tar.NewWriter(out)
	for _, e := range m.Entries {
		if err := e.write(w); err != nil {
			return err
		}
	}
	return w.Close()
}

func (e Entry) write(w *tar.Writer) error {
	h := &tar.Header{Name: e.Path, Mode: e.Mode, ModTime: time.Unix(0, 0)}
	var body io.Reader = bytes.NewReader([]byte(e.Text))
	switch {
	case e.Link != "":
		h.Typeflag, h.Linkname = tar.TypeSymlink, e.Link
	case e.From != "":
		f, err := os.Open(e.From)
		if err != nil {
			return err
		}
		defer f.Close()
		st, err := f.Stat()
		if err != nil {
			return err
		}
		h.Size, body = st.Size(), f
	case e.Text != "":
		h.Size = int64(len(e.Text))
	default:
		h.Typeflag, h.Name = tar.TypeDir, e.Path+"/"
	}
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	_, err := io.Copy(w, body)
	return err
}
