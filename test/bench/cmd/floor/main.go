// Floor makes the requests of a recorded audit again, and nothing else:
//
//	floor FILE
package main

import (
	"context"
	"fmt"
	"os"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/test/bench/floor"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(file string) error {
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
	return floor.Replay(context.Background(), src, ops)
}
