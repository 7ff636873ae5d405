// Command audit-console shows the state of the live system on a text console.
// People start it as "audit console"; the live system's init starts it on the
// machine's first screen. It reads no hardware and opens no connection.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"example.com/bee/cmd/audit-console/internal/console"
	"example.com/bee/cmd/audit-console/internal/source"
)

// Exit codes, as those of audit.
const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// memoryLimit is a soft one: small machines run from memory.
const memoryLimit = 12 << 20

func run(args []string, in, out *os.File, stderr io.Writer) int {
	debug.SetMemoryLimit(memoryLimit)
	debug.SetGCPercent(50)
	set := console.Settings{In: in, Out: out, Getenv: os.Getenv, Commands: console.Commands()}
	paths := source.DefaultPaths()
	root := "/"
	f := flag.NewFlagSet("audit-console", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		_, _ = fmt.Fprint(stderr, "usage: audit console [flags]\nRun 'audit console --help'.\n")
	}
	f.StringVar(&root, "root", root, "")
	f.StringVar(&paths.Report, "report", paths.Report, "")
	f.StringVar(&set.Line, "line", "", "")
	f.StringVar(&set.Blocks, "blocks", "auto", "")
	f.BoolVar(&set.Stay, "stay", false, "")
	f.Func("command", "", func(s string) error { return console.Replace(set.Commands, s) })
	if f.Parse(args) != nil {
		return exitUsage
	}
	if f.NArg() > 0 {
		f.Usage()
		return exitUsage
	}
	switch set.Blocks {
	case "auto", "yes", "no":
	default:
		_, _ = fmt.Fprintf(stderr, "audit console: --blocks %s: want auto, yes or no\n", strings.ToValidUTF8(set.Blocks, "?"))
		return exitUsage
	}
	f.Visit(func(g *flag.Flag) { paths.Stored = paths.Stored || g.Name == "report" })
	set.File = paths.Report
	set.Reader = source.NewReader(root, paths, time.Now)
	if err := console.Run(set); err != nil {
		_, _ = fmt.Fprintf(stderr, "audit console: %v\n", err)
		return exitFailed
	}
	return 0
}
