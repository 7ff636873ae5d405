package push_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestSpool: what could not be sent is kept and sent by the next push.
func TestSpool(t *testing.T) {
	t.Parallel()
	var well atomic.Bool
	s := serve(t, time.Now(), func(w http.ResponseWriter, _ *http.Request) {
		if !well.Load() {
			w.WriteHeader(503)
		}
	})
	dir := filepath.Join(t.TempDir(), "deep", "spool")
	send := func(doc string) (string, error) {
		o := options(t, s)
		o.In, o.Spool, o.Attempts = strings.NewReader(doc), dir, 1
		return run(t.Context(), o)
	}
	for i := range 3 {
		if _, err := send(report(i)); err == nil || !strings.Contains(err.Error(), "kept in "+dir) {
			t.Fatalf("%v", err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	files := left(t, dir)
	if len(files) != 3 {
		t.Fatalf("kept: %q", files)
	}
	// Damage to one, and foreign files, cost only themselves.
	for _, f := range files {
		if strings.Contains(f, sumOf(report(1))) {
			if err := os.WriteFile(filepath.Join(dir, f), []byte(report(7)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, foreign := range []string{"note.txt", "0000000000000000-" + sumOf("x") + ".json"} {
		if err := os.WriteFile(filepath.Join(dir, foreign), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	well.Store(true)
	said, err := send(report(3))
	if err != nil || !strings.Contains(said, "not the report it was") {
		t.Errorf("%v, said %q", err, said)
	}
	got := s.got()
	if want := []string{report(3), report(0), report(2)}; fmt.Sprint(got[len(got)-3:]) != fmt.Sprint(want) {
		t.Errorf("arrived at last: %q, want %q", got[len(got)-3:], want)
	}
	if files := left(t, dir); len(files) != 3 {
		t.Errorf("left: %q", files)
	}
	for _, f := range left(t, dir) {
		if st, err := os.Stat(filepath.Join(dir, f)); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f, st.Mode(), err)
		}
	}
}

// TestSpoolRejected: what the server will never take is put aside.
func TestSpoolRejected(t *testing.T) {
	t.Parallel()
	s := serve(t, time.Now(), status(400, "bad"))
	o := options(t, s)
	o.Spool = t.TempDir()
	if err := os.Chmod(o.Spool, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t.Context(), o); err == nil {
		t.Fatal("sent")
	}
	if files := left(t, o.Spool); len(files) != 1 || !strings.HasSuffix(files[0], ".json.rejected") {
		t.Errorf("left: %q", files)
	}
}

// TestSpoolInterrupted: not even an interrupt loses the report.
func TestSpoolInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, time.Now(), func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	o := options(t, s)
	o.Spool = filepath.Join(t.TempDir(), "spool")
	if _, err := run(ctx, o); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("%v", err)
	}
	if files := left(t, o.Spool); len(files) != 1 {
		t.Errorf("left: %q", files)
	}
}

// TestSpoolFull: the spool is bounded, and says when it is full.
func TestSpoolFull(t *testing.T) {
	t.Parallel()
	s := serve(t, time.Now(), status(403, ""))
	dir := filepath.Join(t.TempDir(), "spool")
	for i := range 101 {
		o := options(t, s)
		o.In, o.Spool, o.Attempts = strings.NewReader(report(i)), dir, 1
		_, err := run(t.Context(), o)
		if full := err != nil && strings.Contains(err.Error(), "its limit"); err == nil || full != (i == 100) {
			t.Fatalf("%d: %v", i, err)
		}
	}
}

func report(i int) string { return fmt.Sprintf(`{"schema_version":"1.0","n":%d}`, i) }

func left(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
