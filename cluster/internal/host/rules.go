package host

import (
	"errors"
	"os/exec"
	"strings"
)

const kubePrefix = "KUBE-"

var families = []string{"iptables", "ip6tables"}

// foreignProxy says whether rules of a kube-proxy or kubelet are on this host.
func foreignProxy() bool {
	if _, err := run("", "nft", "list", "table", "ip", "kube-proxy"); err == nil {
		return true
	}
	out, err := run("", "iptables-save")
	return err == nil && strings.Contains(out, "\n:"+kubePrefix+"SERVICES ")
}

// ClearRules removes the chains of kube-proxy and kubelet, and the jumps to
// them, each by name: every other rule stays as it is, counters included.
func ClearRules() error {
	var errs []error
	for _, f := range families {
		if _, err := exec.LookPath(f + "-save"); err != nil {
			continue
		}
		saved, err := run("", f+"-save")
		if err != nil {
			continue // a kernel without IPv6
		}
		if script := removal(saved); script != "" {
			_, err := run(script, f+"-restore", "--noflush")
			errs = append(errs, err)
		}
	}
	for _, t := range []string{"ip kube-proxy", "ip6 kube-proxy"} {
		errs = append(errs, deleteTable(t))
	}
	return errors.Join(errs...)
}

// removal turns what iptables-save printed into the input of iptables-restore
// that takes away the Kubernetes chains only.
func removal(saved string) string {
	var b strings.Builder
	for _, table := range strings.Split(saved, "COMMIT\n") {
		var name string
		var flush, jumps, drop []string
		for _, line := range strings.Split(table, "\n") {
			switch {
			case strings.HasPrefix(line, "*"):
				name = line
			case strings.HasPrefix(line, ":"+kubePrefix):
				chain := strings.Fields(line[1:])[0]
				flush = append(flush, ":"+chain+" - [0:0]")
				drop = append(drop, "-X "+chain)
			case strings.HasPrefix(line, "-A "+kubePrefix): // goes with its chain
			case strings.HasPrefix(line, "-A ") && strings.HasPrefix(target(line), kubePrefix):
				jumps = append(jumps, "-D "+line[len("-A "):])
			}
		}
		if name == "" || len(drop) == 0 {
			continue
		}
		lines := append([]string{name}, flush...)
		lines = append(append(lines, jumps...), drop...)
		b.WriteString(strings.Join(append(lines, "COMMIT"), "\n") + "\n")
	}
	return b.String()
}

// target is the chain that a rule jumps to, which its line ends with. A
// comment may hold anything, even what looks like a jump.
func target(rule string) string {
	if i := strings.LastIndex(rule, " -j "); i >= 0 && !strings.Contains(rule[i:], `"`) {
		return rule[i+len(" -j "):]
	}
	return ""
}
