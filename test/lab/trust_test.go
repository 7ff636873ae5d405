//go:build lab

//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
)

// TestTrust boots one machine with a TPM 2.0, CXL memory and drives, and
// compares with tpm2-tools, the kernel's own files and lm-sensors. It needs
// the host's swtpm and tpm2-tools.
func TestTrust(t *testing.T) {
	for _, p := range []string{"swtpm", "tpm2"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%v (setup.sh)", err)
		}
	}
	socket := startSWTPM(t)
	tools := tpm2Tools(t)
	const getcap = `export LD_LIBRARY_PATH=/payload/tpm2; for c in properties-fixed properties-variable pcrs; do echo "$c:"; /payload/tpm2/ld.so /payload/tpm2/tpm2 getcap -T device:/dev/tpmrm0 $c; done`
	b := boot(t, "small", func(o *lab.Options) {
		o.Profile.Machine = "q35,cxl=on,cxl-fmw.0.targets.0=cxl1,cxl-fmw.0.size=1G"
		o.Profile.Memory = "768,maxmem=4G,slots=4"
		o.Profile.Arguments = append(o.Profile.Arguments,
			"-chardev", "socket,id=tpmc,path="+socket, "-tpmdev", "emulator,id=tpm0,chardev=tpmc", "-device", "tpm-crb,tpmdev=tpm0",
			"-object", "memory-backend-ram,id=cxlmem0,size=256M,share=on", "-object", "memory-backend-ram,id=lsa0,size=256K,share=on",
			"-object", "memory-backend-ram,id=cxlmem1,size=512M,share=on", "-object", "memory-backend-ram,id=lsa1,size=256K,share=on",
			"-device", "pxb-cxl,bus_nr=12,bus=pcie.0,id=cxl1",
			"-device", "cxl-rp,port=0,bus=cxl1,id=crp0,chassis=20,slot=20", "-device", "cxl-type3,bus=crp0,memdev=cxlmem0,lsa=lsa0,id=ct0,sn=0x1122334455667788",
			"-device", "cxl-rp,port=1,bus=cxl1,id=crp1,chassis=21,slot=21", "-device", "cxl-type3,bus=crp1,memdev=cxlmem1,lsa=lsa1,id=ct1")
		o.Files["tpm2"], o.Files["cxl"] = tools, modules(t, "drivers/cxl")
		o.Timeout = 8 * time.Minute
	},
		lab.Shell("modules", `mount -t securityfs none /sys/kernel/security
			for m in acpi pci mem port; do [ -e /payload/cxl/cxl_$m.ko ] && insmod /payload/cxl/cxl_$m.ko; done
			for i in 1 2 3 4 5 6 7 8 9 10; do [ -e /sys/bus/cxl/devices/mem1 ] && break; sleep 1; done; dmesg | grep -i -e cxl -e tpm; true`),
		lab.Shell("before", getcap), audit(), lab.Shell("after", getcap),
		lab.Shell("cxl", `cd /sys/bus/cxl/devices; for m in mem*; do for f in serial firmware_version ram/size pmem/size label_storage_size numa_node; do echo "$m $f $(cat $m/$f)"; done; echo "$m path $(readlink -f $m)"; done`),
		lab.Shell("kernel", `cat /proc/sys/kernel/tainted /sys/kernel/security/lockdown`),
		lab.Shell("tpm", `ls /sys/class/tpm; cat /sys/class/tpm/tpm0/tpm_version_major; basename $(readlink /sys/class/tpm/tpm0/device/driver)`),
		lab.Shell("sensors", "sensors -j -c /dev/null"),
		lab.Shell("nodes", `grep -H MemTotal /sys/devices/system/node/node*/meminfo`),
	)
	t.Log(b.text(t, "modules"))
	b.silent(t)
	r := b.report(t)
	t.Run("tpm", func(t *testing.T) { compareTPM(t, b, r) })
	t.Run("cxl", func(t *testing.T) { compareCXL(t, b, r) })
	t.Run("kernel", func(t *testing.T) { compareKernel(t, b, r) })
	t.Run("sensors", func(t *testing.T) { compareSensors(t, b, r) })
	t.Run("topology", func(t *testing.T) { compareTopology(t, b, r) })
}

