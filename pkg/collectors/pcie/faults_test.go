package pcie_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/pcie"
	"example.com/bee/pkg/inventory"
)

func static(t *testing.T, dir string, empty ...string) *host.Host {
	t.Helper()
	for _, e := range empty {
		if err := os.MkdirAll(filepath.Join(dir, e), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	h, err := host.Static(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// TestFaults breaks one attribute in every way and looks at what is left.
func TestFaults(t *testing.T) {
	t.Parallel()
	const addr = "0000:01:00.0"
	dir := devices + addr
	for name, test := range map[string]struct {
		attr  string
		text  string
		err   error
		kind  inventory.IssueKind
		field string
	}{
		"vpd cut short":        {attr: "vpd", text: "\x90\xff\x7f\x53\x4e", kind: inventory.KindMalformed, field: "vpd"},
		"vpd fails":            {attr: "vpd", err: syscall.EIO, kind: inventory.KindIO, field: "vpd"},
		"vpd denied":           {attr: "vpd", err: fs.ErrPermission, kind: inventory.KindDenied, field: "vpd"},
		"config fails":         {attr: "config", err: syscall.EIO, kind: inventory.KindIO},
		"config denied":        {attr: "config", err: fs.ErrPermission, kind: inventory.KindDenied},
		"config of 10 bytes":   {attr: "config", text: "\x86\x80aaaaaaaa", kind: inventory.KindMalformed},
		"config of zeros":      {attr: "config", text: strings.Repeat("\x00", 256), kind: inventory.KindMalformed},
		"config of 1 MiB":      {attr: "config", text: strings.Repeat("x", 1<<20), kind: inventory.KindMalformed},
		"uevent fails":         {attr: "uevent", err: syscall.EIO, kind: inventory.KindIO},
		"numa_node of 1 MiB":   {attr: "numa_node", text: strings.Repeat("1", 1<<20), kind: inventory.KindMalformed, field: "numa_node"},
		"numa_node is text":    {attr: "numa_node", text: "left\n", kind: inventory.KindMalformed, field: "numa_node"},
		"resource garbled":     {attr: "resource", text: "0x0 0x1\n", kind: inventory.KindMalformed, field: "unassigned_bars"},
		"speed garbled":        {attr: "current_link_speed", text: "fast\n", kind: inventory.KindMalformed, field: "pcie_link"},
		"width garbled":        {attr: "max_link_width", text: "many\n", kind: inventory.KindMalformed, field: "pcie_link"},
		"aer garbled":          {attr: "aer_dev_fatal", text: "Undefined\n", kind: inventory.KindMalformed, field: "aer"},
		"aer fails":            {attr: "aer_dev_fatal", err: syscall.EIO, kind: inventory.KindIO, field: "aer"},
		"vfs negative":         {attr: "sriov_totalvfs", text: "-4\n", kind: inventory.KindMalformed, field: "virtual_functions"},
		"group is not one":     {attr: "iommu_group@", text: "../x", kind: inventory.KindMalformed, field: "iommu_group"},
		"not of an address":    {attr: "physfn@", text: "../x", kind: inventory.KindMalformed, field: "virtual_function_of"},
		"enable of other kind": {attr: "enable", text: "yes\n", kind: inventory.KindMalformed, field: "enabled"},
		"power state fails":    {attr: "power_state", err: syscall.EIO, kind: inventory.KindIO, field: "power_state"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			m.add("pci0000:00/0000:00:01.0", port(rootPort, 1, gen3, 8, gen3, 8))
			m.add("pci0000:00/0000:00:01.0/"+addr, card(0x020000, gen3, 8, gen3, 8).with(attrs{
				"vendor": "0x8086\n", "device": "0x10fb\n", "class": "0x020000\n", "driver@": "../x/ixgbe", test.attr: test.text,
			}))
			if test.err != nil {
				m.Errors["/sys/devices/pci0000:00/0000:00:01.0/"+addr+"/"+test.attr] = test.err
			}
			for way, h := range ways(m) {
				r := inventory.Collect(t.Context(), []inventory.Collector{pcie.Collector(h)})
				if len(r.PCIeDevices) != 2 || r.Collectors[0].Status != inventory.StatusPartial {
					t.Fatalf("%s: %d functions, %+v", way, len(r.PCIeDevices), r.Collectors[0])
				}
				d := r.PCIeDevices[1]
				if d.VendorID != "8086" || d.DeviceID != "10fb" || d.ClassID != "020000" || d.Driver != "ixgbe" || d.Parent != "0000:00:01.0" {
					t.Errorf("%s: %+v", way, d)
				}
				source := dir + "/" + strings.TrimSuffix(test.attr, "@")
				for _, is := range r.Issues {
					if is.ComponentID != "pci:"+addr || is.Kind != test.kind || is.Field != test.field || is.Source != source || strings.Contains(is.Detail, source) {
						t.Errorf("%s: %+v", way, is)
					}
				}
				if len(r.Issues) == 0 {
					t.Errorf("%s: no issue", way)
				}
			}
		})
	}
}

// TestSilence: what a function has nothing to say about is no issue.
func TestSilence(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:00/0000:00:01.0", card(0x020000, gen3, 8, gen3, 8).with(attrs{
		"vpd": "", "enable": "", "label": "", "numa_node": "-1\n", "resource": "", "aer_dev_fatal": "",
		"current_link_speed": "Unknown speed\n", "current_link_width": "63\n", "max_link_speed": "Unknown\n", "max_link_width": "255\n",
		"power_state": "unknown\n",
	}))
	m.Errors["/sys/devices/pci0000:00/0000:00:01.0/label"] = syscall.ENODATA
	all, errs := read(t, m)
	if len(errs) > 0 || all["0000:00:01.0"].PowerState != "" || *all["0000:00:01.0"].Link.CurrentWidth != 8 {
		t.Errorf("%v %+v", errs, all)
	}
}

