package netpol

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	netlisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

// debounce gathers the changes that come together, such as a pod's address
// and its labels.
const debounce = 20 * time.Millisecond

type controller struct {
	pods       corelisters.PodLister
	namespaces corelisters.NamespaceLister
	policies   netlisters.NetworkPolicyLister
	last       string
}

// Run keeps the table in step with the cluster until the context ends.
func Run(ctx context.Context, cfg *rest.Config) error {
	client, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		return err
	}
	f := informers.NewSharedInformerFactory(client, 0)
	c := &controller{f.Core().V1().Pods().Lister(), f.Core().V1().Namespaces().Lister(), f.Networking().V1().NetworkPolicies().Lister(), ""}
	dirty := make(chan struct{}, 1)
	touch := func() {
		select {
		case dirty <- struct{}{}:
		default:
		}
	}
	h := cache.ResourceEventHandlerFuncs{AddFunc: func(any) { touch() }, UpdateFunc: func(_, _ any) { touch() }, DeleteFunc: func(any) { touch() }}
	for _, i := range []cache.SharedIndexInformer{f.Core().V1().Pods().Informer(), f.Core().V1().Namespaces().Informer(), f.Networking().V1().NetworkPolicies().Informer()} {
		if _, err := i.AddEventHandler(h); err != nil {
			return err
		}
	}
	f.Start(ctx.Done())
	f.WaitForCacheSync(ctx.Done())
	touch()
	c.loop(ctx, dirty, touch)
	return nil
}

func (c *controller) loop(ctx context.Context, dirty <-chan struct{}, touch func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-dirty:
			time.Sleep(debounce)
			if err := c.sync(); err != nil {
				klog.ErrorS(err, "writing the rules of the network policies")
				time.AfterFunc(time.Second, touch)
			}
		}
	}
}

func (c *controller) sync() error {
	v, err := c.view()
	if err != nil {
		return err
	}
	text := Ruleset(v)
	if text == c.last {
		return nil
	}
	cmd := exec.Command("nft", "-f", "-")
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("nft: %w: %s", err, out)
	}
	c.last = text
	return nil
}

func (c *controller) view() (View, error) {
	v := View{Namespaces: map[string]map[string]string{}}
	var err error
	if v.Pods, err = c.pods.List(labels.Everything()); err != nil {
		return v, err
	}
	if v.Policies, err = c.policies.List(labels.Everything()); err != nil {
		return v, err
	}
	all, err := c.namespaces.List(labels.Everything())
	for _, n := range all {
		v.Namespaces[n.Name] = n.Labels
	}
	return v, err
}
