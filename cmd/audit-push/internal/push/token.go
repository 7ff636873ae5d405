package push

import (
	"io"
	"os"
	"strings"
	"syscall"
)

// readToken reads the bearer token. Its file must be the user's (or root's)
// alone: a token that others can read is everybody's.
func readToken(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	f, err := os.Open(file)
	if err != nil {
		return "", usage("--token-file: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	st, err := f.Stat()
	if err != nil {
		return "", usage("--token-file: %w", err)
	}
	if !st.Mode().IsRegular() {
		return "", usage("--token-file %s: not a regular file", file)
	}
	if mode := st.Mode().Perm(); mode&0o077 != 0 {
		return "", usage("--token-file %s: mode %04o lets others at it; want 0600 or 0400", file, mode)
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); ok && sys.Uid != 0 && int(sys.Uid) != os.Geteuid() {
		return "", usage("--token-file %s: it belongs to another user (%d)", file, sys.Uid)
	}
	const most = 4096
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return "", usage("--token-file: %w", err)
	}
	token := strings.TrimSpace(string(data))
	if token == "" || len(data) > most || strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
		return "", usage("--token-file %s: want one token of at most %d visible ASCII characters", file, most)
	}
	return token, nil
}
