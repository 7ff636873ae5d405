//go:build lab

//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
	"example.com/bee/test/lab/witness"
)

// storageWitnesses are the tools that know drives. Each writes JSON to /out,
// named after the device.
func storageWitnesses() []lab.Job {
	return []lab.Job{
		lab.Shell("lsblk", "lsblk -J -b -O"),
		lab.Shell("smart", `cd /dev; for d in sd* nvme?; do case $d in *\**) continue;; esac; smartctl -j -x /dev/$d > /out/smart-$d.json; done
			h=$(grep -l megaraid_sas /sys/class/scsi_host/host*/proc_name 2>/dev/null | tr -dc 0-9)
			[ -z "$h" ] || for i in 0 1; do smartctl -j -x -d megaraid,$i /dev/bus/$h > /out/smart-mr$i.json; done; true`),
		lab.Shell("nvme", `cd /dev; for d in nvme?; do case $d in *\**) continue;; esac
			nvme id-ctrl /dev/$d -o json > /out/ctrl-$d.json; nvme smart-log /dev/$d -o json > /out/log-$d.json
			for n in /sys/class/nvme/$d/nvme*n*; do i=$(cat $n/nsid); nvme id-ns /dev/$d -n $i -o json > /out/ns-$d-$i.json; done; done; true`),
	}
}

// smartctlOn runs smartctl on one drive, everything it needs being in memory
// already: the first SATA drive, or the device named.
func smartctlOn(name, device string) lab.Job {
	if strings.HasSuffix(device, "sata") {
		return lab.Shell(name, `for d in /dev/sd?; do case $(readlink -f /sys/block/${d##*/}) in */ata[0-9]*) exec smartctl -j -x $d;; esac; done`)
	}
	return lab.Shell(name, "[ ! -e "+device+" ] || exec smartctl -j -x "+device)
}

