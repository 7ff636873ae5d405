//go:build lab

//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
	"example.com/bee/test/nvml"
)

// fault is one thing done to a machine while it is audited.
type fault struct {
	name, title string
	promised    string
	before      string // shell, before the audit starts
	after       string // shell, when it has ended
	as          string // words before the program's name
	output      string // where the report goes; "" is a folder that takes it
	seconds     int    // of --timeout; 0 is 15
	concerned   concerned
	unharmed    bool // the whole report is as without the fault
	exit        int  // of the audit
	base        string
	// also looks further; what it returns are complaints.
	also func(t *testing.T, f faulted) []string
	full bool // left out of the short run
}

// faulted is an audit under a fault.
type faulted struct {
	booted
	whole, faulty []byte
	report, exit  time.Duration
	code          int
	said          string // by the job that made the fault
}

// margin is how much later than --timeout a report may come.
const margin = 2 * time.Second

// shellFaults is what the jobs of a machine share.
//
//	one NAME SECONDS    an audit; says when its report was there and when it ended
const shellFaults = `
	[ -p /tmp/tick ] || mkfifo /tmp/tick; exec 7<>/tmp/tick
	chmod 777 /out
	one() {
		local name=$1 seconds=$2 out=${OUTPUT:-/out/$1.json} begun at report=none up
		read -r up _ < /proc/uptime; begun=$((10#${up/./}))
		rm -f "/tmp/$name.rc"
		( $AS /payload/audit --timeout "${seconds}s" --output "$out" > "/out/$name.stdout" 2> "/out/$name.stderr"; echo $? > "/tmp/$name.rc" ) &
		while :; do
			read -r up _ < /proc/uptime; at=$((10#${up/./} - begun))
			[ "$report" = none ] && [ -s "$out" ] && report=$at
			if [ -s "/tmp/$name.rc" ]; then echo "@ $name $report $at $(cat "/tmp/$name.rc")"; return; fi
			if [ "$at" -gt $(((seconds + 20) * 100)) ]; then echo "@ $name $report none -1"; return; fi
			read -rt 0.05 -u 7 _
		done
	}
	hang() { modprobe labhang "func=$1" ${2:+"only=$2"} ms=600000; }
	release() { cat /sys/module/labhang/parameters/hits; echo 0 > /sys/module/labhang/parameters/ms; sleep 1; rmmod labhang; }
	disk() { for d in /sys/block/sd*; do case $(cat "$d/device/wwid") in *"$1"*) echo "${d##*/}"; return;; esac; done; }
`

// job is the fault as a job of its machine.
func (f fault) job() lab.Job {
	seconds := f.limit()
	script := shellFaults
	if f.as != "" {
		script += "AS=" + strconv.Quote(f.as) + "\n"
	}
	if f.output != "" {
		script += "OUTPUT=" + f.output + "\n"
	}
	script += f.before + fmt.Sprintf("\none %s %d\n", f.name, seconds) + f.after + "\ntrue\n"
	j := lab.Shell(f.name, script)
	j.Timeout = time.Duration(seconds+90) * time.Second
	return j
}

func (f fault) limit() int {
	if f.seconds == 0 {
		return 15
	}
	return f.seconds
}

// outcome reads what the job said of its audit.
func (f fault) outcome(t *testing.T, b booted, whole []byte) faulted {
	t.Helper()
	got := faulted{booted: b, whole: whole, said: b.text(t, f.name)}
	for line := range strings.Lines(got.said) {
		w := strings.Fields(line)
		if len(w) != 5 || w[0] != "@" || w[1] != f.name {
			continue
		}
		got.report, got.exit = hundredths(w[2]), hundredths(w[3])
		got.code, _ = strconv.Atoi(w[4])
		if f.output == "" && got.report >= 0 {
			got.faulty = b.file(t, f.name+".json")
		}
		return got
	}
	t.Fatalf("%s: no word on the audit in %q", f.name, got.said)
	return got
}

// hundredths of a second; below zero for "none".
func hundredths(s string) time.Duration {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return time.Duration(n) * 10 * time.Millisecond
}

