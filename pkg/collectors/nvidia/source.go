package nvidia

import "context"

// A Source asks NVML. gpus is how many GPUs the PCI bus shows, for deadlines
// that grow with their number. What it got before something went wrong is
// returned together with the error, which may be or hold a [*StoppedError].
//
// It is called only when the kernel driver is loaded, and left behind when it
// does not return in time.
type Source func(ctx context.Context, gpus int) (*Data, error)

// How a source ended before its time.
const (
	Crash = "crash" // the library ended the process
	Hang  = "hang"  // a call did not come back in time
)

// A StoppedError says in which call a source ended before its time.
type StoppedError struct {
	How    string // [Crash] or [Hang]
	During *Query // nil when it was not in a call
	Detail string // what the dying process said, if anything
	Err    error  // what happened: context.DeadlineExceeded, an exit status
}

// Error reads like "hang in nvmlDeviceGetSerial, GPU 1: context deadline exceeded".
func (e *StoppedError) Error() string {
	s := e.How
	if e.During != nil {
		s += " in " + e.During.String()
	} else {
		s += " of the NVML helper"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

func (e *StoppedError) Unwrap() error { return e.Err }
