package archive

import (
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A Writer puts a stream of frames into a file. Frames come whole from
// [Writer.Append], or as bytes in pieces of any size from Write: that is how a
// recorder in another process is listened to, of which nobody knows when it will
// be lost. A frame that does not come whole is left out.
//
// A Writer is for one goroutine.
type Writer struct {
	zip    *gzip.Writer
	rest   []byte // the beginning of a frame
	left   int64
	frames int
	err    error
	closed bool
}

// NewWriter begins a recording.
func NewWriter(w io.Writer) (*Writer, error) {
	if _, err := io.WriteString(w, Magic); err != nil {
		return nil, err
	}
	return &Writer{zip: gzip.NewWriter(w), left: MaxTotal}, nil
}

// Write takes a piece of the stream. An error is for good: what was taken before
// makes a recording when the writer is closed.
func (a *Writer) Write(p []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	a.rest = append(a.rest, p...)
	n, err := a.take(a.rest)
	a.rest = append(a.rest[:0], a.rest[n:]...)
	if err != nil {
		a.err, a.rest = err, nil
		return 0, err
	}
	return len(p), nil
}

// Append adds one frame.
func (a *Writer) Append(f Frame) error {
	if a.err == nil && len(a.rest) > 0 {
		a.rest = nil // of a process that is lost
	}
	_, err := a.Write(Append(nil, f))
	return err
}

// take writes the whole frames in p and says how long they are.
func (a *Writer) take(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		size, n := binary.Uvarint(p[done+1:])
		if n == 0 {
			break
		}
		if n < 0 || size > MaxFrame {
			return done, fmt.Errorf("frame of %d bytes: %w", size, ErrMalformed)
		}
		end := done + 1 + n + int(size)
		if end > len(p) {
			break
		}
		if newFrame(p[done]) == nil {
			return done, fmt.Errorf("frame %q: %w", p[done], ErrMalformed)
		}
		if a.frames++; int64(end-done) > a.left || a.frames >= MaxFrames {
			return done, ErrTooLarge
		}
		a.left -= int64(end - done)
		if p[done] == kindClose {
			a.closed = true
		}
		if _, err := a.zip.Write(p[done:end]); err != nil {
			return done, err
		}
		done = end
	}
	return done, nil
}

// Close ends the recording; reason says why it did so early, "" that it did not.
// The error is that of the first write that failed; a recording that grew too
// large, or a stream that made no sense, ends with that as its reason.
func (a *Writer) Close(reason string) error {
	var err error
	switch {
	case a.err != nil && !errors.Is(a.err, ErrMalformed):
		return a.err
	case a.err != nil:
		err, reason = a.err, a.err.Error()
	case len(a.rest) > 0 && reason == "":
		reason = "the last frame is not whole"
	}
	if !a.closed {
		if _, werr := a.zip.Write(Append(nil, &Close{Reason: reason})); werr != nil {
			return werr
		}
	}
	return errors.Join(err, a.zip.Close())
}
