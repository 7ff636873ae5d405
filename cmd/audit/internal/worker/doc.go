// Package worker runs a collection in a process of its own, so that whatever
// happens to it, a report is written on time.
//
// The worker is this program, started once more. A call that hangs in the
// kernel keeps its process from ending, and a runtime that finds its memory
// damaged takes the whole process with it: both cost the worker only. The
// parent reads what the worker tells, waits for nothing without a deadline,
// and leaves behind what cannot be killed.
//
// # Descriptors of the worker
//
//	0  from the parent: the job, one line of JSON; then the line "stop REASON"
//	   when the user has had enough. Its end means that the parent is gone.
//	1  nothing
//	2  to the parent: log lines, last words
//	3  to the parent: lines of one letter and JSON:
//	   h  hello: the job was understood
//	   e  an event, as inventory.EncodeEvent writes it
//	   d  done: the times of the run
//	   x  the run could not begin, and why
//	4  to the parent: the bell, a byte when there is something to read on 3 that
//	   should not wait
//	5  to the parent, when the job wants one: the recording
package worker

import "time"

// Name is the word on the command line that makes this program a worker.
const Name = "worker"

// Bounds on what a parent takes from a worker, whose memory a fault may have
// damaged. A stored report may have 64 MiB, too.
const (
	maxLine   = 16 << 20
	maxTotal  = 64 << 20
	maxEvents = 1 << 17
)

// Letters of the lines on descriptor 3.
const (
	lineHello   = 'h'
	lineEvent   = 'e'
	lineDone    = 'd'
	lineRefusal = 'x'
)

// times is what a worker says of its run.
type times struct {
	Started  time.Time     `json:"started"`
	Finished time.Time     `json:"finished"`
	Took     time.Duration `json:"took"`
}

// The worker's descriptors.
const (
	fdEvents    = 3
	fdBell      = 4
	fdRecording = 5
)

const stopWord = "stop "