// judge compares what was promised with what was seen.
func (f fault) judge(t *testing.T, p *table, r *row, got faulted) {
	t.Helper()
	var complaints []string
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	limit := time.Duration(f.limit())*time.Second + margin
	switch {
	case got.exit < 0:
		complain("the process had not ended after %v", limit+18*time.Second)
	case got.exit > limit:
		complain("the process ended after %v, limit %v", got.exit, limit)
	}
	if got.exit >= 0 && got.code != f.exit {
		stderr, _ := os.ReadFile(filepath.Join(got.Out(), f.name+".stderr"))
		complain("exit %d, want %d: %s", got.code, f.exit, stderr)
	}
	var seen []string
	took := fmt.Sprintf("ended %.1f s", got.exit.Seconds())
	if f.output == "" {
		took = fmt.Sprintf("report %.1f s, ended %.1f s, --timeout %d s", got.report.Seconds(), got.exit.Seconds(), f.limit())
		switch {
		case got.report < 0:
			complain("no report")
		case got.report > limit:
			complain("the report came after %v, limit %v", got.report, limit)
		}
	}
	if got.faulty != nil {
		others, mine, err := compareFault(got.whole, got.faulty, f.concerned)
		if err != nil {
			complain("%v", err)
		}
		for _, o := range others {
			complain("also concerned: %s", o)
		}
		fresh, err := issuesSince(got.whole, got.faulty)
		if err != nil {
			complain("%v", err)
		}
		if len(fresh) > 0 {
			seen = append(seen, "marked: "+summary(fresh))
		}
		if mine == 0 && !f.unharmed {
			complain("the fault left no trace in the report")
		}
		if f.unharmed && mine > 0 {
			complain("%d values differ", mine)
		}
		if f.unharmed {
			seen = append(seen, "the whole report the same")
		} else {
			seen = append(seen, "others the same")
		}
	}
	if f.also != nil && (got.faulty != nil || f.output != "") {
		complaints = append(complaints, f.also(t, got)...)
	}
	if f.exit != 0 {
		seen = append(seen, fmt.Sprintf("exit %d", f.exit))
	}
	p.see(t, r, took, strings.Join(seen, "; "), complaints)
}

// summary shortens a list for the page.
func summary(list []string) string {
	const most = 4
	if len(list) > most {
		return strings.Join(list[:most], ", ") + fmt.Sprintf(" and %d more", len(list)-most)
	}
	return strings.Join(list, ", ")
}

