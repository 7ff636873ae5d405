package nvidia_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
	nvmlmock "example.com/bee/test/nvml"
)

// pciFunction adds one function to a machine.
func pciFunction(s *hosttest.Source, address, vendor, device, class, driver string) {
	dir := "/sys/bus/pci/devices/" + address
	s.Files[dir+"/vendor"] = vendor + "\n"
	s.Files[dir+"/device"] = device + "\n"
	s.Files[dir+"/class"] = class + "\n"
	if driver != "" {
		s.Links[dir+"/driver"] = "../../../bus/pci/drivers/" + driver
	}
}

func emptyMachine() *hosttest.Source { return othersOnly(200) }

// othersOnly is a machine with n functions of other makers.
func othersOnly(n int) *hosttest.Source {
	s := &hosttest.Source{Files: map[string]string{}, Links: map[string]string{}, Errors: map[string]error{}}
	for i := range n {
		pciFunction(s, fmt.Sprintf("0000:%02x:00.0", i), "0x8086", "0x1521", "0x020000", "igb")
	}
	return s
}

const versionText = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version:  gcc version 12.2.0\n"

// withGPUs is a machine with the GPUs of nvmlmock.H100s(n) and their driver.
func withGPUs(n int) *hosttest.Source { return gpusAmong(n, 200) }

func gpusAmong(n, others int) *hosttest.Source {
	s := othersOnly(others)
	s.Files["/proc/driver/nvidia/version"] = versionText
	for i := range n {
		a := fmt.Sprintf("0000:%02x:00.0", 0x1b+0x10*i)
		pciFunction(s, a, "0x10de", "0x2330", "0x030200", "nvidia")
		s.Files["/proc/driver/nvidia/gpus/"+a+"/information"] = fmt.Sprintf("Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 2%d\n"+
			"GPU UUID: \t GPU-b0e0%04x-1111-2222-3333-444455556666\nVideo BIOS: \t 96.00.89.00.01\nBus Type: \t PCIe\nDevice Minor: \t %d\nGPU Excluded:\t No\n", i, i, i)
		s.Files[fmt.Sprintf("/dev/nvidia%d", i)] = ""
	}
	return s
}

func source(d *nvidia.Data) nvidia.Source {
	return func(ctx context.Context, _ int) (*nvidia.Data, error) {
		got := &nvidia.Data{}
		return got, nvidia.Ask(ctx, nvmlmock.API(d), got, nil)
	}
}

func never(tb testing.TB) nvidia.Source {
	tb.Helper()
	return func(context.Context, int) (*nvidia.Data, error) {
		tb.Error("the source was called")
		return nil, nil
	}
}

func TestNoHardware(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*hosttest.Source{
		"nothing":     {},
		"other cards": emptyMachine(),
	} {
		gpus, err := nvidia.Read(t.Context(), s.Host(), never(t))
		if gpus != nil || err != nil {
			t.Errorf("%s: %v, %v", name, gpus, err)
		}
	}
	short := emptyMachine()
	short.Files["/proc/bus/pci/devices"] = procPCI(3, "80861521")
	short.Errors["/sys/bus/pci/devices"] = fs.ErrPermission // not even tried
	if gpus, err := nvidia.Read(t.Context(), short.Host(), never(t)); gpus != nil || err != nil {
		t.Errorf("%v, %v", gpus, err)
	}
	s := emptyMachine() // its sound and its USB are not the GPU
	pciFunction(s, "0000:f0:00.1", "0x10de", "0x22ba", "0x040300", "snd_hda_intel")
	if gpus, err := nvidia.Read(t.Context(), s.Host(), never(t)); gpus != nil || err != nil {
		t.Errorf("%v, %v", gpus, err)
	}
}

// What the short list says wrongly or not at all is looked up.
func TestShortList(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"there": procPCI(3, "80861521") + procPCI(1, "10de2330"), "empty": "", "other form": "0000 80861521\n",
	} {
		s := withGPUs(1)
		s.Files["/proc/bus/pci/devices"] = text
		if gpus, err := nvidia.Read(t.Context(), s.Host(), source(nvmlmock.H100s(1))); len(gpus) != 1 || err != nil {
			t.Errorf("%s: %v, %v", name, gpus, err)
		}
	}
}

func TestWhole(t *testing.T) {
	t.Parallel()
	asked := 0
	gpus, err := nvidia.Read(t.Context(), withGPUs(8).Host(), func(ctx context.Context, n int) (*nvidia.Data, error) {
		asked = n
		return source(nvmlmock.EightWithOneSick())(ctx, n)
	})
	if err != nil || len(gpus) != 8 || asked != 8 {
		t.Fatalf("%d GPUs, asked for %d, %v", len(gpus), asked, err)
	}
	for _, g := range gpus {
		if g.State != "ok" || g.SerialNumber == "" {
			t.Errorf("%+v", g)
		}
	}
}

