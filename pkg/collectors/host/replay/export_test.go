package replay

import (
	"example.com/bee/pkg/collectors/host/archive"
)

// FromFrames is [Load] for frames that are in memory; they stay as they are.
func FromFrames(frames []archive.Frame) *Source {
	s := newSource(frames[0].(*archive.Header))
	l := loader{s, map[uint64]*entry{}}
	for _, f := range frames {
		l.take(f)
	}
	s.findStuck()
	return s
}
