package component

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"cistern/cluster/internal/image"
	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
)

func set(t *testing.T, nodes int) Set {
	t.Helper()
	s := settings.Default()
	s.Nodes, s.Kwok = nodes, true
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "kwok-stages.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return Set{Dir: state.Dir(t.TempDir()), Bin: bin, Images: image.Index{Pause: "x.local/pause:1", Kube: "x.local/kube:1"}, Settings: s}
}

func TestEachNodeHasItsOwnRuntimeAndKubelet(t *testing.T) {
	s := set(t, 3)
	if err := s.Configure(); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, spec := range s.All() {
		if names[spec.Name] {
			t.Error("two components are called", spec.Name)
		}
		names[spec.Name] = true
	}
	for _, n := range []string{"containerd-node-3", "kubelet-node-3", "kwok", "etcd", "netpol"} {
		if !names[n] {
			t.Error("no", n)
		}
	}
	b, err := os.ReadFile(s.Dir.Etc("kubelet-node-2.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := yaml.UnmarshalStrict(b, &c); err != nil {
		t.Fatal(err)
	}
	for k, want := range map[string]any{"address": "198.18.255.2", "cgroupRoot": "/cistern-" + s.Dir.ID() + "-node-2", "configMapAndSecretChangeDetectionStrategy": "Watch",
		"containerRuntimeEndpoint": "unix://" + s.Dir.Run("node-2", "containerd.sock")} {
		if c[k] != want {
			t.Errorf("%s is %v, want %v", k, c[k], want)
		}
	}
}

func TestAChangedFileChangesItsReadersOnly(t *testing.T) {
	s := set(t, 1)
	if err := s.Configure(); err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for _, spec := range s.All() {
		before[spec.Name] = spec.Hash()
	}
	if err := os.WriteFile(s.Dir.Etc("kubelet-node-1.yaml"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, spec := range s.All() {
		if changed := before[spec.Name] != spec.Hash(); changed != (spec.Name == "kubelet-node-1") {
			t.Errorf("%s: changed is %v", spec.Name, changed)
		}
	}
}

// Requests of service accounts outside kube-system must all be logged: no
// rule that drops requests may name anybody but the system's own users.
func TestTheAuditPolicyDropsOnlyTheSystemsRequests(t *testing.T) {
	b, err := Render("audit.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Rules []struct {
			Level             string
			Users, UserGroups []string
		}
	}
	if err := yaml.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	for i, r := range p.Rules {
		who := append(r.Users, r.UserGroups...)
		if last := i == len(p.Rules)-1; last {
			if r.Level != "Metadata" || len(who) > 0 {
				t.Errorf("the last rule is %+v", r)
			}
			continue
		}
		if len(who) == 0 {
			t.Errorf("rule %d is for everybody", i)
		}
		for _, w := range who {
			system := strings.HasPrefix(w, "system:kube-") || strings.HasPrefix(w, "cistern:") || w == "system:apiserver" || w == "system:nodes" || w == "system:serviceaccounts:kube-system"
			if !system {
				t.Errorf("rule %d drops requests of %s", i, w)
			}
		}
	}
}
