package cpuinfo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/cpuinfo"
)

const x86 = `processor	: 0
vendor_id	: GenuineIntel
cpu family	: 6
model		: 85
model name	: Acme  Fast   CPU
stepping	: 7
microcode	: 0x5003604
physical id	: 1
power management:

processor	: 1
model		: broken
physical id	: -1
`

const arm = `processor	: 3
CPU implementer	: 0x41
CPU architecture: 8
CPU part	: 0xd0c
CPU revision	: 1
`

const z = `vendor_id       : IBM/S390
# processors    : 2
cache0          : level=1 type=Data scope=Private size=128K
processor 0: version = 00,  identification = 178B58,  machine = 3931
processor 1: version = 00,  identification = 178B58,  machine = 3931

cpu number      : 0
physical id     : 2

cpu number      : 1
physical id     : 3
`

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       []cpuinfo.CPU
	}{
		{"x86", x86, []cpuinfo.CPU{
			{Number: 0, PackageID: new(1), VendorID: "GenuineIntel", ModelName: "Acme Fast CPU", Family: new(uint32(6)), Model: new(uint32(85)), Stepping: new(uint32(7)), Microcode: "0x5003604"},
			{Number: 1},
		}},
		{"arm", arm, []cpuinfo.CPU{{Number: 3, Implementer: new(uint32(0x41)), Part: new(uint32(0xd0c))}}},
		{"empty", "", nil},
		{"noise", "a\n:\nprocessor: x\nprocessor x: y\n", nil},
	} {
		if diff := cmp.Diff(test.want, cpuinfo.Decode([]byte(test.text))); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.name, diff)
		}
	}
	byNumber := map[int]cpuinfo.CPU{}
	for _, c := range cpuinfo.Decode([]byte(z)) {
		byNumber[c.Number] = c
	}
	want := map[int]cpuinfo.CPU{
		0: {Number: 0, VendorID: "IBM/S390", MachineType: "3931"},
		1: {Number: 1, VendorID: "IBM/S390", MachineType: "3931"},
	}
	if diff := cmp.Diff(want, byNumber); diff != "" {
		t.Errorf("z: -want +got\n%s", diff)
	}
}

func TestCapturedMachines(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("BEE_FIXTURES")
	if dir == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	files, err := filepath.Glob(filepath.Join(dir, "cpuinfo", "*", "cpuinfo"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		cpus := cpuinfo.Decode(b)
		if len(cpus) == 0 {
			t.Errorf("%s: no processor", f)
			continue
		}
		lscpu, err := os.ReadFile(filepath.Join(filepath.Dir(f), "expected", "lscpu.txt"))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(lscpu)) {
			k, v, _ := strings.Cut(line, ":")
			v = strings.Join(strings.Fields(v), " ")
			if k == "Model name" && cpus[0].ModelName != "" && cpus[0].ModelName != v {
				t.Errorf("%s: model %q, lscpu %q", f, cpus[0].ModelName, v)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(x86))
	f.Add([]byte(arm))
	f.Add([]byte(z))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, c := range cpuinfo.Decode(b) {
			if c.Number < 0 {
				t.Error("negative number")
			}
			if c.Implementer != nil && c.Part != nil {
				if maker, model := cpuinfo.ARMName(*c.Implementer, *c.Part); maker == "" && model != "" {
					t.Errorf("model %q of nobody", model)
				}
			}
		}
	})
}
