package archive

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Magic are the first bytes of a recording; a gzip stream of frames follows.
const Magic = "bee recording\n\x1a\n"

// ErrCut is a recording that ends before its end: what was read stands.
var ErrCut = fmt.Errorf("the recording is cut short: %w", io.ErrUnexpectedEOF)

// ErrTooLarge is a recording that unpacks to more than anybody recorded.
var ErrTooLarge = fmt.Errorf("larger than a recording may be: %w", ErrMalformed)

// Limits bound what is read. A machine with 4,096 PCI functions makes 40 MiB and
// 400,000 frames.
const (
	MaxTotal  = 256 << 20
	MaxFrames = 4 << 20
)

// A Reader takes a recording apart.
type Reader struct {
	zip    *gzip.Reader
	in     *bufio.Reader
	left   int64
	frames int
	header *Header
	end    error // what Next returns after the last frame; nil before
}

// NewReader reads the header of a recording.
func NewReader(r io.Reader) (*Reader, error) {
	magic := make([]byte, len(Magic))
	if _, err := io.ReadFull(r, magic); err != nil || string(magic) != Magic {
		return nil, fmt.Errorf("not a recording of bee: %w", ErrMalformed)
	}
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("header: %w", cut(err))
	}
	zip.Multistream(false)
	a := &Reader{zip: zip, left: MaxTotal}
	a.in = bufio.NewReaderSize(zip, 64<<10)
	f, err := a.Next()
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	h, ok := f.(*Header)
	switch {
	case !ok:
		return nil, fmt.Errorf("no header: %w", ErrMalformed)
	case h.Version > Version:
		return nil, fmt.Errorf("the recording has format %d, this program knows %d: %w", h.Version, Version, errors.ErrUnsupported)
	}
	a.header = h
	return a, nil
}

// Header is the recording's first frame.
func (a *Reader) Header() *Header { return a.header }

// Next returns the next frame; io.EOF after the last. Frames are for keeping.
// [ErrCut] means that the recording ends without its last frame. In place of
// io.EOF there is [ErrMalformed] when the checksum, which stands at the end of
// all, says that something before it was changed.
func (a *Reader) Next() (Frame, error) {
	for {
		if a.end != nil {
			return nil, a.end
		}
		kind, err := a.in.ReadByte()
		if err != nil {
			return nil, cut(err)
		}
		size, err := binary.ReadUvarint(a.in)
		if err != nil {
			return nil, cut(err)
		}
		if a.frames++; size > MaxFrame || int64(size) > a.left || a.frames > MaxFrames {
			return nil, ErrTooLarge
		}
		a.left -= int64(size) + 2
		buf, err := readN(a.in, int(size))
		if err != nil {
			return nil, cut(err)
		}
		f, err := Decode(kind, buf)
		if err != nil {
			return nil, err
		}
		if f == nil {
			continue // a later version's
		}
		if _, last := f.(*Close); last {
			a.end = a.checked()
		}
		return f, nil
	}
}

// checked reads what follows the last frame: nothing but the checksum, which
// gzip compares. It is io.EOF when it fits.
func (a *Reader) checked() error {
	switch _, err := a.in.ReadByte(); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the checksum is missing: %w", ErrMalformed)
	case errors.Is(err, io.EOF):
		return io.EOF
	case err != nil:
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return fmt.Errorf("data behind the last frame: %w", ErrMalformed)
}

// readN reads what is there before it makes room for what is said to be.
func readN(r io.Reader, n int) ([]byte, error) {
	const step = 256 << 10
	buf := make([]byte, min(n, step))
	for have := 0; ; {
		if _, err := io.ReadFull(r, buf[have:]); err != nil {
			return nil, err
		}
		if have = len(buf); have == n {
			return buf, nil
		}
		buf = append(buf, make([]byte, min(n-have, max(have, step)))...)
	}
}

// cut tells an end where none should be from other damage.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrCut
	}
	return fmt.Errorf("%w: %w", ErrMalformed, err)
}
