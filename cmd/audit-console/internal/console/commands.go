package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"example.com/bee/cmd/audit-console/internal/source"
)

// A Command is what a key has done by another program.
type Command struct {
	// Name is the word by which the command line replaces Line.
	Name string
	// Line is the program and its arguments.
	Line []string
	// Doing and Done are said while it runs and after it.
	Doing, Done string
	Limit       time.Duration
}

// Commands is the table of what keys run, with the programs of the live
// system.
func Commands() []Command {
	return []Command{
		{Name: "rerun", Line: []string{"/usr/libexec/bee/audit-start"}, Doing: "starting the audit", Done: "the audit was started", Limit: 30 * time.Second},
		{Name: "dhcp", Line: []string{"/usr/libexec/bee/network-renew"}, Doing: "asking for addresses", Done: "asked for addresses again", Limit: 30 * time.Second},
		{Name: "save", Line: []string{"/usr/libexec/bee/save"}, Doing: "saving the report", Done: "saved", Limit: 3 * time.Minute},
		{Name: "identify", Line: []string{"/usr/libexec/bee/identify"}, Doing: "lighting the UID LED", Done: "the UID LED is lit for 60 s", Limit: 30 * time.Second},
		{Name: "poweroff", Line: []string{"poweroff"}, Doing: "powering off", Done: "powering off", Limit: time.Minute},
		{Name: "reboot", Line: []string{"reboot"}, Doing: "booting again", Done: "booting again", Limit: time.Minute},
		{Name: "shell", Line: []string{"/bin/sh", "-l"}},
	}
}

// Replace sets the program of one command, as NAME=PROGRAM ARGUMENT...
func Replace(list []Command, setting string) error {
	name, line, found := strings.Cut(setting, "=")
	i := slices.IndexFunc(list, func(c Command) bool { return c.Name == name })
	if !found || i < 0 || len(strings.Fields(line)) == 0 {
		var names []string
		for _, c := range list {
			names = append(names, c.Name)
		}
		return fmt.Errorf("%q: want NAME=PROGRAM ARGUMENT..., where NAME is one of %s", setting, strings.Join(names, ", "))
	}
	list[i].Line = strings.Fields(line)
	return nil
}

// result is how a command ended.
type result struct {
	command Command
	output  []string
	err     error
}

// mostOutput bounds what is kept of what a command says.
const mostOutput = 16 << 10

// run executes a command and waits for it, but not for ever: one that cannot
// be killed is left behind.
func run(ctx context.Context, c Command) result {
	ctx, cancel := context.WithTimeout(ctx, c.Limit)
	defer cancel()
	out := &tail{}
	cmd := exec.CommandContext(ctx, c.Line[0], c.Line[1:]...) //nolint:gosec // of the table, or of whoever started the console
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) { // it went well; something it started still holds its output
		err = nil
	}
	if ctx.Err() != nil && err != nil {
		err = fmt.Errorf("not done after %s", c.Limit)
	}
	return result{command: c, output: out.lines(), err: err}
}

// tail keeps the end of what is written.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if n := len(t.b) - mostOutput; n > 0 {
		t.b = slices.Delete(t.b, 0, n)
	}
	return len(p), nil
}

func (t *tail) lines() []string {
	var list []string
	for l := range bytes.Lines(t.b) {
		list = append(list, source.Clean(string(l)))
	}
	for len(list) > 0 && list[len(list)-1] == "" {
		list = list[:len(list)-1]
	}
	return list
}

// String is the command as a person would type it.
func (c Command) String() string {
	return source.Clean(strings.Join(append([]string{filepath.Base(c.Line[0])}, c.Line[1:]...), " "))
}
