package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"cistern/cluster/internal/api"
	"cistern/cluster/internal/component"
	"cistern/cluster/internal/host"
	"cistern/cluster/internal/image"
	"cistern/cluster/internal/manifest"
	"cistern/cluster/internal/pki"
	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
	"cistern/cluster/internal/supervise"
)

// Cluster is one cluster: its state folder and the programs it runs.
type Cluster struct {
	Dir state.Dir
	Bin string
}

// upping is one run of Up.
type upping struct {
	Cluster
	progress
	settings settings.Settings
	set      component.Set
	images   image.Index
	archives []string
	api      *api.Client
}

// Up makes the cluster run as the settings say, whatever it finds: nothing, a
// running cluster, or the remains of one that was killed.
func (c Cluster) Up(ctx context.Context, s settings.Settings) error {
	began := time.Now()
	u := &upping{Cluster: c, progress: progress{out: os.Stdout, last: began}, settings: s}
	for _, step := range []func(context.Context) error{
		u.check, u.prepare, u.startFirst, u.startAll, u.applyObjects, u.awaitNodes, u.awaitDNS,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(u.out, "the cluster runs, after %.1f s: KUBECONFIG=%s\n", time.Since(began).Seconds(), c.Dir.Kubeconfig())
	return nil
}

// check refuses, before anything is changed, what could not work.
func (u *upping) check(context.Context) error {
	if os.Geteuid() != 0 {
		return errors.New("only root can run a kubelet: run this as root")
	}
	if err := host.CheckOwner(u.Dir); err != nil {
		return err
	}
	old, err := settings.Load(u.Dir.Settings())
	if err != nil {
		return err
	}
	running := supervise.Record(u.Dir, supervise.SupervisorName).Alive()
	if running && old.Nodes > u.settings.Nodes {
		return fmt.Errorf("the running cluster has %d nodes: run `down` before `up` with NODES=%d", old.Nodes, u.settings.Nodes)
	}
	if err := u.checkPorts(); err != nil {
		return err
	}
	if u.images, u.archives, err = image.ReadIndex(filepath.Join(u.Bin, "images")); err != nil {
		return fmt.Errorf("the build is incomplete: %w", err)
	}
	return nil
}

func (u *upping) checkPorts() error {
	// the kubelets' addresses do not exist yet, but whoever has all has them
	everywhere := []int{settings.APIPort, settings.KubeletPort, settings.KubeletHealth}
	local := []int{settings.EtcdPort, settings.EtcdPeerPort, settings.ControllerPort, settings.SchedulerPort, settings.ProxyHealth, settings.ProxyMetrics}
	var errs []error
	for _, p := range everywhere {
		errs = append(errs, host.CheckPort(fmt.Sprintf("0.0.0.0:%d", p), string(u.Dir)))
	}
	for _, p := range local {
		errs = append(errs, host.CheckPort(fmt.Sprintf("127.0.0.1:%d", p), string(u.Dir)))
	}
	return errors.Join(errs...)
}

// prepare writes every file and sets up the host.
func (u *upping) prepare(context.Context) error {
	if err := u.Dir.ForgetLastBoot(); err != nil {
		return err
	}
	if err := u.settings.Save(u.Dir.Settings()); err != nil {
		return err
	}
	if err := pki.Ensure(u.Dir, u.settings.Nodes); err != nil {
		return err
	}
	u.done("certificates and kubeconfigs")
	u.set = component.Set{Dir: u.Dir, Bin: u.Bin, Images: u.images, Settings: u.settings}
	if err := u.set.Configure(); err != nil {
		return err
	}
	if err := u.prepareNodes(); err != nil {
		return err
	}
	if err := host.SetKernel(u.Dir); err != nil {
		return err
	}
	if err := host.SetNetwork(u.Dir, u.settings.Nodes); err != nil {
		return err
	}
	var err error
	u.api, err = api.NewClient(u.Dir)
	u.done("host prepared")
	return err
}

func (u *upping) prepareNodes() error {
	for i := 1; i <= u.settings.Nodes; i++ {
		for _, f := range u.set.Folders(i) {
			if err := os.MkdirAll(f, 0o711); err != nil {
				return err
			}
		}
		if err := host.MakeCgroup(component.Cgroup(u.Dir, i)); err != nil {
			return err
		}
	}
	return nil
}

// applyObjects applies the objects that every cluster has.
func (u *upping) applyObjects(ctx context.Context) error {
	v := manifest.NewValues(u.images.Kube)
	for _, apply := range []func() error{
		func() error { return manifest.Apply(ctx, u.api, "storage.yaml", v) },
		func() error { return manifest.Apply(ctx, u.api, "dns.yaml", v) },
		func() error { return manifest.ApplyFile(ctx, u.api, filepath.Join(u.Bin, "snapshot-crds.yaml")) },
		func() error {
			return wait(ctx, u.Dir, "kube-apiserver", 20*time.Second, func(ctx context.Context) error {
				return u.api.Established(ctx, "volumesnapshotclasses.snapshot.storage.k8s.io")
			})
		},
		func() error { return manifest.Apply(ctx, u.api, "snapshot.yaml", v) },
	} {
		if err := apply(); err != nil {
			return &failure{"kube-apiserver", err}
		}
	}
	u.done("storage classes, DNS and snapshot objects")
	return nil
}

// awaitNodes asks each kubelet before the API server, which may still hold
// what the kubelet said before a restart.
func (u *upping) awaitNodes(ctx context.Context) error {
	for i := 1; i <= u.settings.Nodes; i++ {
		name, ip := settings.NodeName(i), settings.NodeIP(i)
		if err := wait(ctx, u.Dir, "kubelet-"+name, 90*time.Second, func(ctx context.Context) error {
			conn, err := net.DialTimeout("tcp", fmt.Sprintf("%s:%d", ip, settings.KubeletPort), time.Second)
			if err != nil {
				return err
			}
			conn.Close()
			return u.api.NodeReady(ctx, name)
		}); err != nil {
			return err
		}
	}
	if err := u.forgetNodes(ctx); err != nil {
		return err
	}
	u.done("%d nodes ready", u.settings.Nodes)
	return nil
}

// forgetNodes deletes the nodes that an earlier, larger cluster had.
func (u *upping) forgetNodes(ctx context.Context) error {
	nodes, err := u.api.Nodes(ctx)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		for i := u.settings.Nodes + 1; i <= settings.MaxNodes; i++ {
			if n.Metadata.Name == settings.NodeName(i) {
				if err := u.api.Delete(ctx, "/api/v1/nodes/"+n.Metadata.Name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// awaitDNS asks CoreDNS a question by its service address, which proves pods,
// the proxy and the network at once.
func (u *upping) awaitDNS(ctx context.Context) error {
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: time.Second}).DialContext(ctx, network, settings.ServiceDNS+":53")
	}}
	err := wait(ctx, u.Dir, "kubelet-"+settings.NodeName(1), 90*time.Second, func(ctx context.Context) error {
		if err := u.api.RolledOut(ctx, "kube-system", "coredns"); err != nil {
			return err
		}
		ctx, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		_, err := resolver.LookupHost(ctx, "kubernetes.default.svc."+settings.Domain+".")
		return err
	})
	if err == nil {
		u.done("CoreDNS answers")
	}
	return err
}
