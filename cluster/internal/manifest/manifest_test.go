package manifest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cistern/cluster/internal/api"
)

func TestPathsOfObjects(t *testing.T) {
	for doc, want := range map[string]string{
		"apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}":                        "/api/v1/namespaces/b/services/a",
		"apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}":                  "/apis/storage.k8s.io/v1/storageclasses/a",
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: a}": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/a",
	} {
		if got, err := pathOf([]byte(doc)); got != want || err != nil {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	if _, err := pathOf([]byte("kind: Pod")); err == nil {
		t.Error("an object without a name has a path")
	}
}

func TestEveryEmbeddedObjectIsApplied(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if strings.Contains(string(b), "{{") {
			t.Errorf("%s is not filled in:\n%s", r.URL.Path, b)
		}
		got = append(got, r.Method+" "+r.URL.Path)
	}))
	defer server.Close()
	c := api.NewClientFor(server.URL, server.Client())
	for _, f := range []string{"storage.yaml", "dns.yaml", "snapshot.yaml"} {
		if err := Apply(context.Background(), c, f, NewValues("x.local/kube:1")); err != nil {
			t.Fatal(err)
		}
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{"storageclasses/standard", "storageclasses/fixed", "storageclasses/shared",
		"namespaces/kube-system/deployments/coredns", "namespaces/kube-system/services/kube-dns", "volumesnapshotclasses/standard"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %s in:\n%s", want, all)
		}
	}
}
