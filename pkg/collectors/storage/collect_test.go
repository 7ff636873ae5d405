package storage_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/storage"
	"example.com/bee/pkg/inventory"
)

const (
	ahci = "0000:00:1f.2"
	mpt  = "0000:3b:00.0"
	pg80 = "\x00\x80\x00\x08ZC1B8K2A"
	naa  = "\x00\x83\x00\x0c\x01\x03\x00\x08\x50\x00\xc5\x00\xa1\xb2\xc3\xd4"
)

// server is a machine with one drive of each kind.
func server() *machine {
	m := newMachine()
	m.function(ahci, "010601", "8086", "a182", "ahci")
	m.function(mpt, "010700", "1000", "0097", "mpt3sas")
	m.scsiHost(0, ahci+"/ata1")
	m.scsiHost(6, mpt, "version_fw", "16.00.10.00\n", "board_name", "SAS9300-8i\n", "board_tracer", "SP12345678\n", "host_sas_address", "0x500605b00a1b2c3d\n")
	m.Devices[m.nvme(0, "S4EVNX0M", "nqn.2014.08.org.nvmexpress:s4")] = healthyNVMe("S4EVNX0M").sim()
	m.Devices[m.scsi("sda", ahci+"/ata1/host0", "0:0:0:0", "vpd_pg80", pg80, "vpd_pg83", naa)] = healthyATA("ZC1B8K2A").sim()
	m.Devices[m.scsi("sdb", mpt+"/host6/port-6:0/end_device-6:0", "6:0:0:0", "vendor", "SEAGATE \n", "model", "ST600MM0009\n", "rev", "CN04\n",
		"wwid", "naa.5000c500aaaa0001\n")] = sasDrive{serial: "W0M0AAAA"}.sim()
	m.attrs("/sys/class/sas_device/end_device-6:0", "enclosure_identifier", "0x500304801e7d443f\n", "bay_identifier", "7\n")
	m.attrs("/sys/class/sas_port/port-6:0/device/phy-6:0", "x", "")
	m.attrs("/sys/class/sas_phy/phy-6:0", "negotiated_linkrate", "12.0 Gbit\n")
	m.Devices[m.scsi("sdc", "0000:00:14.0/usb2/2-1/2-1:1.0/host7", "7:0:0:0", "vendor", "SanDisk \n", "model", "Ultra\n")] = ataDrive{noSAT: true}.sim()
	m.Links["/sys/class/block/vda"] = "../../devices/pci0000:00/0000:00:05.0/virtio1/block/vda"
	m.attrs("/sys/devices/pci0000:00/0000:00:05.0/virtio1/block/vda", "size", "2048\n", "serial", "vol-1\n", "queue/rotational", "1\n")
	m.Links["/sys/class/block/mmcblk0"] = "../../devices/pci0000:00/0000:00:1a.0/mmc_host/mmc0/mmc0:0001/block/mmcblk0"
	m.attrs("/sys/devices/pci0000:00/0000:00:1a.0/mmc_host/mmc0/mmc0:0001/block/mmcblk0", "size", "4096\n",
		"device/name", "BJTD4R\n", "device/serial", "0x1234abcd\n", "device/manfid", "0x000015\n", "device/type", "MMC\n", "device/fwrev", "0x0200000000000000\n")
	for _, n := range []string{"loop0", "ram0", "zram0", "dm-0", "md0", "sr0"} {
		m.Links["/sys/class/block/"+n] = "../../devices/virtual/block/" + n
	}
	m.Links["/sys/class/block/sda1"] = m.Links["/sys/class/block/sda"] + "/sda1"
	// A generic device for each disk, and an enclosure: none is a drive.
	m.generic("sg0", ahci+"/ata1/host0", "0:0:0:0", "vendor", "ATA     \n", "model", "TEST DISK 0123456\n")
	m.generic("sg1", mpt+"/host6/port-6:1/end_device-6:1", "6:0:8:0", "type", "13\n")
	return m
}

