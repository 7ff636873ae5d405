package cli

import (
	"os"
	"slices"
	"strings"
	"time"

	"example.com/bee/cmd/audit/internal/formats"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// collectOptions are the flags of a collection.
type collectOptions struct {
	env            Env
	output, format string
	qr             bool
	only, skip     []string
	timeout        time.Duration
	root, hostRoot string
	given          Given
	strict         bool
	verbose        bool
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

// open opens the machine that the flags name.
func (o *collectOptions) open() (*host.Host, error) {
	flag, dir, open := "", "/", func(string) (*host.Host, error) { return host.Live() }
	switch {
	case o.root != "":
		flag, dir, open = "--root", o.root, host.Static
	case o.hostRoot != "":
		flag, dir, open = "--host-root", o.hostRoot, host.LiveUnder
	}
	if flag != "" {
		if st, err := os.Stat(dir); err != nil {
			return nil, exit(ExitUsage, "%s: %w; give the top folder of a machine's files", flag, err)
		} else if !st.IsDir() {
			return nil, exit(ExitUsage, "%s: %s is not a folder; give the top folder of a machine's files", flag, dir)
		}
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
