package storage

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"
	provision "sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"

	"cistern/cluster/internal/settings"
)

// Run serves the storage classes of our driver until the context ends.
func Run(ctx context.Context, cfg *rest.Config, root string) error {
	cfg.QPS, cfg.Burst = 50, 100
	kube, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		return err
	}
	dyn, err := dynamic.NewForConfig(cfg)
	if err != nil {
		return err
	}
	d := &directories{root: root, kube: kube, dyn: dyn}
	if err := os.MkdirAll(filepath.Join(root, "snapshots"), 0o711); err != nil {
		return err
	}
	if err := d.watchClaims(ctx); err != nil {
		return err
	}
	go d.keepSnapshots(ctx)
	retry := workqueue.NewTypedItemExponentialFailureRateLimiter[string](500*time.Millisecond, 10*time.Second)
	go provision.NewProvisionController(ctx, kube, settings.Driver, d, provision.LeaderElection(false), provision.RateLimiter(retry)).Run(ctx)
	<-ctx.Done()
	return nil
}

func (d *directories) watchClaims(ctx context.Context) error {
	f := informers.NewSharedInformerFactory(d.kube, time.Minute)
	expand := func(o any) {
		if err := d.expand(ctx, o.(*v1.PersistentVolumeClaim)); err != nil {
			klog.ErrorS(err, "expanding a volume", "claim", klog.KObj(o.(*v1.PersistentVolumeClaim)))
		}
	}
	_, err := f.Core().V1().PersistentVolumeClaims().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: expand, UpdateFunc: func(_, o any) { expand(o) },
	})
	f.Start(ctx.Done())
	return err
}

// expand books a larger size as soon as a bound claim asks for it. Whether
// the class allows that is for the API server to say, before it comes here.
func (d *directories) expand(ctx context.Context, c *v1.PersistentVolumeClaim) error {
	want, have := c.Spec.Resources.Requests[v1.ResourceStorage], c.Status.Capacity[v1.ResourceStorage]
	ours := c.Annotations["volume.kubernetes.io/storage-provisioner"] == settings.Driver
	if c.Status.Phase != v1.ClaimBound || want.Cmp(have) <= 0 || !ours {
		return nil
	}
	patch := fmt.Appendf(nil, `{"spec":{"capacity":{"storage":%q}}}`, want.String())
	if _, err := d.kube.CoreV1().PersistentVolumes().Patch(ctx, c.Spec.VolumeName, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		return err
	}
	patch = fmt.Appendf(nil, `{"status":{"capacity":{"storage":%q},"conditions":[]}}`, want.String())
	_, err := d.kube.CoreV1().PersistentVolumeClaims(c.Namespace).Patch(ctx, c.Name, types.MergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}
