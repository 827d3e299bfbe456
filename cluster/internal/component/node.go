package component

import (
	"fmt"
	"path/filepath"
	"time"

	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
	"cistern/cluster/internal/supervise"
)

// node is what the configuration of one node is made from. Each node has a
// container runtime of its own, as a kubelet ends containers it does not know.
type node struct {
	dir                            state.Dir
	Name, IP, Socket, Cgroup       string
	Data, Run, PKI, CNI, PodLogs   string
	Pause, DNS, Domain, ResolvConf string
	Port, HealthPort               int
}

func (s Set) node(i int) node {
	name := settings.NodeName(i)
	return node{
		dir: s.Dir, Name: name, IP: settings.NodeIP(i), Socket: s.Dir.Socket(name), Cgroup: "/" + Cgroup(s.Dir, i),
		Data: s.Dir.Data(name), Run: s.Dir.Run(name), PKI: s.Dir.PKI(), CNI: s.Dir.Etc("cni"), PodLogs: s.Dir.Log("pods-" + name),
		Pause: s.Images.Pause, DNS: settings.ServiceDNS, Domain: settings.Domain, ResolvConf: s.Dir.Etc("resolv.conf"),
		Port: settings.KubeletPort, HealthPort: settings.KubeletHealth,
	}
}

// Cgroup is the name of the control group that holds all pods of a node.
func Cgroup(d state.Dir, i int) string { return "cistern-" + d.ID() + "-" + settings.NodeName(i) }

// Folders are those that the programs of the i-th node do not make.
func (s Set) Folders(i int) []string {
	n := s.node(i)
	return []string{n.Run, n.PodLogs, filepath.Join(n.Data, "containerd"), filepath.Join(n.Data, "kubelet")}
}

func (n node) containerdFile() string { return n.dir.Etc("containerd-" + n.Name + ".toml") }
func (n node) kubeletFile() string    { return n.dir.Etc("kubelet-" + n.Name + ".yaml") }

func (s Set) containerd(i int) supervise.Spec {
	n := s.node(i)
	return supervise.Spec{
		Name: "containerd-" + n.Name, Path: "/usr/bin/containerd", Args: []string{"containerd", "-c", n.containerdFile()},
		Files: digest(n.containerdFile()), Grace: 5 * time.Second,
	}
}

func (s Set) kubelet(i int) supervise.Spec {
	n := s.node(i)
	spec := s.program("kubelet", "--config="+n.kubeletFile(), "--kubeconfig="+s.Dir.Etc(n.Name+".kubeconfig"),
		"--hostname-override="+n.Name, "--node-ip="+n.IP, "--root-dir="+filepath.Join(n.Data, "kubelet"))
	spec.Name = "kubelet-" + n.Name
	spec.Files += digest(n.kubeletFile())
	return spec
}

// Proxy is the component whose rules depend on its mode.
const Proxy = "kube-proxy"

// proxy serves the whole host, so one is enough for all nodes.
func (s Set) proxy() supervise.Spec {
	return s.program(Proxy, "--kubeconfig="+s.Dir.Etc("proxy.kubeconfig"), "--hostname-override="+settings.NodeName(1),
		"--proxy-mode="+s.Settings.ProxyMode, "--cluster-cidr="+settings.PodCIDR,
		// never on the host's own networks
		"--nodeport-addresses=127.0.0.0/8,"+settings.NodeCIDR,
		// 0: leave the host's connection tracking as it is
		"--conntrack-max-per-core=0", "--conntrack-tcp-timeout-established=0", "--conntrack-tcp-timeout-close-wait=0",
		fmt.Sprintf("--healthz-bind-address=127.0.0.1:%d", settings.ProxyHealth),
		fmt.Sprintf("--metrics-bind-address=127.0.0.1:%d", settings.ProxyMetrics))
}

// kwokStages is where the build left the life cycles that kwok plays.
func (s Set) kwokStages() string { return s.Dir.Etc("kwok-stages.yaml") }

// kwok plays the nodes annotated kwok.x-k8s.io/node=fake, and their pods.
func (s Set) kwok() supervise.Spec {
	return supervise.Spec{
		Name: "kwok", Path: filepath.Join(s.Bin, "kwok"), Grace: 5 * time.Second,
		Args: []string{"kwok", "--kubeconfig=" + s.Dir.Etc("kwok.kubeconfig"), "--config=" + filepath.Join(s.Bin, "kwok-stages.yaml"),
			"--manage-all-nodes=false", "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
			"--cidr=" + settings.KwokCIDR, "--node-ip=" + settings.KwokNodeIP,
			fmt.Sprintf("--server-address=127.0.0.1:%d", settings.KwokPort)},
	}
}
