package nvmlhelper

import (
	"bytes"
	"strings"
	"sync"
)

// head keeps the beginning of what is written to it, which is where a Go
// program says what killed it, and takes the rest without end.
type head struct {
	mu  sync.Mutex
	buf []byte
}

const kept = 4 << 10

func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.buf = append(h.buf, p[:min(len(p), kept-len(h.buf))]...)
	return len(p), nil
}

// line is the line that says most: the signal, an error of a loader, else the
// first one.
func (h *head) line() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := ""
	for line := range bytes.Lines(h.buf) {
		s := strings.ToValidUTF8(strings.TrimSpace(string(line)), "?")
		if strings.HasPrefix(s, "[signal ") || strings.HasPrefix(s, "SIG") || strings.HasPrefix(s, "Error ") {
			return s
		}
		if first == "" {
			first = s
		}
	}
	return first
}
