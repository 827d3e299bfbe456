package cluster

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Logs lists the logs, or shows the end of the named one.
func (c Cluster) Logs(out io.Writer, args []string) error {
	if len(args) == 0 {
		files, err := filepath.Glob(c.Dir.Log("*.log"))
		for _, f := range files {
			fmt.Fprintf(out, "%s\t%s\n", strings.TrimSuffix(filepath.Base(f), ".log"), f)
		}
		return err
	}
	file := c.Dir.Log(filepath.Base(args[0]) + ".log")
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("no component %s: %w", args[0], err)
	}
	tail, err := exec.LookPath("tail")
	if err != nil {
		return err
	}
	return syscall.Exec(tail, append([]string{"tail", "-n", "200"}, append(args[1:], file)...), os.Environ())
}
