// Floor makes the requests of a recorded audit again, and nothing else:
//
//	floor FILE [TIMES]
//
// TIMES gets the trace with the time that each request took here, alone.
package main

import (
	"context"
	"fmt"
	"os"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/test/bench/floor"
)

func main() {
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(file string, times []string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	ops, err := floor.Decode(data)
	if err != nil {
		return err
	}
	src, err := host.LiveSource()
	if err != nil {
		return err
	}
	defer src.Close() //nolint:errcheck // Only read.
	if len(times) == 0 {
		return floor.Replay(context.Background(), src, ops, nil)
	}
	timed := make([]floor.Op, 0, len(ops))
	if err := floor.Replay(context.Background(), src, ops, func(o floor.Op) { timed = append(timed, o) }); err != nil {
		return err
	}
	return os.WriteFile(times[0], floor.Encode(timed), 0o644)
}
