package archive

import (
	"time"

	"example.com/bee/pkg/collectors/internal/device"
)

// Version is the version of the format. A reader refuses a higher one.
const Version = 1

// A Frame is one entry of the stream: [*Header], [*Begin], [*End], [*GiveUp],
// [*Refuse], [*Chunk], [*Moment] or [*Close].
type Frame interface {
	kind() byte
	encode(*encoder)
	decode(*decoder)
}

// The first byte of each frame.
const (
	kindHeader = 'H'
	kindBegin  = 'B'
	kindEnd    = 'E'
	kindGiveUp = 'G'
	kindRefuse = 'R'
	kindChunk  = 'C'
	kindMoment = 'M'
	kindClose  = 'Z'
)

// Header is the first frame.
type Header struct {
	Version      int
	Tool, Commit string // of the program that recorded
	OS, Arch     string // as Go names them
	// Live is true when the machine was the one the program ran on.
	Live bool
	// Scrubbed is true when names of the machine were replaced.
	Scrubbed bool
	Start    time.Time
	// Options are those of the run that decide what is in the report.
	Options []Option
}

// Option is a name and its value.
type Option struct{ Name, Value string }

// Op is what a call does.
type Op = device.Op

// The operations.
const (
	OpRead     = device.OpRead     // the content of a file
	OpReadDir  = device.OpReadDir  // the names in a directory
	OpReadlink = device.OpReadlink // the text of a link
	OpOpen     = device.OpOpen     // opening a device
	OpExchange = device.OpExchange // a request to an open device
	OpHelper   = device.OpHelper   // what a program beside this one was asked
	OpClock    = device.OpClock    // whether the clock is synchronized
)

// A Call is what was asked. All of it but the collector is the key under which
// the answer is found again.
type Call struct {
	// Collector is on whose behalf; "" when it is not known.
	Collector string
	Op        Op
	// Name is the path of a file or device.
	Name string
	// Protocol, Command and Data are of devices.
	Protocol      string
	Command, Data []byte
	// ReadLen is how many bytes may come back, the limit of a file.
	ReadLen int
}

// Begin stands before the call is made. After is the time since the header's.
type Begin struct {
	ID    uint64
	After time.Duration
	Call  Call
}

// End stands after the call has come back.
type End struct {
	ID     uint64
	After  time.Duration
	Answer Answer
}

// An Answer is what came back: Data is a file's content, a link's text, a
// device's data; Status is a device's; Names are a directory's.
type Answer struct {
	Data, Status []byte
	Names        []string
	Err          *Fault
}

// GiveUp says that the one who asked was not kept waiting any longer. An End
// may follow.
type GiveUp struct {
	ID    uint64
	After time.Duration
	// Bound is which of the caller's deadlines passed, counted from the
	// collector's own (0) inwards; -1 when it was the call's.
	Bound int
	Err   *Fault
}

// Refuse is a call that was not made.
type Refuse struct {
	After time.Duration
	Call  Call
	Bound int // as in GiveUp
	Err   *Fault
}

// Chunk is a piece of what a helper said; Part counts how often it was started.
type Chunk struct {
	ID   uint64
	Part int
	Data []byte
}

// A Moment is a reading of the clock.
type Moment struct {
	What MomentKind
	// Collector is set for those of a collector.
	Collector string
	At        time.Time
	// Elapsed is the time since the matching beginning, by a clock that is
	// never set.
	Elapsed time.Duration
	// Ended is why the collector's context was over when it came back; nil
	// when it was not.
	Ended *Fault
}

// MomentKind is one of the four.
type MomentKind byte

// The moments of a run.
const (
	RunStart       MomentKind = 's'
	RunFinish      MomentKind = 'f'
	CollectorBegin MomentKind = 'b'
	CollectorEnd   MomentKind = 'e'
)

// Close is the last frame. A stream without one was cut short.
type Close struct {
	// Reason says why the recording ended early; "" when it did not.
	Reason string
}

func (*Header) kind() byte { return kindHeader }
func (*Begin) kind() byte  { return kindBegin }
func (*End) kind() byte    { return kindEnd }
func (*GiveUp) kind() byte { return kindGiveUp }
func (*Refuse) kind() byte { return kindRefuse }
func (*Chunk) kind() byte  { return kindChunk }
func (*Moment) kind() byte { return kindMoment }
func (*Close) kind() byte  { return kindClose }

// newFrame makes an empty frame; nil: there is no such kind.
func newFrame(kind byte) Frame {
	switch kind {
	case kindHeader:
		return new(Header)
	case kindBegin:
		return new(Begin)
	case kindEnd:
		return new(End)
	case kindGiveUp:
		return new(GiveUp)
	case kindRefuse:
		return new(Refuse)
	case kindChunk:
		return new(Chunk)
	case kindMoment:
		return new(Moment)
	case kindClose:
		return new(Close)
	default:
		return nil
	}
}
