//go:build e2e

package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cistern/cluster/internal/state"
)

// processes reads the components and their process ids from the status.
func processes(t *testing.T) map[string]int {
	t.Helper()
	out, _ := program("status") // it may rightly fail while something comes back
	m := running(out)
	if m["supervisor"] == 0 {
		t.Fatal("the status names no supervisor:", out)
	}
	return m
}

func running(status string) map[string]int {
	m := map[string]int{}
	for _, line := range strings.Split(status, "\n") {
		if f := strings.Fields(line); len(f) > 2 && f[1] == "up" {
			m[f[0]], _ = strconv.Atoi(f[2])
		}
	}
	return m
}

// kill kills the named components, and without names all of them.
func kill(t *testing.T, names ...string) {
	t.Helper()
	all := processes(t)
	if len(names) == 0 {
		// first, or it would start the others again meanwhile
		_ = syscall.Kill(all["supervisor"], syscall.SIGKILL)
		for n := range all {
			names = append(names, n)
		}
	}
	for _, n := range names {
		_ = syscall.Kill(all[n], syscall.SIGKILL)
	}
}

func needLifecycle(t *testing.T) {
	t.Helper()
	if !*lifecycle {
		t.Skip("disturbs the cluster: needs -lifecycle")
	}
}

func TestUpAgainChangesNothing(t *testing.T) {
	before := processes(t)
	cluster(t, "up")
	for name, pid := range processes(t) {
		if before[name] != pid {
			t.Errorf("%s was process %d and is %d", name, before[name], pid)
		}
	}
}

const keeper = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Mi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: keeper}
spec:
  terminationGracePeriodSeconds: 0
  containers: [{name: c, image: "cistern.local/busybox:1", command: [sh, -c, 'date >> /data/starts; exec sleep 86400'], volumeMounts: [{name: d, mountPath: /data}]}]
  volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
