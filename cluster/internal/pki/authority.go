// Package pki makes the cluster's keys, certificates and kubeconfigs. Each is
// made once and kept, so that a restart changes no identity.
package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const lifetime = 10 * 365 * 24 * time.Hour

// Authority signs certificates and keeps them in one folder.
type Authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// Subject is whom a certificate names.
type Subject struct {
	File   string // base name of the two files
	User   string
	Groups []string
	DNS    []string
	IPs    []string
}

// OpenAuthority loads the authority called name, or makes it.
func OpenAuthority(dir, name string) (*Authority, error) {
	crt, key := filepath.Join(dir, name+".crt"), filepath.Join(dir, name+".key")
	if !exist(crt, key) {
		if err := newAuthority(name, crt, key); err != nil {
			return nil, err
		}
	}
	a := &Authority{dir: dir}
	der, err := readPEM(crt)
	if err != nil {
		return nil, err
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	if der, err = readPEM(key); err != nil {
		return nil, err
	}
	a.key, err = x509.ParseECPrivateKey(der)
	return a, err
}

func newAuthority(name, crt, key string) error {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	t, err := template(pkix.Name{CommonName: name})
	if err != nil {
		return err
	}
	t.IsCA = true
	t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, t, t, k.Public(), k)
	if err != nil {
		return err
	}
	return writePair(crt, der, key, k)
}

// Issue makes the subject's key and certificate unless both are there.
func (a *Authority) Issue(s Subject) error {
	crt, key := filepath.Join(a.dir, s.File+".crt"), filepath.Join(a.dir, s.File+".key")
	if exist(crt, key) {
		return nil
	}
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	t, err := template(pkix.Name{CommonName: s.User, Organization: s.Groups})
	if err != nil {
		return err
	}
	t.KeyUsage = x509.KeyUsageDigitalSignature
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	t.DNSNames = s.DNS
	for _, ip := range s.IPs {
		t.IPAddresses = append(t.IPAddresses, net.ParseIP(ip))
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, k.Public(), a.key)
	if err != nil {
		return err
	}
	return writePair(crt, der, key, k)
}

func template(name pkix.Name) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	// an hour back, so that a clock set back a little does not lock us out
	from := time.Now().Add(-time.Hour)
	return &x509.Certificate{
		SerialNumber: serial, Subject: name, NotBefore: from, NotAfter: from.Add(lifetime), BasicConstraintsValid: true,
	}, nil
}

func writePair(crt string, der []byte, keyFile string, k *ecdsa.PrivateKey) error {
	b, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		return err
	}
	if err := writePEM(keyFile, "EC PRIVATE KEY", b, 0o600); err != nil {
		return err
	}
	return writePEM(crt, "CERTIFICATE", der, 0o644)
}

// writePEM renames into place: a run that is killed must leave no half file,
// as a file that exists is never made again.
func writePEM(file, kind string, der []byte, mode os.FileMode) error {
	tmp := file + ".tmp"
	if err := os.WriteFile(tmp, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode); err != nil {
		return err
	}
	return os.Rename(tmp, file)
}

func readPEM(file string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	p, _ := pem.Decode(b)
	if p == nil {
		return nil, fmt.Errorf("%s holds no PEM block", file)
	}
	return p.Bytes, nil
}

func exist(files ...string) bool {
	for _, f := range files {
		if _, err := os.Stat(f); errors.Is(err, os.ErrNotExist) {
			return false
		}
	}
	return true
}
