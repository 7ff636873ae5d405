package storage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecodePlace(t *testing.T) {
	t.Parallel()
	const root = "../../devices/pci0000:00/"
	for link, want := range map[string]place{
		root + "0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda": {bus: busATA, pci: []string{"0000:00:1f.2"}, hctl: "0:0:0:0", scsiHost: "host0"},
		root + "0000:00:1c.0/0000:01:00.0/host2/port-2:0/expander-2:0/port-2:0:3/end_device-2:0:3/target2:0:3/2:0:3:0/block/sdx": {
			bus: busSAS, pci: []string{"0000:00:1c.0", "0000:01:00.0"}, hctl: "2:0:3:0", scsiHost: "host2", sasPort: "port-2:0:3", endDevice: "end_device-2:0:3",
		},
		root + "0000:00:14.0/usb2/2-1/2-1:1.0/host7/target7:0:0/7:0:0:0/block/sdc":         {bus: busUSB, pci: []string{"0000:00:14.0"}, hctl: "7:0:0:0", scsiHost: "host7", usbDevice: "/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1"},
		root + "0000:00:14.0/usb1/1-3/1-3.4/1-3.4:1.0/host8/target8:0:0/8:0:0:1/block/sdd": {bus: busUSB, pci: []string{"0000:00:14.0"}, hctl: "8:0:0:1", scsiHost: "host8", usbDevice: "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3.4"},
		root + "0000:00:05.0/virtio1/block/vda":                                            {bus: busVirtio, pci: []string{"0000:00:05.0"}},
		root + "0000:00:05.0/virtio1/host0/target0:0:0/0:0:0:1/block/sda":                  {bus: busVirtio, pci: []string{"0000:00:05.0"}, hctl: "0:0:0:1", scsiHost: "host0"},
		root + "0000:00:0e.0/pci10000:00/10000:00:02.0/10000:01:00.0/nvme/nvme0":           {bus: busNVMe, pci: []string{"0000:00:0e.0", "10000:00:02.0", "10000:01:00.0"}},
		root + "0000:00:1a.0/mmc_host/mmc0/mmc0:0001/block/mmcblk0":                        {bus: busMMC, pci: []string{"0000:00:1a.0"}},
		"../../devices/virtual/block/loop0":                                                {bus: busVirtual},
		"../../devices/virtual/nvme-fabrics/ctl/nvme1":                                     {bus: busNVMe},
		"../../devices/platform/host3/session1/target3:0:0/3:0:0:0/block/sdd":              {bus: busISCSI, hctl: "3:0:0:0", scsiHost: "host3"},
		"../devices/css0/0.0.0107/0.0.8100/host1/rport-1:0-0/target1:0:0/1:0:0:1075134468": {bus: busFC, hctl: "1:0:0:1075134468", scsiHost: "host1"},
		"":         {},
		"/dev/sda": {},
	} {
		if d := cmp.Diff(want, decodePlace(link), cmp.AllowUnexported(place{})); d != "" {
			t.Errorf("%s: %s", link, d)
		}
	}
}

func TestNamespaceHead(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"nvme0n1": "nvme0n1", "nvme1c12n3": "nvme1n3", "nvme0": "", "nvme0n1p1": "", "nvmen1": "", "nvme1cn1": "", "ng0n1": ""} {
		if got, ok := namespaceHead(name); got != want || ok != (want != "") {
			t.Errorf("%s: %q %v", name, got, ok)
		}
	}
}

func TestDisks(t *testing.T) {
	t.Parallel()
	got := disks([]string{"dm-0", "loop0", "mmcblk0", "mmcblk0boot0", "mmcblk0p1", "nvme0n1", "sda", "sda1", "sdaa", "sdb", "sr0", "vda", "vda2", "xvda", "xvda1", "xvdb1"})
	if d := cmp.Diff([]string{"mmcblk0", "sda", "sdaa", "sdb", "vda", "xvda", "xvdb1"}, got); d != "" {
		t.Error(d)
	}
}

func FuzzDecodePlace(f *testing.F) {
	f.Add("../../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda")
	f.Add("../../devices/virtual/nvme-fabrics/ctl/nvme1")
	f.Fuzz(func(t *testing.T, s string) {
		p := decodePlace(s)
		for _, a := range append(p.pci, p.hctl, p.scsiHost, p.endDevice) {
			if strings.Contains(a, "/") || !strings.Contains(s, a) {
				t.Errorf("%q", a)
			}
		}
		namespaceHead(s)
		wwid(s)
		hexOnly(s, 16)
		hctlTarget(s)
		raidLevel(s)
		known(s)
	})
}