func TestEveryKind(t *testing.T) {
	t.Parallel()
	r := server().collect(t.Context())
	if status(r) != inventory.StatusOK || len(r.Storage) != 6 {
		t.Fatalf("%s, %d drives, issues %+v", status(r), len(r.Storage), r.Issues)
	}
	type facts struct {
		ID, Vendor, Model, Serial, Firmware, WWN string
		Protocol                                 inventory.Protocol
		Health                                   inventory.Health
		Size                                     uint64
	}
	got := map[string]facts{}
	for _, d := range r.Storage {
		f := facts{d.ID, d.Vendor, d.Model, d.SerialNumber, d.Firmware, d.WWN, d.Protocol, "", *d.SizeBytes}
		if d.Health != nil {
			f.Health = d.Health.Status
		}
		got[d.Device] = f
	}
	want := map[string]facts{
		"nvme0":   {"drive:S4EVNX0M", "", "TEST NVME DRIVE", "S4EVNX0M", "FW01", "", "nvme", "ok", 2048000 * 512},
		"sda":     {"drive:5000c500a1b2c3d4", "", "TEST DISK 0123456789", "ZC1B8K2A", "FWATA01", "5000c500a1b2c3d4", "sata", "ok", 0x3E8000 * 512},
		"sdb":     {"drive:5000c500aaaa0001", "SEAGATE", "ST600MM0009", "W0M0AAAA", "CN05", "5000c500aaaa0001", "sas", "ok", 4096000 * 512},
		"sdc":     {"drive:sdc", "SanDisk", "Ultra", "", "0001", "", "usb", "", 4096000 * 512},
		"vda":     {"drive:vol-1", "", "", "vol-1", "", "", "virtio", "", 2048 * 512},
		"mmcblk0": {"drive:1234abcd", "Samsung", "BJTD4R", "1234abcd", "0x0200000000000000", "", "mmc", "", 4096 * 512},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	sas := driveOf(t, r, "sdb")
	if e := sas.Enclosure; e == nil || e.ID != "500304801e7d443f" || e.Slot != "7" || *sas.LinkSpeedGbps != 12 || *sas.RotationRPM != 10000 {
		t.Errorf("%+v", sas)
	}
	if sas.ControllerID != "controller:"+mpt || sas.ParentID != sas.ControllerID {
		t.Error(sas.ControllerID, sas.ParentID)
	}
	if h := sas.Health; *h.TempCelsius != 33 || *h.PowerOnHours != 1000 || *h.PercentageUsed != 0 || h.BackgroundScan == nil {
		t.Errorf("%+v", h)
	}
	if h := driveOf(t, r, "nvme0").Health; *h.TempCelsius != 35 || *h.PowerOnHours != 4321 || *h.TempWarningCelsius != 70 || h.BytesRead != "3584000" {
		t.Errorf("%+v", h)
	}
	if h := driveOf(t, r, "sda").Health; *h.TempCelsius != 30 || *h.PowerOnHours != 1234 || *h.PowerCycles != 56 || len(h.Attributes) != 4 {
		t.Errorf("%+v", h)
	}
	c := r.StorageControllers
	if len(c) != 2 || c[0].ControllerKind != "ahci" || c[1].Model != "SAS9300-8i" || c[1].SerialNumber != "SP12345678" || c[1].Firmware != "16.00.10.00" ||
		c[1].SASAddress != "500605b00a1b2c3d" || c[1].Hosts[0] != "host6" || c[1].HidesDrives != nil {
		t.Errorf("%+v", c)
	}
	if len(r.Findings) != 0 {
		t.Errorf("%+v", r.Findings)
	}
}

// TestReaders: the typed readers say the same.
func TestReaders(t *testing.T) {
	t.Parallel()
	m := server()
	list, err := storage.Read(t.Context(), m.Host())
	all, err2 := storage.ReadAll(t.Context(), m.Host())
	if err != nil || err2 != nil || len(list) != 6 || len(all.Controllers) != 2 || all.LogicalDrives == nil {
		t.Fatal(err, err2, len(list), all)
	}
	if d := cmp.Diff(list, all.Drives); d != "" {
		t.Error(d)
	}
	if list, err := storage.Read(t.Context(), newMachine().Host()); list != nil || err != nil {
		t.Error(list, err)
	}
}

// TestStatic: a captured tree has identity, no health, and no issues.
func TestStatic(t *testing.T) {
	t.Parallel()
	r := server().static().collect(t.Context())
	if status(r) != inventory.StatusOK || len(r.Storage) != 6 {
		t.Fatalf("%s %+v", status(r), r.Issues)
	}
	for _, d := range r.Storage {
		if d.Health != nil || d.SizeBytes == nil || d.Device == "sda" && d.SerialNumber != "ZC1B8K2A" {
			t.Errorf("%+v", d)
		}
	}
}

// TestNodeMissing: on a live machine a drive without device node is an issue.
func TestNodeMissing(t *testing.T) {
	t.Parallel()
	m := server()
	delete(m.Devices, "nvme-admin /dev/nvme0")
	r := m.collect(t.Context())
	if status(r) != inventory.StatusPartial || len(r.Issues) != 1 || r.Issues[0].ComponentID != "drive:S4EVNX0M" || r.Issues[0].Source != "/dev/nvme0" {
		t.Errorf("%+v", r.Issues)
	}
}

// deniedSource refuses to open devices.
type deniedSource struct{ *machine }

func (deniedSource) Open(host.Protocol, string) (host.Device, error) { return nil, errDenied }

// TestDenied: without privilege, identity and an issue for each drive.
func TestDenied(t *testing.T) {
	t.Parallel()
	r := inventory.Collect(t.Context(), []inventory.Collector{storage.Collector(host.New(deniedSource{server()}))})
	if status(r) != inventory.StatusPartial || len(r.Issues) != 4 {
		t.Fatalf("%s %+v", status(r), r.Issues)
	}
	for _, is := range r.Issues {
		if is.Kind != inventory.KindDenied || is.ComponentID == "" {
			t.Errorf("%+v", is)
		}
	}
	if d := driveOf(t, r, "sda"); d.SerialNumber != "ZC1B8K2A" || d.Health != nil {
		t.Errorf("%+v", d)
	}
	if len(r.Findings) != 0 { // a drive that may not be asked is not silent
		t.Errorf("%+v", r.Findings)
	}
}

// TestStandby: a sleeping drive is asked for its power mode and nothing else.
func TestStandby(t *testing.T) {
	t.Parallel()
	m := server()
	d := healthyATA("ZC1B8K2A")
	d.mode = 0
	s := d.sim()
	m.Devices["scsi /dev/sda"] = s
	sas := sasDrive{standby: true}.sim()
	m.Devices["scsi /dev/sdb"] = sas
	r := m.collect(t.Context())
	got := driveOf(t, r, "sda")
	if got.Health == nil || got.Health.PowerMode != "standby" || got.Health.Status != inventory.HealthUnknown || s.commands() != 1 {
		t.Errorf("%+v, %d commands", got.Health, s.commands())
	}
	if h := driveOf(t, r, "sdb").Health; h == nil || h.PowerMode != "standby" || sas.commands() != 1 {
		t.Errorf("%+v, %d commands", h, sas.commands())
	}
	if status(r) != inventory.StatusOK || len(r.Findings) != 0 {
		t.Errorf("%+v %+v", r.Issues, r.Findings)
	}
}

// TestSuspended: opening a disk the kernel put to sleep would wake it.
func TestSuspended(t *testing.T) {
	t.Parallel()
	m := server()
	m.Files["/sys/devices/pci0000:00/"+ahci+"/ata1/host0/target0:0:0/0:0:0:0/power/runtime_status"] = "suspended\n"
	s := m.Devices["scsi /dev/sda"].(*sim)
	r := m.collect(t.Context())
	if d := driveOf(t, r, "sda"); d.Health.PowerMode != "suspended" || s.commands() != 0 || d.SerialNumber == "" {
		t.Errorf("%+v", d)
	}
}

// TestUSB: an ATA command is sent to a bridge only when a translation answers.
func TestUSB(t *testing.T) {
	t.Parallel()
	m := server()
	bridge := m.Devices["scsi /dev/sdc"].(*sim)
	m.collect(t.Context())
	for _, req := range bridge.seen {
		if req.Command[0] == 0x85 {
			t.Errorf("% x", req.Command)
		}
	}
	if d := driveOf(t, m.collect(t.Context()), "sdc"); d.ID != "drive:sdc" {
		t.Errorf("%+v", d)
	}
	m.attrs("/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1", "serial", "STICK0001\n")
	if d := driveOf(t, m.collect(t.Context()), "sdc"); d.ID != "drive:STICK0001" || d.SerialNumber != "STICK0001" {
		t.Errorf("%+v", d)
	}
	// A drive inside tells its own.
	m.Devices["scsi /dev/sdc"] = healthyATA("USB123").sim()
	r := m.collect(t.Context())
	if d := driveOf(t, r, "sdc"); d.Protocol != "usb" || d.SerialNumber != "USB123" || d.Health == nil || d.Health.Status != "ok" {
		t.Errorf("%+v", d)
	}
}

// TestHangs: one drive of many that never answers costs itself.
func TestHangs(t *testing.T) {
	t.Parallel()
	m := newMachine()
	gate := make(chan struct{})
	t.Cleanup(func() { close(gate) })
	for i := range 40 {
		serial := fmt.Sprintf("SN%03d", i)
		s := healthyNVMe(serial).sim()
		if i == 7 {
			s.hang = gate
		}
		m.Devices[m.nvme(i, serial, "nqn."+serial)] = s
	}
	start := time.Now()
	r := m.collect(t.Context(), inventory.WithTimeout(5*time.Second))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if status(r) != inventory.StatusPartial || len(r.Storage) != 40 {
		t.Fatalf("%s, %d drives", status(r), len(r.Storage))
	}
	for _, d := range r.Storage {
		if sick := d.Device == "nvme7"; sick == (d.Health != nil) || d.SerialNumber == "" || d.SizeBytes == nil {
			t.Errorf("%+v", d)
		}
	}
	if len(r.Issues) != 1 || r.Issues[0].Kind != inventory.KindTimeout || r.Issues[0].ComponentID != "drive:SN007" || r.Issues[0].Field != "health" {
		t.Errorf("%+v", r.Issues)
	}
	if d := cmp.Diff([]string{"warning storage.drive_not_answering"}, codes(r)); d != "" {
		t.Error(d)
	}
}

// TestOffTheBus: every drive of a dead controller is marked, those of another
// complete.
func TestOffTheBus(t *testing.T) {
	t.Parallel()
	m := server()
	dead := failing(syscall.EIO)
	m.Devices["scsi /dev/sdb"] = dead
	m.Devices["nvme-admin /dev/nvme0"] = failing(syscall.ENODEV) // removed since
	r := m.collect(t.Context())
	if status(r) != inventory.StatusPartial || len(r.Storage) != 6 || len(r.Issues) != 2 || dead.commands() != 1 {
		t.Fatalf("%s, %+v, %d commands", status(r), r.Issues, dead.commands())
	}
	for _, is := range r.Issues {
		if is.Kind != inventory.KindIO || is.Field != "health" {
			t.Errorf("%+v", is)
		}
	}
	if d := driveOf(t, r, "sdb"); d.Model != "ST600MM0009" || d.WWN == "" {
		t.Errorf("%+v", d)
	}
	if d := driveOf(t, r, "sda"); d.Health == nil || d.Health.Status != "ok" {
		t.Errorf("%+v", d)
	}
}

// TestDeadController: a controller the kernel has given up is not asked.
func TestDeadController(t *testing.T) {
	t.Parallel()
	m := newMachine()
	s := healthyNVMe("X").sim()
	m.Devices[m.nvme(0, "X", "nqn.x", "state", "dead\n")] = s
	r := m.collect(t.Context())
	if s.commands() != 0 || len(r.Issues) != 1 || !strings.Contains(r.Issues[0].Detail, "dead") {
		t.Errorf("%d %+v", s.commands(), r.Issues)
	}
}

// TestHotRemoval: a drive that vanishes while sysfs is read leaves no wreck.
func TestHotRemoval(t *testing.T) {
	t.Parallel()
	m := server()
	for name := range m.Files {
		if strings.Contains(name, "/nvme/nvme0/") {
			delete(m.Files, name)
		}
	}
	delete(m.Devices, "nvme-admin /dev/nvme0")
	r := m.collect(t.Context())
	if len(r.Storage) != 6 || len(r.Issues) != 1 {
		t.Errorf("%d %+v", len(r.Storage), r.Issues)
	}
}

// TestMultiPath: one drive behind two controllers of a subsystem, and one
// behind two SAS ports, is asked once.
func TestMultiPath(t *testing.T) {
	t.Parallel()
	m := newMachine()
	first, second := failing(syscall.EIO), healthyNVMe("DUAL").sim()
	m.Devices[m.nvme(0, "DUAL", "nqn.dual")] = first
	m.Devices[m.nvme(1, "DUAL", "nqn.dual")] = second
	m.function(mpt, "010700", "1000", "0097", "mpt3sas")
	var sims [2]*sim
	for i, name := range []string{"sda", "sdb"} {
		sims[i] = sasDrive{serial: "W0M0AAAA"}.sim()
		m.Devices[m.scsi(name, fmt.Sprintf("%s/host6/port-6:%d/end_device-6:%[2]d", mpt, i), fmt.Sprintf("6:0:%d:0", i),
			"vendor", "SEAGATE\n", "wwid", "naa.5000c500aaaa0001\n")] = sims[i]
	}
	r := m.collect(t.Context())
	if len(r.Storage) != 2 {
		t.Fatalf("%+v", r.Storage)
	}
	n := driveOf(t, r, "nvme0")
	if d := cmp.Diff([]string{"nvme0", "nvme1"}, n.Paths); d != "" || n.Health == nil || second.commands() == 0 || len(r.Issues) != 1 {
		t.Error(d, n.Health, r.Issues)
	}
	if d := driveOf(t, r, "sda"); len(d.Paths) != 2 || sims[0].commands() == 0 || sims[1].commands() != 0 {
		t.Errorf("%+v", d)
	}
}

// TestSameName: drives whose maker gave all one serial number stay apart.
func TestSameName(t *testing.T) {
	t.Parallel()
	m := newMachine()
	for i := range 3 {
		m.Devices[m.nvme(i, "0123456789", fmt.Sprintf("nqn.%d", i))] = healthyNVMe("0123456789").sim()
	}
	r := m.collect(t.Context())
	ids := []string{}
	for _, d := range r.Storage {
		ids = append(ids, d.ID)
	}
	if d := cmp.Diff([]string{"drive:0123456789", "drive:0123456789#2", "drive:0123456789#3"}, ids); d != "" {
		t.Error(d)
	}
}

// TestFabrics: remote controllers have no PCI address; discovery controllers
// are no drives.
func TestFabrics(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.Devices[m.nvme(0, "R", "nqn.remote", "transport", "tcp\n", "address", "traddr=10.0.0.1,trsvcid=4420\n")] = healthyNVMe("R").sim()
	m.nvme(1, "D", "nqn.2014-08.org.nvmexpress.discovery", "cntrltype", "discovery\n")
	r := m.collect(t.Context())
	if len(r.Storage) != 1 || r.Storage[0].PCIAddress != "" || r.Storage[0].Transport != "tcp" || len(r.Issues) != 0 {
		t.Errorf("%+v %+v", r.Storage, r.Issues)
	}
}

// TestHiddenMember: a member of an mpt3sas volume has a generic device alone.
func TestHiddenMember(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.function(mpt, "010700", "1000", "0097", "mpt3sas")
	m.scsi("sda", mpt+"/host0", "0:1:0:0", "vendor", "LSI\n", "model", "Logical Volume\n")
	m.attrs("/sys/class/raid_devices/0:1:0:0", "level", "raid1\n", "state", "degraded\n")
	m.Devices[m.generic("sg3", mpt+"/host0/port-0:0/end_device-0:0", "0:0:0:0", "vpd_pg80", "\x00\x80\x00\x04HIDN")] = sasDrive{serial: "HIDN"}.sim()
	r := m.collect(t.Context())
	if len(r.Storage) != 1 || r.Storage[0].SerialNumber != "HIDN" || r.Storage[0].Device != "sg3" || r.Storage[0].Health == nil {
		t.Errorf("%+v", r.Storage)
	}
	v := r.LogicalDrives
	if len(v) != 1 || v[0].Level != "raid1" || v[0].State != "degraded" || v[0].Device != "sda" || v[0].Health != inventory.HealthWarning {
		t.Errorf("%+v", v)
	}
	if d := cmp.Diff([]string{"warning storage.logical_drive_degraded"}, codes(r)); d != "" {
		t.Error(d)
	}
}

// TestHiddenDrives: where members cannot be listed, the report says so.
func TestHiddenDrives(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, class, vendor, device, driver string
		hidden                              bool
	}{
		{"smartpqi", "010400", "9005", "028f", "smartpqi", true},
		{"perc12", "010400", "1000", "00a5", "mpi3mr", true},
		{"aacraid", "010400", "9005", "028b", "aacraid", true},
		{"hpsa", "010400", "103c", "323b", "hpsa", true},
		{"no driver", "010400", "1000", "0016", "", true},
		{"megaraid without its node", "010400", "1000", "0016", "megaraid_sas", true},
		{"RST in AHCI mode", "010400", "8086", "2822", "ahci", false},
		{"VMD", "010400", "8086", "9a0b", "vmd", false},
		{"plain adapter", "010700", "1000", "0097", "mpt3sas", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			m.function(mpt, test.class, test.vendor, test.device, test.driver)
			if test.driver != "" {
				m.scsiHost(0, mpt)
			}
			r := m.collect(t.Context())
			if len(r.StorageControllers) != 1 {
				t.Fatalf("%+v", r.StorageControllers)
			}
			c := r.StorageControllers[0]
			if hides := c.HidesDrives != nil && *c.HidesDrives; hides != test.hidden {
				t.Errorf("%+v", c)
			}
			want, wantStatus := []string{}, inventory.StatusOK
			if test.hidden {
				want, wantStatus = []string{"warning storage.hidden_drives"}, inventory.StatusPartial
			}
			if d := cmp.Diff(want, codes(r)); d != "" || status(r) != wantStatus {
				t.Error(d, status(r), r.Issues)
			}
			if test.hidden && !strings.Contains(r.Findings[0].Evidence["detail"], test.vendor+":"+test.device) {
				t.Errorf("%+v", r.Findings[0])
			}
		})
	}
}

