//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPodSecurityRefusesAPrivilegedPod(t *testing.T) {
	n := newNamespace(t, "psa", "restricted")
	out, err := n.kubectl("run", "bad", "--image="+image, "--privileged")
	if err == nil {
		t.Fatal("a privileged pod was admitted")
	}
	if err := has(out, "violates PodSecurity"); err != nil {
		t.Fatal(err)
	}
}

func TestValidatingAdmissionPolicy(t *testing.T) {
	n := newNamespace(t, "vap", "restricted")
	t.Cleanup(func() {
		_, _ = program("kubectl", "delete", "validatingadmissionpolicy,validatingadmissionpolicybinding", "cistern-check")
	})
	n.mustApply(`apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: cistern-check}
spec:
  failurePolicy: Fail
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]}
  validations: [{expression: "!('forbidden' in object.data)", message: "that key is forbidden"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: cistern-check}
spec:
  policyName: cistern-check
  validationActions: [Deny]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: check-vap}}}
`)
	eventually(t, 20*time.Second, func() error {
		out, _ := n.kubectl("create", "configmap", "x", "--from-literal=forbidden=1", "--dry-run=server")
		return has(out, "that key is forbidden")
	})
	n.do("create", "configmap", "y", "--from-literal=allowed=1")
}

// A service account's request, here one that is refused, is in the audit log.
func TestAuditLogNamesServiceAccounts(t *testing.T) {
	n := newNamespace(t, "audit", "restricted")
	user := "system:serviceaccount:check-audit:default"
	_, _ = n.kubectl("get", "secrets", "--as="+user)
	file := filepath.Join(filepath.Dir(strings.TrimSpace(cluster(t, "kubeconfig"))), "log", "audit.log")
	eventually(t, 5*time.Second, func() error {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return has(string(b), `"impersonatedUser":{"username":"`+user+`"`)
	})
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var event struct{ Level, Stage string }
	first, _, _ := strings.Cut(string(b), "\n")
	if err := json.Unmarshal([]byte(first), &event); err != nil || event.Level != "Metadata" || event.Stage == "RequestReceived" {
		t.Fatalf("an odd audit event: %+v, %v", event, err)
	}
}
