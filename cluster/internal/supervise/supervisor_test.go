package supervise

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"cistern/cluster/internal/state"
)

func stateDir(t *testing.T) state.Dir {
	t.Helper()
	d := state.Dir(t.TempDir())
	for _, p := range []string{d.Run(), d.Log()} {
		if err := os.MkdirAll(p, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func sleeper(name, seconds string) Spec {
	return Spec{Name: name, Path: "/bin/sleep", Args: []string{"sleep", seconds}, Grace: time.Second}
}

func write(t *testing.T, d state.Dir, specs ...Spec) {
	t.Helper()
	if err := (Plan{Specs: specs}).Write(d); err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("not in time:", what)
}

// supervised runs a supervisor until the returned function is called.
func supervised(t *testing.T, d state.Dir) func() {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- Run(ctx, d) }()
	t.Cleanup(func() {
		for _, n := range Recorded(d) {
			if n != SupervisorName {
				Record(d, n).Stop(0)
			}
		}
	})
	return func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestAKilledProcessComesBack(t *testing.T) {
	d := stateDir(t)
	write(t, d, sleeper("a", "60"))
	defer supervised(t, d)()
	eventually(t, "a runs", func() bool { return Record(d, "a").Alive() })
	old := Record(d, "a")
	_ = syscall.Kill(old.PID, syscall.SIGKILL)
	eventually(t, "a runs again", func() bool { r := Record(d, "a"); return r.Alive() && r.PID != old.PID && r.Restarts == 1 })
}

func TestThePlanIsFollowed(t *testing.T) {
	d := stateDir(t)
	write(t, d, sleeper("same", "60"), sleeper("changed", "60"), sleeper("gone", "60"))
	defer supervised(t, d)()
	eventually(t, "all run", func() bool { return Record(d, "gone").Alive() })
	same, changed, gone := Record(d, "same"), Record(d, "changed"), Record(d, "gone")
	moved := sleeper("same", "60")
	moved.Path = "/usr/bin/sleep" // the same program of another build
	write(t, d, moved, sleeper("changed", "61"))
	eventually(t, "the change is made", func() bool {
		r := Record(d, "changed")
		return r.Alive() && r.PID != changed.PID && !gone.Alive()
	})
	if Record(d, "same") != same || !same.Alive() {
		t.Error("what has not changed was restarted")
	}
}

func TestANewSupervisorTakesOver(t *testing.T) {
	d := stateDir(t)
	write(t, d, sleeper("a", "60"))
	stop := supervised(t, d)
	eventually(t, "a runs", func() bool { return Record(d, "a").Alive() })
	before := Record(d, "a")
	stop()
	if !before.Alive() {
		t.Fatal("a ended with its supervisor")
	}
	defer supervised(t, d)()
	time.Sleep(3 * tick)
	if r := Record(d, "a"); r != before {
		t.Errorf("%+v was replaced by %+v", before, r)
	}
}

func TestAFailingProcessIsDelayed(t *testing.T) {
	d := stateDir(t)
	write(t, d, sleeper("a", "0"))
	defer supervised(t, d)()
	time.Sleep(2 * time.Second)
	if n := Record(d, "a").Restarts; n > 3 {
		t.Errorf("started again %d times within two seconds", n)
	}
}

func TestABigLogIsRotated(t *testing.T) {
	d := stateDir(t)
	for _, n := range []string{"big.log", "audit.log"} {
		if err := os.Truncate(touch(t, d.Log(n)), maxLog); err != nil {
			t.Fatal(err)
		}
	}
	rotate(d)
	for n, want := range map[string]int64{"big.log": 0, "big.log.1": maxLog, "audit.log": maxLog} {
		if st, err := os.Stat(d.Log(n)); err != nil || st.Size() != want {
			t.Error(n, fmt.Sprint(st), err)
		}
	}
}

func touch(t *testing.T, file string) string {
	t.Helper()
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