// TestVerdicts spoils one drive in every way.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	bad := func(change func(*nvmeDrive)) *sim {
		d := healthyNVMe("S4EVNX0M")
		change(&d)
		return d.sim()
	}
	sata := func(change func(*ataDrive)) *sim {
		d := healthyATA("ZC1B8K2A")
		change(&d)
		return d.sim()
	}
	for name, test := range map[string]struct {
		device string
		sim    *sim
		health inventory.Health
		want   []string
	}{
		"nvme spare low bit": {"nvme-admin /dev/nvme0", bad(func(d *nvmeDrive) { d.warning = 1; d.spare = 3 }), "critical", []string{"critical storage.drive_failing", "warning storage.wear"}},
		"nvme too warm":      {"nvme-admin /dev/nvme0", bad(func(d *nvmeDrive) { d.warning = 2; d.kelvin = 345 }), "warning", []string{"warning storage.temperature"}},
		"nvme far too warm":  {"nvme-admin /dev/nvme0", bad(func(d *nvmeDrive) { d.kelvin = 355 }), "critical", []string{"critical storage.temperature"}},
		"nvme read only":     {"nvme-admin /dev/nvme0", bad(func(d *nvmeDrive) { d.warning = 8 }), "critical", []string{"critical storage.drive_failing"}},
		"nvme worn":          {"nvme-admin /dev/nvme0", bad(func(d *nvmeDrive) { d.used = 100 }), "warning", []string{"warning storage.wear"}},
		"nvme media errors":  {"nvme-admin /dev/nvme0", bad(func(d *nvmeDrive) { d.media = 2 }), "warning", []string{"warning storage.media_errors"}},
		"nvme self-test":     {"nvme-admin /dev/nvme0", bad(func(d *nvmeDrive) { d.selfTest = true }), "warning", []string{"warning storage.drive_degraded"}},
		"sata verdict":       {"scsi /dev/sda", sata(func(d *ataDrive) { d.failed = true }), "critical", []string{"critical storage.drive_failing"}},
		"sata now":           {"scsi /dev/sda", sata(func(d *ataDrive) { d.attributes[5] = ataAttribute{5, 5, 10, true, 900} }), "critical", []string{"critical storage.drive_failing", "warning storage.drive_degraded"}},
		"sata past":          {"scsi /dev/sda", sata(func(d *ataDrive) { d.attributes[5] = ataAttribute{50, 5, 10, true, 0} }), "warning", []string{"warning storage.drive_degraded"}},
		"sata pending":       {"scsi /dev/sda", sata(func(d *ataDrive) { d.attributes[197] = ataAttribute{100, 100, 0, false, 8} }), "warning", []string{"warning storage.media_errors"}},
		"sas predicts":       {"scsi /dev/sdb", sasDrive{asc: 0x5D}.sim(), "critical", []string{"critical storage.drive_failing"}},
		"sas warns":          {"scsi /dev/sdb", sasDrive{asc: 0x0B}.sim(), "warning", []string{"warning storage.drive_degraded"}},
		"sas sense predicts": {"scsi /dev/sdb", sasDrive{asc: 0x5D, noLogs: true}.sim(), "critical", []string{"critical storage.drive_failing"}},
		"sas sense warns":    {"scsi /dev/sdb", sasDrive{asc: 0x0B, noLogs: true}.sim(), "warning", []string{"warning storage.drive_degraded"}},
		"sas uncorrected":    {"scsi /dev/sdb", sasDrive{errors: 3}.sim(), "warning", []string{"warning storage.media_errors"}},
		"sas defects":        {"scsi /dev/sdb", sasDrive{defects: 12}.sim(), "warning", []string{"warning storage.drive_degraded"}},
		"sas worn":           {"scsi /dev/sdb", sasDrive{used: 101}.sim(), "warning", []string{"warning storage.wear"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := server()
			m.Devices[test.device] = test.sim
			r := m.collect(t.Context())
			_, device, _ := strings.Cut(test.device, "/dev/")
			d := driveOf(t, r, device)
			if d.Health == nil || d.Health.Status != test.health || len(d.Health.Reasons) == 0 {
				t.Errorf("%+v", d.Health)
			}
			if diff := cmp.Diff(test.want, codes(r)); diff != "" {
				t.Error(diff)
			}
			for _, f := range r.Findings {
				if len(f.Evidence) == 0 || f.ComponentID != d.ID {
					t.Errorf("%+v", f)
				}
			}
			if test.want != nil && status(r) != inventory.StatusOK {
				t.Error(r.Issues)
			}
		})
	}
}

