// Package storage provisions, expands, clones, snapshots and deletes volumes
// that are directories of this host. Sizes are booked, not enforced.
package storage

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	provision "sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// sharedParameter of a storage class lets any node use its volumes.
const sharedParameter = "shared"

// directories is the provisioner of the volumes below one folder.
type directories struct {
	root string
	kube kubernetes.Interface
	dyn  dynamic.Interface
}

func (d *directories) volume(pv string) string { return filepath.Join(d.root, pv) }
func (d *directories) snapshot(content string) string {
	return filepath.Join(d.root, "snapshots", content)
}

// Provision makes the directory of a claim, filled from its source if it has
// one.
func (d *directories) Provision(ctx context.Context, o provision.ProvisionOptions) (*v1.PersistentVolume, provision.ProvisioningState, error) {
	pv, err := d.provision(ctx, o)
	return pv, provision.ProvisioningFinished, err
}

func (d *directories) provision(ctx context.Context, o provision.ProvisionOptions) (*v1.PersistentVolume, error) {
	if m := o.PVC.Spec.VolumeMode; m != nil && *m == v1.PersistentVolumeBlock {
		return nil, fmt.Errorf("block volumes are not supported")
	}
	path := d.volume(o.PVName)
	if err := makeDir(path); err != nil {
		return nil, err
	}
	if o.PVC.Spec.DataSource != nil {
		from, err := d.source(ctx, o.PVC)
		if err != nil {
			return nil, err
		}
		if err := copyTree(from, path); err != nil {
			return nil, err
		}
	}
	where, err := d.where(ctx, o)
	if err != nil {
		return nil, err
	}
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: o.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *o.StorageClass.ReclaimPolicy,
			AccessModes:                   o.PVC.Spec.AccessModes,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: o.PVC.Spec.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource:        v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: path}},
			NodeAffinity: &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{
				{MatchExpressions: []v1.NodeSelectorRequirement{where}}}}},
		},
	}, nil
}

// where ties a volume to the node it was made for, as a disk would be, unless
// its class stands in for storage on the network.
func (d *directories) where(ctx context.Context, o provision.ProvisionOptions) (v1.NodeSelectorRequirement, error) {
	r := v1.NodeSelectorRequirement{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpExists}
	if o.SelectedNodeName == "" || o.StorageClass.Parameters[sharedParameter] == "true" {
		return r, nil
	}
	n, err := d.kube.CoreV1().Nodes().Get(ctx, o.SelectedNodeName, metav1.GetOptions{})
	if err != nil {
		return r, err
	}
	r.Operator, r.Values = v1.NodeSelectorOpIn, []string{n.Labels[v1.LabelHostname]}
	return r, nil
}

// source is the directory that a new volume starts as a copy of.
func (d *directories) source(ctx context.Context, c *v1.PersistentVolumeClaim) (string, error) {
	s := c.Spec.DataSource
	switch s.Kind {
	case "PersistentVolumeClaim":
		from, err := d.kube.CoreV1().PersistentVolumeClaims(c.Namespace).Get(ctx, s.Name, metav1.GetOptions{})
		if err != nil {
			return "", err
		}
		if from.Spec.VolumeName == "" {
			return "", fmt.Errorf("claim %s has no volume yet", s.Name)
		}
		return d.volume(from.Spec.VolumeName), nil
	case "VolumeSnapshot":
		u, err := d.dyn.Resource(snapshotKind).Namespace(c.Namespace).Get(ctx, s.Name, metav1.GetOptions{})
		if err != nil {
			return "", err
		}
		content, _, _ := unstructured.NestedString(u.Object, "status", "boundVolumeSnapshotContentName")
		if content == "" {
			return "", fmt.Errorf("snapshot %s is not ready", s.Name)
		}
		return d.snapshot(content), nil
	}
	return "", fmt.Errorf("data source kind %s is not supported", s.Kind)
}

// Delete removes the directory of a released volume.
func (d *directories) Delete(_ context.Context, pv *v1.PersistentVolume) error {
	if pv.Spec.Local == nil || pv.Spec.Local.Path != d.volume(pv.Name) {
		return &provision.IgnoredError{Reason: "not a volume of this folder"}
	}
	return os.RemoveAll(pv.Spec.Local.Path)
}

// makeDir makes a directory that any user may write, as the kubelet gives the
// pod's group its ownership only when the pod asks for one.
func makeDir(path string) error {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	return os.Chmod(path, 0o777)
}

func copyTree(from, to string) error {
	out, err := exec.Command("cp", "-a", "--reflink=auto", from+"/.", to+"/").CombinedOutput()
	if err != nil {
		return fmt.Errorf("cp: %w: %s", err, out)
	}
	return nil
}
