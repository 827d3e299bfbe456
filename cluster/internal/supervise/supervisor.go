package supervise

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"cistern/cluster/internal/process"
	"cistern/cluster/internal/state"
)

const (
	tick       = 200 * time.Millisecond
	firstDelay = 500 * time.Millisecond
	maxDelay   = 10 * time.Second
	settled    = 30 * time.Second // a run this long makes the next failure a first one
)

// Supervisor follows the plan of one state folder.
type Supervisor struct {
	dir   state.Dir
	tries map[string]*try
}

// try remembers how a process that keeps ending is to be delayed.
type try struct {
	delay time.Duration
	next  time.Time
}

// Run keeps the plan running until the context ends; the processes go on.
func Run(ctx context.Context, d state.Dir) error {
	if other := Record(d, SupervisorName); other.Alive() && other.PID != os.Getpid() {
		return fmt.Errorf("a supervisor runs already, process %d", other.PID)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := process.Of(os.Getpid(), self).Write(RecordFile(d, SupervisorName)); err != nil {
		return err
	}
	s := &Supervisor{dir: d, tries: map[string]*try{}}
	logf("supervising %s", d)
	rotation := time.NewTicker(time.Minute)
	for {
		if err := s.follow(); err != nil {
			logf("%v", err)
		}
		select {
		case <-ctx.Done():
			logf("ending; the processes go on")
			return nil
		case <-rotation.C:
			rotate(d)
		case <-time.After(tick):
		}
	}
}

func logf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s %s\n", time.Now().UTC().Format(time.RFC3339), fmt.Sprintf(format, args...))
}

// follow makes one comparison of what runs with what shall run.
func (s *Supervisor) follow() error {
	plan, err := ReadPlan(s.dir)
	if err != nil {
		return err
	}
	s.stopChanged(plan)
	for _, spec := range plan.Specs {
		r := Record(s.dir, spec.Name)
		if r.Alive() {
			s.settle(spec.Name, r)
			continue
		}
		if err := s.start(spec, r); err != nil {
			logf("%s: %v", spec.Name, err)
		}
	}
	return nil
}

// stopChanged ends what the plan no longer holds, or holds differently.
func (s *Supervisor) stopChanged(plan Plan) {
	want := map[string]string{SupervisorName: Record(s.dir, SupervisorName).Spec}
	for _, spec := range plan.Specs {
		want[spec.Name] = spec.Hash()
	}
	var wg sync.WaitGroup
	for _, name := range Recorded(s.dir) {
		r := Record(s.dir, name)
		if hash, ok := want[name]; ok && (hash == r.Spec || !r.Alive()) {
			continue
		}
		logf("stopping %s, process %d: the plan has changed", name, r.PID)
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.Stop(plan.Grace(name))
			_ = os.Remove(RecordFile(s.dir, name))
		}()
	}
	wg.Wait()
}

func (s *Supervisor) settle(name string, r process.Record) {
	if t := s.tries[name]; t != nil && r.Age() > settled {
		delete(s.tries, name)
	}
}

// start starts the process, or waits when it has ended too often lately.
func (s *Supervisor) start(spec Spec, old process.Record) error {
	t := s.tries[spec.Name]
	if t == nil {
		t = &try{delay: firstDelay}
		s.tries[spec.Name] = t
	}
	if time.Now().Before(t.next) {
		return nil
	}
	t.next = time.Now().Add(t.delay)
	t.delay = min(2*t.delay, maxDelay)
	s.endStrays(spec)
	pid, err := process.Spawn(process.Command{
		Path: spec.Path, Args: spec.Args, Log: s.dir.Log(spec.Name + ".log"),
		Env: append(Environment(), process.Mark(string(s.dir), spec.Name)...),
	}, func(err error) { logf("%s ended: %v", spec.Name, err) })
	if err != nil {
		return err
	}
	r := process.Of(pid, spec.Hash())
	if old.Spec == r.Spec {
		r.Restarts = old.Restarts + 1
	}
	logf("started %s, process %d, restart %d", spec.Name, pid, r.Restarts)
	return r.Write(RecordFile(s.dir, spec.Name))
}

// endStrays ends a process of this name that has no record: a supervisor that
// was killed between starting it and writing the record left it behind.
func (s *Supervisor) endStrays(spec Spec) {
	for _, p := range process.Marked(string(s.dir)) {
		if p.Component == spec.Name && p.Argv0 == spec.Args[0] {
			logf("ending %s, process %d, which has no record", spec.Name, p.PID)
			p.Stop(time.Second)
		}
	}
}

// Environment of every component is fixed, so that the caller's shell changes nothing.
func Environment() []string {
	return []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"}
}