// TestScale: with a command taking 50 ms, many drives take as long as their
// number demands and not more, and no drive is asked more than one of two is.
func TestScale(t *testing.T) {
	t.Parallel()
	const latency, limit = 50 * time.Millisecond, 8
	for kind, add := range map[string]func(m *machine, i int) (string, *sim){
		"nvme": func(m *machine, i int) (string, *sim) {
			serial := fmt.Sprintf("SN%03d", i)
			return m.nvme(i, serial, "nqn."+serial), healthyNVMe(serial).sim()
		},
		"sata": func(m *machine, i int) (string, *sim) {
			return m.scsi(diskName(i), fmt.Sprintf("%s/ata%d/host%[2]d", ahci, i+1), fmt.Sprintf("%d:0:0:0", i+1),
				"wwid", fmt.Sprintf("naa.5000c50000%06x\n", i)), healthyATA(fmt.Sprintf("SN%03d", i)).sim()
		},
		"sas": func(m *machine, i int) (string, *sim) {
			return m.scsi(diskName(i), fmt.Sprintf("%s/host0/port-0:%d/end_device-0:%[2]d", mpt, i), fmt.Sprintf("0:0:%d:0", i),
				"vendor", "SEAGATE\n", "wwid", fmt.Sprintf("naa.5000c50000%06x\n", i)), sasDrive{serial: fmt.Sprintf("SN%03d", i)}.sim()
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			each := map[int]int{}
			for _, n := range []int{2, 64} {
				synctest.Test(t, func(t *testing.T) {
					m := newMachine()
					sims := make([]*sim, n)
					for i := range n {
						var device string
						device, sims[i] = add(m, i)
						sims[i].delay = latency
						m.Devices[device] = sims[i]
					}
					start := time.Now()
					list, err := storage.Read(context.Background(), m.Host())
					wall := time.Since(start)
					if len(list) != n || err != nil {
						t.Fatal(len(list), err)
					}
					each[n] = sims[0].commands()
					for _, s := range sims {
						if s.commands() != each[n] {
							t.Errorf("%d commands, another drive %d", s.commands(), each[n])
						}
					}
					bound := time.Duration((n+limit-1)/limit*each[n]) * latency * 12 / 10
					t.Logf("%d drives, %d commands each: %v, bound %v", n, each[n], wall, bound)
					if wall > bound {
						t.Errorf("%d drives took %v, want at most %v", n, wall, bound)
					}
				})
			}
			if each[2] != each[64] || each[2] == 0 {
				t.Errorf("%v commands a drive", each)
			}
		})
	}
}

