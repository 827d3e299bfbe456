//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"
)

const claims = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 100Mi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: fixed}
spec: {storageClassName: fixed, accessModes: [ReadWriteOnce], resources: {requests: {storage: 100Mi}}}
---
`

func writer(script string) string {
	return fmt.Sprintf(`apiVersion: v1
kind: Pod
metadata: {name: writer}
spec:
  terminationGracePeriodSeconds: 0
  %s
  containers:
  - name: c
    image: %s
    %s
    command: [sh, -c, '%s; exec sleep 3600']
    volumeMounts: [{name: data, mountPath: /data}, {name: fixed, mountPath: /fixed}]
  volumes:
  - {name: data, persistentVolumeClaim: {claimName: data}}
  - {name: fixed, persistentVolumeClaim: {claimName: fixed}}
`, restricted, image, restrictedContainer, script)
}

// One pod after another uses the same volume, which takes time: hence one
// test for a volume's whole life.
func TestVolumeLife(t *testing.T) {
	n := newNamespace(t, "volume", "restricted")
	n.mustApply(claims + writer("echo kept > /data/file && echo kept > /fixed/file && id > /data/id"))
	n.ready("pod/writer")
	eventually(t, 10*time.Second, func() error { return has(n.do("exec", "writer", "--", "cat", "/data/id"), "uid=999 gid=999") })

	n.do("delete", "pod", "writer")
	n.mustApply(writer("true"))
	n.ready("pod/writer")
	if err := has(n.do("exec", "writer", "--", "cat", "/data/file", "/fixed/file"), "kept\nkept\n"); err != nil {
		t.Error("after the pod was deleted:", err)
	}

	grow := `{"spec":{"resources":{"requests":{"storage":"200Mi"}}}}`
	n.do("patch", "pvc", "data", "-p", grow)
	eventually(t, 20*time.Second, func() error { return has(n.field("pvc/data", ".status.capacity.storage"), "200Mi") })
	if out, err := n.kubectl("patch", "pvc", "fixed", "-p", grow); err == nil {
		t.Error("a volume of the class fixed could grow")
	} else if err := has(out, "only dynamically provisioned pvc can be resized"); err != nil {
		t.Error(err)
	}

	dir := n.field("pv/"+n.field("pvc/data", ".spec.volumeName"), ".spec.local.path")
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	n.do("delete", "pod/writer", "pvc/data")
	eventually(t, 30*time.Second, func() error {
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s is still there: %v", dir, err)
		}
		return nil
	})
}

func TestSnapshotAndRestore(t *testing.T) {
	n := newNamespace(t, "snapshot", "restricted")
	n.mustApply(claims + writer("echo before > /data/file"))
	n.ready("pod/writer")
	eventually(t, 10*time.Second, func() error { return has(n.do("exec", "writer", "--", "cat", "/data/file"), "before") })
	n.mustApply(`apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata: {name: one}
spec: {volumeSnapshotClassName: standard, source: {persistentVolumeClaimName: data}}
`)
	n.do("wait", "--for=jsonpath={.status.readyToUse}=true", "volumesnapshot/one", "--timeout=20s")
	n.do("exec", "writer", "--", "sh", "-c", "echo after > /data/file")
	n.mustApply(`apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: restored}
spec:
  accessModes: [ReadWriteOnce]
  dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: one}
  resources: {requests: {storage: 100Mi}}
---
` + fmt.Sprintf(`apiVersion: v1
kind: Pod
metadata: {name: reader}
spec:
  terminationGracePeriodSeconds: 0
  %s
  containers: [{name: c, image: "%s", %s, command: [sleep, "3600"], volumeMounts: [{name: d, mountPath: /data}]}]
  volumes: [{name: d, persistentVolumeClaim: {claimName: restored}}]
`, restricted, image, restrictedContainer))
	n.ready("pod/reader")
	if err := has(n.do("exec", "reader", "--", "cat", "/data/file"), "before"); err != nil {
		t.Error(err)
	}
}
