package component

import (
	"fmt"
	"time"

	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/supervise"
)

func (s Set) etcd() supervise.Spec {
	client := fmt.Sprintf("http://127.0.0.1:%d", settings.EtcdPort)
	peer := fmt.Sprintf("http://127.0.0.1:%d", settings.EtcdPeerPort)
	spec := s.program("etcd", "--name=cistern", "--data-dir="+s.Dir.Data("etcd"), "--log-level=warn",
		// a test cluster: a power cut may cost its state, a kill does not
		"--unsafe-no-fsync",
		"--listen-client-urls="+client, "--advertise-client-urls="+client,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=cistern="+peer,
		"--auto-compaction-mode=periodic", "--auto-compaction-retention=30m", "--quota-backend-bytes=2147483648")
	spec.Grace = 20 * time.Second
	return spec
}

func (s Set) apiServer() supervise.Spec {
	pki := s.Dir.PKI
	args := []string{
		fmt.Sprintf("--etcd-servers=http://127.0.0.1:%d", settings.EtcdPort),
		fmt.Sprintf("--secure-port=%d", settings.APIPort),
		"--advertise-address=" + settings.NodeIP(1),
		"--service-cluster-ip-range=" + settings.ServiceCIDR,
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction,PodSecurity,ValidatingAdmissionPolicy",
		"--allow-privileged=true", "--anonymous-auth=true",
		"--client-ca-file=" + pki("ca.crt"), "--tls-cert-file=" + pki("apiserver.crt"), "--tls-private-key-file=" + pki("apiserver.key"),
		"--kubelet-client-certificate=" + pki("apiserver-kubelet-client.crt"), "--kubelet-client-key=" + pki("apiserver-kubelet-client.key"),
		"--kubelet-certificate-authority=" + pki("ca.crt"), "--kubelet-preferred-address-types=InternalIP",
		"--service-account-issuer=https://kubernetes.default.svc." + settings.Domain,
		"--service-account-signing-key-file=" + pki("sa.key"), "--service-account-key-file=" + pki("sa.pub"),
		"--requestheader-client-ca-file=" + pki("front-proxy-ca.crt"), "--requestheader-allowed-names=front-proxy-client",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + pki("front-proxy-client.crt"), "--proxy-client-key-file=" + pki("front-proxy-client.key"),
		"--audit-policy-file=" + s.Dir.Etc("audit.yaml"), "--audit-log-path=" + s.Dir.Log("audit.log"),
		"--audit-log-maxsize=100", "--audit-log-maxbackup=4",
	}
	spec := s.program("kube-apiserver", append(args, s.Settings.APIServerArgs...)...)
	spec.Files += digest(s.Dir.Etc("audit.yaml"), pki("apiserver.crt"), pki("ca.crt"))
	spec.Grace = 2 * time.Second // it waits for its watchers otherwise, and keeps nothing
	return spec
}

func (s Set) controllerManager() supervise.Spec {
	kubeconfig := s.Dir.Etc("controller-manager.kubeconfig")
	return s.program("kube-controller-manager", "--kubeconfig="+kubeconfig,
		"--authentication-kubeconfig="+kubeconfig, "--authorization-kubeconfig="+kubeconfig, "--bind-address=127.0.0.1",
		"--leader-elect=false", "--use-service-account-credentials",
		"--root-ca-file="+s.Dir.PKI("ca.crt"), "--service-account-private-key-file="+s.Dir.PKI("sa.key"),
		"--cluster-signing-cert-file="+s.Dir.PKI("ca.crt"), "--cluster-signing-key-file="+s.Dir.PKI("ca.key"),
		"--service-cluster-ip-range="+settings.ServiceCIDR, "--node-monitor-grace-period="+s.Settings.NodeGrace)
}

func (s Set) scheduler() supervise.Spec {
	kubeconfig := s.Dir.Etc("scheduler.kubeconfig")
	return s.program("kube-scheduler", "--kubeconfig="+kubeconfig,
		"--authentication-kubeconfig="+kubeconfig, "--authorization-kubeconfig="+kubeconfig, "--bind-address=127.0.0.1", "--leader-elect=false")
}

// own is one of our controllers.
func (s Set) own(name string, args ...string) supervise.Spec {
	return s.program(name, append([]string{"--kubeconfig", s.Dir.Etc(name + ".kubeconfig")}, args...)...)
}