func states(gpus []inventory.GPU) map[string]string {
	m := map[string]string{}
	for _, g := range gpus {
		m[g.PCIAddress] = g.State
	}
	return m
}

func TestStates(t *testing.T) {
	t.Parallel()
	absent := func(s *hosttest.Source) { delete(s.Files, "/proc/driver/nvidia/version") }
	for name, c := range map[string]struct {
		change func(*hosttest.Source)
		source nvidia.Source
		want   string // of the second GPU
		issue  error
	}{
		"in order":      {func(*hosttest.Source) {}, source(nvmlmock.H100s(2)), "ok", nil},
		"fallen off":    {func(*hosttest.Source) {}, source(nvmlmock.H100s(1)), "lost", nil},
		"not given":     {func(s *hosttest.Source) { delete(s.Files, "/dev/nvidia1") }, source(nvmlmock.H100s(1)), "", inventory.ErrNotCollected},
		"no driver":     {func(s *hosttest.Source) { absent(s); maps.DeleteFunc(s.Links, isDriver) }, never(t), "no_driver", nil},
		"nouveau":       {func(s *hosttest.Source) { absent(s); rebind(s, "nouveau") }, never(t), "foreign_driver", nil},
		"vfio":          {func(s *hosttest.Source) { rebind(s, "vfio-pci") }, source(nvmlmock.H100s(1)), "foreign_driver", nil},
		"not taken":     {func(s *hosttest.Source) { maps.DeleteFunc(s.Links, isSecond) }, source(nvmlmock.H100s(1)), "no_driver", nil},
		"excluded":      {exclude, source(nvmlmock.H100s(1)), "", nil},
		"no NVML":       {func(*hosttest.Source) {}, nil, "", inventory.ErrNotCollected},
		"virtual share": {func(s *hosttest.Source) { s.Links["/sys/bus/pci/devices/0000:2b:00.0/physfn"] = "../0000:1b:00.0" }, source(nvmlmock.H100s(1)), "-", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := withGPUs(2)
			c.change(s)
			gpus, err := nvidia.Read(t.Context(), s.Host(), c.source)
			if c.issue == nil && err != nil || !errors.Is(err, c.issue) {
				t.Errorf("error %v, want %v", err, c.issue)
			}
			got, listed := states(gpus)["0000:2b:00.0"]
			if listed != (c.want != "-") || listed && got != c.want {
				t.Errorf("%v, want %q", states(gpus), c.want)
			}
			for _, g := range gpus {
				if g.Name == "" || g.ID == "" || g.ParentID == "" {
					t.Errorf("%+v", g)
				}
			}
		})
	}
}

func isDriver(k, _ string) bool { return strings.HasSuffix(k, "/driver") }

func isSecond(k, _ string) bool { return strings.HasPrefix(k, "/sys/bus/pci/devices/0000:2b:00.0/") }

func rebind(s *hosttest.Source, driver string) {
	s.Links["/sys/bus/pci/devices/0000:2b:00.0/driver"] = "../../bus/pci/drivers/" + driver
}

func exclude(s *hosttest.Source) {
	const name = "/proc/driver/nvidia/gpus/0000:2b:00.0/information"
	s.Files[name] = strings.Replace(s.Files[name], "Excluded:\t No", "Excluded:\t Yes", 1)
}

// A source that stops in GPU 1 keeps GPU 0, and GPU 1 and 2 are known from
// the bus; nobody is called lost.
func TestStopped(t *testing.T) {
	t.Parallel()
	src := func(ctx context.Context, n int) (*nvidia.Data, error) {
		d, _ := source(nvmlmock.H100s(3))(ctx, n)
		d.GPUs = d.GPUs[:2]
		d.GPUs[1].Readings = d.GPUs[1].Readings[:4] // handle, PCI, UUID, name
		d.GPUs[1].Complete, d.Done = false, false
		d.Pending = &nvidia.Query{Function: nvidia.FnSerial, GPU: 1, Instance: nvidia.Whole}
		return d, &nvidia.StoppedError{How: nvidia.Hang, During: d.Pending, Err: context.DeadlineExceeded}
	}
	gpus, err := nvidia.Read(t.Context(), withGPUs(3).Host(), src)
	if len(gpus) != 3 || gpus[0].SerialNumber == "" || gpus[1].Name == "" || gpus[1].SerialNumber != "" || gpus[2].UUID == "" || gpus[2].State == "lost" {
		t.Fatalf("%+v", gpus)
	}
	var part *inventory.PartError
	if !errors.As(err, &part) || part.ComponentID != gpus[1].ID || inventory.KindOf(err) != inventory.KindTimeout ||
		!strings.Contains(err.Error(), "hang in nvmlDeviceGetSerial, GPU 1") {
		t.Errorf("%v", err)
	}
}

