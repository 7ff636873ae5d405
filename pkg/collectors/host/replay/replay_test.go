package replay_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/record"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/inventory"
)

// recorded collects from src and returns the report and the recording of it.
func recorded(t testing.TB, src host.Source, opts ...inventory.Option) (report, file []byte) {
	t.Helper()
	var out bytes.Buffer
	w, err := archive.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := record.New(src, w, record.Info{Tool: "test"})
	if err != nil {
		t.Fatal(err)
	}
	r := inventory.Collect(t.Context(), collectors.Default(host.New(rec)), append(opts, inventory.WithTimekeeper(rec))...)
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(""); err != nil {
		t.Fatal(err)
	}
	return encoded(t, r), out.Bytes()
}

func encoded(t testing.TB, r *inventory.Report) []byte {
	t.Helper()
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// replayed is the report of a recording.
func replayed(t testing.TB, file []byte, opts ...inventory.Option) []byte {
	t.Helper()
	src, err := replay.Load(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	h := host.New(src)
	list := collectors.Default(h, collectors.WithNVML(src.NVML()))
	return encoded(t, inventory.Collect(t.Context(), list, append(opts, inventory.WithTimekeeper(src))...))
}

// TestThisMachine: the report of a replay is the live one, to the byte.
func TestThisMachine(t *testing.T) {
	t.Parallel()
	src, err := host.LiveSource()
	if errors.Is(err, errors.ErrUnsupported) { // not on Linux
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	live, file := recorded(t, src)
	again := replayed(t, file)
	if !bytes.Equal(live, again) {
		t.Errorf("not the same:\n%s", firstDifference(live, again))
	}
	t.Logf("report %d bytes, recording %d", len(live), len(file))
}

func firstDifference(a, b []byte) string {
	as, bs := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(as), len(bs)) {
		if !bytes.Equal(as[i], bs[i]) {
			from := max(0, i-6)
			return string(bytes.Join(as[from:min(i+4, len(as))], []byte("\n"))) + "\n--- but\n" + string(bytes.Join(bs[from:min(i+4, len(bs))], []byte("\n")))
		}
	}
	return "one goes on"
}