func parseReport(t *testing.T, data []byte) *inventory.Report {
	t.Helper()
	var r inventory.Report
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

// serverFaults share one boot of the server, in this order: what cannot be
// undone comes last.
func serverFaults() []fault {
	const (
		nvme1   = "drive:PHLN123400NV1"
		sata0   = "drive:5002538e12345678"
		sas0    = "drive:5000cca0aaaa0000"
		raidOne = "drive:5000c500aaaa0000"
		raidTwo = "drive:5000c500bbbb0000"
		raid    = "controller:0000:03:00.0"
	)
	bmc := concerned{"bmc", "power_supplies", "host.identity.bmc_mac", "collector bmc", "collector psu", "psu:", "no longer found: warning memory.sel_"}
	// Power supplies are then told by SMBIOS, the controller by its PCI id.
	lacking := concerned{withheld, "power_supplies", raid, "new finding: warning storage.hidden_drives"}
	marked := "that drive marked and with its identity, others the same"
	return []fault{
		{name: "none", title: "none (the control)", promised: "the whole report the same", unharmed: true},
		{name: "hung-nvme", title: "one NVMe drive of two hangs in the kernel (state D)", promised: marked, before: "hang nvme_dev_ioctl file:nvme1", after: "release", concerned: concerned{nvme1}, also: hits},
		{name: "hung-sata", title: "one SATA drive of two hangs (D)", promised: marked, before: `hang blkdev_ioctl "file:$(disk 5002538e12345678)"`, after: "release", concerned: concerned{sata0}, also: hits, full: true},
		{name: "hung-sas", title: "one SAS drive of two hangs (D)", promised: marked, before: `hang blkdev_ioctl "file:$(disk 5000cca0aaaa0000)"`, after: "release", concerned: concerned{sas0}, also: hits, full: true},
		{name: "hung-megaraid", title: "a MegaRAID controller hangs (D)", promised: "its drives are said to be missing, others the same", before: "hang megasas_mgmt_ioctl file:megaraid_sas_ioctl_node", after: "release", concerned: concerned{raid, raidOne, raidTwo, "gap:storage", "logical_drives", "collector storage"}, also: hits, full: true},
		{name: "hung-ipmi", title: "the BMC's driver hangs (D)", promised: "bmc and psu say so, others the same", before: "hang ipmi_ioctl file:ipmi0", after: "release", concerned: bmc, also: hits, full: true},
		{name: "hung-pci", title: "reading one PCI function's configuration hangs (D)", promised: "that function marked, others the same", before: "hang pci_read_config kobj:0000:01:00.0", after: "release", concerned: concerned{"pci:0000:01:00.0", "pci:0000:00:02.0", "nic:", "network"}, also: hits, full: true},
		{name: "hung-open", title: "opening one NVMe drive hangs (D)", promised: marked, before: "hang nvme_dev_open file2:nvme1", after: "release", concerned: concerned{nvme1}, also: hits, full: true},
		{name: "hung-attributes", title: "every attribute of one NVMe drive hangs (D)", promised: "that drive marked, others the same", before: "hang dev_attr_show dev:nvme1", after: "release", concerned: concerned{nvme1, "gap:storage"}, also: hits, full: true},
		{name: "hung-nic", title: "every attribute of one network interface hangs (D)", promised: "that interface marked, others the same", before: `hang dev_attr_show "dev:$(basename /sys/bus/pci/devices/0000:01:00.0/net/*)"`, after: "release", concerned: concerned{"nic:0000:01:00.0", "gap:network", "no longer found"}, also: hits, full: true},
		{
			name: "hung-all", title: "every drive, the RAID controller and the BMC hang at once (D)", promised: "all of them marked, others the same", before: "hang nvme_dev_ioctl,blkdev_ioctl,megasas_mgmt_ioctl,ipmi_ioctl ''", after: "release",
			concerned: append(concerned{"drive:", raid, "gap:storage", "logical_drives", "collector storage", "namespace "}, bmc...), also: hits, full: true,
		},
		{name: "dead-bmc", title: "the BMC answers no more (stopped)", promised: "bmc and psu say so, others the same", before: "labsync bmc stop", after: "labsync bmc cont; sleep 8", concerned: bmc},
		{
			name: "clock", title: "the clock jumps by decades, back and forth", promised: "the whole report the same, the duration right", unharmed: true,
			before: `real=$(date +%s); ( while :; do date -s @978307200; sleep 0.07; date -s @2145916800; sleep 0.05; done ) > /dev/null 2>&1 & jumps=$!`, after: `kill $jumps; wait $jumps; date -s @$real`, also: duration,
		},
		{
			name: "memory", title: "64 MiB of memory for all of it (cgroup)", promised: "the whole report the same, nothing killed", unharmed: true, before: in64, as: "/tmp/in64",
			after: memorySays, also: memoryKept,
		},
		{name: "descriptors", title: "64 open files allowed", promised: "the whole report the same", unharmed: true, before: `printf '#!/bin/bash\nulimit -n 64\nexec "$@"\n' > /tmp/few; chmod +x /tmp/few`, as: "/tmp/few"},
		{
			name: "user", title: "an ordinary user", promised: "less, and marked; where SMBIOS told, other sources do", as: "/payload/labdeny root",
			concerned: append(concerned{"board", "cpus", "memory", "moved ", "pcie_devices", "network"}, lacking...),
		},
		{name: "ioctls", title: "every ioctl refused (seccomp)", promised: "what cannot be read is marked, what can is the same", as: "/payload/labdeny ioctl", concerned: lacking},
		{name: "capabilities", title: "root without CAP_SYS_ADMIN and CAP_SYS_RAWIO", promised: "what cannot be read is marked, what can is the same", as: "/payload/labdeny admin", concerned: lacking, full: true},
		{
			name: "readonly", title: "the output folder is read-only", promised: "exit 1 with the reason, nothing changed", exit: 1,
			before: `mkdir -p /tmp/ro; mount -t tmpfs none /tmp/ro; echo old > /tmp/ro/report.json; mount -o remount,ro /tmp/ro`, output: "/tmp/ro/report.json", after: `ls -A /tmp/ro; cat /tmp/ro/report.json`, also: oldFileKept,
		},
		{
			name: "fulldisk", title: "the output folder is full", promised: "exit 1 with the reason, nothing changed", exit: 1,
			before: `mkdir -p /tmp/full; mount -t tmpfs -o size=16k none /tmp/full; echo old > /tmp/full/report.json`, output: "/tmp/full/report.json", after: `ls -A /tmp/full; cat /tmp/full/report.json`, also: oldFileKept,
		},
		{
			name: "write", title: "none: how the file is written (system calls traced)", promised: "new file, write, fsync, rename, fsync of the folder, in this order", unharmed: true,
			as: "strace -f -qq --seccomp-bpf -s 16 -e trace=openat,write,fsync,rename,renameat,renameat2 -o /out/strace", also: writeOrder,
		},
		{name: "twice", title: "two audits at once", promised: "both reports the same as that of one alone", unharmed: true, before: "one second 15 & other=$!", after: "wait $other", also: secondToo},
		{name: "nvml-sound", title: "", before: nvmlLibrary("sound"), after: noDriver, unharmed: false, concerned: concerned{"gpus", "gpu:", "collector nvidia", "nvidia"}},
		{name: "nvml-crash", title: "NVIDIA's library crashes in the second of three GPUs", promised: "the first GPU as without the fault, the reason said, others the same", before: nvmlLibrary("crash"), after: noDriver, base: "nvml-sound", concerned: concerned{"gpus", "gpu:", "collector nvidia", "nvidia"}, also: firstGPU},
		{name: "nvml-hang", title: "NVIDIA's library hangs in the second of three GPUs", promised: "the first GPU as without the fault, the reason said, others the same", before: nvmlLibrary("hang"), base: "nvml-sound", concerned: concerned{"gpus", "gpu:", "collector nvidia", "nvidia"}, also: firstGPU, after: noDriver, seconds: 20, full: true},
		{
			name: "removal", title: "an NVMe drive is pulled out while it is asked", promised: "the drive marked or gone, others the same", before: `(sleep 0.3; echo 1 > /sys/bus/pci/devices/0000:02:00.0/remove) &`, after: "wait; echo 1 > /sys/bus/pci/rescan; sleep 3",
			concerned: concerned{"drive:5cd2e4", "drive:PHLN123400NV0", "pci:0000:02:00.0", "pci:0000:00:03.0", "slot", "board.slots", "hwmon:nvme/0000:02:00.0", "collector storage", "collector pcie"}, full: true,
		},
		{name: "offbus", title: "a drive's controller is off the bus (bus mastering off)", promised: marked, before: `setpci -s 41:00.0 COMMAND=0402`, concerned: concerned{nvme1, "pci:0000:41:00.0", "hwmon:nvme/0000:41:00.0"}},
	}
}

// A group of processes with 64 MiB of memory, and what it says afterwards.
const (
	in64 = `mkdir -p /tmp/cg; grep -q ' /tmp/cg ' /proc/mounts || mount -t cgroup2 none /tmp/cg; echo +memory > /tmp/cg/cgroup.subtree_control; mkdir -p /tmp/cg/bee; echo 64M > /tmp/cg/bee/memory.max
		printf '#!/bin/bash\necho $$ > /tmp/cg/bee/cgroup.procs\nexec "$@"\n' > /tmp/in64; chmod +x /tmp/in64`
	memorySays = `echo "peak $(cat /tmp/cg/bee/memory.peak)"; cat /tmp/cg/bee/memory.events`
)

// noDriver takes back what nvmlLibrary made of the guest.
const noDriver = "umount /proc/driver"

// nvmlLibrary makes the guest one with an NVIDIA driver and a library of ours.
func nvmlLibrary(kind string) string {
	return `mkdir -p /tmp/driver/nvidia; echo 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15' > /tmp/driver/nvidia/version
		grep -q ' /proc/driver ' /proc/mounts || mount --bind /tmp/driver /proc/driver; cp -n /payload/glibc/* /lib/x86_64-linux-gnu/; cp /payload/nvml-` + kind + ` /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1`
}

// hits wants the hang to have held a call.
func hits(_ *testing.T, f faulted) []string {
	for line := range strings.Lines(f.said) {
		if n, err := strconv.Atoi(strings.TrimSpace(line)); err == nil && n > 0 {
			return nil
		}
	}
	return []string{"no call was held: " + f.said}
}

// duration wants the report's own time to be that of a clock that does not
// jump.
func duration(t *testing.T, f faulted) []string {
	t.Helper()
	if d := time.Duration(parseReport(t, f.faulty).DurationMS) * time.Millisecond; d <= 0 || d > f.exit {
		return []string{fmt.Sprintf("the report says it took %v, the process %v", d, f.exit)}
	}
	return nil
}

func memoryKept(t *testing.T, f faulted) []string {
	t.Helper()
	var complaints []string
	for line := range strings.Lines(f.said) {
		switch w := strings.Fields(line); {
		case len(w) != 2:
		case strings.HasPrefix(w[0], "oom") && w[1] != "0":
			complaints = append(complaints, strings.Join(w, " "))
		case w[0] == "peak":
			t.Logf("memory: peak %s bytes", w[1])
		}
	}
	return complaints
}

// oldFileKept wants the file that was there, and nothing beside it.
func oldFileKept(_ *testing.T, f faulted) []string {
	if !strings.HasSuffix(f.said, "\nreport.json\nold\n") {
		return []string{"in the folder: " + f.said}
	}
	return nil
}

// writeOrder looks for the calls that replace a file, in the order that makes
// it last.
func writeOrder(t *testing.T, f faulted) []string {
	t.Helper()
	steps := []string{
		`openat\(.*\.write\.json\.\w+\.tmp", O_.*O_CREAT\|O_EXCL.*, 0600\) += (\d+)`,
		`write\(FD, `, `fsync\(FD\) += 0`,
		`rename\w*\(.*\.write\.json\.\w+\.tmp", .*write\.json"\) = 0`,
		`openat\(.*"(?:/out|\.)", O_RDONLY.*\) += (\d+)`, `fsync\(FD\) += 0`,
	}
	fd := ""
	begun := map[string]string{} // a call that another thread's line cut in two
	for line := range strings.Lines(string(f.file(t, "strace"))) {
		pid, _, _ := strings.Cut(line, " ")
		if head, _, cut := strings.Cut(line, " <unfinished"); cut {
			begun[pid] = head
			continue
		}
		if _, tail, again := strings.Cut(line, " resumed>"); again {
			line = begun[pid] + tail
		}
		m := regexp.MustCompile(strings.ReplaceAll(steps[0], "FD", fd)).FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if len(m) > 1 {
			fd = m[1]
		}
		if steps = steps[1:]; len(steps) == 0 {
			return nil
		}
	}
	return []string{"not seen: " + steps[0]}
}

// secondToo compares the other one of two audits.
func secondToo(t *testing.T, f faulted) []string {
	t.Helper()
	second := fault{name: "second"}
	for line := range strings.Lines(f.said) {
		if w := strings.Fields(line); len(w) == 5 && w[1] == second.name && w[4] != "0" {
			return []string{"the second: " + line}
		}
	}
	complaints, mine, err := compareFault(f.whole, f.file(t, "second.json"), nil)
	if err != nil {
		return []string{err.Error()}
	}
	if mine > 0 {
		complaints = append(complaints, fmt.Sprintf("%d values of the second differ", mine))
	}
	return complaints
}

// firstGPU wants all of the GPU that came before the sick one.
func firstGPU(t *testing.T, f faulted) []string {
	t.Helper()
	whole, faulty := parseReport(t, f.whole), parseReport(t, f.faulty)
	if len(whole.GPUs) != 3 || len(faulty.GPUs) == 0 {
		return []string{fmt.Sprintf("%d GPUs without the fault, %d with it", len(whole.GPUs), len(faulty.GPUs))}
	}
	want, err1 := json.Marshal(whole.GPUs[0])
	got, err2 := json.Marshal(faulty.GPUs[0])
	if err1 != nil || err2 != nil || string(want) != string(got) {
		return []string{fmt.Sprintf("the first GPU differs: %s, was %s", got, want)}
	}
	return nil
}

// TestFaults does to a machine what goes wrong with machines, and wants the
// audit's promises kept. Short runs what fits beside every change; all of it is
// BEE_LAB_ALL=1. BEE_RELIABILITY names the page that the results go to.
func TestFaults(t *testing.T) {
	p := &table{}
	all := os.Getenv("BEE_LAB_ALL") != ""
	for _, f := range serverFaults() {
		if f.title != "" {
			p.promise(f.title, f.promised)
		}
	}
	for _, m := range firmwareMachines() {
		p.promise(m.title, m.promised)
	}
	many, tight := functionPair()
	p.promise(many.title, many.promised)
	p.promise(tight.title, tight.promised)
	powerPromise(p)
	var whole []byte // the server's report without a fault
	t.Run("server", func(t *testing.T) { whole = bootFaults(t, p, all) })
	t.Run("firmware", func(t *testing.T) { firmwareFaults(t, p, all, whole) })
	t.Run("pci", func(t *testing.T) { functionFaults(t, p, all) })
	t.Run("power", func(t *testing.T) { powerCuts(t, p, all) })
	t.Run("host", func(t *testing.T) { hostFaults(t, p) })
}

// warm runs an audit for nothing, and marks the kernel as what a module of ours
// makes it.
func warm() lab.Job {
	return lab.Shell("warm", "modprobe labhang ms=0; rmmod labhang; /payload/audit > /dev/null")
}

// bootFaults runs the faults of one machine, and returns its report without.
func bootFaults(t *testing.T, p *table, all bool) []byte {
	t.Helper()
	control := fault{name: "whole"}
	jobs := []lab.Job{makeMegaRAIDNode(), warm(), control.job()}
	var faults []fault
	rows := map[string]*row{}
	for _, f := range serverFaults() {
		if f.title != "" {
			rows[f.name] = p.promise(f.title, f.promised)
		}
		if all || !f.full {
			faults = append(faults, f)
			jobs = append(jobs, f.job())
		}
	}
	b := boot(t, "server", func(o *lab.Options) {
		o.Timeout = 25 * time.Minute
		o.Files["labdeny"] = built(t, "example.com/bee/test/lab/guest/labdeny")
		o.Files["audit-nvml"] = nvml.Helper(t, t.TempDir())
		three := nvml.H100s(3)
		o.Files["glibc"] = oldLibraries(t)
		o.Files["nvml-sound"] = nvml.Library(t, three)
		for _, how := range []string{"crash", "hang"} {
			o.Files["nvml-"+how] = nvml.Library(t, three, nvml.Fault(how, nvidia.FnTemperature, 1)...)
		}
	}, jobs...)
	whole := b.file(t, "whole.json")
	bases := map[string][]byte{"": whole}
	for _, f := range faults {
		if f.title == "" { // what another fault is compared with
			bases[f.name] = b.file(t, f.name+".json")
			continue
		}
		t.Run(f.name, func(t *testing.T) { f.judge(t, p, rows[f.name], f.outcome(t, b, bases[f.base])) })
	}
	return whole
}

// oldLibraries is a folder with what a program for older versions of glibc
// wants beside its C library, which the guest has no other use for.
func oldLibraries(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"libdl.so.2", "libpthread.so.0"} {
		data, err := os.ReadFile("/lib/x86_64-linux-gnu/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
