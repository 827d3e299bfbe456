package storage

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	_ "github.com/kubernetes-csi/external-snapshotter/client/v8/apis/volumesnapshot/v1" // pins the module whose custom resource definitions the build takes
	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/klog/v2"

	"cistern/cluster/internal/settings"
)

const contentPrefix = "snapcontent-"

var (
	snapshotGroup = schema.GroupVersion{Group: "snapshot.storage.k8s.io", Version: "v1"}
	snapshotKind  = snapshotGroup.WithResource("volumesnapshots")
	contentKind   = snapshotGroup.WithResource("volumesnapshotcontents")
	classKind     = snapshotGroup.WithResource("volumesnapshotclasses")
)

// keepSnapshots looks every second: snapshots are rare, and a watch would
// need a second kind of informer for objects that may not even be defined yet.
func (d *directories) keepSnapshots(ctx context.Context) {
	for {
		if err := d.syncSnapshots(ctx); err != nil && ctx.Err() == nil {
			klog.ErrorS(err, "snapshots")
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

func (d *directories) syncSnapshots(ctx context.Context) error {
	list, err := d.dyn.Resource(snapshotKind).List(ctx, metav1.ListOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	live := map[string]bool{}
	for i := range list.Items {
		s := &list.Items[i]
		live[string(s.GetUID())] = true
		if err := d.take(ctx, s); err != nil {
			return fmt.Errorf("%s/%s: %w", s.GetNamespace(), s.GetName(), err)
		}
	}
	return d.removeUnwanted(ctx, live)
}

// take copies the claim's directory when a snapshot asks for it.
func (d *directories) take(ctx context.Context, s *unstructured.Unstructured) error {
	ready, _, _ := unstructured.NestedBool(s.Object, "status", "readyToUse")
	className, _, _ := unstructured.NestedString(s.Object, "spec", "volumeSnapshotClassName")
	claim, _, _ := unstructured.NestedString(s.Object, "spec", "source", "persistentVolumeClaimName")
	if ready || s.GetDeletionTimestamp() != nil || claim == "" {
		return nil
	}
	class, err := d.dyn.Resource(classKind).Get(ctx, className, metav1.GetOptions{})
	if err != nil || class.Object["driver"] != settings.Driver {
		return nil // not, or not yet, for us
	}
	c, err := d.kube.CoreV1().PersistentVolumeClaims(s.GetNamespace()).Get(ctx, claim, metav1.GetOptions{})
	if err != nil || c.Spec.VolumeName == "" {
		return nil // the claim may still come
	}
	name := contentPrefix + string(s.GetUID())
	to := d.snapshot(name)
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	if err := makeDir(to); err != nil {
		return err
	}
	if err := copyTree(d.volume(c.Spec.VolumeName), to); err != nil {
		return err
	}
	content := contentOf(s, class, name, c.Spec.VolumeName)
	if _, err := d.dyn.Resource(contentKind).Create(ctx, content, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	return d.report(ctx, s, name, c)
}

func contentOf(s, class *unstructured.Unstructured, name, volume string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": snapshotGroup.String(), "kind": "VolumeSnapshotContent", "metadata": map[string]any{"name": name},
		"spec": map[string]any{
			"deletionPolicy": class.Object["deletionPolicy"], "driver": settings.Driver, "volumeSnapshotClassName": class.GetName(),
			"source": map[string]any{"volumeHandle": volume},
			"volumeSnapshotRef": map[string]any{"apiVersion": snapshotGroup.String(), "kind": "VolumeSnapshot",
				"name": s.GetName(), "namespace": s.GetNamespace(), "uid": string(s.GetUID())},
		},
	}}
}

// report tells the content and then the snapshot that the copy is there.
func (d *directories) report(ctx context.Context, s *unstructured.Unstructured, content string, c *v1.PersistentVolumeClaim) error {
	size, now := c.Status.Capacity[v1.ResourceStorage], time.Now().UTC()
	patch := fmt.Sprintf(`{"status":{"readyToUse":true,"snapshotHandle":%q,"creationTime":%d,"restoreSize":%d}}`, content, now.UnixNano(), size.Value())
	if _, err := d.dyn.Resource(contentKind).Patch(ctx, content, types.MergePatchType, []byte(patch), metav1.PatchOptions{}, "status"); err != nil {
		return err
	}
	patch = fmt.Sprintf(`{"status":{"readyToUse":true,"boundVolumeSnapshotContentName":%q,"creationTime":%q,"restoreSize":%q}}`, content, now.Format(time.RFC3339), size.String())
	_, err := d.dyn.Resource(snapshotKind).Namespace(s.GetNamespace()).Patch(ctx, s.GetName(), types.MergePatchType, []byte(patch), metav1.PatchOptions{}, "status")
	return err
}

// removeUnwanted deletes the copies whose snapshot is gone.
func (d *directories) removeUnwanted(ctx context.Context, live map[string]bool) error {
	all, err := d.dyn.Resource(contentKind).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, c := range all.Items {
		driver, _, _ := unstructured.NestedString(c.Object, "spec", "driver")
		policy, _, _ := unstructured.NestedString(c.Object, "spec", "deletionPolicy")
		uid, _, _ := unstructured.NestedString(c.Object, "spec", "volumeSnapshotRef", "uid")
		if driver != settings.Driver || policy != "Delete" || live[uid] || !strings.HasPrefix(c.GetName(), contentPrefix) {
			continue
		}
		if err := os.RemoveAll(d.snapshot(c.GetName())); err != nil {
			return err
		}
		if err := d.dyn.Resource(contentKind).Delete(ctx, c.GetName(), metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	return nil
}