// diskName is the kernel's: sda, ..., sdz, sdaa, ...
func diskName(i int) string {
	if i < 26 {
		return "sd" + string(rune('a'+i))
	}
	return "sd" + string(rune('a'+i/26-1)) + string(rune('a'+i%26))
}

func TestContract(t *testing.T) {
	t.Parallel()
	collectortest.Run(t, storage.Collector, collectortest.OnMachine("server", server().Source))
}

// TestATALogs: what attributes do not tell comes from the standard's logs.
func TestATALogs(t *testing.T) {
	t.Parallel()
	m := server()
	d := healthyATA("ZC1B8K2A")
	d.attributes, d.logs = nil, true
	m.Devices["scsi /dev/sda"] = d.sim()
	r := m.collect(t.Context())
	h := driveOf(t, r, "sda").Health
	if *h.TempCelsius != 31 || *h.TempWarningCelsius != 60 || *h.PowerOnHours != 1234 || *h.PowerCycles != 56 || *h.PercentageUsed != 4 ||
		h.BytesWritten != "512000" || h.BytesRead != "1024000" {
		t.Errorf("%+v", h)
	}
	want := []inventory.SelfTest{{Type: "extended", Result: "failed_read", PowerOnHours: new(uint64(99)), FailingLBA: "66"}}
	if diff := cmp.Diff(want, h.SelfTests); diff != "" || h.Status != inventory.HealthWarning {
		t.Error(diff, h.Status)
	}
}

