package cluster

import (
	"os"
	"path/filepath"
	"strings"

	"cistern/cluster/internal/state"
)

// shimSockets are the sockets of the containers' shims. The runtime makes them
// in a fixed folder of the host; each container's folder tells its own.
func shimSockets(d state.Dir) []string {
	files, _ := filepath.Glob(d.Run("node-*", "containerd", "io.containerd.runtime.v2.task", "*", "*", "address"))
	var out []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err == nil {
			out = append(out, strings.TrimPrefix(strings.TrimSpace(string(b)), "unix://"))
		}
	}
	return out
}
