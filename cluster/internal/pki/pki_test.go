package pki

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"strings"
	"testing"

	"cistern/cluster/internal/state"
)

func stateDir(t *testing.T) state.Dir {
	t.Helper()
	d := state.Dir(t.TempDir())
	for _, p := range []string{d.PKI(), d.Etc()} {
		if err := os.MkdirAll(p, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func leaf(t *testing.T, d state.Dir, name string) *x509.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(d.PKI(name+".crt"), d.PKI(name+".key"))
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf
}

func TestCertificatesVerifyAndNameTheirUsers(t *testing.T) {
	d := stateDir(t)
	if err := Ensure(d, 2); err != nil {
		t.Fatal(err)
	}
	ca, err := os.ReadFile(d.PKI("ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	server := leaf(t, d, "apiserver")
	for _, name := range []string{"127.0.0.1", "198.19.0.1", "198.18.255.1", "kubernetes.default.svc"} {
		if _, err := server.Verify(x509.VerifyOptions{Roots: pool, DNSName: name}); err != nil {
			t.Error(err)
		}
	}
	node := leaf(t, d, "node-2")
	if node.Subject.CommonName != "system:node:node-2" || node.Subject.Organization[0] != "system:nodes" {
		t.Error("the node's certificate is for", node.Subject)
	}
	client := x509.VerifyOptions{Roots: pool, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	if _, err := leaf(t, d, "admin").Verify(client); err != nil {
		t.Error(err)
	}
	if _, err := leaf(t, d, "front-proxy-client").Verify(client); err == nil {
		t.Error("the front proxy's certificate is signed by the cluster's authority")
	}
}

func TestASecondRunKeepsEveryIdentity(t *testing.T) {
	d := stateDir(t)
	if err := Ensure(d, 1); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(d.Kubeconfig())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(before), "server: https://127.0.0.1:6443") {
		t.Error("another server in:", string(before))
	}
	if err := os.Remove(d.Kubeconfig()); err != nil {
		t.Fatal(err)
	}
	if err := Ensure(d, 3); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(d.Kubeconfig())
	if err != nil || string(before) != string(after) {
		t.Fatal("the administrator's kubeconfig has changed", err)
	}
	if st, err := os.Stat(d.Kubeconfig()); err != nil || st.Mode().Perm() != 0o600 {
		t.Error("others may read the kubeconfig:", st.Mode(), err)
	}
}
