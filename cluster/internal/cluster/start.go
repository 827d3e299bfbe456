package cluster

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"cistern/cluster/internal/component"
	"cistern/cluster/internal/host"
	"cistern/cluster/internal/image"
	"cistern/cluster/internal/process"
	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/supervise"
)

// startFirst starts what the rest needs, and brings the images in before a
// kubelet could miss them.
func (u *upping) startFirst(ctx context.Context) error {
	if err := u.leaveProxyMode(ctx); err != nil {
		return err
	}
	if err := u.startSupervisor(ctx); err != nil {
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

// startSupervisor leaves a running supervisor of this build alone. One of
// another build makes way: the processes go on without it meanwhile.
func (u *upping) startSupervisor(ctx context.Context) error {
	old := supervise.Record(u.Dir, supervise.SupervisorName)
	first := u.set.First()
	if old.Alive() {
		first = u.set.All() // all run already: ending some would be no repair
	}
	if err := (supervise.Plan{Specs: first}).Write(u.Dir); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil || old.Alive() && old.Spec == self {
		return err
	}
	old.Stop(30 * time.Second)
	env := append(supervise.Environment(), process.Mark(string(u.Dir), supervise.SupervisorName)...)
	if _, err := process.Spawn(process.Command{
		Path: self, Args: []string{"cistern-supervisor", "supervise"}, Log: u.Dir.Log(supervise.SupervisorName + ".log"),
		Env: append(env, "CISTERN_STATE="+filepath.Dir(string(u.Dir))),
	}, func(error) {}); err != nil {
		return err
	}
	return wait(ctx, u.Dir, supervise.SupervisorName, 5*time.Second, func(context.Context) error {
		if r := supervise.Record(u.Dir, supervise.SupervisorName); !r.Alive() || r.Spec != self {
			return errors.New("it has not started")
		}
		return nil
	})
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
	if err := (supervise.Plan{Specs: u.set.All()}).Write(u.Dir); err != nil {
		return err
	}
	return u.awaitPlan(ctx, u.set.All())
}

// leaveProxyMode ends a kube-proxy of the other mode and removes its rules,
// which would stay and go on matching beside the new ones.
func (u *upping) leaveProxyMode(ctx context.Context) error {
	file := u.Dir.Run("proxy-mode")
	old, err := os.ReadFile(file)
	if err == nil && string(old) != u.settings.ProxyMode {
		plan, err := supervise.ReadPlan(u.Dir)
		if err != nil {
			return err
		}
		if err := plan.Without(component.Proxy).Write(u.Dir); err != nil {
			return err
		}
		if err := u.awaitEnd(ctx, component.Proxy); err != nil {
			return err
		}
		if err := host.ClearRules(); err != nil {
			return err
		}
	}
	return os.WriteFile(file, []byte(u.settings.ProxyMode), 0o600)
}

// awaitEnd waits until a process that the plan no longer holds has ended. The
// supervisor does that, or we do when there is none.
func (u *upping) awaitEnd(ctx context.Context, name string) error {
	return wait(ctx, u.Dir, name, 10*time.Second, func(context.Context) error {
		r := supervise.Record(u.Dir, name)
		if supervise.Record(u.Dir, supervise.SupervisorName).Alive() && r.PID != 0 {
			return errors.New("it still runs")
		}
		r.Stop(5 * time.Second)
		return nil
	})
}
