//go:build e2e

package e2e

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

var lifecycle = flag.Bool("lifecycle", false, "also kill components and take the cluster down")

const image = "cistern.local/busybox:1"

// restricted is what a pod must ask for in a namespace that enforces the
// strictest level of Pod Security.
const restricted = `securityContext: {runAsNonRoot: true, runAsUser: 999, runAsGroup: 999, fsGroup: 999, seccompProfile: {type: RuntimeDefault}}`

const restrictedContainer = `securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}`

func TestMain(m *testing.M) {
	flag.Parse()
	if out, err := program("up"); err != nil {
		fmt.Fprintln(os.Stderr, out, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// program runs the cluster program.
func program(args ...string) (string, error) {
	out, err := exec.Command("../run", args...).CombinedOutput()
	return string(out), err
}

// sh runs a program of the host and fails the test when it fails.
func sh(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// cluster runs the cluster program and fails the test when it fails.
func cluster(t *testing.T, args ...string) string {
	t.Helper()
	return sh(t, "../run", args...)
}

// namespace is one test's own, and goes with it.
type namespace struct {
	*testing.T
	name string
}

// newNamespace makes a namespace that enforces the given level of Pod Security.
// Tests with a namespace of their own run side by side.
func newNamespace(t *testing.T, name, level string) namespace {
	t.Helper()
	t.Parallel()
	return serialNamespace(t, name, level)
}

// serialNamespace is for a test that bears no other beside it.
func serialNamespace(t *testing.T, name, level string) namespace {
	t.Helper()
	name = "check-" + name
	ns := namespace{t, name}
	_, _ = program("kubectl", "delete", "namespace", name, "--ignore-not-found", "--timeout=60s")
	cluster(t, "kubectl", "create", "namespace", name)
	cluster(t, "kubectl", "label", "namespace", name, "pod-security.kubernetes.io/enforce="+level)
	t.Cleanup(func() {
		if out, err := program("kubectl", "delete", "namespace", name, "--wait=false"); err != nil {
			t.Errorf("deleting the namespace: %v\n%s", err, out)
		}
	})
	return ns
}

func (n namespace) kubectl(args ...string) (string, error) {
	return program(append([]string{"kubectl", "-n", n.name}, args...)...)
}

// do is kubectl that must succeed.
func (n namespace) do(args ...string) string {
	n.Helper()
	out, err := n.kubectl(args...)
	if err != nil {
		n.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// apply applies YAML and returns what was said about it.
func (n namespace) apply(yaml string) (string, error) {
	cmd := exec.Command("../run", "kubectl", "-n", n.name, "apply", "-f", "-")
	cmd.Stdin = strings.NewReader(yaml)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (n namespace) mustApply(yaml string) {
	n.Helper()
	if out, err := n.apply(yaml); err != nil {
		n.Fatalf("apply: %v\n%s", err, out)
	}
}

func (n namespace) ready(what string) {
	n.Helper()
	n.do("wait", "--for=condition=Ready", what, "--timeout=60s")
}

func (n namespace) field(what, path string) string {
	n.Helper()
	return n.do("get", what, "-o", "jsonpath={"+path+"}")
}

// eventually asks until the answer is nil, and fails the test with the last
// one otherwise.
func eventually(t *testing.T, limit time.Duration, ask func() error) {
	t.Helper()
	end := time.Now().Add(limit)
	for {
		err := ask()
		if err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("still after %s: %v", limit, err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// has fails when a text lacks a part.
func has(text, part string) error {
	if strings.Contains(text, part) {
		return nil
	}
	return fmt.Errorf("want %q in: %s", part, text)
}

// webPod is a restricted pod that serves its name.
func webPod(name, labels string) string {
	return fmt.Sprintf(`apiVersion: v1
kind: Pod
metadata: {name: %s, labels: {%s}}
spec:
  terminationGracePeriodSeconds: 0
  %s
  containers:
  - name: c
    image: %s
    %s
    command: [sh, -c, 'hostname > /www/index.html; exec httpd -f -p 8080 -h /www']
    ports: [{name: http, containerPort: 8080}]
    readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
    volumeMounts: [{name: www, mountPath: /www}]
  volumes: [{name: www, emptyDir: {}}]
---
`, name, labels, restricted, image, restrictedContainer)
}
