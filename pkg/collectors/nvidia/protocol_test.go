package nvidia_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
	nvmlmock "example.com/bee/test/nvml"
)

// stream is what a helper would write of a machine.
func stream(tb testing.TB, d *nvidia.Data) []byte {
	tb.Helper()
	var b bytes.Buffer
	enc, err := nvidia.NewEncoder(&b, "1.2.3", 4711)
	if err != nil {
		tb.Fatal(err)
	}
	if err := nvidia.Ask(tb.Context(), nvmlmock.API(d), enc, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestStreamEqualsData(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*nvidia.Data{
		"none": nvmlmock.H100s(0), "two": nvmlmock.H100s(2), "mig": nvmlmock.WithMIG(), "lost": nvmlmock.OneLost(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			direct := &nvidia.Data{Hello: nvidia.Hello{Protocol: 1, Version: "1.2.3", PID: 4711}}
			if err := nvidia.Ask(t.Context(), nvmlmock.API(d), direct, nil); err != nil {
				t.Fatal(err)
			}
			decoded, err := nvidia.DecodeHelper(bytes.NewReader(stream(t, d)))
			if err != nil || !decoded.Done {
				t.Fatal(err)
			}
			if diff := cmp.Diff(direct, decoded); diff != "" {
				t.Errorf("(-asked +decoded):\n%s", diff)
			}
			var again bytes.Buffer
			if err := nvidia.Encode(&again, decoded); err != nil {
				t.Fatal(err)
			}
			twice, err := nvidia.DecodeHelper(&again)
			if diff := cmp.Diff(decoded, twice); diff != "" || err != nil {
				t.Errorf("%v (-decoded +encoded again):\n%s", err, diff)
			}
		})
	}
}

// Cut anywhere, the stream keeps what came before the cut, and names the call
// it broke off in.
func TestStreamCut(t *testing.T) {
	t.Parallel()
	whole := stream(t, nvmlmock.H100s(2))
	readings := -1
	for n := 0; n <= len(whole); n += 1009 {
		d, err := nvidia.DecodeHelper(bytes.NewReader(whole[:n]))
		if hello := bytes.IndexByte(whole, '\n'); n <= hello {
			if d != nil || !errors.Is(err, inventory.ErrMalformed) {
				t.Fatalf("%d bytes: %v, %v", n, d, err)
			}
			continue
		}
		if err != nil || d.Done {
			t.Fatalf("%d bytes: %v", n, err)
		}
		got := len(d.System)
		for _, g := range d.GPUs {
			got += len(g.Readings)
		}
		if got < readings {
			t.Fatalf("%d bytes: %d readings, fewer than before", n, got)
		}
		readings = got
	}
}

func TestCulprit(t *testing.T) {
	t.Parallel()
	whole := stream(t, nvmlmock.H100s(2))
	mark := []byte(`{"call":{"fn":"nvmlDeviceGetSerial","gpu":1}}` + "\n")
	at := bytes.Index(whole, mark)
	d, err := nvidia.DecodeHelper(io.MultiReader(bytes.NewReader(whole[:at+len(mark)]), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if !errors.Is(err, io.ErrUnexpectedEOF) || d.Pending == nil {
		t.Fatalf("%v, %+v", err, d)
	}
	if s := d.Pending.String(); s != "nvmlDeviceGetSerial, GPU 1" {
		t.Errorf("culprit %q", s)
	}
	if len(d.GPUs) != 2 || !d.GPUs[0].Complete || d.GPUs[1].Complete {
		t.Errorf("%d GPUs", len(d.GPUs))
	}
}

func TestHostileStreams(t *testing.T) {
	t.Parallel()
	const hello = `{"hello":{"protocol":1}}` + "\n"
	read := func(s string) string { return hello + `{"read":` + s + "}\n" }
	for name, c := range map[string]struct {
		in    string
		empty bool // no Data at all
		ok    bool
	}{
		"nothing":            {"", true, false},
		"noise":              {"NVML: hello\n", true, false},
		"other protocol":     {`{"hello":{"protocol":2}}` + "\n", true, false},
		"no hello":           {`{"done":{}}` + "\n", true, false},
		"hello alone":        {hello, false, true},
		"unknown line":       {hello + `{"weather":{"sun":true}}` + "\n{}\n", false, true},
		"unknown key":        {read(`{"fn":"f","gpu":0,"ret":0,"color":"red"}`), false, true},
		"noise inside":       {hello + "hello\n", false, false},
		"endless line":       {hello + strings.Repeat("x", 2*nvidia.MaxLine), false, false},
		"long line":          {hello + `{"note":{"kind":"` + strings.Repeat("x", nvidia.MaxLine) + `"}}` + "\n", false, false},
		"GPU -2":             {read(`{"fn":"f","gpu":-2,"ret":0}`), false, false},
		"GPU 100000":         {read(`{"fn":"f","gpu":100000,"ret":0}`), false, false},
		"MIG 100000":         {read(`{"fn":"f","gpu":0,"mig":100000,"ret":0}`), false, false},
		"MIG of none":        {read(`{"fn":"f","mig":0,"ret":0}`), false, false},
		"no return code":     {read(`{"fn":"f","gpu":0}`), false, false},
		"no function":        {read(`{"gpu":0,"ret":0}`), false, false},
		"negative number":    {read(`{"fn":"f","gpu":0,"ret":0,"num":[-1]}`), false, false},
		"many numbers":       {read(`{"fn":"f","ret":0,"num":[` + strings.Repeat("1,", 100) + `1]}`), false, false},
		"many readings":      {hello + strings.Repeat(`{"read":{"fn":"f","gpu":0,"ret":0}}`+"\n", 5000), false, false},
		"many notes":         {hello + strings.Repeat(`{"note":{"kind":"x"}}`+"\n", 5000), false, false},
		"complete elsewhere": {hello + `{"complete":{"gpu":-7}}` + "\n", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := nvidia.DecodeHelper(strings.NewReader(c.in))
			if (d == nil) != c.empty || (err == nil) != c.ok || err != nil && !errors.Is(err, inventory.ErrMalformed) {
				t.Errorf("%+v, %v", d, err)
			}
		})
	}
}

func TestSkip(t *testing.T) {
	t.Parallel()
	first, second := &nvidia.Data{}, &nvidia.Data{}
	d := nvmlmock.H100s(4)
	if err := nvidia.Ask(t.Context(), nvmlmock.API(d), first, func(gpu int) bool { return gpu > 1 }); err != nil {
		t.Fatal(err)
	}
	if err := nvidia.Ask(t.Context(), nvmlmock.API(d), second, func(gpu int) bool { return gpu < 3 }); err != nil {
		t.Fatal(err)
	}
	first.Merge(second)
	if len(first.GPUs) != 3 || first.GPUs[2].Index != 3 {
		t.Errorf("%d GPUs", len(first.GPUs))
	}
}

// A lost GPU costs a few questions, not hundreds of slow ones.
func TestAskLost(t *testing.T) {
	t.Parallel()
	got := &nvidia.Data{}
	if err := nvidia.Ask(t.Context(), nvmlmock.API(nvmlmock.OneLost()), got, nil); err != nil {
		t.Fatal(err)
	}
	if n := len(got.GPUs[1].Readings); n > 20 || !got.GPUs[1].Complete {
		t.Errorf("%d questions", n)
	}
}

func FuzzDecodeHelper(f *testing.F) {
	// A whole stream is long for the fuzzer; these are its kinds of line.
	whole := stream(f, nvmlmock.WithMIG())
	for at := 0; at+1500 < len(whole); at += 6000 {
		part := append([]byte(`{"hello":{"protocol":1,"version":"1"}}`), whole[at+bytes.IndexByte(whole[at:], '\n'):at+1500]...)
		f.Add(append(part, "\n{\"done\":{}}\n"...))
	}
	f.Add([]byte(`{"hello":{"protocol":1}}` + "\n" + `{"note":{"kind":"library","detail":"\ud800"}}` + "\n" + `{"read":{"fn":"f","gpu":3,"mig":2,"args":[1],"ret":9,"num":[18446744073709551615],"text":"\u0000"}}` + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := nvidia.DecodeHelper(bytes.NewReader(b))
		if d == nil {
			if err == nil {
				t.Fatal("neither data nor error")
			}
			return
		}
		var out bytes.Buffer
		if err := nvidia.Encode(&out, d); err != nil {
			t.Fatal(err)
		}
		again, err := nvidia.DecodeHelper(&out)
		if err != nil {
			t.Fatalf("own encoding: %v", err)
		}
		if len(again.GPUs) > len(d.GPUs) || len(again.System) != len(d.System) {
			t.Fatal("own encoding differs")
		}
		gpus, _ := nvidia.Translate(d)
		for _, g := range gpus {
			if g.ID == "" {
				t.Fatal("a GPU without id")
			}
		}
	})
}

func BenchmarkDecodeHelper(b *testing.B) {
	in := stream(b, nvmlmock.EightWithOneSick())
	b.ReportAllocs()
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		d, err := nvidia.DecodeHelper(bytes.NewReader(in))
		if err != nil {
			b.Fatal(err)
		}
		if gpus, _ := nvidia.Translate(d); len(gpus) != 8 {
			b.Fatal(len(gpus))
		}
	}
}