// TestTrustUEFI compares what the firmware says of Secure Boot with the bytes
// of its variables.
func TestTrustUEFI(t *testing.T) {
	b := boot(t, "uefi", func(o *lab.Options) { o.Files["efivarfs"] = modules(t, "fs/efivarfs") },
		lab.Shell("mount", `insmod /payload/efivarfs/efivarfs.ko; mount -t efivarfs none /sys/firmware/efi/efivars`),
		audit(),
		lab.Shell("variables", `for v in SecureBoot SetupMode; do od -An -tu1 /sys/firmware/efi/efivars/$v-8be4df61-93ca-11d2-aa0d-00e098032b8c | awk '{print $NF}'; done`),
		lab.Shell("esrt", `ls /sys/firmware/efi/esrt/entries 2>/dev/null | wc -l`),
	)
	r := b.report(t)
	if r.Trust == nil {
		t.Fatal("no trust")
	}
	c := newChecker(t)
	want := strings.Fields(b.text(t, "variables"))
	for i, got := range []*bool{r.Trust.SecureBoot, r.Trust.SetupMode} {
		if present(c, want[i], got) {
			same(c, "variable", *got, want[i] == "1")
		}
	}
	same(c, "resources", strconv.Itoa(len(r.Firmware)), strings.TrimSpace(b.text(t, "esrt")))
	t.Logf("secure boot, setup mode: %q", want)
}

// startSWTPM starts a TPM that ends with the test, or when QEMU lets it go.
func startSWTPM(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "lab-tpm-") //nolint:usetesting // socket paths are limited to 108 bytes
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "ctrl")
	cmd := exec.CommandContext(t.Context(), "swtpm", "socket", "--tpm2", "--tpmstate", "dir="+dir, "--ctrl", "type=unixio,path="+socket, "--terminate")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	})
	for range 100 {
		if _, err := os.Stat(socket); err == nil {
			return socket
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("swtpm: %s", said.String())
	return ""
}

// tpm2Tools is a folder with the host's tpm2 and the libraries it needs.
func tpm2Tools(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("tpm2")
	if err != nil {
		t.Fatal(err)
	}
	transport, err := filepath.Glob("/usr/lib/*/libtss2-tcti-device.so.0")
	if err != nil || len(transport) == 0 {
		t.Fatalf("no libtss2-tcti-device: %v", err)
	}
	files := map[string]string{"tpm2": program, "libtss2-tcti-device.so.0": transport[0]}
	for _, p := range []string{program, transport[0]} {
		out, err := exec.CommandContext(t.Context(), "ldd", p).Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			for word := range strings.FieldsSeq(line) {
				switch {
				case strings.Contains(word, "/ld-linux"):
					files["ld.so"] = word
				case strings.HasPrefix(word, "/"):
					files[filepath.Base(word)] = word
				}
			}
		}
	}
	dir := t.TempDir()
	for name, from := range files {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// modules is a folder of the newest kernel installed, which is the one the lab
// boots.
func modules(t *testing.T, dir string) string {
	t.Helper()
	all, err := filepath.Glob("/lib/modules/*/kernel/" + dir)
	if err != nil || len(all) == 0 {
		t.Fatalf("no %s: %v", dir, err)
	}
	slices.SortFunc(all, inventory.CompareNatural)
	return all[len(all)-1]
}

// getcap reads what tpm2 getcap printed: "NAME/raw", "NAME/value", "NAME".
func getcap(text string) map[string]string {
	facts := map[string]string{}
	section := ""
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(strings.TrimLeft(line, " -")), ":")
		if !ok {
			continue
		}
		value = strings.Trim(strings.TrimSpace(value), `"`)
		if line[0] == ' ' {
			facts[section+"/"+key] = value
			continue
		}
		section = key
		facts[section] = value
	}
	return facts
}