// TestKernelPages: the kernel's copy of a translation's page holds the drive's
// whole identity, and confirms the translation.
func TestKernelPages(t *testing.T) {
	t.Parallel()
	m := newMachine()
	page := make([]byte, 572)
	page[1], page[2], page[3], page[36], page[56] = 0x89, 2, 0x38, 0x34, 0xEC
	copy(page[60:], healthyATA("PAGE89").identify())
	t10 := append([]byte{0, 0x83, 0, 72, 2, 1, 0, 68}, fmt.Sprintf("%-8s%-40s%-20s", "ATA", "TEST DISK 0123456 LONG NAME", "PAGE83")...)
	m.scsi("sda", ahci+"/ata1/host0", "0:0:0:0", "vpd_pg89", string(page))
	m.scsi("sdb", ahci+"/ata2/host1", "1:0:0:0", "vpd_pg83", string(t10))
	m.function(mpt, "010700", "1000", "0097", "mpt3sas")
	m.scsi("sdc", mpt+"/host6", "6:0:0:0", "vendor", "Linux\n", "model", "scsi_debug\n", "vpd_pg89", string(page))
	r := m.static().collect(t.Context())
	if d := driveOf(t, r, "sdc"); d.SerialNumber != "" || d.Protocol != "scsi" {
		t.Errorf("%+v", d)
	}
	if d := driveOf(t, r, "sda"); d.SerialNumber != "PAGE89" || d.Firmware != "FWATA01" || *d.RotationRPM != 7200 || d.Model != "TEST DISK 0123456789" {
		t.Errorf("%+v", d)
	}
	if d := driveOf(t, r, "sdb"); d.SerialNumber != "PAGE83" || d.Model != "TEST DISK 0123456 LONG NAME" || len(r.Issues) != 0 {
		t.Errorf("%+v %+v", d, r.Issues)
	}
}

