package process

import (
	"os"
	"os/exec"
	"syscall"
)

// Command is how to start a process; Args begins with the name it goes by.
type Command struct {
	Path string
	Args []string
	Env  []string
	Log  string
}

// Spawn starts the command in a session of its own, so that no terminal's end
// reaches it. done is called with the process's end while this program lives.
func Spawn(c Command, done func(error)) (int, error) {
	log, err := os.OpenFile(c.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer log.Close()
	cmd := &exec.Cmd{
		Path: c.Path, Args: c.Args, Env: c.Env, Dir: "/", Stdout: log, Stderr: log,
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	go func() { done(cmd.Wait()) }()
	return cmd.Process.Pid, nil
}
