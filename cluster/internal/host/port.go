package host

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"cistern/cluster/internal/process"
)

// CheckPort fails when somebody else listens at that address. root is the
// state folder whose processes may. A process that was just killed holds its
// ports a little longer without any name: hence the second look.
func CheckPort(addr string, root string) error {
	err := checkPort(addr, root)
	for i := 0; i < 30 && errors.Is(err, syscall.EADDRINUSE); i++ {
		time.Sleep(100 * time.Millisecond)
		err = checkPort(addr, root)
	}
	return err
}

func checkPort(addr string, root string) error {
	l, err := net.Listen("tcp4", addr)
	if err == nil {
		return l.Close()
	}
	_, p, _ := net.SplitHostPort(addr)
	port, _ := strconv.Atoi(p)
	found := listeners(port)
	if len(found) == 0 {
		return fmt.Errorf("port %d cannot be used: %w", port, err)
	}
	for _, pid := range found {
		if err := checkOwner(port, pid, root); err != nil {
			return err
		}
	}
	return nil
}

func checkOwner(port, pid int, root string) error {
	owner, component := process.Owner(pid)
	switch owner {
	case root:
		return nil
	case "":
		comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
		return fmt.Errorf("port %d is taken by process %d (%s), which is not ours: end it first", port, pid, strings.TrimSpace(string(comm)))
	}
	return fmt.Errorf("port %d is taken by %s of another cluster, whose state is in %s: take that down first", port, component, owner)
}

// listeners are the processes that listen on a TCP port of any address.
func listeners(port int) []int {
	inodes := map[string]bool{}
	for _, f := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		for _, i := range listeningInodes(f, port) {
			inodes["socket:["+i+"]"] = true
		}
	}
	var out []int
	fds, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil && inodes[to] {
			pid, _ := strconv.Atoi(strings.Split(fd, "/")[2])
			out = append(out, pid)
		}
	}
	return out
}

func listeningInodes(file string, port int) []string {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	var out []string
	const listening = "0A"
	for s := bufio.NewScanner(f); s.Scan(); {
		c := strings.Fields(s.Text())
		if len(c) > 9 && c[3] == listening && strings.HasSuffix(c[1], fmt.Sprintf(":%04X", port)) {
			out = append(out, c[9])
		}
	}
	return out
}
