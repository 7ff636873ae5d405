package replay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/inventory"
)

// frames are those of the recording of an emulated server.
func frames(t testing.TB) []archive.Frame {
	t.Helper()
	f, err := os.Open("testdata/server.bee")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := archive.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all := []archive.Frame{r.Header()}
	for {
		f, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
}

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile("../../../../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mutated is a copy of frames in which a few answers are others.
func mutated(original []archive.Frame, rng *rand.Rand) []archive.Frame {
	all := slices.Clone(original)
	for range 1 + rng.IntN(6) {
		i := 1 + rng.IntN(len(all)-1)
		switch f := all[i].(type) {
		case *archive.End:
			c := *f
			c.Answer = mutatedAnswer(c.Answer, original, rng)
			all[i] = &c
			if rng.IntN(16) == 0 {
				all[i] = &archive.Moment{} // it never came back
			}
		case *archive.Moment:
			c := *f
			c.At, c.Elapsed = time.Unix(rng.Int64N(1<<33), 0), time.Duration(rng.Int64())
			if rng.IntN(4) == 0 {
				c.Ended = &archive.Fault{Kind: archive.FaultPlain, Text: "context deadline exceeded", Is: 1 << 6}
			}
			all[i] = &c
		case *archive.Begin:
			if rng.IntN(4) == 0 {
				all[i] = &archive.Refuse{Call: f.Call, Err: &archive.Fault{Kind: archive.FaultPlain, Text: "input/output error", Errno: 5}, Bound: rng.IntN(4) - 1}
			}
		}
	}
	return all
}

func mutatedAnswer(a archive.Answer, from []archive.Frame, rng *rand.Rand) archive.Answer {
	if rng.IntN(8) == 0 {
		errno := []int{1, 2, 5, 11, 13, 16, 19, 22, 95, 110}[rng.IntN(10)]
		a.Err = &archive.Fault{Kind: archive.FaultPath, Op: "read", Path: "/x", Inner: []*archive.Fault{{Kind: archive.FaultPlain, Text: "an error", Errno: errno, Is: uint64(rng.IntN(1 << 14))}}}
		a.Data, a.Names = nil, nil
		return a
	}
	if a.Names != nil {
		a.Names = slices.Clone(a.Names)
		i := rng.IntN(len(a.Names))
		switch rng.IntN(4) {
		case 0:
			a.Names = slices.Delete(a.Names, i, i+1)
		case 1:
			a.Names[i] = string(mutatedBytes([]byte(a.Names[i]), rng))
		case 2:
			a.Names = append(a.Names, a.Names[i]+"0", "..", "../../etc", "")
		default:
			for range 300 {
				a.Names = append(a.Names, a.Names[i])
			}
		}
		return a
	}
	if e, ok := from[rng.IntN(len(from))].(*archive.End); ok && rng.IntN(8) == 0 {
		a.Data = e.Answer.Data // another's
		return a
	}
	if rng.IntN(4) == 0 {
		a.Status = mutatedBytes(a.Status, rng)
	} else {
		a.Data = mutatedBytes(a.Data, rng)
	}
	return a
}

func mutatedBytes(b []byte, rng *rand.Rand) []byte {
	b = slices.Clone(b)
	for range 1 + rng.IntN(8) {
		if len(b) == 0 {
			return []byte{byte(rng.Uint32())}
		}
		i := rng.IntN(len(b))
		switch rng.IntN(8) {
		case 0:
			b[i] ^= 1 << rng.IntN(8)
		case 1:
			b[i] = byte(rng.Uint32())
		case 2:
			b[i] = 0xFF
		case 3:
			b[i] = 0
		case 4:
			b = b[:i]
		case 5:
			b = slices.Insert(b, i, byte(rng.Uint32()))
		case 6:
			b = slices.Insert(b, i, []byte(strconv.FormatUint(rng.Uint64(), 10))...)
		default:
			for j := i; j < min(len(b), i+64); j++ {
				b[j] = 0xFF
			}
		}
	}
	return b
}

// audited is the report of frames; it has to be one.
func audited(t testing.TB, all []archive.Frame, valid *jsonschema.Schema) {
	t.Helper()
	src := replay.FromFrames(all)
	list := collectors.Default(host.New(src), collectors.WithNVML(src.NVML()))
	began := time.Now()
	r := inventory.Collect(t.Context(), list, inventory.WithTimekeeper(src), inventory.WithTimeout(20*time.Second))
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("took %s", took)
	} else if took > 3*time.Second {
		for _, c := range r.Collectors {
			t.Logf("slow: %s %s %s", took, c.Name, c.Error)
		}
	}
	for _, c := range r.Collectors {
		if bytes.Contains([]byte(c.Error), []byte("panic")) {
			t.Errorf("%s: %s", c.Name, c.Error)
		}
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatalf("no JSON: %v", err)
	}
	if valid == nil {
		return
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := valid.Validate(doc); err != nil {
		t.Errorf("not valid: %v", err)
	}
}

// TestMutated: whatever a machine answers, the audit ends with a report.
// BEE_MUTATIONS is how many machines are tried, BEE_SEED the first one.
func TestMutated(t *testing.T) {
	t.Parallel()
	n := 2000
	if v, err := strconv.Atoi(os.Getenv("BEE_MUTATIONS")); err == nil {
		n = v
	} else if testing.Short() {
		n = 200
	}
	all, valid := frames(t), schema(t)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	first, _ := strconv.ParseUint(os.Getenv("BEE_SEED"), 10, 63)
	seeds := make([]uint64, n)
	for i := range seeds {
		seeds[i] = first + uint64(i)
	}
	errs := inventory.Each(t.Context(), 16, 10*time.Minute, seeds, func(_ context.Context, seed uint64) error {
		rng := rand.New(rand.NewPCG(seed, 0))
		audited(t, mutated(all, rng), valid)
		if t.Failed() {
			return errors.New("seed " + strconv.FormatUint(seed, 10))
		}
		return nil
	})
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	const most = 64 << 20
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > most {
		t.Errorf("%d bytes are left behind", grown)
	}
	t.Logf("%d mutations; %d bytes allocated for each", n, (after.TotalAlloc-before.TotalAlloc)/uint64(max(n, 1)))
}

func FuzzReplay(f *testing.F) {
	all := frames(f)
	for seed := range uint64(8) {
		f.Add(seed, seed*7)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		audited(t, mutated(all, rand.New(rand.NewPCG(a, b))), nil)
	})
}

// TestServer: the recording that is kept can be replayed by today's collectors.
func TestServer(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/server.bee")
	if err != nil {
		t.Fatal(err)
	}
	var r inventory.Report
	if err := json.Unmarshal(replayed(t, file), &r); err != nil {
		t.Fatal(err)
	}
	if r.Board.System.ProductName != "PowerEdge R740" || len(r.CPUs) != 2 || len(r.Memory.Modules) != 8 || len(r.Storage) != 6 || len(r.PowerSupplies) != 2 || r.BMC == nil {
		t.Errorf("board %+v, %d CPUs, %d drives, %d power supplies", r.Board.System, len(r.CPUs), len(r.Storage), len(r.PowerSupplies))
	}
	if r.StartedAt.Year() != 2026 || r.DurationMS == 0 {
		t.Errorf("started %s, took %d ms", r.StartedAt, r.DurationMS)
	}
}