`

// starts counts how often the keeper's container began.
func starts(n namespace) (int, error) {
	out, err := n.kubectl("exec", "keeper", "--", "cat", "/data/starts")
	if err != nil {
		return 0, fmt.Errorf("%w: %s", err, out)
	}
	return strings.Count(out, "\n"), nil
}

// The steps share one pod whose data must live through all of them.
func TestLifecycle(t *testing.T) {
	needLifecycle(t)
	n := serialNamespace(t, "lifecycle", "baseline")
	n.mustApply(keeper)
	n.ready("pod/keeper")
	wantStarts := func(want int) {
		t.Helper()
		eventually(t, 60*time.Second, func() error {
			got, err := starts(n)
			if err == nil && got != want {
				err = fmt.Errorf("the pod started %d times, want %d", got, want)
			}
			return err
		})
	}

	for _, name := range []string{"kube-apiserver", "etcd", "kubelet-node-1", "containerd-node-1", "kube-proxy", "netpol"} {
		comesBack(t, name)
	}
	wantStarts(1)

	kill(t)
	cluster(t, "up")
	wantStarts(1)

	foreign := newForeign(t)
	downLeavesNothing(t)
	foreign.check(t)
	refusesATakenPort(t)
	cluster(t, "up")
	wantStarts(2)

	kill(t)
	downLeavesNothing(t)
	foreign.check(t)
	cluster(t, "up")
	wantStarts(3)
}

// comesBack kills one component, which nothing but the supervisor restarts.
func comesBack(t *testing.T, name string) {
	t.Helper()
	old := processes(t)[name]
	kill(t, name)
	eventually(t, 40*time.Second, func() error {
		out, err := program("status")
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		if running(out)[name] == old {
			return fmt.Errorf("%s has not come back", name)
		}
		return nil
	})
}

func refusesATakenPort(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:6443")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	out, err := program("up")
	if err == nil {
		t.Fatal("up went on although port 6443 is taken")
	}
	if err := has(out, "port 6443 is taken by process "+strconv.Itoa(os.Getpid())); err != nil {
		t.Error(err)
	}
}

// foreign are things of somebody else on this host.
type foreign struct{ before string }

func newForeign(t *testing.T) foreign {
	sh(t, "iptables", "-t", "nat", "-N", "FOREIGN-CHECK")
	sh(t, "iptables", "-t", "nat", "-A", "FOREIGN-CHECK", "-s", "192.0.2.77/32", "-m", "comment", "--comment", "KUBE-like CNI-like cistern", "-j", "RETURN")
	sh(t, "iptables", "-t", "nat", "-A", "POSTROUTING", "-s", "192.0.2.77/32", "-j", "FOREIGN-CHECK")
	sh(t, "iptables", "-A", "FORWARD", "-s", "192.0.2.77/32", "-j", "ACCEPT")
	sh(t, "nft", "add", "table", "ip", "foreign_check")
	sh(t, "ip", "netns", "add", "cni-foreign-check")
	t.Cleanup(func() {
		for _, c := range [][]string{
			{"iptables", "-D", "FORWARD", "-s", "192.0.2.77/32", "-j", "ACCEPT"},
			{"iptables", "-t", "nat", "-D", "POSTROUTING", "-s", "192.0.2.77/32", "-j", "FOREIGN-CHECK"},
			{"iptables", "-t", "nat", "-F", "FOREIGN-CHECK"}, {"iptables", "-t", "nat", "-X", "FOREIGN-CHECK"},
			{"nft", "delete", "table", "ip", "foreign_check"}, {"ip", "netns", "del", "cni-foreign-check"},
		} {
			sh(t, c[0], c[1:]...)
		}
	})
	return foreign{foreignState(t)}
}

// foreignState is the foreign part of what the host's tools print.
func foreignState(t *testing.T) string {
	var keep []string
	for _, line := range strings.Split(sh(t, "iptables-save")+sh(t, "nft", "list", "tables")+sh(t, "ip", "netns", "list"), "\n") {
		if strings.Contains(line, "192.0.2.77") || strings.Contains(strings.ToLower(line), "foreign") {
			keep = append(keep, line)
		}
	}
	return strings.Join(keep, "\n")
}

func (f foreign) check(t *testing.T) {
	t.Helper()
	if now := foreignState(t); now != f.before {
		t.Errorf("what is not ours has changed\nfrom:\n%s\nto:\n%s", f.before, now)
	}
}

func downLeavesNothing(t *testing.T) {
	t.Helper()
	root := filepath.Dir(strings.TrimSpace(cluster(t, "kubeconfig")))
	cluster(t, "down")
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	own := "cistern-" + state.Dir(root).ID() + "-*"
	groups, _ := filepath.Glob("/sys/fs/cgroup/" + own)
	groups1, _ := filepath.Glob("/sys/fs/cgroup/*/" + own)
	results, _ := filepath.Glob("/var/lib/cni/results/" + own)
	for what, left := range map[string]string{
		"mounts":         matching(string(mounts), " "+root+"/"),
		"iptables rules": matching(sh(t, "iptables-save")+sh(t, "ip6tables-save"), "KUBE-", "198.18.", "198.19."),
		"nft tables":     matching(sh(t, "nft", "list", "tables"), "cistern", "kube-proxy"),
		"links":          matching(sh(t, "ip", "-br", "addr"), "cistern0", "198.18."),
		"routes":         matching(sh(t, "ip", "route"), "198.18.", "198.19."),
		"processes":      matching(marked(root), "CISTERN_CLUSTER_STATE="+root),
		"control groups": strings.Join(append(groups, groups1...), "\n"),
		"CNI results":    strings.Join(results, "\n"),
	} {
		if left != "" {
			t.Errorf("down left %s:\n%s", what, left)
		}
	}
}

func matching(text string, parts ...string) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		for _, p := range parts {
			// the foreign rule's comment only looks like ours
			if strings.Contains(line, p) && !strings.Contains(line, "FOREIGN-CHECK") {
				out = append(out, line)
			}
		}
	}
	return strings.Join(out, "\n")
}

// marked prints the environments of all processes that are ours.
func marked(root string) string {
	out, _ := exec.Command("sh", "-c", "for p in /proc/[0-9]*; do tr '\\0' '\\n' < $p/environ 2>/dev/null | grep -xF 'CISTERN_CLUSTER_STATE="+root+"' && cat $p/comm; done").Output()
	return string(out)
}