func compareTPM(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	if r.Trust == nil || len(r.Trust.TPMs) != 1 {
		t.Fatalf("trust %+v", r.Trust)
	}
	g := r.Trust.TPMs[0]
	same(c, "asking changed nothing", b.text(t, "after"), b.text(t, "before"))
	want := getcap(b.text(t, "before"))
	kernel := strings.Fields(b.text(t, "tpm"))
	same(c, "device", g.Device, kernel[0])
	same(c, "version", g.Version, kernel[1]+".0")
	same(c, "driver", g.Driver, kernel[2])
	same(c, "version it says", g.Version, want["TPM2_PT_FAMILY_INDICATOR/value"])
	same(c, "revision", g.Revision, want["TPM2_PT_REVISION/value"])
	same(c, "manufacturer", g.ManufacturerID, want["TPM2_PT_MANUFACTURER/value"])
	model := ""
	for i := range 4 {
		raw := rawNumber(t, want[fmt.Sprintf("TPM2_PT_VENDOR_STRING_%d/raw", i+1)])
		for shift := 24; shift >= 0; shift -= 8 {
			if ch := byte(raw >> shift); ch != 0 {
				model += string(rune(ch))
			}
		}
	}
	same(c, "model", g.Model, strings.TrimSpace(model))
	v1, v2 := rawNumber(t, want["TPM2_PT_FIRMWARE_VERSION_1/raw"]), rawNumber(t, want["TPM2_PT_FIRMWARE_VERSION_2/raw"])
	same(c, "firmware", g.Firmware, fmt.Sprintf("%d.%d.%d.%d", v1>>16, v1&0xffff, v2>>16, v2&0xffff))
	said(c, "lockout count", g.LockoutCount, int(rawNumber(t, want["TPM2_PT_LOCKOUT_COUNTER"])), true)
	said(c, "lockout limit", g.LockoutLimit, int(rawNumber(t, want["TPM2_PT_MAX_AUTH_FAIL"])), true)
	if present(c, "locked out", g.LockedOut) {
		same(c, "locked out", *g.LockedOut, want["TPM2_PT_PERSISTENT/inLockout"] == "1")
	}
	if present(c, "owner", g.OwnerSet) {
		same(c, "owner", *g.OwnerSet, want["TPM2_PT_PERSISTENT/ownerAuthSet"] == "1")
	}
	var banks []string
	for name, registers := range want {
		if bank, ok := strings.CutPrefix(name, "selected-pcrs/"); ok && strings.Trim(registers, "[ ]") != "" {
			banks = append(banks, bank)
		}
	}
	slices.Sort(banks)
	got := slices.Clone(g.PCRBanks)
	slices.Sort(got)
	same(c, "banks", strings.Join(got, " "), strings.Join(banks, " "))
}

func rawNumber(t *testing.T, s string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(s, 0, 32)
	if err != nil {
		t.Errorf("%q: %v", s, err)
	}
	return n
}

