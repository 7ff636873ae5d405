//go:build lab

//nolint:paralleltest // One machine at a time.
package samples_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
	"example.com/bee/test/lab/pciblob"
	"example.com/bee/test/lab/sffgen"
	"example.com/bee/test/nvml"
)

// TestMachines makes the reports of real runs that the forms of output are
// tested with: with -update it writes them to testdata/reports. Every machine
// is emulated; nothing is taken out of its report.
func TestMachines(t *testing.T) {
	dir := t.TempDir()
	programs := map[string]string{"audit": nvml.Build(t, dir, "audit"), "audit-nvml": nvml.Build(t, dir, "audit-nvml")}
	for name, make := range map[string]func(*testing.T) lab.Options{
		"server": server, "desktop": plain("desktop"), "gpu": gpus, "damaged": damaged, "nodmi": plain("nodmi"),
	} {
		t.Run(name, func(t *testing.T) {
			o := make(t)
			if o.Files == nil {
				o.Files = map[string]string{}
			}
			o.Files["audit"], o.Files["audit-nvml"] = programs["audit"], programs["audit-nvml"]
			o.OutDir, o.Timeout = t.TempDir(), 10*time.Minute
			if keep := os.Getenv("BEE_LAB_OUT"); keep != "" {
				o.OutDir = filepath.Join(keep, name)
			}
			res, err := lab.Run(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			store(t, res, name, "audit")
			if name == "server" {
				store(t, res, "server-again", "again")
			}
		})
	}
}

// store writes what one job printed, on one line.
func store(t *testing.T, res *lab.Result, name, job string) {
	t.Helper()
	j, err := res.Job(job)
	if err != nil {
		t.Fatal(err)
	}
	out, err := j.Stdout()
	if err != nil {
		t.Fatal(err)
	}
	said, _ := j.Stderr()
	var r inventory.Report
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v; standard error: %s", err, said)
	}
	for _, c := range r.Collectors {
		t.Logf("%-8s %-8s %d ms %s", c.Name, c.Status, c.DurationMS, c.Error)
	}
	var b bytes.Buffer
	if err := json.Compact(&b, out); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	if *update {
		if err := os.WriteFile(filepath.Join(reports, name+".json"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func profile(t *testing.T, name string) lab.Profile {
	t.Helper()
	p, err := lab.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func run(name string, args ...string) lab.Job {
	return lab.Job{Name: name, Argv: append([]string{"/payload/audit"}, args...), Timeout: 3 * time.Minute}
}

func plain(name string) func(*testing.T) lab.Options {
	return func(t *testing.T) lab.Options {
		t.Helper()
		return lab.Options{Profile: profile(t, name), Jobs: []lab.Job{run("audit")}}
	}
}

// server has all that can be emulated at once: memory controllers, a TPM, CXL
// memory, a bond, ports with modules, a switch that says who it is.
func server(t *testing.T) lab.Options {
	t.Helper()
	p := profile(t, "edac")
	p.Machine = "q35,cxl=on,cxl-fmw.0.targets.0=cxl1,cxl-fmw.0.size=1G"
	p.Memory = "1024,maxmem=4G,slots=4"
	p.Arguments = append(p.Arguments,
		"-chardev", "socket,id=tpmc,path="+tpm(t), "-tpmdev", "emulator,id=tpm0,chardev=tpmc", "-device", "tpm-crb,tpmdev=tpm0",
		"-object", "memory-backend-ram,id=cxlmem0,size=256M,share=on", "-object", "memory-backend-ram,id=lsa0,size=256K,share=on",
		"-device", "pxb-cxl,bus_nr=128,bus=pcie.0,id=cxl1",
		"-device", "cxl-rp,port=0,bus=cxl1,id=crp0,chassis=20,slot=20", "-device", "cxl-type3,bus=crp0,memdev=cxlmem0,lsa=lsa0,id=ct0,sn=0x1122334455667788",
	)
	cxl, err := filepath.Glob("/lib/modules/*/kernel/drivers/cxl")
	if err != nil || len(cxl) == 0 {
		t.Skip("no modules for CXL")
	}
	slices.SortFunc(cxl, inventory.CompareNatural)
	o := lab.Options{Profile: p, Files: map[string]string{"cxl": cxl[len(cxl)-1]}}
	dir := t.TempDir()
	put := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		o.Files[name] = filepath.Join(dir, name)
	}
	put("frame", frame())
	put("sfp", sffgen.Example("sfp"))
	put("qsfp", sffgen.Example("qsfp"))
	o.Jobs = []lab.Job{
		lab.Shell("setup", `mount -t securityfs none /sys/kernel/security
			for m in acpi pci mem port; do [ -e /payload/cxl/cxl_$m.ko ] && insmod /payload/cxl/cxl_$m.ko; done
			modprobe bonding max_bonds=0
			ip link add bond0 type bond mode active-backup miimon 100
			for n in /sys/class/net/e*; do ip link set ${n##*/} down; ip link set ${n##*/} master bond0; done
			modprobe labsfp modules=/payload/sfp,/payload/qsfp lldp=/payload/frame
			for n in /sys/class/net/*/; do ip link set $(basename $n) up; done
			mknod /dev/megaraid_sas_ioctl_node c $(awk '/megaraid_sas_ioctl/{print $1}' /proc/devices) 0
			echo "0 0 ce 3" > /sys/module/labedac/parameters/inject
			sleep 4; true`),
		run("audit", "--lldp", "8s"), run("again", "--lldp", "8s"),
	}
	return o
}

// tpm starts an emulated TPM and returns the path of its socket.
func tpm(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("swtpm"); err != nil {
		t.Skip(err)
	}
	dir, err := os.MkdirTemp("", "lab-tpm-") //nolint:usetesting // socket paths are limited to 108 bytes
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "ctrl")
	cmd := exec.CommandContext(t.Context(), "swtpm", "socket", "--tpm2", "--tpmstate", "dir="+dir, "--ctrl", "type=unixio,path="+socket, "--terminate")
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
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return socket
}

// frame is what a switch sends (IEEE 802.1AB): its MAC address, its port, how
// long that holds, its name, the VLAN.
func frame() []byte {
	b := []byte{0x01, 0x80, 0xC2, 0, 0, 0x0E, 2, 0, 0, 0, 0, 1, 0x88, 0xCC}
	for i, value := range []string{"\x04\x02\x00\x00\x00\x00\xaa", "\x05Ethernet1/17", "\x00\x78", "leaf-7", "\x00\x80\xc2\x01\x00\x2a", ""} {
		kind := []byte{1, 2, 3, 5, 127, 0}[i]
		b = append(append(b, kind<<1, byte(len(value))), value...)
	}
	return append(b, make([]byte, 60-len(b))...)
}

// gpus has functions as eight H100 have, of which NVML's stand-in knows seven.
func gpus(t *testing.T) lab.Options {
	t.Helper()
	p := profile(t, "small")
	d := nvml.H100s(7)
	var functions []pciblob.Function
	for i := range uint8(8) {
		bus := 0x10 * (i + 1)
		functions = append(functions,
			pciblob.Function{Bus: bus, Config: pciblob.Make(pciblob.Endpoint{
				Vendor: 0x1022, Device: 0x14a4, Class: 0x060400, MaxSpeed: 5, Speed: 5, MaxWidth: 16, Width: 16 - 8*(i/5%2)*(i%2),
				Bridge: &pciblob.Bridge{Primary: bus, Secondary: bus + 1, Subordinate: bus + 1, Slot: uint16(i + 1)},
			})},
			pciblob.Function{Bus: bus + 1, Config: pciblob.Make(pciblob.Endpoint{
				Vendor: 0x10de, Device: 0x2330, SubVendor: 0x10de, SubDevice: 0x16c1, Class: 0x030200,
				MaxSpeed: 5, Speed: 5, MaxWidth: 16, Width: 16 - 8*(i/5%2)*(i%2),
			})})
		if i < 7 {
			nvml.At(d, int(i)).PCI(0x1000, uint64(bus)+1, 0, 0x233010de, 0x16c110de)
		}
	}
	for counter, n := range []uint64{12, 40} { // of the volatile and the aggregate kind
		nvml.At(d, 3).Number(nvidia.FnECCTotal, []uint32{0, uint32(counter)}, n)
	}
	nvml.At(d, 3).Number(nvidia.FnRemappedRows, nil, 2, 1, 0, 0)
	p.PCITree = pciblob.Encode(functions)
	return lab.Options{
		Profile: p, Files: map[string]string{
			"libnvidia-ml.so.1": nvml.Library(t, d),
			"libdl.so.2":        "/lib/x86_64-linux-gnu/libdl.so.2", // the guest's programs need none of these
			"libpthread.so.0":   "/lib/x86_64-linux-gnu/libpthread.so.0",
		},
		Jobs: []lab.Job{
			lab.Shell("setup", `mkdir -p /usr/lib/x86_64-linux-gnu; cp /payload/*.so.? /usr/lib/x86_64-linux-gnu/; [ -e /lib/x86_64-linux-gnu/libdl.so.2 ] || cp /payload/*.so.? /lib/x86_64-linux-gnu/
				mount -t tmpfs none /proc/driver && mkdir /proc/driver/nvidia && echo "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024" > /proc/driver/nvidia/version`),
			run("audit"),
		},
	}
}

// damaged is a server with SMBIOS tables cut short, a failed power supply,
// an NVMe drive that warns and memory with errors.
func damaged(t *testing.T) lab.Options {
	t.Helper()
	p := profile(t, "server:cutshort")
	p.BMC = profile(t, "faulty-bmc:psufail").BMC
	for _, m := range profile(t, "edac").Modules {
		if strings.HasPrefix(m, "labedac") {
			p.Modules = append(p.Modules, m)
		}
	}
	return lab.Options{Profile: p, Jobs: []lab.Job{
		lab.Shell("setup", `labsync warn nvme1 12
			echo "1 2 ue 1" > /sys/module/labedac/parameters/inject; echo "0 1 ce 4711" > /sys/module/labedac/parameters/inject; true`),
		run("audit"),
	}}
}
