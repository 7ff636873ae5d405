package push

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"example.com/bee/cmd/internal/atomicfile"
)

// maxKept bounds the spool, which may lie in RAM.
const maxKept = 100

// spool is a folder of reports that could not be sent. A file's name is the
// sum of the URL it is meant for and the sum of the report, so that one folder
// serves several servers and no report is kept twice.
type spool struct{ dir, prefix string }

func openSpool(dir, url string) (*spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, usage("--spool: %w", err)
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return nil, usage("--spool: %w", err)
	}
	if !st.IsDir() {
		return nil, usage("--spool %s: not a folder", dir)
	}
	if mode := st.Mode().Perm(); mode&0o022 != 0 {
		return nil, usage("--spool %s: mode %04o lets others write; want 0700", dir, mode)
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); ok && sys.Uid != 0 && int(sys.Uid) != os.Geteuid() {
		return nil, usage("--spool %s: it belongs to another user (%d)", dir, sys.Uid)
	}
	sum := sha256.Sum256([]byte(url))
	return &spool{dir: dir, prefix: hex.EncodeToString(sum[:8]) + "-"}, nil
}

func (s *spool) path(sum string) string { return filepath.Join(s.dir, s.prefix+sum+".json") }

func (s *spool) keep(r *report) error {
	list, err := s.list()
	if err != nil {
		return err
	}
	if len(list) >= maxKept && !slices.Contains(list, r.sum) {
		return fmt.Errorf("the spool %s holds %d reports, which is its limit", s.dir, len(list))
	}
	return atomicfile.Write(s.path(r.sum), r.data)
}

// list is what is kept for this URL, the oldest first.
func (s *spool) list() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	type kept struct {
		sum string
		at  int64
	}
	var list []kept
	for _, e := range entries {
		name, ok := strings.CutPrefix(e.Name(), s.prefix)
		sum, isReport := strings.CutSuffix(name, ".json")
		if !ok || !isReport || len(sum) != hex.EncodedLen(sha256.Size) || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // gone: another push sent it
		}
		list = append(list, kept{sum, info.ModTime().UnixNano()})
	}
	slices.SortStableFunc(list, func(a, b kept) int {
		if a.at < b.at {
			return -1
		}
		if a.at > b.at {
			return 1
		}
		return strings.Compare(a.sum, b.sum)
	})
	sums := make([]string, len(list))
	for i, k := range list {
		sums[i] = k.sum
	}
	return sums, err
}

// read reads a kept report and checks that it is whole.
func (s *spool) read(sum string) (*report, error) {
	f, err := os.OpenFile(s.path(sum), os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	data, err := io.ReadAll(io.LimitReader(f, maxReport+1))
	if err != nil {
		return nil, err
	}
	r, err := newReport(data)
	if err != nil || r.sum != sum {
		return nil, errors.Join(fmt.Errorf("%s: not the report it was", s.path(sum)), err)
	}
	return r, nil
}

func (s *spool) remove(sum string) { _ = os.Remove(s.path(sum)) } // sent twice is harmless: the key is the same

// reject puts aside what the server will never take.
func (s *spool) reject(sum string) error {
	err := os.Rename(s.path(sum), s.path(sum)+".rejected")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
