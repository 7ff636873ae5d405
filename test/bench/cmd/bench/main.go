// Bench measures the audit against other programs and writes what it found
// into docs/benchmarks.md: `go run ./test/bench/cmd/bench --help`.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	root := &cobra.Command{
		Use:   "bench",
		Short: "Measure the audit against other programs",
		Long: `Measure the audit against other programs that take stock of a machine: time,
processor time, memory, processes, and how many of the known facts each of them
gets right. Results replace a section of the page between two markers.`,
		SilenceUsage: true, SilenceErrors: true,
	}
	root.AddCommand(labCommand(), hostCommand(), growthCommand())
	err := root.ExecuteContext(ctx)
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are common to the commands that measure peers.
type options struct {
	runs, warmups int
	page, out     string
	wait          time.Duration
}

func (o *options) flags(c *cobra.Command) {
	c.Flags().IntVarP(&o.runs, "runs", "n", 15, "runs of each program")
	c.Flags().IntVar(&o.warmups, "warmups", 2, "runs before them that do not count")
	c.Flags().StringVar(&o.page, "page", "", "write the result into this page, and its picture beside it in img/")
	c.Flags().StringVarP(&o.out, "out", "o", "", "keep all outputs in this folder")
	c.Flags().DurationVar(&o.wait, "wait", 0, "wait at most this long for a quiet machine (load below 1, no other emulator)")
}

func labCommand() *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "lab PROFILE...",
		Short: "Measure in the emulated server: server, desktop, big, broken",
		Long: `Boot the emulated server once for each PROFILE and measure all programs in that
boot. The facts are those of the machine that was plugged together. "broken" is
the server with a damaged SMBIOS table and damaged FRU data.`,
		Example: "  bench lab server desktop big broken --page docs/benchmarks.md",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			for _, profile := range args {
				if err := o.lab(c.Context(), profile); err != nil {
					return err
				}
			}
			return nil
		},
	}
	o.flags(c)
	return c
}

func hostCommand() *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "host",
		Short: "Measure on this machine",
		Long: `Measure on this machine, as it is: the programs that are installed. Run as root,
or all of them see less. There are no known facts to count here.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return o.host(c.Context()) },
	}
	o.flags(c)
	return c
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
