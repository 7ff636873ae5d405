package cli

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"example.com/bee/cmd/audit/internal/formats"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/inventory"
)

// collectOptions are the flags of a collection.
type collectOptions struct {
	env            Env
	output, format string
	mode           fileMode
	qr             bool
	only, skip     []string
	timeout        time.Duration
	root, hostRoot string
	given          Given
	strict         bool
	verbose        bool
	// recording takes the frames of a recorder, not compressed; nil: nothing is
	// recorded. In a worker it is a pipe to the parent.
	recording io.Writer
	record    string         // the file
	scrub     bool           // replace what names the machine
	replay    string         // the file
	replayed  *replay.Source // what it holds
	progress  string         // the file for events
}

func checkFormat(name string) error {
	if !slices.Contains(formats.Names(), name) {
		return exit(ExitUsage, "--format %q: known forms are %s", name, strings.Join(formats.Names(), ", "))
	}
	return nil
}

// collectorNames lists the collectors without touching a machine.
func collectorNames(env Env) func() []string {
	return func() []string {
		var names []string
		for _, c := range env.Collectors(nil, Given{}) {
			names = append(names, c.Name())
		}
		return names
	}
}

func (o *collectOptions) check() error {
	if err := checkFormat(o.format); err != nil {
		return err
	}
	if err := o.checkMode(); err != nil {
		return err
	}
	if err := checkTimeout(o.timeout); err != nil {
		return err
	}
	if err := checkLLDP(o.given.LLDP, o.timeout); err != nil {
		return err
	}
	known := collectorNames(o.env)()
	for flag, names := range map[string][]string{"--only": o.only, "--skip": o.skip} {
		for _, n := range names {
			if !slices.Contains(known, n) {
				return exit(ExitUsage, "%s: no collector is called %q; there are %s", flag, n, strings.Join(known, ", "))
			}
		}
	}
	if !slices.ContainsFunc(known, o.wants) {
		return exit(ExitUsage, "--only and --skip together leave no collector to run")
	}
	return nil
}

func (o *collectOptions) wants(name string) bool {
	return (len(o.only) == 0 || slices.Contains(o.only, name)) && !slices.Contains(o.skip, name)
}

// checkRoots refuses what is no folder. A folder on a server that is gone may
// not answer: that ends with the time of the run, too.
func (o *collectOptions) checkRoots(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	for flag, dir := range map[string]string{"--root": o.root, "--host-root": o.hostRoot} {
		if dir == "" {
			continue
		}
		st, err := inventory.Await(ctx, func(context.Context) (os.FileInfo, error) { return os.Stat(dir) })
		switch {
		case err != nil && ctx.Err() != nil:
			return exit(ExitUnwritten, "%s: %s does not answer: %w", flag, dir, err)
		case err != nil:
			return exit(ExitUsage, "%s: %w; give the top folder of a machine's files", flag, err)
		case !st.IsDir():
			return exit(ExitUsage, "%s: %s is not a folder; give the top folder of a machine's files", flag, dir)
		}
	}
	return nil
}

// open opens the machine that the flags name.
func (o *collectOptions) open() (*host.Host, error) {
	dir, open := "/", func(string) (*host.Host, error) { return host.Live() }
	switch {
	case o.root != "":
		dir, open = o.root, host.Static
	case o.hostRoot != "":
		dir, open = o.hostRoot, host.LiveUnder
	}
	h, err := open(dir)
	if err != nil {
		return nil, exit(ExitUnwritten, "opening the machine at %s: %w", dir, err)
	}
	return h, nil
}

// page is how text for standard output is laid out.
func (e Env) page(verbose bool) render.Options {
	o := render.Options{All: verbose, Color: e.color(e.StdoutTerminal)}
	if e.StdoutTerminal {
		o.Width = min(max(e.Width, 80), 160)
	}
	return o
}

// color: only for a person, and not for one who set NO_COLOR
// (https://no-color.org) or has a terminal without.
func (e Env) color(terminal bool) bool {
	return terminal && e.Getenv("NO_COLOR") == "" && e.Getenv("TERM") != "dumb"
}

func (o *collectOptions) tool() inventory.Tool {
	b := o.env.Build.resolve()
	return inventory.Tool{Name: "bee", Version: b.Version, Commit: b.Commit}
}
