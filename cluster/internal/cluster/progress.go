// Package cluster brings the cluster up and down, step by step.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"cistern/cluster/internal/process"
	"cistern/cluster/internal/state"
	"cistern/cluster/internal/supervise"
)

const tailLines = 30

// progress prints a line for each step that is done, with the time it took.
type progress struct {
	out  io.Writer
	last time.Time
}

func (p *progress) done(format string, args ...any) {
	now := time.Now()
	fmt.Fprintf(p.out, "%6.1f s  %s\n", now.Sub(p.last).Seconds(), fmt.Sprintf(format, args...))
	p.last = now
}

// failure is an error that a component's log explains.
type failure struct {
	component string
	err       error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// Explain prints an error and the end of the log that tells more about it.
func Explain(w io.Writer, d state.Dir, err error) {
	fmt.Fprintln(w, "error:", err)
	var f *failure
	if !errors.As(err, &f) {
		return
	}
	file := d.Log(f.component + ".log")
	lines := tail(file, tailLines)
	fmt.Fprintf(w, "the last %d lines of %s:\n", len(lines), file)
	for _, l := range lines {
		fmt.Fprintln(w, "  "+l)
	}
}

// tail reads the last lines of a file that may be big.
func tail(file string, n int) []string {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	const most = 64 << 10
	if st, err := f.Stat(); err == nil && st.Size() > most {
		_, _ = f.Seek(-most, io.SeekEnd)
	}
	b, _ := io.ReadAll(f)
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	return lines[max(0, len(lines)-n):]
}

// wait asks again and again until the component serves. It gives up early
// when the component keeps ending.
func wait(ctx context.Context, d state.Dir, component string, limit time.Duration, ask func(context.Context) error) error {
	first := supervise.Record(d, component).Restarts
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		if n := supervise.Record(d, component).Restarts - first; n >= 4 {
			return &failure{component, fmt.Errorf("%s has ended %d times", component, n)}
		}
		select {
		case <-ctx.Done():
			return &failure{component, fmt.Errorf("%s does not serve after %s: %w", component, limit, err)}
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// alive is a wait's question for a process that serves nothing.
func alive(r process.Record) error {
	if r.Alive() {
		return nil
	}
	return errors.New("it does not run")
}
