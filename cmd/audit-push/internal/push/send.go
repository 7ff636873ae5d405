package push

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// attemptTime bounds one attempt, so that a server that stalls costs one of
// them and not all.
const attemptTime = 30 * time.Second

// failure says why a report was not taken, and what may help.
type failure struct {
	err error
	// again: the next attempt may succeed; after says when the server wants it.
	again bool
	after time.Duration
	// useless: the server will never take this report.
	useless bool
}

func (f *failure) Error() string { return f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

// deliver sends a report until the server takes it, refuses it, or attempts or
// time are used up.
func (c *client) deliver(ctx context.Context, r *report) *failure {
	pause := c.o.Pause
	for n := 1; ; n++ {
		f := c.send(ctx, r)
		if f == nil || !f.again {
			return f
		}
		switch {
		case errors.Is(ctx.Err(), context.Canceled):
			return &failure{err: fmt.Errorf("interrupted: %w", f.err)}
		case ctx.Err() != nil:
			return &failure{err: fmt.Errorf("gave up after %s: %w", c.o.Timeout, f.err)}
		}
		if n >= c.o.Attempts {
			return &failure{err: fmt.Errorf("gave up after %d attempts: %w", n, f.err)}
		}
		wait := max(pause/2+rand.N(pause), f.after) //nolint:gosec // spreads clients; no secret
		if end, ok := ctx.Deadline(); ok && time.Now().Add(wait).After(end) {
			return &failure{err: fmt.Errorf("gave up: the next attempt would be after %s: %w", c.o.Timeout, f.err)}
		}
		c.logf("attempt %d: %v; again in %s", n, f, wait.Round(time.Millisecond))
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		pause = min(2*pause, 30*time.Second)
	}
}

// send is one attempt.
func (c *client) send(ctx context.Context, r *report) *failure {
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.target.String(), bytes.NewReader(r.data))
	if err != nil {
		return &failure{err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "bee/"+c.o.Version)
	// draft-ietf-httpapi-idempotency-key-header: a string of RFC 8941.
	req.Header.Set("Idempotency-Key", `"`+r.sum+`"`)
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return c.unanswered(err, r)
	}
	defer resp.Body.Close() //nolint:errcheck // it was read as far as it matters
	if resp.StatusCode/100 == 2 {
		_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection can serve again
		return nil
	}
	return c.refused(resp)
}

// unanswered sorts errors of the network: a certificate that is refused stays
// refused, all else may pass.
func (c *client) unanswered(err error, r *report) *failure {
	if clock := c.clockError(err, r); clock != nil {
		return &failure{err: clock}
	}
	var verification *tls.CertificateVerificationError
	again := !errors.As(err, &verification)
	return &failure{err: errors.New(printable(err.Error())), again: again}
}

// refused sorts the server's answers.
func (c *client) refused(resp *http.Response) *failure {
	code := resp.StatusCode
	f := &failure{}
	text := fmt.Sprintf("%s answered %d %s", c.target.Host, code, http.StatusText(code))
	switch {
	case code/100 == 3:
		f.err = fmt.Errorf("%s and sends to %s; redirects are not followed: give the address that takes reports", text, quoted(resp.Header.Get("Location")))
		return f
	case code == http.StatusRequestTimeout, code == http.StatusConflict, code == http.StatusTooEarly, code == http.StatusTooManyRequests,
		code >= 500 && code != http.StatusNotImplemented && code != http.StatusHTTPVersionNotSupported:
		f.again, f.after = true, retryAfter(resp.Header.Get("Retry-After"), c.o.Now())
	case code == http.StatusBadRequest, code == http.StatusRequestEntityTooLarge, code == http.StatusUnsupportedMediaType, code == http.StatusUnprocessableEntity:
		f.useless = true
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxEcho)) // what came is enough to say
	if len(body) > 0 {
		text += ": " + quoted(string(body))
	}
	f.err = errors.New(text)
	return f
}

// retryAfter is seconds or a date (RFC 9110, 10.2.3).
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(s, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(t.Sub(now), 0)
	}
	return 0
}
