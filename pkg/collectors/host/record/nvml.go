package record

import (
	"context"
	"io"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/internal/fault"
	"example.com/bee/pkg/collectors/nvidia"
)

// NVMLCall is the call under which what a source of NVML data says is found
// again.
func NVMLCall(gpus int) host.Call {
	return host.Call{Op: host.OpHelper, Name: "nvml", Request: host.Request{ReadLen: gpus}}
}

// NVML records a source that reads the helper's line protocol. make is called
// once for each reading; the source it makes calls tee each time it starts a
// helper, and writes to what it gets every byte it reads from it, as it comes.
func (r *Recorder) NVML(make func(tee func() io.Writer) nvidia.Source) nvidia.Source {
	return func(ctx context.Context, gpus int) (*nvidia.Data, error) {
		id := r.Began(ctx, NVMLCall(gpus))
		part := 0
		data, err := make(func() io.Writer {
			part++
			return chunks{r, id, part}
		})(ctx, gpus)
		r.put(&archive.End{ID: id, After: r.after(), Answer: archive.Answer{Err: fault.From(err)}})
		return data, err
	}
}

type chunks struct {
	rec  *Recorder
	id   uint64
	part int
}

func (c chunks) Write(p []byte) (int, error) {
	c.rec.put(&archive.Chunk{ID: c.id, Part: c.part, Data: p})
	return len(p), nil
}