// TestHeaderOnly: without privilege the kernel shows 64 bytes. One issue says
// so, not one for each function.
func TestHeaderOnly(t *testing.T) {
	t.Parallel()
	m := newMachine()
	p, c := port(rootPort, 1, gen3, 4, gen3, 16), card(0x020000, gen3, 4, gen3, 8)
	p["config"], c["config"] = p["config"][:64], c["config"][:64]
	m.add("pci0000:00/0000:00:01.0", p.with(link("8.0", 4, "8.0", 16)))
	m.add("pci0000:00/0000:00:01.0/0000:01:00.0", c.with(link("8.0", 4, "8.0", 8)))
	m.add("pci0000:00/0000:00:02.0", attrs{"config": space{vendor: 0x8086, device: 1, class: 0x060000, express: -1}.encode()[:64]})
	all, errs := read(t, m)
	if len(errs) != 1 || !errors.Is(errs[0], fs.ErrPermission) || !strings.Contains(errs[0].Error(), "2 functions") {
		t.Errorf("%v", errs)
	}
	if l := all["0000:01:00.0"].Link; *l.AttainableWidth != 8 || !*l.Degraded {
		t.Errorf("%+v", l)
	}
	if l := all["0000:00:01.0"].Link; l.Degraded != nil {
		t.Errorf("%+v", l)
	}
}

func TestOffBus(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:00/0000:00:01.0", card(0x020000, gen3, 8, gen3, 8).with(attrs{
		"config": strings.Repeat("\xff", 4096), "current_link_speed": "Unknown\n", "current_link_width": "63\n",
	}))
	sameBothWays(t, m)
	r := inventory.Collect(t.Context(), []inventory.Collector{pcie.Collector(m.Host())})
	if d := r.PCIeDevices[0]; d.OffBus == nil || !*d.OffBus || d.VendorID != "8086" || d.Link != nil {
		t.Errorf("%+v", d)
	}
	if len(r.Findings) != 1 || r.Findings[0].Code != "pcie.off_bus" {
		t.Errorf("%+v", r.Findings)
	}
}

// TestAsleep: reading configuration space would switch the function on.
func TestAsleep(t *testing.T) {
	t.Parallel()
	m := newMachine()
	a := card(0x030000, gen3, 8, gen3, 8).with(attrs{"power_state": "D3cold\n", "vpd": "x"})
	m.add("pci0000:00/0000:00:01.0", a)
	for _, name := range []string{"config", "vpd"} {
		m.Errors["/sys/devices/pci0000:00/0000:00:01.0/"+name] = errors.New("read")
	}
	all, errs := read(t, m)
	if d := all["0000:00:01.0"]; len(errs) > 0 || d.PowerState != "D3cold" || d.VendorID != "8086" || d.OffBus != nil {
		t.Errorf("%v %+v", errs, d)
	}
}

