package cxl_test

import (
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/cxl"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
)

const pciPath = "/sys/devices/pci0000:0c/0000:0c:00.0/"

// twoDevices has a volatile and a persistent device, and what else is on the
// bus.
func twoDevices() *hosttest.Source {
	one, two := pciPath+"0000:0d:00.0/mem0/", pciPath+"0000:0e:00.0/mem1/"
	return &hosttest.Source{
		Links: map[string]string{
			"/sys/bus/cxl/devices/mem0":       "../../../devices/pci0000:0c/0000:0c:00.0/0000:0d:00.0/mem0",
			"/sys/bus/cxl/devices/mem1":       "../../../devices/pci0000:0c/0000:0c:00.0/0000:0e:00.0/mem1",
			"/sys/bus/cxl/devices/root0":      "../../../devices/platform/ACPI0017:00/root0",
			"/sys/bus/cxl/devices/decoder0.0": "../../../devices/platform/ACPI0017:00/root0/decoder0.0",
		},
		Files: map[string]string{
			one + "serial": "0x1122334455667788\n", one + "firmware_version": "BWFW VERSION 0\n", one + "ram/size": "0x10000000\n",
			one + "pmem/size": "0x0\n", one + "numa_node": "1\n", one + "label_storage_size": "0\n",
			two + "serial": "0x0\n", two + "ram/size": "0x0\n", two + "pmem/size": "0x20000000\n", two + "numa_node": "-1\n",
			two + "security/state": "locked\n",
		},
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	collectortest.Run(t, cxl.Collector, collectortest.OnMachine("two devices", twoDevices()))
}

func TestRead(t *testing.T) {
	t.Parallel()
	got, err := cxl.Read(t.Context(), twoDevices().Host())
	if err != nil {
		t.Fatal(err)
	}
	want := []inventory.CXLDevice{
		{
			Meta:   inventory.Meta{ID: "cxl:0000:0d:00.0", ParentID: "pci:0000:0d:00.0", Sources: []string{"/sys/bus/cxl/devices/mem0"}},
			Device: "mem0", PCIAddress: "0000:0d:00.0", SerialNumber: "1122334455667788", Firmware: "BWFW VERSION 0",
			VolatileBytes: new(uint64(256 << 20)), PersistentBytes: new(uint64(0)), LabelStorageBytes: new(uint64(0)), NUMANode: new(1),
		},
		{
			Meta:   inventory.Meta{ID: "cxl:0000:0e:00.0", ParentID: "pci:0000:0e:00.0", Sources: []string{"/sys/bus/cxl/devices/mem1"}},
			Device: "mem1", PCIAddress: "0000:0e:00.0", SecurityState: "locked",
			VolatileBytes: new(uint64(0)), PersistentBytes: new(uint64(512 << 20)),
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestBusWithoutMemory: the bus is there, and nothing is on it.
func TestBusWithoutMemory(t *testing.T) {
	t.Parallel()
	s := twoDevices()
	delete(s.Links, "/sys/bus/cxl/devices/mem0")
	delete(s.Links, "/sys/bus/cxl/devices/mem1")
	if got, err := cxl.Read(t.Context(), s.Host()); err != nil || got == nil || len(got) > 0 {
		t.Errorf("%v, %v", got, err)
	}
}

// TestOneFieldFails: what a dying device does not say costs that field alone.
func TestOneFieldFails(t *testing.T) {
	t.Parallel()
	s := twoDevices()
	s.Errors = map[string]error{pciPath + "0000:0d:00.0/mem0/serial": syscall.EIO}
	got, err := cxl.Read(t.Context(), s.Host())
	if err == nil || len(got) != 2 || got[0].SerialNumber != "" || got[0].VolatileBytes == nil {
		t.Errorf("%v, %v", got, err)
	}
}

func BenchmarkRead(b *testing.B) {
	for name, s := range map[string]*hosttest.Source{"none": {}, "two": twoDevices()} {
		b.Run(name, func(b *testing.B) {
			h := host.New(s)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := cxl.Read(b.Context(), h); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
