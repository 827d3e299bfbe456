// Package settings holds what a user may choose about the cluster, and the
// addresses and names that nobody chooses. A choice is kept until
// `down`, so that a plain `up` repairs a cluster instead of reshaping it.
package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// Fixed addresses. All of them lie in 198.18.0.0/15, the range set aside for
// tests inside one host, so that no real network is hidden by them.
const (
	PodCIDR     = "198.18.0.0/22"
	KwokCIDR    = "198.18.128.0/18"
	KwokNodeIP  = "198.18.255.250"
	NodeCIDR    = "198.18.255.0/24"
	ServiceCIDR = "198.19.0.0/16"
	ServiceAPI  = "198.19.0.1"
	ServiceDNS  = "198.19.0.10"
	Domain      = "cluster.local"

	APIPort        = 6443
	EtcdPort       = 2379
	EtcdPeerPort   = 2380
	ControllerPort = 10257
	SchedulerPort  = 10259
	KubeletPort    = 10250
	KubeletHealth  = 10248
	ProxyHealth    = 10256
	ProxyMetrics   = 10249
	KwokPort       = 10247

	Bridge      = "cistern0"
	GuardTable  = "cistern_guard"
	PolicyTable = "cistern_netpol"
	Driver      = "cistern.local/dir"
	Registry    = "cistern.local"

	MaxNodes = 9
)

// Settings is what one `up` was asked for.
type Settings struct {
	Nodes         int      `json:"nodes"`
	Kwok          bool     `json:"kwok"`
	ProxyMode     string   `json:"proxyMode"`
	NodeGrace     string   `json:"nodeGrace"`
	APIServerArgs []string `json:"apiServerArgs,omitempty"`
}

// Default is a cluster of one node.
func Default() Settings {
	return Settings{Nodes: 1, ProxyMode: "iptables", NodeGrace: "50s"}
}

// NodeName is the name of the i-th node, counted from 1.
func NodeName(i int) string { return fmt.Sprintf("node-%d", i) }

// NodeIP is an address of our own on the loopback device: the cluster then
// neither depends on the host's networks nor listens on them.
func NodeIP(i int) string { return fmt.Sprintf("198.18.255.%d", i) }

// Load reads what the last `up` kept, or the defaults.
func Load(file string) (Settings, error) {
	s := Default()
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// Save keeps the settings for the next `up`.
func (s Settings) Save(file string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(b, '\n'), 0o600)
}

// WithEnv returns the settings changed by the variables that are set.
func (s Settings) WithEnv(env func(string) string) (Settings, error) {
	if v := env("NODES"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > MaxNodes {
			return s, fmt.Errorf("NODES=%s: want a number from 1 to %d", v, MaxNodes)
		}
		s.Nodes = n
	}
	if v := env("KWOK"); v != "" {
		on, err := strconv.ParseBool(v)
		if err != nil {
			return s, fmt.Errorf("KWOK=%s: want 0 or 1", v)
		}
		s.Kwok = on
	}
	if v := env("PROXY_MODE"); v != "" {
		if v != "iptables" && v != "nftables" {
			return s, fmt.Errorf("PROXY_MODE=%s: want iptables or nftables", v)
		}
		s.ProxyMode = v
	}
	if v := env("NODE_GRACE"); v != "" {
		if _, err := time.ParseDuration(v); err != nil {
			return s, fmt.Errorf("NODE_GRACE=%s: want a duration such as 20s", v)
		}
		s.NodeGrace = v
	}
	if v := env("APISERVER_ARGS"); v != "" {
		s.APIServerArgs = strings.Fields(v)
	}
	return s, nil
}
