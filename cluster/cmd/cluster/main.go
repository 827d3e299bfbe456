// Program cluster runs a Kubernetes cluster on this host, from its own build
// of Kubernetes and a few Debian packages.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"cistern/cluster/internal/cluster"
	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/state"
	"cistern/cluster/internal/supervise"
)

const usage = `usage: cluster COMMAND
  up                bring the cluster up, or repair it
                    (NODES=1 KWOK=0 PROXY_MODE=iptables NODE_GRACE=50s APISERVER_ARGS=)
  down [--purge]    end it; with --purge forget its state too
  status            say what runs; fails unless all does
  load FILE.tar…    bring image archives into every node
  kubectl ARGS…     kubectl for this cluster
  helm ARGS…        helm for this cluster
  kubeconfig        print the path of the administrator's kubeconfig
  check [-lifecycle]  test the running cluster; with -lifecycle also by
                    killing its components and taking it down
  logs [COMPONENT [-f]]  list the logs, or print the end of one
`

func main() {
	d, err := state.Open()
	if err == nil {
		err = run(d, os.Args[1:])
	}
	if err != nil {
		cluster.Explain(os.Stderr, d, err)
		os.Exit(1)
	}
}

func run(d state.Dir, args []string) error {
	if len(args) == 0 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	c := cluster.Cluster{Dir: d, Bin: filepath.Dir(self)}
	switch rest := args[1:]; args[0] {
	case "up":
		return up(ctx, c)
	case "down":
		return down(ctx, c, rest)
	case "status":
		return c.Status(ctx, os.Stdout)
	case "load":
		return load(ctx, c, rest)
	case "kubectl", "helm":
		return become(c, args[0], rest)
	case "kubeconfig":
		fmt.Println(d.Kubeconfig())
		return nil
	case "logs":
		return c.Logs(os.Stdout, rest)
	case "supervise": // not for users: what `up` starts
		return supervise.Run(ctx, d)
	}
	fmt.Fprint(os.Stderr, usage)
	os.Exit(2)
	return nil
}

func up(ctx context.Context, c cluster.Cluster) error {
	lock, err := c.Dir.Lock()
	if err != nil {
		return err
	}
	defer lock.Close()
	s, err := settings.Load(c.Dir.Settings())
	if err != nil {
		return err
	}
	if s, err = s.WithEnv(os.Getenv); err != nil {
		return err
	}
	return c.Up(ctx, s)
}

func down(ctx context.Context, c cluster.Cluster, args []string) error {
	purge := len(args) == 1 && args[0] == "--purge"
	if len(args) > 0 && !purge {
		return fmt.Errorf("down takes --purge only, not %q", args)
	}
	lock, err := c.Dir.Lock()
	if err != nil {
		return err
	}
	defer lock.Close()
	return c.Down(ctx, purge)
}

func load(ctx context.Context, c cluster.Cluster, files []string) error {
	if len(files) == 0 {
		return errors.New("load needs image archives")
	}
	lock, err := c.Dir.Lock()
	if err != nil {
		return err
	}
	defer lock.Close()
	return c.Load(ctx, files)
}

// become runs a tool in place of this program, so that signals, terminal and
// exit status are the tool's own.
func become(c cluster.Cluster, tool string, args []string) error {
	env := append(os.Environ(), "KUBECONFIG="+c.Dir.Kubeconfig())
	file := map[string]string{"kubectl": "kube", "helm": "helm"}[tool]
	return syscall.Exec(filepath.Join(c.Bin, file), append([]string{tool}, args...), env)
}
