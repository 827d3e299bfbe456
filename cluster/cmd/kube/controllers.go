package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"cistern/cluster/internal/netpol"
	"cistern/cluster/internal/storage"
)

// own runs one of our controllers until it is told to end.
func own(flags *flag.FlagSet, run func(context.Context, *rest.Config) error) int {
	kubeconfig := flags.String("kubeconfig", "", "how to reach the API server")
	_ = flags.Parse(os.Args[1:]) // exits on an error
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	cfg, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err == nil {
		err = run(ctx, cfg)
	}
	if err != nil {
		klog.ErrorS(err, "ending")
		return 1
	}
	return 0
}

func provisioner() int {
	flags := flag.NewFlagSet("provisioner", flag.ExitOnError)
	dir := flags.String("dir", "", "folder of the volumes")
	return own(flags, func(ctx context.Context, cfg *rest.Config) error { return storage.Run(ctx, cfg, *dir) })
}

func networkPolicies() int {
	return own(flag.NewFlagSet("netpol", flag.ExitOnError), netpol.Run)
}
