package push_test

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/bee/cmd/audit-push/internal/push"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func TestSend(t *testing.T) {
	t.Parallel()
	s := serve(t, time.Now(), status(201, "thanks"))
	o := options(t, s)
	o.TokenFile = filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(o.TokenFile, []byte("s3cret\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	if said, err := run(t.Context(), o); err != nil || said != "" {
		t.Fatalf("%v, said %q", err, said)
	}
	if got := s.got(); len(got) != 1 || got[0] != document {
		t.Errorf("arrived: %q", got)
	}
	for key, want := range map[string]string{
		"Idempotency-Key": `"` + sumOf(document) + `"`, "Authorization": "Bearer s3cret", "Content-Type": "application/json", "User-Agent": "bee/1.2.3",
	} {
		if got := s.heads[0].Get(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestServersAnswers(t *testing.T) {
	t.Parallel()
	flood := strings.Repeat("x\x1b[31m\u202e", 10000)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		tries  int
		says   string
	}{
		"fails":       {status(500, "out of order"), 3, `gave up after 3 attempts: .* 500 Internal Server Error: "out of order"`},
		"unavailable": {status(503, ""), 3, "503"},
		"too many":    {status(429, ""), 3, "429"},
		"forbidden":   {status(403, "no"), 1, `403 Forbidden: "no"`},
		"rejects":     {status(422, flood), 1, `422 Unprocessable Entity: "x\x1b[31m\u202e`},
		"redirects": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://192.0.2.9/stolen", http.StatusTemporaryRedirect)
		}, 1, `sends to "https://192.0.2.9/stolen"; redirects are not followed`},
		"moved": {status(301, ""), 1, "redirects are not followed"},
		"hangs up": {func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_ = c.Close()
			}
		}, 3, "EOF"},
		"no HTTP": {func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(c, "\x1b[2Jgarbage\r\n\r\n")
				_ = c.Close()
			}
		}, 3, "malformed HTTP"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, time.Now(), c.answer)
			said, err := run(t.Context(), options(t, s))
			if err == nil {
				t.Fatal("sent")
			}
			for _, part := range strings.Split(c.says, ".*") {
				if !strings.Contains(err.Error(), strings.TrimSpace(part)) {
					t.Errorf("says %q, want %q", err, part)
				}
			}
			if len(s.got()) != c.tries {
				t.Errorf("%d attempts, want %d", len(s.got()), c.tries)
			}
			for _, text := range []string{err.Error(), said} {
				for _, r := range text {
					if r != '\n' && (r < 0x20 || r > 0x7e) {
						t.Errorf("a raw %U in %q", r, text)
						break
					}
				}
			}
			if len(err.Error()) > 1024+300 {
				t.Errorf("%d bytes of error", len(err.Error()))
			}
		})
	}
}

// TestRecovers: a server that comes back is enough.
func TestRecovers(t *testing.T) {
	t.Parallel()
	n := 0
	s := serve(t, time.Now(), func(w http.ResponseWriter, _ *http.Request) {
		if n++; n < 3 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(503)
		}
	})
	said, err := run(t.Context(), options(t, s))
	if err != nil || len(s.got()) != 3 || strings.Count(said, "again in") != 2 {
		t.Errorf("%d attempts, %v, said %q", len(s.got()), err, said)
	}
}

