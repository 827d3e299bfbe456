package supervise

import (
	"io"
	"os"
	"path/filepath"

	"cistern/cluster/internal/state"
)

const maxLog = 64 << 20

// rotate copies a log that has grown too big aside and empties it in place:
// the process holds the file open for appending and cannot be told to reopen
// it. The audit log is left to the API server, which rotates it itself.
func rotate(d state.Dir) {
	files, _ := filepath.Glob(d.Log("*.log"))
	for _, f := range files {
		st, err := os.Stat(f)
		if err != nil || st.Size() < maxLog || filepath.Base(f) == "audit.log" {
			continue
		}
		if err := copyAside(f); err != nil {
			logf("rotating %s: %v", f, err)
		}
	}
}

func copyAside(file string) error {
	in, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(file + ".1")
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return in.Truncate(0)
}
