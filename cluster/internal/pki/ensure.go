package pki

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"os"

	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
)

// Users with a kubeconfig of their own, and the groups they are in.
var users = []Subject{
	{File: "admin", User: "admin", Groups: []string{"system:masters"}},
	{File: "controller-manager", User: "system:kube-controller-manager"},
	{File: "scheduler", User: "system:kube-scheduler"},
	{File: "proxy", User: "system:kube-proxy"},
	{File: "provisioner", User: "cistern:provisioner", Groups: []string{"system:masters"}},
	{File: "netpol", User: "cistern:netpol", Groups: []string{"system:masters"}},
	{File: "kwok", User: "cistern:kwok", Groups: []string{"system:masters"}},
}

// Ensure makes whatever is missing for a cluster of so many nodes.
func Ensure(d state.Dir, nodes int) error {
	ca, err := OpenAuthority(d.PKI(), "ca")
	if err != nil {
		return err
	}
	front, err := OpenAuthority(d.PKI(), "front-proxy-ca")
	if err != nil {
		return err
	}
	if err := front.Issue(Subject{File: "front-proxy-client", User: "front-proxy-client"}); err != nil {
		return err
	}
	if err := serviceAccountKeys(d); err != nil {
		return err
	}
	for _, s := range append(servers(), nodeSubjects(nodes)...) {
		if err := ca.Issue(s); err != nil {
			return fmt.Errorf("certificate %s: %w", s.File, err)
		}
	}
	for _, s := range append(nodeSubjects(nodes), users...) {
		if err := ca.Issue(s); err != nil {
			return fmt.Errorf("certificate %s: %w", s.File, err)
		}
		if err := writeKubeconfig(d, s.File, d.Etc(s.File+".kubeconfig")); err != nil {
			return err
		}
	}
	return writeKubeconfig(d, "admin", d.Kubeconfig())
}

func servers() []Subject {
	svc := "kubernetes.default.svc"
	return []Subject{
		{File: "apiserver", User: "kube-apiserver",
			DNS: []string{"localhost", "kubernetes", "kubernetes.default", svc, svc + "." + settings.Domain},
			IPs: []string{"127.0.0.1", settings.NodeIP(1), settings.ServiceAPI}},
		{File: "apiserver-kubelet-client", User: "kube-apiserver-kubelet-client", Groups: []string{"system:masters"}},
	}
}

func nodeSubjects(n int) []Subject {
	var out []Subject
	for i := 1; i <= n; i++ {
		name := settings.NodeName(i)
		out = append(out, Subject{File: name, User: "system:node:" + name, Groups: []string{"system:nodes"},
			DNS: []string{name}, IPs: []string{settings.NodeIP(i)}})
	}
	return out
}

// serviceAccountKeys makes the RSA pair that signs service account tokens.
func serviceAccountKeys(d state.Dir) error {
	private, public := d.PKI("sa.key"), d.PKI("sa.pub")
	if exist(private, public) {
		return nil
	}
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	if err := writePEM(private, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(k), 0o600); err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(k.Public())
	if err != nil {
		return err
	}
	return writePEM(public, "PUBLIC KEY", der, 0o644)
}

func readAll(files ...string) ([][]byte, error) {
	var out [][]byte
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}
