package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"example.com/bee/cmd/audit/internal/formats"
	"example.com/bee/cmd/internal/atomicfile"
	"example.com/bee/cmd/internal/printable"
	"example.com/bee/cmd/internal/qrcode"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/collectors/host/scrub"
	"example.com/bee/pkg/inventory"
)

// run is the whole of a collection: check, collect, write, judge.
func (o *collectOptions) run(ctx context.Context) error {
	if o.output == "-" {
		o.output = ""
	}
	if err := o.check(); err != nil {
		return err
	}
	if err := o.checkRecording(); err != nil {
		return err
	}
	if err := o.checkRoots(ctx); err != nil {
		return err
	}
	var f *recordingFile
	if o.record != "" {
		var err error
		if f, err = o.startRecording(); err != nil {
			return err
		}
	}
	go render.Prepare() // waiting for devices leaves time for it
	r, err := o.collect(ctx)
	if r == nil {
		return unwritten(err)
	}
	// The report is written first: it is not to wait for anything. What goes
	// wrong beside it is told as well.
	err = errors.Join(o.write(r), err)
	if f != nil {
		err = errors.Join(err, o.keep(ctx, f))
	}
	if err != nil {
		return unwritten(err)
	}
	o.hint(r)
	return o.judge(r)
}

// unwritten is an error that ends the program as one of writing, unless it
// says otherwise.
func unwritten(err error) error {
	var coded *codeError
	if errors.As(err, &coded) {
		return err
	}
	return &codeError{ExitUnwritten, err}
}

// keep writes the recording.
func (o *collectOptions) keep(ctx context.Context, f *recordingFile) error {
	if !o.scrub {
		return f.finish(nil)
	}
	return f.finish(func(in io.Reader, out io.Writer) error {
		s, err := scrub.Scrub(context.WithoutCancel(ctx), in, out, o.env.scrubOptions())
		if err == nil {
			o.env.scrubbed(s)
		}
		return err
	})
}

// collect yields the report. It is the one place that knows where the
// collectors run: in a worker, where a device can cost that process. Files
// below --root cannot: there is no device, and reading them, also from a
// server that is gone, is a wait that a signal ends.
func (o *collectOptions) collect(ctx context.Context) (*inventory.Report, error) {
	opts := append(o.inventoryOptions(), inventory.WithTool(o.tool()))
	var observers []func(inventory.Event)
	if o.env.StderrTerminal && !o.verbose && o.env.Getenv("TERM") != "dumb" {
		p := startProgress(o.env.Stderr)
		defer p.stop()
		observers = append(observers, p.observe)
	}
	if o.progress != "" {
		e := startEvents(o.progress)
		defer e.stop(o.env)
		observers = append(observers, e.observe)
	}
	opts = append(opts, inventory.WithObserver(func(e inventory.Event) {
		for _, f := range observers {
			f(e)
		}
	}))
	if o.root != "" || o.replayed != nil {
		return o.inProcess(ctx, opts)
	}
	return o.isolated(ctx, opts)
}