// TestEnclosure: bays by the enclosure driver.
func TestEnclosure(t *testing.T) {
	t.Parallel()
	m := server()
	m.attrs("/sys/class/enclosure/6:0:8:0", "id", "0x500304801e7d443f\n", "Slot 03/slot", "3\n", "Slot 04/slot", "4\n", "components", "2\n")
	m.Links["/sys/class/enclosure/6:0:8:0/Slot 03/device"] = "../../../../end_device-6:0/target6:0:0/6:0:0:0"
	r := m.collect(t.Context())
	if e := driveOf(t, r, "sdb").Enclosure; e == nil || e.ID != "500304801e7d443f" || e.Slot != "3" {
		t.Errorf("%+v", e)
	}
}

// TestBootMirror: the small mirrors for boot drives show a volume that looks
// like a drive.
func TestBootMirror(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.Devices[m.nvme(0, "NS204I", "nqn.boot")] = healthyNVMe("NS204I").sim()
	m.attrs("/sys/devices/pci0000:00/0000:01:00.0", "vendor", "0x1b4b\n", "device", "0x2241\n")
	r := m.collect(t.Context())
	if len(r.Storage) != 0 || len(r.LogicalDrives) != 1 || len(r.StorageControllers) != 1 {
		t.Fatalf("%+v %+v", r.Storage, r.LogicalDrives)
	}
	c := r.StorageControllers[0]
	if c.SerialNumber != "NS204I" || c.ControllerKind != "raid" || !*c.HidesDrives || r.LogicalDrives[0].ControllerID != c.ID {
		t.Errorf("%+v", c)
	}
}

