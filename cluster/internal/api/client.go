// Package api is the little that this program asks of the API server. It
// speaks plain HTTP with the administrator's certificate, as a client library
// would make a small program a big and slow one.
package api

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
)

// ErrNotFound is what a request for a missing object ends with.
var ErrNotFound = errors.New("not found")

// Client talks to the API server of one cluster.
type Client struct {
	http *http.Client
	base string
}

// NewClient uses the administrator's certificate from the state folder.
func NewClient(d state.Dir) (*Client, error) {
	cert, err := tls.LoadX509KeyPair(d.PKI("admin.crt"), d.PKI("admin.key"))
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(d.PKI("ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{cert}, RootCAs: pool}}
	return NewClientFor(fmt.Sprintf("https://127.0.0.1:%d", settings.APIPort), &http.Client{Transport: transport, Timeout: 15 * time.Second}), nil
}

// NewClientFor talks to the server at that address.
func NewClientFor(base string, c *http.Client) *Client { return &Client{http: c, base: base} }

// Get reads an object into out, which may be nil.
func (c *Client) Get(ctx context.Context, path string, out any) error {
	return c.do(ctx, http.MethodGet, path, "", nil, out)
}

// Delete removes an object; a missing one is no error.
func (c *Client) Delete(ctx context.Context, path string) error {
	err := c.do(ctx, http.MethodDelete, path, "", nil, nil)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Apply makes an object what the YAML says.
func (c *Client) Apply(ctx context.Context, path string, yaml []byte) error {
	return c.do(ctx, http.MethodPatch, path+"?fieldManager=cistern-cluster&force=true", "application/apply-patch+yaml", yaml, nil)
}

func (c *Client) do(ctx context.Context, method, path, contentType string, body []byte, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return err
	case resp.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%s: %w", path, ErrNotFound)
	case resp.StatusCode >= 300:
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, firstBytes(b))
	case out == nil:
		return nil
	}
	return json.Unmarshal(b, out)
}

func firstBytes(b []byte) string { return string(b[:min(len(b), 500)]) }
