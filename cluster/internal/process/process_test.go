package process

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func spawn(t *testing.T, env ...string) Record {
	t.Helper()
	pid, err := Spawn(Command{Path: "/bin/sleep", Args: []string{"sleep", "60"}, Env: env, Log: filepath.Join(t.TempDir(), "log")}, func(error) {})
	if err != nil {
		t.Fatal(err)
	}
	r := Of(pid, "x")
	t.Cleanup(func() { r.Stop(0) })
	return r
}

func TestARecordKnowsItsVeryProcess(t *testing.T) {
	r := spawn(t)
	file := filepath.Join(t.TempDir(), "record")
	if err := r.Write(file); err != nil {
		t.Fatal(err)
	}
	if got := Read(file); got != r || !got.Alive() {
		t.Fatalf("%+v was read as %+v", r, got)
	}
	reused := r
	reused.Start = "1"
	if reused.Alive() {
		t.Error("another process with the same id is taken for ours")
	}
	reused.Stop(0)
	if !r.Alive() {
		t.Fatal("another process was killed")
	}
	r.Stop(time.Second)
	if r.Alive() {
		t.Error("it still runs")
	}
}

func TestABrokenRecordIsNobody(t *testing.T) {
	file := filepath.Join(t.TempDir(), "record")
	if err := os.WriteFile(file, []byte("{\"pid\": 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{file, file + ".missing"} {
		if Read(f).Alive() {
			t.Error(f, "names a process")
		}
	}
}

func TestMarkedProcessesAreFound(t *testing.T) {
	root := t.TempDir()
	r := spawn(t, Mark(root, "etcd")...)
	spawn(t, Mark(root+"-other", "etcd")...)
	var found []Found
	for end := time.Now().Add(2 * time.Second); len(found) == 0 && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		found = Marked(root)
	}
	if len(found) != 1 || found[0].PID != r.PID || found[0].Component != "etcd" || found[0].Argv0 != "sleep" {
		t.Fatalf("want process %d only, found %+v", r.PID, found)
	}
}