// A source that ignores its deadline is left behind, and PCI is still told.
func TestSourceHangs(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second) // the machine may be busy
	defer cancel()
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	report := inventory.Collect(ctx, []inventory.Collector{nvidia.Collector(withGPUs(2).Host(), func(context.Context, int) (*nvidia.Data, error) {
		<-release
		return nil, nil
	})})
	if o := report.Collectors[0]; o.Status != inventory.StatusPartial || len(report.GPUs) != 2 || report.GPUs[1].Name != "NVIDIA H100 80GB HBM3" {
		t.Errorf("%+v, %d GPUs", o, len(report.GPUs))
	}
	if report.Issues[0].Kind != inventory.KindTimeout {
		t.Errorf("%+v", report.Issues)
	}
}

func TestSourceProblems(t *testing.T) {
	t.Parallel()
	mismatch := nvmlmock.H100s(2)
	mismatch.System = append(mismatch.System, nvidia.Reading{
		Query: nvidia.Query{Function: nvidia.FnInitWithFlags, GPU: nvidia.Whole, Instance: nvidia.Whole, Args: []uint32{1}}, Return: nvidia.LibraryMismatch,
	})
	for name, c := range map[string]struct {
		src  nvidia.Source
		text string
	}{
		"panics": {func(context.Context, int) (*nvidia.Data, error) { panic("at the disco") }, "panic: at the disco"},
		"no library": {func(context.Context, int) (*nvidia.Data, error) {
			return &nvidia.Data{Done: true, Notes: []nvidia.Note{{Kind: nvidia.NoteNoLibrary, Detail: "none of 16"}}}, nil
		}, "none of 16"},
		"mismatch": {source(mismatch), "library and kernel driver differ in version"},
	} {
		gpus, err := nvidia.Read(t.Context(), withGPUs(2).Host(), c.src)
		if len(gpus) != 2 || err == nil || !strings.Contains(err.Error(), c.text) || gpus[0].State != "" {
			t.Errorf("%s: %d GPUs, %v", name, len(gpus), err)
		}
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	s := emptyMachine()
	s.Errors["/sys/bus/pci/devices"] = fs.ErrPermission
	if gpus, err := nvidia.Read(t.Context(), s.Host(), never(t)); gpus != nil || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v, %v", gpus, err)
	}
}

func FuzzInformation(f *testing.F) {
	f.Add([]byte("Model: \t\t NVIDIA H100\nGPU UUID: \t GPU-????????-????-????-????-????????????\nDevice Minor: \t 3\nGPU Excluded:\t No\n"))
	f.Add([]byte(versionText))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, ok := nvidia.DecodeInformation(b)
		if !ok && in != (nvidia.Information{}) {
			t.Fatalf("%+v", in)
		}
		if in.Minor != nil && *in.Minor < 0 {
			t.Fatal(*in.Minor)
		}
		if v, ok := nvidia.DecodeDriverVersion(b); ok != (v != "") {
			t.Fatalf("%q, %t", v, ok)
		}
	})
}

func TestDecodeProc(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		versionText: "550.54.15",
		"NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.04  Release Build  (root@x)  \n": "570.124.04",
		"NVRM version: something else\n": "",
		"":                               "",
	} {
		if v, ok := nvidia.DecodeDriverVersion([]byte(text)); v != want || ok != (want != "") {
			t.Errorf("%q: %q, %t", text, v, ok)
		}
	}
	in, ok := nvidia.DecodeInformation([]byte("Model: \t Unknown\nGPU UUID: \t GPU-????????-????-????-????-????????????\nVideo BIOS: \t ??.??.??.??.??\nDevice Minor: \t 0\n"))
	if !ok || in.Model != "" || in.UUID != "" || in.VBIOS != "" || in.Minor == nil || *in.Minor != 0 {
		t.Errorf("%+v", in)
	}
}

// A machine without NVIDIA hardware must not notice the collector.
func BenchmarkNoHardware(b *testing.B) {
	h := emptyMachine().Host()
	b.ReportAllocs()
	for b.Loop() {
		if gpus, err := nvidia.Read(b.Context(), h, nil); gpus != nil || err != nil {
			b.Fatal(err)
		}
	}
}
