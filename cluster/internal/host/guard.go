package host

import (
	"errors"
	"fmt"
	"strings"

	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
)

// guard is the text of our own filter table. It also tells whose kube-proxy's
// rules and bridge are on this host, by an empty chain with the owner's name:
// all of them live and die with the kernel.
//   - An address of a Service that nothing translated, or of a pod that does
//     not exist, must not leave by the default route.
//   - Pods talk to pods and to this host, and to nobody else.
//   - Nobody outside reaches the cluster's ports.
func guard(d state.Dir) string {
	ports := []int{settings.APIPort, settings.KubeletPort, settings.KubeletHealth, settings.ControllerPort, settings.SchedulerPort}
	var list []string
	for _, p := range ports {
		list = append(list, fmt.Sprint(p))
	}
	return fmt.Sprintf(`table inet %[1]s
delete table inet %[1]s
table inet %[1]s {
 chain %[6]s {
 }
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
`, settings.GuardTable, settings.ServiceCIDR, settings.KwokCIDR, settings.Bridge, strings.Join(list, ", "), ownerChain(d))
}

func ownerChain(d state.Dir) string { return "owner_" + d.ID() }

// owner says whether there is a guard table, and whether it is this cluster's.
func owner(d state.Dir) (guarded, ours bool) {
	out, err := run("", "nft", "list", "table", "inet", settings.GuardTable)
	return err == nil, err == nil && strings.Contains(out, "chain "+ownerChain(d)+" {")
}

// CheckOwner fails when another cluster has this host's network.
func CheckOwner(d state.Dir) error {
	guarded, ours := owner(d)
	switch {
	case ours:
		return nil
	case guarded:
		return errors.New("another cluster of ours, with another state folder, uses this host's network: take that down first")
	case foreignProxy():
		return errors.New("this host has rules of another kube-proxy: it is part of a cluster already")
	}
	return nil
}
