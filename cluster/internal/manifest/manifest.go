// Package manifest holds the objects that every cluster starts with: storage
// classes, CoreDNS and the definitions of volume snapshots.
package manifest

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"os"
	"path"
	"strings"
	"text/template"

	"sigs.k8s.io/yaml"

	"cistern/cluster/internal/api"
	"cistern/cluster/internal/settings"
)

//go:embed objects
var objects embed.FS

// Values are what the embedded objects leave open.
type Values struct {
	Driver    string
	DNS       string
	Domain    string
	KubeImage string
}

// NewValues fills in what does not depend on the build.
func NewValues(kubeImage string) Values {
	return Values{Driver: settings.Driver, DNS: settings.ServiceDNS, Domain: settings.Domain, KubeImage: kubeImage}
}

// Apply applies one of the embedded files.
func Apply(ctx context.Context, c *api.Client, name string, v Values) error {
	t, err := template.ParseFS(objects, "objects/"+name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return err
	}
	return applyAll(ctx, c, b.String())
}

// ApplyFile applies a file that came with the build.
func ApplyFile(ctx context.Context, c *api.Client, file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return applyAll(ctx, c, string(b))
}

func applyAll(ctx context.Context, c *api.Client, text string) error {
	for _, doc := range strings.Split("\n"+text, "\n---") {
		if strings.TrimSpace(doc) == "" {
			continue
		}
		p, err := pathOf([]byte(doc))
		if err != nil {
			return err
		}
		if err := c.Apply(ctx, p, []byte(doc)); err != nil {
			return err
		}
	}
	return nil
}

// pathOf gives the address of a YAML object on the API server.
func pathOf(doc []byte) (string, error) {
	var o struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct{ Name, Namespace string }
	}
	if err := yaml.Unmarshal(doc, &o); err != nil {
		return "", err
	}
	if o.Kind == "" || o.Metadata.Name == "" {
		return "", fmt.Errorf("an object without kind or name: %.60q", doc)
	}
	root := "/apis/" + o.APIVersion
	if !strings.Contains(o.APIVersion, "/") {
		root = "/api/" + o.APIVersion
	}
	if o.Metadata.Namespace != "" {
		root += "/namespaces/" + o.Metadata.Namespace
	}
	return path.Join(root, plural(o.Kind), o.Metadata.Name), nil
}

// plural is right for the kinds of this package.
func plural(kind string) string {
	k := strings.ToLower(kind)
	if strings.HasSuffix(k, "ss") {
		return k + "es"
	}
	return k + "s"
}
