package pki

import (
	"encoding/base64"
	"fmt"
	"os"

	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
)

const kubeconfigText = `apiVersion: v1
kind: Config
clusters:
- name: cistern
  cluster:
    server: https://127.0.0.1:%d
    certificate-authority-data: %s
users:
- name: %[3]s
  user:
    client-certificate-data: %[4]s
    client-key-data: %[5]s
contexts:
- name: cistern
  context: {cluster: cistern, user: %[3]s}
current-context: cistern
`

// writeKubeconfig writes the file anew each time: it is derived, and a user
// may have changed or emptied it.
func writeKubeconfig(d state.Dir, user, file string) error {
	parts, err := readAll(d.PKI("ca.crt"), d.PKI(user+".crt"), d.PKI(user+".key"))
	if err != nil {
		return err
	}
	enc := base64.StdEncoding.EncodeToString
	text := fmt.Sprintf(kubeconfigText, settings.APIPort, enc(parts[0]), user, enc(parts[1]), enc(parts[2]))
	if old, err := os.ReadFile(file); err == nil && string(old) == text {
		return nil
	}
	tmp := file + ".tmp"
	if err := os.WriteFile(tmp, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, file)
}
