package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"cistern/cluster/internal/component"
	"cistern/cluster/internal/host"
	"cistern/cluster/internal/process"
	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/supervise"
)

// podGrace is how long pods may take to end by themselves.
const podGrace = 3 * time.Second

// Down ends the cluster and takes back what it changed on the host. It needs
// none of the components, so it also clears up after a crash. With purge the
// state goes as well.
func (c Cluster) Down(_ context.Context, purge bool) error {
	began := time.Now()
	p := &progress{out: os.Stdout, last: began}
	plan, err := supervise.ReadPlan(c.Dir)
	if err != nil {
		plan = supervise.Plan{} // a broken plan must not keep the cluster up
	}
	supervise.Record(c.Dir, supervise.SupervisorName).Stop(30 * time.Second)
	c.stop(plan, "kubelet-", "kwok", "provisioner", "netpol", "kube-controller-manager", "kube-scheduler", "kube-proxy")
	p.done("nodes and controllers ended")
	if err := c.endPods(); err != nil {
		return err
	}
	p.done("pods ended")
	c.stop(plan, "containerd-", "kube-apiserver")
	c.stop(plan, "etcd")
	c.endStrays()
	p.done("container runtime, API server and etcd ended")
	if err := c.cleanHost(); err != nil {
		return err
	}
	p.done("mounts, network and rules removed")
	if purge {
		if err := c.purge(); err != nil {
			return err
		}
		p.done("state removed")
	}
	fmt.Fprintf(p.out, "the cluster is down, after %.1f s\n", time.Since(began).Seconds())
	return nil
}

// stop ends, all at once, the processes whose name begins with one of these.
func (c Cluster) stop(plan supervise.Plan, prefixes ...string) {
	var wg sync.WaitGroup
	for _, name := range supervise.Recorded(c.Dir) {
		for _, p := range prefixes {
			if !strings.HasPrefix(name, p) {
				continue
			}
			wg.Add(1)
			go func() {
				defer wg.Done()
				supervise.Record(c.Dir, name).Stop(plan.Grace(name))
			}()
		}
	}
	wg.Wait()
}

func (c Cluster) endPods() error {
	var wg sync.WaitGroup
	errs := make([]error, settings.MaxNodes+1)
	for i := 1; i <= settings.MaxNodes; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs[i] = host.EndCgroup(component.Cgroup(c.Dir, i), podGrace)
		}()
	}
	wg.Wait()
	return errors.Join(errs...)
}

// endStrays kills what no record names: the containers' shims, and whatever a
// killed supervisor had started last.
func (c Cluster) endStrays() {
	for _, p := range process.Marked(string(c.Dir)) {
		p.Stop(time.Second)
	}
}

func (c Cluster) cleanHost() error {
	shims := shimSockets(c.Dir)
	errs := []error{host.Unmount(string(c.Dir)), host.ClearNetwork(c.Dir), host.RestoreKernel(c.Dir)}
	for _, s := range shims {
		if err := os.Remove(s); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err // what is mounted still must not be removed by its path
	}
	// a repair keeps the settings, but who takes the cluster down begins anew
	return errors.Join(os.RemoveAll(c.Dir.Run()), os.RemoveAll(c.Dir.Settings()))
}

func (c Cluster) purge() error {
	var errs []error
	for _, p := range []string{c.Dir.Data(), c.Dir.Etc(), c.Dir.Log(), c.Dir.PKI(), c.Dir.Kubeconfig()} {
		errs = append(errs, os.RemoveAll(p))
	}
	return errors.Join(errs...)
}
