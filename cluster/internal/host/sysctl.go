package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"cistern/cluster/internal/state"
)

// wanted are the least values that pods and their network need.
var wanted = []struct {
	key string
	min int
}{
	{"net.ipv4.ip_forward", 1},
	{"net.bridge.bridge-nf-call-iptables", 1},
	{"fs.inotify.max_user_instances", 1024},
	{"fs.inotify.max_user_watches", 524288},
}

// proxySettings are those that kube-proxy sets by itself.
var proxySettings = []string{"net.ipv4.conf.all.route_localnet"}

func sysctlFile(key string) string {
	return filepath.Join("/proc/sys", strings.ReplaceAll(key, ".", "/"))
}

func readSysctl(key string) (string, error) {
	b, err := os.ReadFile(sysctlFile(key))
	return strings.TrimSpace(string(b)), err
}

// SetKernel raises the kernel settings and keeps their old values in a file.
func SetKernel(d state.Dir) error {
	if _, err := os.Stat(sysctlFile("net.bridge.bridge-nf-call-iptables")); errors.Is(err, fs.ErrNotExist) {
		if _, err := run("", "modprobe", "br_netfilter"); err != nil {
			return fmt.Errorf("the kernel lacks br_netfilter, which Services need: %w", err)
		}
	}
	if err := keepOld(d); err != nil {
		return err
	}
	for _, w := range wanted {
		v, err := readSysctl(w.key)
		if err != nil {
			return err
		}
		if n, err := strconv.Atoi(v); err == nil && n >= w.min {
			continue
		}
		if err := os.WriteFile(sysctlFile(w.key), []byte(strconv.Itoa(w.min)), 0o644); err != nil {
			return fmt.Errorf("kernel setting %s: %w", w.key, err)
		}
	}
	return nil
}

func oldFile(d state.Dir) string { return d.Run("kernel.json") }

// keepOld writes the file once: a second `up` would keep our own values.
func keepOld(d state.Dir) error {
	if _, err := os.Stat(oldFile(d)); err == nil {
		return nil
	}
	old := map[string]string{}
	for _, w := range wanted {
		if v, err := readSysctl(w.key); err == nil {
			old[w.key] = v
		}
	}
	for _, k := range proxySettings {
		if v, err := readSysctl(k); err == nil {
			old[k] = v
		}
	}
	b, err := json.Marshal(old)
	if err != nil {
		return err
	}
	return os.WriteFile(oldFile(d), b, 0o600)
}

// RestoreKernel puts the kept values back.
func RestoreKernel(d state.Dir) error {
	b, err := os.ReadFile(oldFile(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	old := map[string]string{}
	if err := json.Unmarshal(b, &old); err != nil {
		return err
	}
	var errs []error
	for k, v := range old {
		if now, err := readSysctl(k); err == nil && now != v {
			errs = append(errs, os.WriteFile(sysctlFile(k), []byte(v), 0o644))
		}
	}
	return errors.Join(errs...)
}