// besideSmartctl shows how long the collection of all drives took beside
// one run of smartctl on one drive, both warm. It judges nothing: on a machine
// with other work both figures vary by a factor.
func besideSmartctl(t *testing.T, b booted) {
	t.Helper()
	var r inventory.Report
	if err := json.Unmarshal([]byte(b.text(t, "again")), &r); err != nil {
		t.Fatal(err)
	}
	var took time.Duration
	for _, c := range r.Collectors {
		if c.Name == "storage" {
			took = time.Duration(c.DurationMS) * time.Millisecond
		}
	}
	for _, name := range []string{"smart-sata", "smart-nvme"} {
		j, err := b.Job(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d drives in %v, %s: %v", len(r.Storage), took, name, j.Wall())
	}
}

// makeMegaRAIDNode makes the node that no kernel makes by itself.
func makeMegaRAIDNode() lab.Job {
	return lab.Shell("node", `m=$(awk '/megaraid_sas_ioctl/{print $1}' /proc/devices); [ -z "$m" ] || mknod /dev/megaraid_sas_ioctl_node c $m 0`)
}

// TestStorage compares every drive with what was plugged in and with what the
// witnesses say of it in the same boot, and wants the whole collection faster
// than smartctl is with one drive.
func TestStorage(t *testing.T) {
	for _, profile := range []string{"server", "desktop", "faulty-smart"} {
		t.Run(profile, func(t *testing.T) {
			traced := lab.Job{Name: "traced", Argv: []string{"labtrace", "/out/trace", "/payload/audit", "--only", "storage"}}
			again := audit("--only", "storage")
			again.Name = "again"
			jobs := append([]lab.Job{makeMegaRAIDNode(), audit("--only", "storage"), traced}, storageWitnesses()...)
			jobs = append(jobs, again, smartctlOn("smart-sata", "/dev/disk/sata"), smartctlOn("smart-nvme", "/dev/nvme0"))
			b := boot(t, profile, nil, jobs...)
			b.silent(t)
			r := b.report(t)
			for _, is := range r.Issues {
				// QEMU reads one byte of a drive's number where there are two.
				if is.Collector == "storage" && (!strings.Contains(is.Source, "drive 256") || !strings.HasSuffix(is.Detail, "got drive 0")) {
					t.Errorf("issue: %+v", is)
				}
			}
			besideSmartctl(t, b)
			comparePluggedDrives(t, b, r)
			compareSmartctl(t, b, r)
			compareNVMe(t, b, r)
			compareLsblk(t, b, r)
			t.Run("commands", func(t *testing.T) {
				events := map[string][]string{"server": {"nvme_setup_cmd", "scsi_dispatch_cmd_start", "megasas"}, "desktop": {"scsi_dispatch_cmd_start"}, "faulty-smart": {"nvme_setup_cmd", "scsi_dispatch_cmd_start"}}
				readOnlyCommands(t, string(b.file(t, "trace")), events[profile]...)
			})
		})
	}
}

func drivesBySerial(r *inventory.Report) map[string]inventory.Drive {
	m := map[string]inventory.Drive{}
	for _, d := range r.Storage {
		m[d.SerialNumber] = d
	}
	return m
}

func comparePluggedDrives(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	got := drivesBySerial(r)
	for _, w := range b.facts.Drives {
		d, ok := got[w.Serial]
		if !ok {
			c.wrong++
			t.Errorf("%s %s: missing", w.Protocol, w.Serial)
			continue
		}
		same(c, w.Serial+": protocol", string(d.Protocol), w.Protocol)
		same(c, w.Serial+": wwn", d.WWN, w.WWN)
		for what, pair := range map[string][2]string{
			"vendor": {d.Vendor, w.Vendor}, "model": {d.Model, w.Model}, "firmware": {d.Firmware, w.Firmware}, "pci": {d.PCIAddress, w.PCIAddress},
		} {
			if pair[1] != "" {
				same(c, w.Serial+": "+what, pair[0], pair[1])
			}
		}
		said(c, w.Serial+": size", d.SizeBytes, int(w.SizeBytes), w.SizeBytes > 0)
		if w.LogicalBlockBytes > 0 {
			said(c, w.Serial+": logical block", d.LogicalBlockBytes, w.LogicalBlockBytes, true)
			said(c, w.Serial+": physical block", d.PhysicalBlockBytes, w.PhysicalBlockBytes, true)
		}
		if w.RotationRPM != nil {
			said(c, w.Serial+": rotation", d.RotationRPM, *w.RotationRPM, true)
		}
		same(c, w.Serial+": namespaces", len(d.Namespaces), len(w.Namespaces))
		for i, n := range w.Namespaces {
			if i >= len(d.Namespaces) {
				break
			}
			g := d.Namespaces[i]
			same(c, w.Serial+": nsid", g.NSID, n.NSID)
			said(c, w.Serial+": namespace size", g.SizeBytes, int(n.SizeBytes), true)
			said(c, w.Serial+": namespace block", g.BlockBytes, n.BlockBytes, true)
			if n.EUI64 != "" {
				same(c, w.Serial+": eui64", g.EUI64, n.EUI64)
			}
		}
	}
	for _, w := range b.facts.Controllers {
		found := false
		for _, k := range r.StorageControllers {
			if k.PCIAddress == w.PCIAddress {
				found = true
				same(c, w.PCIAddress+": driver", k.Driver, w.Driver)
				if w.Serial != "" {
					same(c, w.PCIAddress+": serial", k.SerialNumber, w.Serial)
				}
			}
		}
		same(c, w.PCIAddress+": listed", found, true)
	}
}

// compareSmartctl compares with smartctl, drive by drive.
func compareSmartctl(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	for _, d := range r.Storage {
		name := d.Device
		if name == "" {
			_, id, _ := strings.Cut(strings.TrimPrefix(d.Paths[0], "megaraid:"), ".")
			_, id, _ = strings.Cut(id, ":")
			if n, err := strconv.Atoi(id); err == nil && n > 0xFF {
				id = strconv.Itoa(n >> 8) // QEMU's numbers: target, LUN
			}
			name = "mr" + id
		}
		if d.Protocol == inventory.ProtocolVirtio || d.Protocol == inventory.ProtocolMMC {
			continue
		}
		s, err := witness.ParseSmartctl(b.file(t, "smart-"+name+".json"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Protocol == inventory.ProtocolUSB && s.Smartctl.ExitStatus&3 != 0 {
			continue // a bridge that smartctl does not know
		}
		compareOneSmartctl(c, name, s, d)
	}
}

func compareOneSmartctl(c *checker, name string, s witness.Smartctl, d inventory.Drive) {
	c.t.Helper()
	same(c, name+": smartctl model", d.Model, s.Model())
	same(c, name+": smartctl serial", d.SerialNumber, s.Serial)
	same(c, name+": smartctl firmware", d.Firmware, s.FirmwareRevision())
	same(c, name+": smartctl wwn", d.WWN, s.WWN())
	if s.UserCapacity != nil {
		said(c, name+": smartctl size", d.SizeBytes, int(s.UserCapacity.Bytes), true)
	}
	if s.LogicalBlockBytes != nil {
		said(c, name+": smartctl logical block", d.LogicalBlockBytes, *s.LogicalBlockBytes, true)
	}
	if s.PhysicalBlockBytes != nil {
		said(c, name+": smartctl physical block", d.PhysicalBlockBytes, *s.PhysicalBlockBytes, true)
	}
	if s.RotationRate != nil {
		said(c, name+": smartctl rotation", d.RotationRPM, *s.RotationRate, true)
	}
	h := d.Health
	if s.SCSIProduct != "" && s.Temperature != nil && s.Temperature.Current == 0 {
		s.Temperature = nil // what smartctl says of a drive that says nothing
	}
	if s.Temperature == nil && s.PowerOnTime == nil && s.SmartStatus == nil {
		return
	}
	if !present(c, name+": health", h) {
		return
	}
	if s.Temperature != nil {
		said(c, name+": smartctl temperature", h.TempCelsius, s.Temperature.Current, true)
	}
	if s.PowerOnTime != nil {
		said(c, name+": smartctl hours", h.PowerOnHours, int(s.PowerOnTime.Hours), true)
	}
	if s.PowerCycles != nil {
		said(c, name+": smartctl cycles", h.PowerCycles, int(*s.PowerCycles), true)
	}
	if s.SmartStatus != nil {
		same(c, name+": smartctl verdict", h.SelfAssessment, map[bool]string{true: "passed", false: "failed"}[s.SmartStatus.Passed])
	}
	if s.Attributes != nil {
		same(c, name+": attributes", len(h.Attributes), len(s.Attributes.Table))
		for i, a := range s.Attributes.Table {
			if i >= len(h.Attributes) {
				break
			}
			g := h.Attributes[i]
			what := name + ": attribute " + strconv.Itoa(a.ID)
			same(c, what, int(g.ID), a.ID)
			same(c, what+" value", int(g.Value), a.Value)
			same(c, what+" worst", int(g.Worst), a.Worst)
			said(c, what+" threshold", g.Threshold, a.Threshold, true)
		}
	}
}

// compareNVMe compares with nvme-cli.
func compareNVMe(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	for _, d := range r.Storage {
		if d.Protocol != inventory.ProtocolNVMe {
			continue
		}
		ctrl, err := witness.ParseJSON[witness.NVMeController](b.file(t, "ctrl-"+d.Device+".json"))
		if err != nil {
			t.Fatal(err)
		}
		log, err := witness.ParseJSON[witness.NVMeSmartLog](b.file(t, "log-"+d.Device+".json"))
		if err != nil {
			t.Fatal(err)
		}
		same(c, d.Device+": nvme serial", d.SerialNumber, strings.TrimSpace(ctrl.Serial))
		same(c, d.Device+": nvme model", d.Model, strings.TrimSpace(ctrl.Model))
		same(c, d.Device+": nvme firmware", d.Firmware, strings.TrimSpace(ctrl.Firmware))
		same(c, d.Device+": nvme nqn", d.SubsystemNQN, ctrl.SubsystemNQN)
		if !present(c, d.Device+": health", d.Health) {
			continue
		}
		h := d.Health
		said(c, d.Device+": nvme temperature", h.TempCelsius, log.Kelvin-273, true)
		said(c, d.Device+": nvme spare", h.AvailableSparePercent, log.AvailableSpare, true)
		said(c, d.Device+": nvme threshold", h.AvailableSpareThresholdPercent, log.SpareThreshold, true)
		said(c, d.Device+": nvme used", h.PercentageUsed, log.PercentUsed, true)
		for what, pair := range map[string]struct {
			got  *uint64
			want witness.Number
		}{
			"hours": {h.PowerOnHours, log.PowerOnHours}, "cycles": {h.PowerCycles, log.PowerCycles}, "media errors": {h.MediaErrors, log.MediaErrors},
			"unsafe shutdowns": {h.UnsafeShutdowns, log.UnsafeShutdowns}, "error log": {h.ErrorLogEntries, log.ErrorLogEntries},
		} {
			n, _ := strconv.Atoi(string(pair.want))
			said(c, d.Device+": nvme "+what, pair.got, n, true)
		}
		for _, g := range d.Namespaces {
			ns, err := witness.ParseJSON[witness.NVMeNamespace](b.file(t, "ns-"+d.Device+"-"+strconv.Itoa(int(g.NSID))+".json"))
			if err != nil {
				t.Fatal(err)
			}
			said(c, g.Device+": id-ns size", g.SizeBytes, int(ns.Size*ns.BlockBytes()), true)
			said(c, g.Device+": id-ns used", g.UsedBytes, int(ns.Used*ns.BlockBytes()), true)
			said(c, g.Device+": id-ns block", g.BlockBytes, int(ns.BlockBytes()), true)
			same(c, g.Device+": id-ns eui64", g.EUI64, strings.Trim(ns.EUI64, "0"))
		}
	}
}

// compareLsblk compares with lsblk: each disk of the kernel is a drive, a
// namespace or a volume.
func compareLsblk(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	blocks, err := witness.ParseLsblk([]byte(b.text(t, "lsblk")))
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[string]*uint64{}
	for _, d := range r.Storage {
		if sizes[d.Device] = d.SizeBytes; d.Protocol == inventory.ProtocolNVMe {
			for _, n := range d.Namespaces {
				sizes[n.Device] = n.SizeBytes
			}
		}
	}
	for _, v := range r.LogicalDrives {
		sizes[v.Device] = v.SizeBytes
	}
	for _, w := range blocks {
		if w.Type != "disk" || strings.HasPrefix(w.Name, "zram") {
			continue
		}
		said(c, w.Name+": lsblk size", sizes[w.Name], int(w.SizeBytes), true)
	}
}
