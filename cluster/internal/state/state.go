// Package state names every file that the cluster keeps. All of them lie in
// one folder, so that whatever is mounted, running or left there can be told
// to be ours.
package state

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// maxRoot keeps the longest socket path below the kernel's 108 bytes.
const maxRoot = 60

// Dir is the state folder.
type Dir string

// Open finds the folder from the environment and makes it.
func Open() (Dir, error) {
	base := os.Getenv("CISTERN_STATE")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		base = filepath.Join(home, ".local", "state", "cistern")
	}
	base, err := filepath.Abs(base)
	if err != nil {
		return "", err
	}
	d := Dir(filepath.Join(base, "cluster"))
	if len(d) > maxRoot {
		return "", fmt.Errorf("the state folder's path %s is longer than %d bytes: its sockets could not be opened", d, maxRoot)
	}
	return d, d.makeAll()
}

func (d Dir) makeAll() error {
	for _, s := range []string{d.Etc(), d.PKI(), d.Run(), d.Log(), d.Data()} {
		if err := os.MkdirAll(s, 0o711); err != nil {
			return err
		}
	}
	return nil
}

// ID tells this cluster's things from those of one with another folder, where
// the host knows them by name only.
func (d Dir) ID() string {
	h := sha256.Sum256([]byte(d))
	return hex.EncodeToString(h[:3])
}

// Etc holds rendered configuration.
func (d Dir) Etc(p ...string) string {
	return filepath.Join(append([]string{string(d), "etc"}, p...)...)
}

// PKI holds keys and certificates.
func (d Dir) PKI(p ...string) string {
	return filepath.Join(append([]string{string(d), "pki"}, p...)...)
}

// Run holds what does not outlive the processes: records, sockets, mounts.
func (d Dir) Run(p ...string) string {
	return filepath.Join(append([]string{string(d), "run"}, p...)...)
}

// Log holds the components' logs and the audit log.
func (d Dir) Log(p ...string) string {
	return filepath.Join(append([]string{string(d), "log"}, p...)...)
}

// Data holds what a restart must find again: etcd, images, volumes.
func (d Dir) Data(p ...string) string {
	return filepath.Join(append([]string{string(d), "data"}, p...)...)
}

// ForgetLastBoot empties the run folder after the host was started anew: none
// of the processes, mounts and addresses that it tells of has survived that.
func (d Dir) ForgetLastBoot() error {
	now, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return err
	}
	file := d.Run("boot-id")
	if old, err := os.ReadFile(file); err == nil && string(old) != string(now) {
		if err := os.RemoveAll(d.Run()); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(d.Run(), 0o711); err != nil {
		return err
	}
	return os.WriteFile(file, now, 0o600)
}

// Kubeconfig is the administrator's.
func (d Dir) Kubeconfig() string { return filepath.Join(string(d), "kubeconfig") }

// Settings is what the last `up` was asked for.
func (d Dir) Settings() string { return filepath.Join(string(d), "settings.json") }

// Plan is the list of processes that the supervisor keeps running.
func (d Dir) Plan() string { return d.Run("plan.json") }

// Socket is the address of a node's container runtime.
func (d Dir) Socket(node string) string { return d.Run(node, "containerd.sock") }

// Lock keeps a second `up` or `down` out until the returned file is closed.
func (d Dir) Lock() (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(string(d), "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
		return f, nil
	}
	fmt.Fprintln(os.Stderr, "waiting for another run of this program on the same cluster")
	return f, syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
}
