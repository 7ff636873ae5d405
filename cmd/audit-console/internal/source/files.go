package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"example.com/bee/cmd/internal/render"
)

// Root is the folder below which files are looked for.
type Root string

// smallFile bounds every file but the report and the progress.
const smallFile = 16 << 10

// errTooLarge is a file larger than anybody would have meant.
var errTooLarge = errors.New("too large")

func (r Root) path(name string) string { return filepath.Join(string(r), name) }

// open opens a regular file, or one of the kernel's, and never waits for the
// other end of a pipe.
func (r Root) open(name string) (*os.File, fs.FileInfo, error) {
	f, err := os.OpenFile(r.path(name), os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: not a regular file", name)
	}
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// read is a file's whole content, when that is at most limit bytes.
func (r Root) read(name string, limit int64) ([]byte, error) {
	f, info, err := r.open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if info.Size() > limit {
		return nil, fmt.Errorf("%d MB: %w", info.Size()/1e6, errTooLarge)
	}
	// Room for the size it has, and one byte to see that it grew.
	b := make([]byte, 0, max(info.Size(), 511)+1)
	for {
		n, err := f.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if errors.Is(err, io.EOF) {
			return b, nil
		}
		if err != nil {
			return nil, err
		}
		if int64(len(b)) > limit {
			return nil, errTooLarge
		}
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
	}
}

// text is a small file as it is, or "".
func (r Root) text(name string) string {
	b, err := r.read(name, smallFile)
	if err != nil {
		return ""
	}
	return string(b)
}

// line is the first line of a small file, fit for a terminal.
func (r Root) line(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(r.text(name)), "\n")
	return Clean(first)
}

// Clean makes text of unknown origin one short line of ASCII without control
// characters.
func Clean(s string) string {
	const most = 512
	if len(s) > most {
		s = s[:most]
	}
	return render.Text(s)
}

// pairs are the lines NAME=VALUE of a small file, values cleaned and without
// the quotes a shell wants.
func (r Root) pairs(name string) map[string]string {
	m := map[string]string{}
	for l := range strings.Lines(r.text(name)) {
		key, value, found := strings.Cut(strings.TrimSpace(l), "=")
		if !found || strings.HasPrefix(key, "#") {
			continue
		}
		if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		m[Clean(key)] = Clean(value)
	}
	return m
}

// names are those of a folder's entries, at most a thousand of them.
func (r Root) names(folder string) []string {
	f, err := os.Open(r.path(folder))
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	const most = 1000
	names, _ := f.Readdirnames(most) // those that could be read
	return names
}

func (r Root) exists(name string) bool {
	_, err := os.Stat(r.path(name))
	return err == nil
}

// seconds is a number of seconds; zero when it is none, or absurd.
func seconds(s string) time.Duration {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > 1e9 {
		return 0
	}
	return time.Duration(v * float64(time.Second))
}
