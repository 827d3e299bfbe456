package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cistern/cluster/internal/settings"
)

// guard is the text of our own filter table. It also serves as the mark that
// kube-proxy's rules on this host are ours: both live and die with the kernel.
//   - An address of a Service that nothing translated, or of a pod that does
//     not exist, must not leave by the default route.
//   - Pods talk to pods and to this host, and to nobody else.
//   - Nobody outside reaches the cluster's ports.
func guard() string {
	ports := []int{settings.APIPort, settings.KubeletPort, settings.KubeletHealth, settings.ControllerPort, settings.SchedulerPort}
	var list []string
	for _, p := range ports {
		list = append(list, fmt.Sprint(p))
	}
	return fmt.Sprintf(`table inet %[1]s
delete table inet %[1]s
table inet %[1]s {
 chain forward {
  type filter hook forward priority 10; policy accept;
  ip daddr { %[2]s, %[3]s } reject
  iifname "%[4]s" oifname != "%[4]s" reject
  oifname "%[4]s" iifname != "%[4]s" reject
 }
 chain output {
  type filter hook output priority 10; policy accept;
  ip daddr { %[2]s, %[3]s } reject
 }
 chain input {
  type filter hook input priority 10; policy accept;
  iifname != { "lo", "%[4]s" } tcp dport { %[5]s } reject
 }
}
`, settings.GuardTable, settings.ServiceCIDR, settings.KwokCIDR, settings.Bridge, strings.Join(list, ", "))
}

// Guarded says whether our guard table is there.
func Guarded() bool {
	_, err := run("", "nft", "list", "table", "inet", settings.GuardTable)
	return err == nil
}

// SetNetwork gives each node its address and writes the guard table.
func SetNetwork(nodes int) error {
	for i := 1; i <= nodes; i++ {
		if _, err := run("", "ip", "addr", "replace", settings.NodeIP(i)+"/32", "dev", "lo"); err != nil {
			return err
		}
	}
	_, err := run(guard(), "nft", "-f", "-")
	return err
}

// ClearNetwork removes the pods' bridge, the nodes' addresses and our tables.
func ClearNetwork() error {
	var errs []error
	if _, err := os.Stat(filepath.Join("/sys/class/net", settings.Bridge)); err == nil {
		_, err := run("", "ip", "link", "del", settings.Bridge)
		errs = append(errs, err)
	}
	out, err := run("", "ip", "-o", "addr", "show", "dev", "lo")
	errs = append(errs, err)
	for i := 1; i <= settings.MaxNodes; i++ {
		if strings.Contains(out, " "+settings.NodeIP(i)+"/32 ") {
			_, err := run("", "ip", "addr", "del", settings.NodeIP(i)+"/32", "dev", "lo")
			errs = append(errs, err)
		}
	}
	// "add" first, as deleting a table that is not there fails
	for _, t := range []string{"ip " + settings.PolicyTable, "inet " + settings.GuardTable} {
		_, err := run(fmt.Sprintf("table %s\ndelete table %s\n", t, t), "nft", "-f", "-")
		errs = append(errs, err)
	}
	errs = append(errs, clearResults())
	return errors.Join(errs...)
}

// resultFolder is where the CNI library remembers what it did.
const resultFolder = "/var/lib/cni/results/"

// clearResults removes what the CNI library remembers about our pods. Its
// folder is fixed, so only the files that name our network are touched, and
// those of the loopback device of the same pods.
func clearResults() error {
	files, err := filepath.Glob(resultFolder + settings.CNINetwork + "-*")
	errs := []error{err}
	for _, f := range files {
		errs = append(errs, os.Remove(f))
		pod := strings.TrimPrefix(filepath.Base(f), settings.CNINetwork+"-")
		loopback := resultFolder + "cni-loopback-" + strings.TrimSuffix(pod, "-eth0") + "-lo"
		if err := os.Remove(loopback); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
