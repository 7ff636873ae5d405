package replay

import (
	"bytes"
	"context"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/record"
	"example.com/bee/pkg/collectors/nvidia"
)

// NVML is the recorded source of NVML data; nil when the run had none. No helper
// is started: what it said then is decoded again.
func (s *Source) NVML() nvidia.Source {
	found := false
	for k := range s.queues {
		found = found || k[0] == byte(archive.OpHelper)
	}
	if !found && !s.header.Live {
		return nil
	}
	return s.readGPUs
}

func (s *Source) readGPUs(ctx context.Context, gpus int) (*nvidia.Data, error) {
	c := record.NVMLCall(gpus)
	e := s.next(ctx, c)
	if e == nil {
		return nil, ErrNotRecorded
	}
	var whole *nvidia.Data
	for _, part := range e.parts {
		switch data := said(part); {
		case data == nil:
		case whole == nil:
			whole = data
		default:
			whole.Merge(data)
		}
	}
	if e.answer == nil {
		return nil, context.DeadlineExceeded // whoever asked had left before
	}
	return whole, errorOf(e.answer.Err)
}

// said is what one helper said, up to the end or the first line that is none.
func said(stream []byte) *nvidia.Data {
	d := nvidia.NewDecoder(bytes.NewReader(stream))
	for d.Data() == nil || !d.Data().Done {
		if d.Next() != nil {
			break
		}
	}
	return d.Data()
}

var _ host.Player = (*Source)(nil)
