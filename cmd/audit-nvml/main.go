// Command audit-nvml reads NVIDIA GPUs through NVML and writes what it finds
// as the line protocol of package nvidia, to file descriptor 3 because the
// library may print to the other ones.
//
// It is a program of its own because the library may crash, abort or hang, and
// it is built without cgo so that one file starts with glibc, with musl and
// gcompat, and with a loader put beside it. It is started by audit and of
// little use by hand; audit-nvml -fd 1 shows what it says.
//
// It never loads a kernel module and never makes a device node, which NVML
// does by itself when it may: without a loaded driver it does not call NVML,
// and it gives up the rights to do either before it loads the library.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/nvidia"
)

// version is set by the linker.
var version = "dev"

// NVML must only ever run on the main thread: it has the big stack (musl gives
// other threads very little), and capabilities are dropped per thread.
func init() { runtime.LockOSThread() } //nolint:gochecknoinits // the main goroutine is bound to the main thread only here

func main() { os.Exit(run(os.Args[1:], os.Getenv, os.Stderr)) }

// Exit codes beside 0. A crash in the library ends with 2 too: the Go runtime
// catches the signal; what tells them apart is the hello line.
const (
	exitWrite = 1
	exitUsage = 2
)

func run(args []string, getenv func(string) string, stderr io.Writer) int {
	fl := flag.NewFlagSet("audit-nvml", flag.ContinueOnError)
	fl.SetOutput(stderr)
	fd := fl.Int("fd", 3, "write the protocol to this file descriptor")
	library := fl.String("library", getenv("BEE_NVML_LIBRARY"), "load NVML from this path only (environment: BEE_NVML_LIBRARY)")
	skip := fl.String("skip", "", "leave out the GPUs with these indices, separated by commas")
	driver := fl.String("driver", driverVersionFile, "the file that exists when the driver is loaded")
	if err := fl.Parse(args); err != nil {
		return exitUsage
	}
	skipped, err := indices(*skip)
	if err != nil || fl.NArg() > 0 {
		_, _ = fmt.Fprintln(stderr, "audit-nvml: usage: audit-nvml [-fd N] [-library PATH] [-skip I,J] [-driver FILE]")
		return exitUsage
	}
	out := os.NewFile(uintptr(*fd), "protocol")
	if !writable(*fd) || out == nil {
		_, _ = fmt.Fprintf(stderr, "audit-nvml: file descriptor %d is not open for writing\n", *fd)
		return exitUsage
	}
	debug.SetGCPercent(-1) // it lives for seconds and keeps nothing
	if err := talk(out, *driver, *library, skipped); err != nil {
		_, _ = fmt.Fprintln(stderr, "audit-nvml:", err)
		return exitWrite
	}
	return 0
}

// driverVersionFile is made by the kernel driver (nv-procfs.c).
const driverVersionFile = "/proc/driver/nvidia/version"

func talk(out io.Writer, driver, library string, skip map[int]bool) error {
	enc, err := nvidia.NewEncoder(out, version, os.Getpid())
	if err != nil {
		return err
	}
	if _, err := os.Stat(driver); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("cannot tell whether the driver is loaded: %w", err)
		}
		return errors.Join(enc.Say(nvidia.Note{Kind: nvidia.NoteNoDriver, Detail: err.Error()}), enc.Finish())
	}
	restrict()
	lib, err := load(enc, candidates(library))
	if err != nil {
		return errors.Join(enc.Say(nvidia.Note{Kind: nvidia.NoteNoLibrary, Detail: err.Error()}), enc.Finish())
	}
	return nvidia.Ask(context.Background(), lib, enc, func(gpu int) bool { return skip[gpu] })
}

func indices(list string) (map[int]bool, error) {
	skip := map[int]bool{}
	if list == "" {
		return skip, nil
	}
	for word := range strings.SplitSeq(list, ",") {
		i, err := strconv.Atoi(word)
		if err != nil {
			return nil, err
		}
		skip[i] = true
	}
	return skip, nil
}
