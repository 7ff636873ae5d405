package record_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/host/record"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/collectors/nvidia"
)

// kept is what a recording has after use.
func kept(t *testing.T, src host.Source, use func(h *host.Host, r *record.Recorder)) (stream []byte, again *replay.Source) {
	t.Helper()
	var raw, out bytes.Buffer
	w, err := archive.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	r, err := record.New(src, io.MultiWriter(&raw, w), record.Info{Options: []archive.Option{{Name: "only", Value: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	use(host.New(r), r)
	if err := errors.Join(r.Close(), w.Close("")); err != nil {
		t.Fatal(err)
	}
	again, err = replay.Load(&out)
	if err != nil || again.Damage() != nil {
		t.Fatal(err, again.Damage())
	}
	return raw.Bytes(), again
}

// TestCredentials: what systemd takes from SMBIOS is not written, and the table
// keeps its form.
func TestCredentials(t *testing.T) {
	t.Parallel()
	const secret = "hunter2hunter2"
	table := smbiostest.Table(
		smbiostest.System("Acme", "Server", "SN12345"),
		smbiostest.OEMStrings("Acme System", "io.systemd.credential:login.password="+secret, "io.systemd.credential.binary:key="+secret, "last"),
		smbiostest.MemoryModule(0, "A1", 1024, "S1"),
	)
	src := &hosttest.Source{Files: map[string]string{dmi.TablePath: string(table)}}
	stream, again := kept(t, src, func(h *host.Host, _ *record.Recorder) {
		if b, err := h.ReadFileMax(t.Context(), dmi.TablePath, host.FileLimit); err != nil || !bytes.Contains(b, []byte(secret)) {
			t.Errorf("the run itself: %v", err)
		}
	})
	if bytes.Contains(stream, []byte("hunter2")) {
		t.Error("the secret was recorded")
	}
	b, err := host.New(again).ReadFileMax(t.Context(), dmi.TablePath, host.FileLimit)
	if err != nil || len(b) != len(table) {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	decoded, err := smbios.Decode(nil, b)
	if err != nil || len(decoded.Systems()) != 1 || len(decoded.OEMStrings()) != 1 {
		t.Fatalf("%v, %v", decoded, err)
	}
	strings := decoded.OEMStrings()[0].Strings()
	if len(strings) != 4 || strings[0] != "Acme System" || strings[3] != "last" {
		t.Errorf("%q", strings)
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"quiet root=UUID=0a1b2c3d-1111-2222-3333-444455556666 ro":  "quiet root=UUID=0a1b2c3d-1111-2222-3333-444455556666 ro",
		"password=geheim console=ttyS0":                            "password=xxxxxx console=ttyS0",
		"bee.push.token=abc bee.keys=ssh-ed25519":                  "bee.push.token=xxx bee.keys=xxxxxxxxxxx",
		"rd.luks.key=/k API_SECRET=\"a b c\" x=1":                  "rd.luks.key=xx API_SECRET=xxxxxxx x=1",
		"url=https://me:pw@host/path":                              "url=https://xxxxx@host/path",
		"blob=QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY= nomodeset":  "blob=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx nomodeset",
		"0123456789abcdef0123456789abcdef":                         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"BOOT_IMAGE=/boot/vmlinuz-6.1.0-56-amd64 intel_iommu=on\n": "BOOT_IMAGE=/boot/vmlinuz-6.1.0-56-amd64 intel_iommu=on\n",
	} {
		src := &hosttest.Source{Files: map[string]string{"/proc/cmdline": line}}
		_, again := kept(t, src, func(h *host.Host, _ *record.Recorder) { _, _ = h.ReadFile(t.Context(), "/proc/cmdline") })
		if got, err := host.New(again).ReadFile(t.Context(), "/proc/cmdline"); string(got) != want || err != nil {
			t.Errorf("%q: got %q, want %q, %v", line, got, want, err)
		}
	}
}

// TestHelper: what the NVML helper says is kept as it comes, and how it ended.
func TestHelper(t *testing.T) {
	t.Parallel()
	stopped := &nvidia.StoppedError{How: nvidia.Crash, Detail: "SIGSEGV", Err: errors.New("signal: segmentation fault"), During: &nvidia.Query{Function: "nvmlDeviceGetSerial", GPU: 1, Instance: nvidia.Whole}}
	var said bytes.Buffer
	enc, err := nvidia.NewEncoder(&said, "1.0", 42)
	if err != nil {
		t.Fatal(err)
	}
	if err := enc.Say(nvidia.Note{Kind: nvidia.NoteNoDriver, Detail: "gone"}); err != nil {
		t.Fatal(err)
	}
	live := func(tee func() io.Writer) nvidia.Source {
		return func(context.Context, int) (*nvidia.Data, error) {
			d, err := nvidia.DecodeHelper(io.TeeReader(&said, tee()))
			return d, errors.Join(err, stopped, context.DeadlineExceeded)
		}
	}
	var data *nvidia.Data
	var liveErr error
	_, again := kept(t, &hosttest.Source{}, func(_ *host.Host, r *record.Recorder) { data, liveErr = r.NVML(live)(t.Context(), 2) })
	got, err := again.NVML()(t.Context(), 2)
	if got == nil || got.Hello != data.Hello || len(got.Notes) != 1 || err == nil || err.Error() != liveErr.Error() {
		t.Errorf("got %+v, %v; want %+v, %v", got, err, data, liveErr)
	}
	var e *nvidia.StoppedError
	if !errors.As(err, &e) || e.During == nil || e.During.GPU != 1 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %#v", err)
	}
	if _, err := again.NVML()(t.Context(), 2); !errors.Is(err, replay.ErrNotRecorded) {
		t.Errorf("again: %v", err)
	}
}

// TestBroken: a recording that cannot be written costs the recording.
func TestBroken(t *testing.T) {
	t.Parallel()
	in, out := io.Pipe()
	go func() { _, _ = io.CopyN(io.Discard, in, 300); in.Close() }()
	src := &hosttest.Source{Files: map[string]string{"/a": strings.Repeat("x", 1000)}}
	r, err := record.New(src, out, record.Info{})
	if err != nil {
		t.Fatal(err)
	}
	h := host.New(r)
	for range 3 {
		if b, err := h.ReadFile(t.Context(), "/a"); len(b) != 1000 || err != nil {
			t.Errorf("%d bytes, %v", len(b), err)
		}
	}
	if err := r.Close(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}
