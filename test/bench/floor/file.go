package floor

import (
	"encoding/binary"
	"errors"
	"time"

	"example.com/bee/pkg/collectors/host"
)

// Encode writes a trace down, field after field: what replays it must not
// spend its time on reading it.
func Encode(ops []Op) []byte {
	b := binary.AppendUvarint(nil, uint64(len(ops)))
	text := func(s []byte) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	number := func(n int64) { b = binary.AppendUvarint(b, uint64(n)) }
	for _, o := range ops {
		failed := byte(0)
		if o.Failed {
			failed = 1
		}
		b = append(b, o.Kind, failed)
		text([]byte(o.Name))
		text([]byte(o.Protocol))
		text(o.Request.Command)
		text(o.Request.Data)
		number(int64(o.Request.ReadLen))
		number(int64(o.Request.Timeout))
		number(int64(o.Device))
		number(o.Micros)
		number(int64(o.Bytes))
	}
	return b
}

// ErrTrace is a file that is no trace.
var ErrTrace = errors.New("not a trace")

// Decode reads what [Encode] wrote.
func Decode(b []byte) ([]Op, error) {
	bad := false
	number := func() int64 {
		n, used := binary.Uvarint(b)
		if used <= 0 || n > 1<<62 {
			bad, b = true, nil
			return 0
		}
		b = b[used:]
		return int64(n)
	}
	text := func() []byte {
		n := number()
		if n > int64(len(b)) {
			bad, b = true, nil
		}
		if n == 0 || bad {
			return nil
		}
		var s []byte
		s, b = b[:n:n], b[n:]
		return s
	}
	count := number()
	if bad || count > int64(len(b)) {
		return nil, ErrTrace
	}
	ops := make([]Op, count)
	for i := range ops {
		o := &ops[i]
		if len(b) < 2 {
			return nil, ErrTrace
		}
		o.Kind, o.Failed, b = b[0], b[1] == 1, b[2:]
		o.Name, o.Protocol = string(text()), host.Protocol(text())
		o.Request.Command, o.Request.Data = text(), text()
		o.Request.ReadLen, o.Request.Timeout = int(number()), time.Duration(number())
		o.Device, o.Micros, o.Bytes = int(number()), number(), int(number())
		if bad {
			return nil, ErrTrace
		}
	}
	return ops, nil
}