// TestNoName: the kernel's word for a logical unit without a name is no issue.
func TestNoName(t *testing.T) {
	t.Parallel()
	m := server()
	dir := "/sys/devices/pci0000:00/" + mpt + "/host6/port-6:0/end_device-6:0/target6:0:0/6:0:0:0/"
	m.Errors[dir+"wwid"] = syscall.EINVAL
	r := m.collect(t.Context())
	if d := driveOf(t, r, "sdb"); status(r) != inventory.StatusOK || d.WWN != "" || d.ID != "drive:W0M0AAAA" {
		t.Errorf("%+v %+v", r.Issues, d)
	}
}

func TestErrorIsPart(t *testing.T) {
	t.Parallel()
	m := server()
	m.Errors["/sys/devices/pci0000:00/"+ahci+"/ata1/host0/target0:0:0/0:0:0:0/vpd_pg83"] = syscall.EIO
	_, err := storage.Read(t.Context(), m.Host())
	var p *inventory.PartError
	if !errors.As(err, &p) || p.ComponentID != "drive:ZC1B8K2A" || p.Field != "wwn" {
		t.Errorf("%v", err)
	}
}

// BenchmarkSysfs64 is what 64 drives cost before any is asked, from real files.
func BenchmarkSysfs64(b *testing.B) {
	m, dir := newMachine(), b.TempDir()
	for i := range 64 {
		serial := fmt.Sprintf("SN%03d", i)
		m.nvme(i, serial, "nqn."+serial)
	}
	m.static()
	for name, text := range m.Files {
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)); err != nil {
			b.Fatal(err)
		}
	}
	for name, target := range m.Links {
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700), os.Symlink(target, filepath.Join(dir, name))); err != nil {
			b.Fatal(err)
		}
	}
	h, err := host.Static(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if list, err := storage.Read(b.Context(), h); len(list) != 64 || err != nil {
			b.Fatal(len(list), err)
		}
	}
}

// BenchmarkRead64 is the same with drives that answer, from memory.
func BenchmarkRead64(b *testing.B) {
	m := newMachine()
	for i := range 64 {
		serial := fmt.Sprintf("SN%03d", i)
		m.Devices[m.nvme(i, serial, "nqn."+serial)] = healthyNVMe(serial).sim()
	}
	h := m.Host()
	b.ReportAllocs()
	for b.Loop() {
		if list, err := storage.Read(b.Context(), h); len(list) != 64 || err != nil {
			b.Fatal(len(list), err)
		}
	}
}
