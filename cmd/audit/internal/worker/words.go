package worker

import (
	"bufio"
	"io"
	"strings"
	"sync"

	"example.com/bee/cmd/internal/printable"
)

const (
	maxWords   = 4 << 10 // of one line
	maxRelayed = 1 << 20 // of all lines
)

// words passes on what a worker writes to its standard error, line by line and
// without what a terminal acts on, and remembers what may have killed it.
type words struct {
	to io.Writer // nil: nowhere

	mu      sync.Mutex
	last    string // line
	fatal   string // the first line that tells of an end
	relayed int
}

// relay reads to the end.
func (w *words) relay(from io.Reader) {
	in := bufio.NewReaderSize(from, maxWords)
	for {
		line, err := in.ReadSlice('\n')
		if len(line) > 0 {
			w.add(string(line))
		}
		if err != nil && err != bufio.ErrBufferFull { //nolint:errorlint // as bufio makes it
			return
		}
	}
}

func (w *words) add(line string) {
	line = printable.Text(strings.TrimRight(line, "\r\n"))
	if strings.TrimSpace(line) == "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = line
	if w.fatal == "" && tellsOfAnEnd(line) {
		w.fatal = line
	}
	if w.to != nil && w.relayed < maxRelayed {
		if w.relayed += len(line); w.relayed >= maxRelayed {
			line = "and more, which is not shown"
		}
		if !strings.HasPrefix(line, "time=") { // a log line speaks for itself
			line = Name + ": " + line
		}
		_, _ = io.WriteString(w.to, line+"\n") // nobody is left to be told
	}
}

// tellsOfAnEnd knows the words with which the Go runtime ends a program.
func tellsOfAnEnd(line string) bool {
	for _, p := range []string{"fatal error: ", "panic: ", "runtime: ", "unexpected fault address", "SIG"} {
		if strings.HasPrefix(line, p) {
			return true
		}
	}
	return false
}

// final is the line that says most about the end.
func (w *words) final() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fatal != "" {
		return w.fatal
	}
	return w.last
}