func compareCXL(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	want := map[string]map[string]string{}
	for line := range strings.Lines(b.text(t, "cxl")) {
		words := strings.SplitN(strings.TrimSpace(line), " ", 3)
		if want[words[0]] == nil {
			want[words[0]] = map[string]string{}
		}
		if len(words) == 3 {
			want[words[0]][words[1]] = words[2]
		}
	}
	same(c, "devices", len(r.CXLDevices), len(want))
	same(c, "devices plugged", len(r.CXLDevices), 2)
	number := func(m, f string) int {
		n, err := strconv.ParseInt(want[m][f], 0, 64)
		if err != nil {
			t.Errorf("%s %s: %v", m, f, err)
		}
		return int(n)
	}
	for _, g := range r.CXLDevices {
		w := want[g.Device]
		if w == nil {
			t.Errorf("%s: not there", g.Device)
			continue
		}
		serial, err := strconv.ParseUint(w["serial"], 0, 64)
		if err != nil {
			t.Error(err)
		}
		text := ""
		if serial != 0 && serial != 1<<64-1 {
			text = fmt.Sprintf("%016x", serial)
		}
		same(c, g.Device+": serial", g.SerialNumber, text)
		same(c, g.Device+": firmware", g.Firmware, strings.TrimSpace(w["firmware_version"]))
		said(c, g.Device+": ram", g.VolatileBytes, number(g.Device, "ram/size"), true)
		said(c, g.Device+": pmem", g.PersistentBytes, number(g.Device, "pmem/size"), true)
		said(c, g.Device+": labels", g.LabelStorageBytes, number(g.Device, "label_storage_size"), true)
		node := number(g.Device, "numa_node")
		said(c, g.Device+": node", g.NUMANode, node, node >= 0)
		same(c, g.Device+": place", g.PCIAddress, filepath.Base(filepath.Dir(w["path"])))
		function := slices.IndexFunc(r.PCIeDevices, func(d inventory.PCIeDevice) bool { return d.ID == g.ParentID })
		if function < 0 {
			t.Errorf("%s: no function %s", g.Device, g.ParentID)
			continue
		}
		same(c, g.Device+": class", r.PCIeDevices[function].ClassID, "050210") // memory, CXL
	}
}

func compareKernel(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	if r.Trust == nil {
		t.Fatal("no trust")
	}
	words := strings.Fields(b.text(t, "kernel"))
	mask, err := strconv.ParseUint(words[0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if present(c, "taint", r.Trust.KernelTaintMask) {
		same(c, "taint", *r.Trust.KernelTaintMask, mask)
	}
	same(c, "lockdown", slices.Contains(words, "["+r.Trust.Lockdown+"]"), true)
}

// compareSensors compares every input that lm-sensors lists.
func compareSensors(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	var chips map[string]map[string]json.RawMessage
	if err := json.Unmarshal([]byte(b.text(t, "sensors")), &chips); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for chip, features := range chips {
		for _, f := range features {
			var values map[string]float64
			if json.Unmarshal(f, &values) != nil {
				continue // the adapter's name
			}
			for name, v := range values {
				if channel, ok := strings.CutSuffix(name, "_input"); ok {
					kind, _, _ := strings.Cut(chip, "-")
					want = append(want, fmt.Sprintf("%s %s %.2f", kind, channel, v))
				}
			}
		}
	}
	for _, s := range r.Sensors {
		if s.Value != nil {
			got = append(got, fmt.Sprintf("%s %s %.2f", s.Chip, s.Channel, *s.Value))
		}
		if s.Chip == "nvme" && !strings.HasPrefix(s.ParentID, "drive:") {
			t.Errorf("%s is in %q", s.ID, s.ParentID)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	same(c, "sensors", strings.Join(got, "\n"), strings.Join(want, "\n"))
	t.Logf("%q", got)
}

func compareTopology(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	if r.Topology == nil {
		t.Fatal("no topology")
	}
	for line := range strings.Lines(b.text(t, "nodes")) {
		words := strings.Fields(line)
		node, err1 := strconv.Atoi(words[1])
		kb, err2 := strconv.ParseUint(words[3], 10, 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("%q", line)
		}
		i := slices.IndexFunc(r.Topology.Nodes, func(n inventory.TopologyNode) bool { return n.Node != nil && *n.Node == node })
		if i < 0 || r.Topology.Nodes[i].MemoryBytes == nil {
			t.Errorf("node %d: %+v", node, r.Topology.Nodes)
			continue
		}
		same(c, fmt.Sprintf("node %d: memory", node), *r.Topology.Nodes[i].MemoryBytes, kb<<10)
	}
	drives, cxl := 0, 0
	for _, n := range r.Topology.Nodes {
		drives += len(n.Drives)
		cxl += len(n.CXLDevices)
	}
	same(c, "drives", drives, len(r.Storage))
	same(c, "CXL devices", cxl, len(r.CXLDevices))
}
