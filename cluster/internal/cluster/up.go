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
	"cistern/cluster/internal/process"
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
	if host.ForeignProxy() {
		return errors.New("this host has rules of another kube-proxy: it is part of a cluster already")
	}
	old, err := settings.Load(u.Dir.Settings())
	if err != nil {
		return err
	}
	running := supervise.Record(u.Dir, SupervisorLog).Alive()
	if running && old.Nodes > u.settings.Nodes {
		return fmt.Errorf("the running cluster has %d nodes: run `down` before `up` with NODES=%d", old.Nodes, u.settings.Nodes)
	}
	for _, port := range []int{settings.EtcdPort, settings.EtcdPeerPort, settings.APIPort, settings.ControllerPort,
		settings.SchedulerPort, settings.ProxyHealth, settings.ProxyMetrics} {
		if err := host.CheckPort(fmt.Sprintf("127.0.0.1:%d", port), string(u.Dir)); err != nil {
			return err
		}
	}
	if u.images, u.archives, err = image.ReadIndex(filepath.Join(u.Bin, "images")); err != nil {
		return fmt.Errorf("the build is incomplete: %w", err)
	}
	return nil
}

// SupervisorLog is the name of the supervisor's record and log.
const SupervisorLog = supervise.SupervisorName

// prepare writes every file and sets up the host.
func (u *upping) prepare(context.Context) error {
	if err := u.settings.Save(u.Dir.Settings()); err != nil {
		return err
	}
	if err := pki.Ensure(u.Dir, u.settings.Nodes); err != nil {
		return err
	}
	u.done("certificates and kubeconfigs")
	u.set = component.Set{Dir: u.Dir, Bin: u.Bin, Pause: u.images.Pause, Settings: u.settings}
	if err := u.set.Configure(); err != nil {
		return err
	}
	for i := 1; i <= u.settings.Nodes; i++ {
		for _, f := range u.set.Folders(i) {
			if err := os.MkdirAll(f, 0o711); err != nil {
				return err
			}
		}
		if err := host.MakeCgroup(component.Cgroup(i)); err != nil {
			return err
		}
	}
	if err := host.SetKernel(u.Dir); err != nil {
		return err
	}
	if err := host.SetNetwork(u.settings.Nodes); err != nil {
		return err
	}
	var err error
	u.api, err = api.NewClient(u.Dir)
	u.done("host prepared")
	return err
}

// startFirst starts what the rest needs, and brings the images in before a
// kubelet could miss them.
func (u *upping) startFirst(ctx context.Context) error {
	if !supervise.Record(u.Dir, SupervisorLog).Alive() {
		if err := (supervise.Plan{Specs: u.set.First()}).Write(u.Dir); err != nil {
			return err
		}
		if err := u.startSupervisor(); err != nil {
			return err
		}
	} else if err := (supervise.Plan{Specs: u.set.All()}).Write(u.Dir); err != nil {
		return err
	}
	if err := wait(ctx, u.Dir, SupervisorLog, 5*time.Second, func(context.Context) error {
		return alive(supervise.Record(u.Dir, SupervisorLog))
	}); err != nil {
		return err
	}
	if err := u.awaitPlan(ctx, u.set.First()); err != nil {
		return err
	}
	if err := u.loadOwn(ctx); err != nil {
		return err
	}
	if err := wait(ctx, u.Dir, "kube-apiserver", 90*time.Second, u.api.Ready); err != nil {
		return err
	}
	u.done("API server ready")
	return nil
}

func (u *upping) startSupervisor() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	_, err = process.Spawn(process.Command{
		Path: self, Args: []string{"cistern-supervisor", "supervise"}, Log: u.Dir.Log(SupervisorLog + ".log"),
		Env: append(supervise.Environment(), append(process.Mark(string(u.Dir), SupervisorLog), "CISTERN_STATE="+filepath.Dir(string(u.Dir)))...),
	}, func(error) {})
	return err
}

// awaitPlan waits until each of the processes runs in its newest form: else
// the answer of one that is about to be replaced would be taken for its.
func (u *upping) awaitPlan(ctx context.Context, specs []supervise.Spec) error {
	for _, s := range specs {
		if err := wait(ctx, u.Dir, s.Name, 40*time.Second, func(context.Context) error {
			r := supervise.Record(u.Dir, s.Name)
			if r.Spec != s.Hash() {
				return errors.New("it is not started yet")
			}
			return alive(r)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (u *upping) loadOwn(ctx context.Context) error {
	for i := 1; i <= u.settings.Nodes; i++ {
		name := settings.NodeName(i)
		store := image.Store{Socket: u.Dir.Socket(name)}
		if err := wait(ctx, u.Dir, "containerd-"+name, 30*time.Second, func(context.Context) error { return store.Ready() }); err != nil {
			return err
		}
		for _, a := range u.archives {
			if _, err := store.Load(a); err != nil {
				return &failure{"containerd-" + name, err}
			}
		}
	}
	u.done("container runtime and images on %d nodes", u.settings.Nodes)
	return nil
}

func (u *upping) startAll(ctx context.Context) error {
	if err := u.cleanProxy(); err != nil {
		return err
	}
	if err := (supervise.Plan{Specs: u.set.All()}).Write(u.Dir); err != nil {
		return err
	}
	return u.awaitPlan(ctx, u.set.All())
}

// cleanProxy removes the rules of the other proxy mode, which would stay and
// go on matching.
func (u *upping) cleanProxy() error {
	file := u.Dir.Run("proxy-mode")
	old, err := os.ReadFile(file)
	if err == nil && string(old) != u.settings.ProxyMode {
		if err := host.ClearRules(); err != nil {
			return err
		}
	}
	return os.WriteFile(file, []byte(u.settings.ProxyMode), 0o600)
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
