package cluster

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"cistern/cluster/internal/image"
	"cistern/cluster/internal/settings"
	"cistern/cluster/internal/supervise"
)

// Load brings image archives into every node.
func (c Cluster) Load(_ context.Context, files []string) error {
	if !supervise.Record(c.Dir, supervise.SupervisorName).Alive() {
		return ErrNotUp
	}
	s, err := settings.Load(c.Dir.Settings())
	if err != nil {
		return err
	}
	p := &progress{out: os.Stdout, last: time.Now()}
	for _, f := range files {
		n, err := c.loadOne(f, s.Nodes)
		if err != nil {
			return err
		}
		if n == 0 {
			p.done("%s is there already", f)
			continue
		}
		p.done("%s loaded into %d nodes", f, n)
	}
	return nil
}

// loadOne loads one archive into all nodes at once, and counts those that
// lacked it.
func (c Cluster) loadOne(file string, nodes int) (int, error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var first error
	loaded := 0
	for i := 1; i <= nodes; i++ {
		name := settings.NodeName(i)
		wg.Add(1)
		go func() {
			defer wg.Done()
			did, err := image.Store{Socket: c.Dir.Socket(name)}.Load(file)
			mu.Lock()
			defer mu.Unlock()
			if did {
				loaded++
			}
			if err != nil && first == nil {
				first = fmt.Errorf("%s: %w", name, err)
			}
		}()
	}
	wg.Wait()
	return loaded, first
}
