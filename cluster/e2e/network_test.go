//go:build e2e

package e2e

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const services = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
---
`

func fetch(url string) (string, error) {
	c := http.Client{Timeout: 3 * time.Second}
	r, err := c.Get(url)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return string(b), err
}

func TestServicesAndDNS(t *testing.T) {
	n := newNamespace(t, "network", "restricted")
	n.mustApply(services + webPod("web", "app: web") + webPod("client", "app: client"))
	n.ready("pod/web")
	n.ready("pod/client")
	nodePort := n.field("service/web", ".spec.ports[0].nodePort")
	clusterIP := n.field("service/web", ".spec.clusterIP")
	podIP := n.field("pod/web", ".status.podIP")
	nodeIP := n.field("pod/web", ".status.hostIP")
	for what, url := range map[string]string{
		"node port on 127.0.0.1":          "http://127.0.0.1:" + nodePort,
		"node port on the node's address": "http://" + nodeIP + ":" + nodePort,
		"service address from the host":   "http://" + clusterIP,
		"pod address from the host":       "http://" + podIP + ":8080",
	} {
		t.Run(what, func(t *testing.T) {
			eventually(t, 10*time.Second, func() error {
				body, err := fetch(url)
				if err != nil {
					return err
				}
				return has(body, "web")
			})
		})
	}
	for _, url := range []string{"http://web/", "http://web.check-network.svc.cluster.local/", "http://" + clusterIP + "/"} {
		if err := has(n.do("exec", "client", "--", "probe", url), "200\nweb"); err != nil {
			t.Error(url, err)
		}
	}
	// by address, as a pod's own name leads to itself without any Service
	eventually(t, 10*time.Second, func() error {
		out, _ := n.kubectl("exec", "web", "--", "probe", "http://"+clusterIP+"/")
		return has(out, "200\nweb")
	})
	if err := has(n.do("exec", "client", "--", "probe", "https://kubernetes.default/version"), "v1.36"); err != nil {
		t.Error("API server from a pod:", err)
	}
}

// Nothing of the cluster reaches outside the host: a pod's packet to a foreign
// address is refused at once rather than lost.
func TestPodsDoNotReachOutside(t *testing.T) {
	n := newNamespace(t, "outside", "restricted")
	n.mustApply(webPod("client", "app: client"))
	n.ready("pod/client")
	out, err := n.kubectl("exec", "client", "--", "probe", "http://203.0.113.1/")
	if err == nil {
		t.Fatal("an address outside answered:", out)
	}
	// which of the two depends on the host's own routes
	if !strings.Contains(out, "refused") && !strings.Contains(out, "unreachable") {
		t.Error("not refused at once:", out)
	}
}

const policies = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {matchLabels: {role: good}}}], ports: [{port: http}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: bad}
spec:
  podSelector: {matchLabels: {role: bad}}
  policyTypes: [Egress]
  egress:
  - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
    ports: [{port: 1053, protocol: UDP}, {port: 1053, protocol: TCP}]
`

func TestNetworkPolicies(t *testing.T) {
	n := newNamespace(t, "policy", "restricted")
	n.mustApply(services + webPod("web", "app: web") + webPod("good", "role: good") + webPod("bad", "role: bad"))
	n.ready("pod/web")
	n.ready("pod/good")
	n.ready("pod/bad")
	get := func(from, url string) (string, error) { return n.kubectl("exec", from, "--", "probe", url) }
	for _, from := range []string{"good", "bad"} {
		eventually(t, 10*time.Second, func() error { _, err := get(from, "http://web/"); return err })
	}
	n.mustApply(policies)
	refused := func(from, url string) {
		t.Helper()
		eventually(t, 15*time.Second, func() error {
			if out, err := get(from, url); err == nil {
				return fmt.Errorf("%s reaches %s: %s", from, url, strings.TrimSpace(out))
			}
			return nil
		})
	}
	refused("bad", "http://web/")
	refused("bad", "https://kubernetes.default/version")
	refused("bad", "http://"+n.field("pod/good", ".status.podIP")+":8080/")
	if out, err := get("good", "http://web/"); err != nil {
		t.Error("the allowed pod is refused:", out)
	}
	if _, err := fetch("http://" + n.field("pod/web", ".status.podIP") + ":8080"); err != nil {
		t.Error("the host is refused:", err)
	}
	if out, err := get("web", "http://"+n.field("service/web", ".spec.clusterIP")); err != nil {
		t.Error("a pod is refused by itself:", out)
	}
}