// TestTime: neither a server that stalls nor one that asks for patience takes
// more than the time given.
func TestTime(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"stalls": func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(20 * time.Second):
			}
		},
		"stalls in the body": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(500)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
		"asks for patience": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "100000")
			w.WriteHeader(503)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, time.Now(), answer)
			o := options(t, s)
			o.Timeout = time.Second
			begun := time.Now()
			_, err := run(t.Context(), o)
			if err == nil || !strings.Contains(err.Error(), "gave up") {
				t.Errorf("%v", err)
			}
			if d := time.Since(begun); d > 8*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, c := range map[string]struct {
		change   func(*push.Options)
		says     []string
		document string
	}{
		"unknown authority": {func(o *push.Options) { o.CAFile = "" }, []string{"certificate signed by unknown authority"}, document},
		"other name":        {func(o *push.Options) { o.URL = strings.Replace(o.URL, "127.0.0.1", "localhost", 1) }, []string{"localhost"}, document},
		"clock before the build": {func(o *push.Options) {
			o.Now, o.Built = func() time.Time { return time.Unix(40, 0) }, now
		}, []string{"the clock of this machine is wrong", "1970-01-01T00:00:40Z", "set the clock"}, document},
		"clock not synchronized": {func(o *push.Options) {
			o.Now = func() time.Time { return now.Add(48 * time.Hour) }
		}, []string{"clock of this machine is not synchronized"}, `{"schema_version":"1.0","clock_synchronized":false}`},
		"certificate too old": {func(o *push.Options) {
			o.Now, o.Built = func() time.Time { return now.Add(48 * time.Hour) }, now
		}, []string{"valid from", "and the clock of this machine says"}, document},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, now, status(200, ""))
			o := options(t, s)
			o.In = strings.NewReader(c.document)
			c.change(&o)
			_, err := run(t.Context(), o)
			if err == nil || len(s.got()) != 0 {
				t.Fatalf("%v, arrived: %q", err, s.got())
			}
			for _, want := range c.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("says %q, want %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "attempts") {
				t.Errorf("tried again: %v", err)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	s := serve(t, time.Now(), status(200, ""))
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		return name
	}
	open := filepath.Join(dir, "open")
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*push.Options){
		"http elsewhere":  func(o *push.Options) { o.URL = "http://192.0.2.1/" },
		"http to a name":  func(o *push.Options) { o.URL = "http://localhost.example/" },
		"password":        func(o *push.Options) { o.URL = "https://u:p@127.0.0.1/" },
		"scheme":          func(o *push.Options) { o.URL = "ftp://127.0.0.1/" },
		"no host":         func(o *push.Options) { o.URL = "https:///x" },
		"not a URL":       func(o *push.Options) { o.URL = "https://%zz" },
		"open token":      func(o *push.Options) { o.TokenFile = file("t1", "x", 0o640) },
		"no token":        func(o *push.Options) { o.TokenFile = filepath.Join(dir, "none") },
		"empty token":     func(o *push.Options) { o.TokenFile = file("t2", "\n", 0o600) },
		"two tokens":      func(o *push.Options) { o.TokenFile = file("t3", "a\r\nX: b", 0o600) },
		"huge token":      func(o *push.Options) { o.TokenFile = file("t4", strings.Repeat("x", 5000), 0o600) },
		"token is a dir":  func(o *push.Options) { o.TokenFile = open },
		"CA is none":      func(o *push.Options) { o.CAFile = file("ca", "x", 0o600) },
		"no CA":           func(o *push.Options) { o.CAFile = filepath.Join(dir, "none") },
		"open spool":      func(o *push.Options) { o.Spool = open },
		"spool is a file": func(o *push.Options) { o.Spool = file("f", "", 0o600) },
		"no attempts":     func(o *push.Options) { o.Attempts = 0 },
		"no time":         func(o *push.Options) { o.Timeout = 0 },
		"fragment":        func(o *push.Options) { o.URL += "#x" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t, s)
			change(&o)
			if _, err := run(t.Context(), o); !errors.Is(err, push.ErrUsage) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Cleanup(func() {
		if len(s.got()) != 0 {
			t.Errorf("arrived: %q", s.got())
		}
	})
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	s := serve(t, time.Now(), status(200, ""))
	for name, text := range map[string]string{"empty": "", "no JSON": "schema_version: 1", "no report": "{}"} {
		o := options(t, s)
		o.In = strings.NewReader(text)
		if _, err := run(t.Context(), o); !errors.Is(err, push.ErrUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(s.got()) != 0 {
		t.Errorf("arrived: %q", s.got())
	}
}

// TestHTTP: in the clear to this machine only.
func TestHTTP(t *testing.T) {
	t.Parallel()
	n := 0
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { n++ }))
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost"} {
		o := options(t, &server{Server: s})
		o.URL, o.CAFile = "http://"+net.JoinHostPort(host, port), ""
		if _, err := run(t.Context(), o); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if n != 2 {
		t.Errorf("%d arrived", n)
	}
}
