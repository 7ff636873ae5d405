// Package push sends a report to a server over HTTPS.
//
// It never verifies less than TLS demands: a clock that makes a good
// certificate look bad is an error that names the clock. Redirects are not
// followed, since they would carry report and token elsewhere.
package push

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Options say where a report goes, and how.
type Options struct {
	// File is the report's name, "-" for In.
	File string
	In   io.Reader
	// URL takes the report.
	URL string
	// AllowHTTP permits http to hosts that are not this one.
	AllowHTTP bool
	// Timeout is for all of it, retries and spool included.
	Timeout time.Duration
	// Attempts is how often one report is sent at most.
	Attempts int
	// Spool is a folder that keeps what could not be sent; empty: none.
	Spool string
	// TokenFile holds the bearer token; empty: none.
	TokenFile string
	// CAFile holds the certificates of the only authorities to trust; empty:
	// the system's.
	CAFile string

	// Version names this program to the server; Built is when it was made,
	// zero when not known.
	Version string
	Built   time.Time
	// Now and Pause replace clock and first pause between attempts in tests.
	Now   func() time.Time
	Pause time.Duration
	// Log takes what a person should know.
	Log io.Writer
}

// Errors that decide the exit code.
var (
	// ErrUsage: the options make no sense.
	ErrUsage = errors.New("usage")
	// ErrUnreadable: the file is no report.
	ErrUnreadable = errors.New("unreadable")
)

// usage is an error of the options.
func usage(format string, args ...any) error {
	return fmt.Errorf("%w%w", hidden{ErrUsage}, fmt.Errorf(format, args...))
}

// hidden makes an error findable without adding to the text.
type hidden struct{ error }

func (h hidden) Error() string { return "" }

func (h hidden) Unwrap() error { return h.error }

// Run sends one report, then what the spool holds for the same URL. Its error
// is about the one report: what is left in the spool is told to Log.
func Run(ctx context.Context, o Options) error {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pause == 0 {
		o.Pause = time.Second
	}
	if o.Attempts < 1 || o.Timeout <= 0 {
		return usage("want at least one attempt and more than no time")
	}
	c, err := newClient(o)
	if err != nil {
		return err
	}
	r, err := readReport(o.File, o.In)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	if o.Spool == "" {
		if f := c.deliver(ctx, r); f != nil {
			return f
		}
		return nil
	}
	s, err := openSpool(o.Spool, o.URL)
	if err != nil {
		return err
	}
	return c.withSpool(ctx, s, r)
}

// withSpool keeps the report before the first attempt, so that not even a loss
// of power between attempts loses it.
func (c *client) withSpool(ctx context.Context, s *spool, r *report) error {
	keepErr := s.keep(r)
	f := c.deliver(ctx, r)
	switch {
	case f == nil:
		if keepErr == nil {
			s.remove(r.sum)
		}
		c.flush(ctx, s)
		return nil
	case keepErr != nil:
		return errors.Join(f, fmt.Errorf("and it could not be kept: %w", keepErr))
	case f.useless:
		return errors.Join(f, s.reject(r.sum))
	}
	return fmt.Errorf("%w; kept in %s for the next push", f, s.dir)
}

// flush sends what earlier pushes kept, the oldest first, until the server
// stops taking it.
func (c *client) flush(ctx context.Context, s *spool) {
	list, err := s.list()
	if err != nil {
		c.logf("spool: %v", err)
	}
	for i, sum := range list {
		r, err := s.read(sum)
		if err != nil {
			c.logf("spool: %v", err)
			continue
		}
		switch f := c.deliver(ctx, r); {
		case f == nil:
			s.remove(sum)
			c.logf("sent report %.12s of the spool", sum)
		case f.useless:
			c.logf("spool: report %.12s: %v", sum, f)
			if err := s.reject(sum); err != nil {
				c.logf("spool: %v", err)
			}
		default:
			c.logf("spool: %d reports are left: %v", len(list)-i, f)
			return
		}
	}
}

func (c *client) logf(format string, args ...any) {
	_, _ = fmt.Fprintf(c.o.Log, "audit push: "+format+"\n", args...)
}