// inventoryOptions are those that a worker and its parent share.
func (o *collectOptions) inventoryOptions() []inventory.Option {
	opts := []inventory.Option{
		inventory.WithTimeout(o.timeout),
		inventory.WithOnly(o.only...),
		inventory.WithSkip(o.skip...),
	}
	if o.verbose {
		opts = append(opts, inventory.WithLogger(slog.New(slog.NewTextHandler(o.env.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	}
	return opts
}

// inProcess collects here.
func (o *collectOptions) inProcess(ctx context.Context, opts []inventory.Option) (*inventory.Report, error) {
	m, err := o.machine()
	if err != nil {
		return nil, err
	}
	r := inventory.Collect(ctx, o.env.Collectors(m.host, o.given), append(opts, m.opts...)...)
	o.issue(r)
	return r, m.close()
}

// write puts the report where it belongs, and beside it what a person is to
// see.
func (o *collectOptions) write(r *inventory.Report) error {
	doc, err := render.JSON(r)
	if err != nil {
		return &codeError{ExitUnwritten, err}
	}
	page := o.env.page(o.verbose)
	layout := page
	if o.output != "" {
		layout = render.Options{All: o.verbose}
	}
	out, err := drawn(o.format, func() ([]byte, error) { return formats.Write(o.format, r, doc, layout) })
	if err != nil {
		return &codeError{ExitUnwritten, err}
	}
	if o.output != "" {
		if err := atomicfile.WriteMode(o.output, out, o.mode.mode()); errors.Is(err, atomicfile.ErrNotSynced) {
			return exit(ExitUnwritten, "writing the report to %q: %w", o.output, err)
		} else if err != nil {
			return exit(ExitUnwritten, "writing the report to %q: %w; the file there, if any, is as it was", o.output, err)
		}
		text, err := drawn("summary", func() ([]byte, error) { return render.Summary(r, page), nil })
		if err != nil {
			return exit(ExitUnwritten, "the report is in %q: %w", o.output, err)
		}
		text = fmt.Appendf(text, "\nReport written to %s\n", printable.Text(o.output))
		if o.qr {
			text, err = o.appendQR(text, r, out, o.env.StdoutTerminal)
		}
		return errors.Join(err, o.print(text))
	}
	if o.qr && o.format == "table" {
		out, err = o.appendQR(out, r, doc, o.env.StdoutTerminal)
	}
	if err := errors.Join(err, o.print(out)); err != nil {
		return err
	}
	if o.qr && o.format != "table" { // standard output carries the report and nothing else
		code, err := o.appendQR(nil, r, out, o.env.StderrTerminal)
		if err != nil {
			return err
		}
		_, _ = o.env.Stderr.Write(code) // nobody is left to be told
	}
	return nil
}

// drawn is a report in one form. A machine may be of a shape that a form did
// not foresee: that costs this form, and says so.
func drawn(form string, f func() ([]byte, error)) (out []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the report as %s: panic: %v; please report this; --format json has all of it", form, p)
		}
	}()
	return f()
}

func (o *collectOptions) print(data []byte) error {
	if _, err := o.env.Stdout.Write(data); err != nil {
		if o.output != "" {
			return exit(ExitUnwritten, "the report is in %q, but its summary could not be written: %w", o.output, err)
		}
		return exit(ExitUnwritten, "writing the report to standard output: %w", err)
	}
	return nil
}

// appendQR draws the code of the report whose written form is doc.
func (o *collectOptions) appendQR(text []byte, r *inventory.Report, doc []byte, terminal bool) ([]byte, error) {
	code, err := qrcode.Draw(qrcode.Payload(r, doc), o.env.color(terminal))
	if err != nil {
		return text, &codeError{ExitUnwritten, err}
	}
	if len(text) > 0 {
		text = append(text, '\n')
	}
	return append(text, code...), nil
}

// hint tells a user who is not root what root would see.
func (o *collectOptions) hint(r *inventory.Report) {
	if o.env.EUID == 0 || o.root != "" || o.replay != "" {
		return
	}
	denied := 0
	for _, i := range r.Issues {
		if i.Kind == inventory.KindDenied {
			denied++
		}
	}
	if denied > 0 {
		_, _ = fmt.Fprintf(o.env.Stderr, "audit: %d readings were denied to user %d; run audit as root to have them (see issues[] in the report)\n", denied, o.env.EUID)
	}
}

// judge is --strict.
func (o *collectOptions) judge(r *inventory.Report) error {
	if !o.strict {
		return nil
	}
	for _, f := range r.Findings {
		if f.Severity == inventory.SeverityCritical {
			return exit(ExitStrict, "--strict: critical finding %s: %s", f.Code, render.Text(f.Message))
		}
	}
	for _, c := range r.Collectors {
		switch c.Status {
		case inventory.StatusFailed, inventory.StatusTimeout, inventory.StatusDenied:
			return exit(ExitStrict, "--strict: collector %s: %s: %s", c.Name, c.Status, render.Text(c.Error))
		default:
		}
	}
	return nil
}
