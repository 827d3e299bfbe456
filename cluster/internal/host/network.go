package host

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
)

// SetNetwork gives each node its address and writes the guard table.
func SetNetwork(d state.Dir, nodes int) error {
	for i := 1; i <= nodes; i++ {
		if _, err := run("", "ip", "addr", "replace", settings.NodeIP(i)+"/32", "dev", "lo"); err != nil {
			return err
		}
	}
	// a host without a default route would refuse a Service's address before
	// anything could translate it
	if _, err := run("", "ip", "route", "replace", settings.ServiceCIDR, "dev", "lo", "src", settings.NodeIP(1)); err != nil {
		return err
	}
	_, err := run(guard(d), "nft", "-f", "-")
	return err
}

// ClearNetwork removes the pods' bridge, the nodes' addresses, kube-proxy's
// rules and our tables, unless they are another cluster's.
func ClearNetwork(d state.Dir) error {
	errs := []error{clearResults(d)}
	guarded, ours := owner(d)
	if guarded && !ours {
		return errors.Join(errs...)
	}
	if ours { // or they are somebody else's
		errs = append(errs, ClearRules())
	}
	if _, err := net.InterfaceByName(settings.Bridge); err == nil {
		_, err := run("", "ip", "link", "del", settings.Bridge)
		errs = append(errs, err)
	}
	errs = append(errs, clearAddresses())
	if err := errors.Join(errs...); err != nil {
		return err // the guard stays, for the next try to know the owner
	}
	for _, t := range []string{"ip " + settings.PolicyTable, "inet " + settings.GuardTable} {
		errs = append(errs, deleteTable(t))
	}
	return errors.Join(errs...)
}

// clearAddresses removes the nodes' addresses and the Services' route.
func clearAddresses() error {
	route, err := run("", "ip", "route", "show", settings.ServiceCIDR, "dev", "lo")
	errs := []error{err}
	if route != "" {
		_, err := run("", "ip", "route", "del", settings.ServiceCIDR, "dev", "lo")
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
	return errors.Join(errs...)
}

// deleteTable adds the table first, as deleting one that is not there fails.
func deleteTable(name string) error {
	_, err := run(fmt.Sprintf("table %s\ndelete table %s\n", name, name), "nft", "-f", "-")
	return err
}

// CNINetwork is the name that the CNI library files our pods under.
func CNINetwork(d state.Dir) string { return "cistern-" + d.ID() }

// resultFolder is where the CNI library remembers what it did.
const resultFolder = "/var/lib/cni/results/"

// clearResults removes what the CNI library remembers about our pods. Its
// folder is fixed, so only the files that name our network are touched, and
// those of the loopback device of the same pods.
func clearResults(d state.Dir) error {
	files, err := filepath.Glob(resultFolder + CNINetwork(d) + "-*")
	errs := []error{err}
	for _, f := range files {
		errs = append(errs, os.Remove(f))
		pod := strings.TrimPrefix(filepath.Base(f), CNINetwork(d)+"-")
		loopback := resultFolder + "cni-loopback-" + strings.TrimSuffix(pod, "-eth0") + "-lo"
		if err := os.Remove(loopback); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
