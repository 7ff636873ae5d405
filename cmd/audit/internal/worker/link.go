package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"example.com/bee/pkg/inventory"
)

// A Link is the worker's side: what it tells its parent.
type Link struct {
	// Recording goes to the parent's recording; nil when none is wanted.
	Recording *os.File

	mu     sync.Mutex
	events *os.File
	bell   *os.File
	room   int                          // in the pipe, at least, before a write to it waits
	size   int                          // of the pipe
	gone   func()                       // called when nobody reads any more
	unsaid map[string][]inventory.Issue // components without a JSON form, by collector
}

// Attach makes this process a worker: it reads the job into job and returns a
// context that ends when the parent wants it to. When the parent ends, so does
// this process, at once: nobody is left to be told.
func Attach(ctx context.Context, job any) (context.Context, *Link, error) {
	for _, fd := range []int{0, fdEvents, fdBell} {
		if !inherited(fd) {
			return nil, nil, errors.New("this is audit's own: it starts its workers itself")
		}
	}
	// What the worker starts must not keep the parent waiting for the end of a
	// pipe.
	closeOnExec(fdEvents)
	closeOnExec(fdBell)
	closeOnExec(fdRecording)
	// When memory runs out the parent, which has the report, should stay.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("500"), 0) // it is this process's own
	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return nil, nil, fmt.Errorf("worker: reading the job: %w", err)
	}
	var head struct {
		Record bool            `json:"record"`
		Job    json.RawMessage `json:"job"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, nil, fmt.Errorf("worker: reading the job: %w", err)
	}
	if err := json.Unmarshal(head.Job, job); err != nil {
		return nil, nil, fmt.Errorf("worker: reading the job: %w", err)
	}
	l := &Link{events: os.NewFile(fdEvents, "events"), bell: os.NewFile(fdBell, "bell"), size: capacity(fdEvents), gone: func() { os.Exit(1) }}
	l.room = l.size
	if head.Record {
		l.Recording = os.NewFile(fdRecording, "recording")
	}
	ctx, cancel := context.WithCancelCause(ctx)
	go listen(in, cancel, l.gone)
	l.line(lineHello, []byte("{}\n"), false)
	return ctx, l, nil
}

// listen waits for the parent's word to stop, and for the parent's end.
func listen(in *bufio.Reader, cancel context.CancelCauseFunc, gone func()) {
	for {
		line, err := in.ReadString('\n')
		if reason, ok := strings.CutPrefix(line, stopWord); ok {
			cancel(stopError(strings.TrimSpace(reason)))
		}
		if err != nil {
			gone()
			return
		}
	}
}

// stopError is why the parent ended the run, in its words.
type stopError string

func (e stopError) Error() string { return string(e) }

// Is says that it is a cancellation, as the parent's was.
func (stopError) Is(target error) bool { return target == context.Canceled }

// line writes one line; data ends with its newline. The parent looks at it by
// and by; it is rung for when there is something to be done with all that was said,
// and when the pipe may be filled: half of it is left for what is said until
// the parent is awake.
func (l *Link) line(letter byte, data []byte, ring bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.room -= len(data) + 1; l.room < l.size/2 {
		l.ring()
	}
	if _, err := l.events.Write(append([]byte{letter}, data...)); err != nil {
		l.gone()
	}
	if ring {
		l.ring()
	}
}

func (l *Link) ring() {
	l.room = l.size
	if _, err := l.bell.Write([]byte{0}); err != nil {
		l.gone()
	}
}

// Send tells the parent of an event. A component that has no JSON form (a
// number that is none) becomes an issue of its collector.
func (l *Link) Send(e inventory.Event) {
	if e.Outcome != nil {
		l.confess(&e)
	}
	data, err := inventory.EncodeEvent(e)
	if err == nil {
		l.line(lineEvent, data, e.Outcome != nil)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.unsaid == nil {
		l.unsaid = map[string][]inventory.Issue{}
	}
	l.unsaid[e.Collector] = append(l.unsaid[e.Collector], inventory.Issue{
		Kind: inventory.KindMalformed, Detail: err.Error(), Collector: e.Collector,
	})
}

// confess adds to a collector's end the components that could not be told.
func (l *Link) confess(e *inventory.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lost := l.unsaid[e.Collector]
	if len(lost) == 0 {
		return
	}
	o := *e.Outcome
	if o.Status == inventory.StatusOK {
		o.Status = inventory.StatusPartial
	}
	if o.Error == "" {
		o.Error = lost[0].Detail
	}
	e.Outcome = &o
	e.Issues = append(lost, e.Issues...)
}

// Done ends a run that came to its end.
func (l *Link) Done(r *inventory.Report) {
	data, err := json.Marshal(times{r.StartedAt, r.FinishedAt, time.Duration(r.DurationMS) * time.Millisecond})
	l.end(lineDone, data, err)
}

// Refuse ends a run that could not begin.
func (l *Link) Refuse(why error) {
	data, err := json.Marshal(why.Error())
	l.end(lineRefusal, data, err)
}

// end closes everything the parent may wait for. The end of the process does
// not: a thread that hangs in the kernel keeps its descriptors open.
func (l *Link) end(letter byte, data []byte, err error) {
	if err != nil { // it is a time or a string
		return
	}
	if l.Recording != nil {
		_ = l.Recording.Close() // the recorder has checked its writes
	}
	l.line(letter, append(data, '\n'), true)
	_ = os.Stderr.Close()
}
