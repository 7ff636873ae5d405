package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"example.com/bee/test/bench/measure"
	"example.com/bee/test/bench/page"
)

// host measures what is installed on this machine.
func (o *options) host(ctx context.Context) error {
	dir, err := o.folder("host")
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if _, err := build(ctx, dir); err != nil {
		return err
	}
	var all []entry
	for _, e := range entries(dir) {
		if _, err := exec.LookPath(e.argv[0]); err != nil {
			say("%s: not on this machine", e.name)
			continue
		}
		if tool, needed := map[string]string{"smartctl": "smartctl", "ipmitool": "ipmitool"}[e.name]; needed {
			if _, err := exec.LookPath(tool); err != nil {
				say("%s: not on this machine", e.name)
				continue
			}
		}
		all = append(all, e)
	}
	out := filepath.Join(dir, "out")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	quiet(ctx, o.wait)
	loadBefore := hostLoad()
	outcome, err := measure.Run(ctx, o.plan(all, traces(dir)+" && cp "+filepath.Join(dir, "trace")+" "+out), out, func(line string) { say("%s", line) })
	if err != nil {
		return err
	}
	data, err := json.Marshal(outcome)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "outcome.json"), data, 0o644); err != nil {
		return err
	}
	r := page.Result{
		Name: "host", About: "the machine the emulator runs on, itself a small virtual machine", Command: strings.Join(append([]string{"bench"}, os.Args[1:]...), " "),
		Commit: commit(ctx), HostLoad: loadBefore + " before, " + hostLoad() + " after",
	}
	return o.finish(&r, all, out, nil)
}

func hostLoad() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(data))[0]
}

// quiet waits for a machine on which nothing else runs.
func quiet(ctx context.Context, most time.Duration) {
	end := time.Now().Add(most)
	for time.Now().Before(end) && ctx.Err() == nil {
		load, err := strconv.ParseFloat(hostLoad(), 64)
		if err == nil && load < 1 && exec.CommandContext(ctx, "pgrep", "qemu-system").Run() != nil {
			return
		}
		time.Sleep(5 * time.Second)
	}
}
