package scrub

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/inventory"
)

// Collectors makes the list that a recording is replayed with.
type Collectors func(h *host.Host, src *replay.Source) []inventory.Collector

// Default is bee's own collectors.
func Default(h *host.Host, src *replay.Source) []inventory.Collector {
	lldp, _ := time.ParseDuration(src.Option("lldp")) // zero when it was not listened
	return collectors.Default(h, collectors.WithNVML(src.NVML()), collectors.WithLLDP(lldp))
}

// Options change how a recording is scrubbed.
type Options struct {
	// Key decides the pseudonyms; nil is a fresh one that nobody knows. With
	// the same key several recordings of one machine stay comparable.
	Key []byte
	// Collectors replay the recording; nil is [Default].
	Collectors Collectors
	// Run are options of the replays.
	Run []inventory.Option
}

// Summary says what was done.
type Summary struct {
	Values int // replaced
	Left   int // too short or plain to tell a machine by
	Places int // where something was replaced
}

// Scrub reads a recording and writes it without what tells the machine from
// others. Nothing is written when that did not succeed.
func Scrub(ctx context.Context, in io.Reader, out io.Writer, o Options) (Summary, error) {
	original, err := io.ReadAll(io.LimitReader(in, archive.MaxTotal))
	if err != nil {
		return Summary{}, err
	}
	if o.Key == nil {
		o.Key = newKey()
	}
	if o.Collectors == nil {
		o.Collectors = Default
	}
	before, err := o.report(ctx, original)
	if err != nil {
		return Summary{}, err
	}
	frames, err := readAll(bytes.NewReader(original))
	if err != nil {
		return Summary{}, err
	}
	g := newGatherer()
	g.spareNames(frames)
	if err := g.report(before); err != nil {
		return Summary{}, err
	}
	g.frames(frames)

	s := &scrubber{frames: frames}
	s.prepare(g.values(), o.Key)
	s.rewrite()
	var result bytes.Buffer
	if err := write(frames, &result); err != nil {
		return Summary{}, err
	}
	if err := s.check(result.Bytes()); err != nil {
		return Summary{}, err
	}
	after, err := o.report(ctx, result.Bytes())
	if err != nil {
		return Summary{}, fmt.Errorf("replaying the result: %w", err)
	}
	if old, ok := s.all.found(after, inText); ok {
		return Summary{}, leftIn("its report has " + hex.EncodeToString([]byte(old)))
	}
	if err := sameShape(before, after); err != nil {
		return Summary{}, err
	}
	_, err = out.Write(result.Bytes())
	return Summary{Values: len(g.values()), Left: g.left, Places: s.places}, err
}

// report replays a recording.
func (o Options) report(ctx context.Context, file []byte) ([]byte, error) {
	src, err := replay.Load(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	opts := append(slices.Clone(o.Run), inventory.WithTimekeeper(src))
	for name, f := range map[string]func(...string) inventory.Option{"only": inventory.WithOnly, "skip": inventory.WithSkip} {
		if v := src.Option(name); v != "" {
			opts = append(opts, f(strings.Split(v, ",")...))
		}
	}
	return json.Marshal(inventory.Collect(ctx, o.Collectors(host.New(src), src), opts...))
}

type scrubber struct {
	frames []archive.Frame
	all    *replacer
	ipv4   map[string]string // raw
	places int
}

func (s *scrubber) prepare(values []value, key []byte) {
	n := &names{key: key, taken: map[string]bool{}}
	for _, v := range values {
		n.taken[strings.ToLower(v.text)] = true
		n.taken[hex.EncodeToString(v.id)] = true
	}
	n.within(values)
	s.ipv4 = map[string]string{}
	var all []form
	for _, v := range values {
		all = append(all, n.forms(v)...)
		if v.class == classIPv4 {
			from, ok1 := ipv4(v.text)
			to, ok2 := ipv4(n.ipv4(v.text))
			if ok1 && ok2 {
				s.ipv4[string(from)] = string(to)
			}
		}
	}
	s.all = newReplacer(all)
}

// rewrite replaces everything in place.
func (s *scrubber) rewrite() {
	calls := map[*archive.End]*archive.Call{}
	for _, x := range exchanges(s.frames) {
		calls[x.end] = x.call
	}
	// FRU devices first, as long as their pieces are what they were.
	for _, m := range images(s.frames) {
		after := s.replace(m.data, inFRU)
		mendFRU(m.data, after)
		m.store(after)
	}
	visit(s.frames, func(f archive.Frame, w where, b []byte) []byte {
		end, _ := f.(*archive.End)
		c := calls[end]
		if w == inData && c != nil && c.Protocol == "ipmi" && len(c.Command) == 5 && c.Command[3] == netFnStorage && c.Command[4] == cmdReadFRU {
			return b
		}
		after := s.replace(b, w)
		if w == inData && c != nil {
			mend(c, b, after)
			if lanAddress(c) && len(after) >= 5 {
				if to, ok := s.ipv4[string(after[1:5])]; ok {
					copy(after[1:], to)
					s.places++
				}
			}
		}
		return after
	})
	for _, f := range s.frames {
		if h, ok := f.(*archive.Header); ok {
			h.Scrubbed = true
		}
		if b, ok := f.(*archive.Begin); ok && b.Call.Protocol == "lldp" {
			b.Call.Data = resorted(b.Call.Data)
		}
	}
}

// resorted puts a list of interfaces in the order in which it is asked for.
func resorted(list []byte) []byte {
	if len(list) == 0 {
		return list
	}
	names := strings.Split(string(list), "\n")
	slices.SortFunc(names, inventory.CompareNatural)
	return []byte(strings.Join(names, "\n"))
}

// replace never returns b itself.
func (s *scrubber) replace(b []byte, w where) []byte {
	after := s.all.apply(b, w)
	if !bytes.Equal(after, b) {
		s.places++
	}
	return bytes.Clone(after)
}

// check looks for what should be gone, in the result as it can be unpacked.
func (s *scrubber) check(result []byte) error {
	frames, err := readAll(bytes.NewReader(result))
	if err != nil {
		return err
	}
	visit(frames, func(f archive.Frame, w where, b []byte) []byte {
		if old, ok := s.all.found(b, w); ok && err == nil {
			err = leftIn(fmt.Sprintf("%T: %x", f, old))
		}
		return b
	})
	for _, m := range images(frames) {
		if old, ok := s.all.found(m.data, inFRU); ok && err == nil {
			err = leftIn(fmt.Sprintf("FRU: %x", old))
		}
	}
	for _, x := range exchanges(frames) {
		if a := x.end.Answer.Data; lanAddress(x.call) && len(a) >= 5 && s.ipv4[string(a[1:5])] != "" && err == nil {
			err = leftIn("address of the controller")
		}
	}
	return err
}