func TestHotRemoval(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:00/0000:00:01.0", port(rootPort, 1, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:01.0/0000:01:00.0", card(0x020000, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:00:02.0", card(0x020000, gen3, 8, gen3, 8))
	// Gone as a whole, and gone between the listing and the reading.
	m.Links[devices+"0000:01:00.0"] = "../../../devices/nowhere"
	for _, n := range []string{"uevent", "config"} {
		m.Errors["/sys/devices/pci0000:00/0000:00:02.0/"+n] = fs.ErrNotExist
	}
	all, errs := read(t, m)
	if len(all) != 1 || len(errs) < 2 {
		t.Fatalf("%v %v", all, errs)
	}
	for _, e := range errs {
		var p *inventory.PartError
		if !errors.As(e, &p) || !errors.Is(e, fs.ErrNotExist) || p.ComponentID == "pci:0000:00:01.0" {
			t.Errorf("%v", e)
		}
	}
}

// TestHang: an attribute of one device that never answers costs itself alone.
func TestHang(t *testing.T) {
	t.Parallel()
	for _, attr := range []string{"config", "vpd", "current_link_speed", "uevent"} {
		m := newMachine()
		m.add("pci0000:00/0000:00:01.0", port(rootPort, 1, gen3, 8, gen3, 8))
		for i := range 20 {
			m.add(fmt.Sprintf("pci0000:00/0000:00:01.0/0000:01:%02x.0", i), card(0x020000, gen3, 8, gen3, 8).with(link("8.0", 8, "8.0", 8)).with(attrs{
				"vendor": "0x8086", "device": "0x10fb", "class": "0x020000", "vpd": "\x78",
			}))
		}
		m.Hang["/sys/devices/pci0000:00/0000:00:01.0/0000:01:07.0/"+attr] = true
		t.Cleanup(m.Release)
		for way, h := range ways(m) {
			t.Run(attr+" by "+way, func(t *testing.T) {
				t.Parallel()
				start := time.Now()
				list, err := pcie.Read(t.Context(), h)
				if took := time.Since(start); took > 4*time.Second {
					t.Errorf("took %v", took)
				}
				errs := leaves(err)
				if len(list) != 21 || len(errs) != 1 || !errors.Is(errs[0], context.DeadlineExceeded) || !strings.Contains(errs[0].Error(), "0000:01:07.0/"+attr) {
					t.Errorf("%d functions, %v", len(list), errs)
				}
				for _, d := range list {
					if d.VendorID != "8086" || d.ClassID == "" || d.Address != "0000:01:07.0" && d.Link == nil {
						t.Errorf("%+v", d)
					}
				}
				// What hangs is not asked again, and said to hang.
				_, err = pcie.Read(t.Context(), h)
				if errs := leaves(err); len(errs) != 1 || !errors.Is(errs[0], inventory.ErrStuck) {
					t.Errorf("again: %v", errs)
				}
			})
		}
	}
}

// TestConfigHangsEverywhere: the rest of 40 functions comes through, soon, and
// a shorter deadline of the run takes no function that was read.
func TestConfigHangsEverywhere(t *testing.T) {
	t.Parallel()
	for _, deadline := range []time.Duration{30 * time.Second, 1500 * time.Millisecond} {
		m := newMachine()
		for i := range 40 {
			addr := fmt.Sprintf("pci0000:%02x/0000:%02[1]x:00.0", i)
			m.add(addr, card(0x020000, gen3, 8, gen3, 8))
			m.Hang["/sys/devices/"+addr+"/config"] = true
		}
		t.Cleanup(m.Release)
		for way, h := range ways(m) {
			t.Run(deadline.String()+" by "+way, func(t *testing.T) {
				t.Parallel()
				start := time.Now()
				r := inventory.Collect(t.Context(), []inventory.Collector{pcie.Collector(h)}, inventory.WithTimeout(deadline))
				if took := time.Since(start); took > min(deadline+time.Second, 6*time.Second) {
					t.Errorf("took %v", took)
				}
				t.Logf("%v for %d functions, %d issues", time.Since(start), len(r.PCIeDevices), len(r.Issues))
				if deadline < 2*time.Second {
					if len(r.PCIeDevices) == 0 || r.Collectors[0].Status != inventory.StatusPartial {
						t.Errorf("%d functions, %+v", len(r.PCIeDevices), r.Collectors[0])
					}
					return
				}
				if len(r.PCIeDevices) != 40 || len(r.Issues) != 40 || r.Collectors[0].Status != inventory.StatusPartial {
					t.Errorf("%d functions, %d issues, %+v", len(r.PCIeDevices), len(r.Issues), r.Collectors[0])
				}
				for _, d := range r.PCIeDevices {
					if d.VendorID != "8086" {
						t.Errorf("%+v", d)
					}
				}
			})
		}
	}
}
