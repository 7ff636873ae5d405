package source

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"time"
)

// Collector is one part of the audit under way.
type Collector struct {
	Name  string
	Parts int
	// Ended is false while it runs.
	Ended  bool
	Status string
	Error  string
	Took   time.Duration
}

// event is one line of the progress file.
type event struct {
	Collector  string `json:"collector"`
	Event      string `json:"event"` // begin, part, end
	Status     string `json:"status"`
	Error      string `json:"error"`
	DurationMS int64  `json:"duration_ms"`
}

const (
	mostCollectors = 64
	mostProgress   = 4 << 20 // bytes of a progress file that are looked at
	chunk          = 64 << 10
)

// progressCache reads on where it stopped; a file that is another, or shorter,
// is read from its beginning.
type progressCache struct {
	seen   fs.FileInfo
	offset int64
	list   []Collector
}

func (c *progressCache) read(root Root, name string) []Collector {
	f, info, err := root.open(name)
	if err != nil {
		*c = progressCache{}
		return nil
	}
	defer func() { _ = f.Close() }()
	if c.seen == nil || !os.SameFile(c.seen, info) || info.Size() < c.offset {
		*c = progressCache{}
	}
	c.seen = info
	buf := make([]byte, chunk)
	for c.offset < mostProgress {
		n, err := f.ReadAt(buf, c.offset)
		end := bytes.LastIndexByte(buf[:n], '\n') + 1
		if end == 0 && n == len(buf) {
			end = n // a line without end is no line of ours
		}
		for l := range bytes.Lines(buf[:end]) {
			c.take(l)
		}
		c.offset += int64(end)
		if err != nil || end == 0 {
			break
		}
	}
	return slices.Clone(c.list)
}

func (c *progressCache) take(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil || e.Collector == "" {
		return
	}
	name := Clean(e.Collector)
	i := slices.IndexFunc(c.list, func(k Collector) bool { return k.Name == name })
	if i < 0 {
		if len(c.list) >= mostCollectors {
			return
		}
		c.list, i = append(c.list, Collector{Name: name}), len(c.list)
	}
	k := &c.list[i]
	switch e.Event {
	case "begin":
		*k = Collector{Name: name}
	case "part":
		k.Parts++
	case "end":
		k.Ended, k.Status, k.Error = true, Clean(e.Status), Clean(e.Error)
		k.Took = time.Duration(min(max(e.DurationMS, 0), 1e9)) * time.Millisecond
	}
}
