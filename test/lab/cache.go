package lab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// cache holds build results in folders named after what they were made from,
// so that a changed input makes a new folder and an unchanged one costs nothing.
type cache struct {
	dir string
	log io.Writer
}

// staleAfter is how long an unused result is kept.
const staleAfter = 14 * 24 * time.Hour

func openCache(log io.Writer) (*cache, error) {
	dir, err := CacheDir()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("lab cache: %w", err)
	}
	return &cache{dir, log}, nil
}

// CacheDir is where the lab keeps what it built: BEE_LAB_CACHE, else bee/lab
// below the user's cache folder.
func CacheDir() (string, error) {
	if dir := os.Getenv("BEE_LAB_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("lab cache: %w (set BEE_LAB_CACHE)", err)
	}
	return filepath.Join(dir, "bee", "lab"), nil
}

// lock keeps a second build out until the returned function is called.
func (c *cache) lock() (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(c.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lab cache: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, fmt.Errorf("lab cache: lock: %w", err)
	}
	return func() { f.Close() }, nil //nolint:errcheck // Closing releases the lock.
}

// step returns the folder NAME-KEY, made by build if it is not there. A build
// that fails or is killed leaves nothing behind that a later run would take.
func (c *cache) step(ctx context.Context, name, key string, build func(dst string) error) (string, error) {
	dst := filepath.Join(c.dir, name+"-"+key)
	if _, err := os.Stat(dst); err == nil {
		now := time.Now()
		return dst, os.Chtimes(dst, now, now)
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	start := time.Now()
	say(c.log, "lab: building %s ...\n", name)
	tmp := dst + ".tmp"
	if err := os.RemoveAll(tmp); err != nil {
		return "", err
	}
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return "", err
	}
	if err := build(tmp); err != nil {
		os.RemoveAll(tmp) //nolint:errcheck // The build's error matters more.
		return "", fmt.Errorf("lab %s: %w", name, err)
	}
	if err := os.Rename(tmp, dst); err != nil {
		return "", err
	}
	dropStale(filepath.Join(c.dir, name+"-*"), dst)
	say(c.log, "lab: built %s in %.1f s\n", name, time.Since(start).Seconds())
	return dst, nil
}

// dropStale removes what nobody used for long.
func dropStale(pattern, keep string) {
	others, err := filepath.Glob(pattern)
	if err != nil {
		return
	}
	for _, o := range others {
		if st, err := os.Stat(o); err == nil && o != keep && time.Since(st.ModTime()) > staleAfter {
			os.RemoveAll(o) //nolint:errcheck // A leftover costs only space.
		}
	}
}

// keyOf hashes the parts into a short folder suffix.
func keyOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		say(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// say writes progress, or to a hash; neither can fail in a way that matters.
func say(w io.Writer, format string, args ...any) {
	fmt.Fprintf(w, format, args...) //nolint:errcheck // See above.
}
