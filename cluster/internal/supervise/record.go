package supervise

import (
	"path/filepath"
	"strings"

	"cistern/cluster/internal/process"
	"cistern/cluster/internal/state"
)

// SupervisorName is the record and log name of the supervisor itself.
const SupervisorName = "supervisor"

const recordSuffix = ".pid.json"

// RecordFile is where the record of a named process is kept.
func RecordFile(d state.Dir, name string) string { return d.Run(name + recordSuffix) }

// Record reads the record of a named process.
func Record(d state.Dir, name string) process.Record { return process.Read(RecordFile(d, name)) }

// Recorded lists the names of all processes with a record.
func Recorded(d state.Dir) []string {
	files, _ := filepath.Glob(d.Run("*" + recordSuffix))
	var out []string
	for _, f := range files {
		out = append(out, strings.TrimSuffix(filepath.Base(f), recordSuffix))
	}
	return out
}
