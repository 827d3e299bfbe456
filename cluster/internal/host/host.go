// Package host changes the machine that the cluster runs on as little as it
// can, and takes back what it changed: kernel settings, addresses on the
// loopback device, one guard table, control groups, mounts and kube-proxy's
// rules. Nothing is removed that cannot be told to be the cluster's own.
package host

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
)

// run runs a program and returns what it printed.
func run(stdin string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(errs.String()))
	}
	return out.String(), nil
}
