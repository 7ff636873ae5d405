package cli

import (
	"context"
	"errors"
	"time"

	"example.com/bee/cmd/audit/internal/worker"
	"example.com/bee/pkg/inventory"
)

// job is what a worker is told of the command line.
type job struct {
	Only     []string      `json:"only"`
	Skip     []string      `json:"skip"`
	Timeout  time.Duration `json:"timeout"`
	HostRoot string        `json:"host_root"`
	Given    Given         `json:"given"`
	Verbose  bool          `json:"verbose"`
}

// isolated collects in a worker. Where none can be started this process
// collects itself, and the report says so.
func (o *collectOptions) isolated(ctx context.Context, opts []inventory.Option) (*inventory.Report, error) {
	r, err := worker.Run(ctx, inventory.NewAssembly(o.env.Collectors(nil, o.given), opts...), worker.Options{
		Job:       job{o.only, o.skip, o.timeout, o.hostRoot, o.given, o.verbose},
		Timeout:   o.timeout,
		Stderr:    o.env.Stderr,
		Recording: o.recording,
	})
	var none *worker.NotStartedError
	switch {
	case errors.As(err, &none):
		r, err = o.inProcess(ctx, opts)
		if r != nil {
			r.Issues = append(r.Issues, inventory.Issue{
				Kind: inventory.KindIO, Source: "worker",
				Detail: none.Error() + "; audit collected in its own process, where a crash would have cost the report",
			})
		}
	case err != nil: // refused, or a recording that is not whole
		err = &codeError{ExitUnwritten, err}
	}
	return r, err
}

// work is the worker: it opens the machine, collects, and tells its parent.
func work(ctx context.Context, env Env) int {
	var j job
	ctx, link, err := worker.Attach(ctx, &j)
	if err != nil {
		env.say(err)
		return ExitUsage
	}
	o := collectOptions{
		env: env, only: j.Only, skip: j.Skip, timeout: j.Timeout,
		hostRoot: j.HostRoot, given: j.Given, verbose: j.Verbose,
	}
	if link.Recording != nil {
		o.recording = link.Recording
	}
	m, err := o.machine()
	if err != nil {
		link.Refuse(err)
		return ExitUnwritten
	}
	opts := append(o.inventoryOptions(), inventory.WithObserver(link.Send), inventory.WithEventsOnly())
	r := inventory.Collect(ctx, env.Collectors(m.host, o.given), append(opts, m.opts...)...)
	if m.rec != nil {
		_ = m.rec.Close() // the parent finds a recording without its end
	}
	link.Done(r)
	return ExitOK
}
