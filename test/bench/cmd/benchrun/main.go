// Benchrun carries out a plan of package measure on the machine it runs on:
//
//	benchrun PLAN.json OUTDIR
//	benchrun trace FILE [DOMAIN,...]
//
// The result is OUTDIR/outcome.json, and beside it what each peer printed. With
// "trace" it audits the machine once and keeps all requests in FILE for floor.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/bench/floor"
	"example.com/bee/test/bench/measure"
)

func main() {
	work := run
	if os.Args[1] == "trace" {
		work = trace
	}
	if err := work(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "benchrun:", err)
		os.Exit(1)
	}
}

func run(plan, dir string) error {
	data, err := os.ReadFile(plan)
	if err != nil {
		return err
	}
	var p measure.Plan
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	o, err := measure.Run(context.Background(), p, dir, progress)
	if err != nil {
		return err
	}
	if data, err = json.Marshal(o); err != nil {
		return err
	}
	scratch, err := filepath.Glob(filepath.Join(dir, "scratch*"))
	if err != nil {
		return err
	}
	for _, s := range scratch {
		if err := os.RemoveAll(s); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "outcome.json"), data, 0o644)
}

func trace(_, file string) error {
	src, err := host.LiveSource()
	if err != nil {
		return err
	}
	t := &floor.Trace{Source: src}
	h := host.New(t)
	defer h.Close() //nolint:errcheck // Only read.
	var opts []inventory.Option
	if len(os.Args) > 3 {
		opts = append(opts, inventory.WithOnly(strings.Split(os.Args[3], ",")...))
	}
	inventory.Collect(context.Background(), collectors.Default(h), opts...)
	return os.WriteFile(file, floor.Encode(t.Ops()), 0o644)
}

// progress goes to the kernel's log, and so to the console that the lab keeps.
// The serial port to the host is no place for it: hwinfo leaves it in other
// settings.
func progress(line string) {
	if f, err := os.OpenFile("/dev/kmsg", os.O_WRONLY, 0); err == nil {
		fmt.Fprintf(f, "benchrun: %s\n", line) //nolint:errcheck // Only progress.
		f.Close()                              //nolint:errcheck // Only progress.
	}
}
