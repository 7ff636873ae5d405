package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors"
	"example.com/bee/test/bench/measure"
	"example.com/bee/test/bench/score"
)

// entry is a program that is measured, and how to read it.
type entry struct {
	name, title string
	argv        []string
	// against is the audit restricted to the same domains.
	against string
	read    func(dir string) ([]score.Part, error)
}

// inventoryDomains is what lshw, hwinfo and ghw know of.
const inventoryDomains = "host,board,cpu,memory,storage,pcie,network"

// traces is a line of sh that writes down the requests of two audits.
func traces(dir string) string {
	line := filepath.Join(dir, "benchrun") + " trace " + filepath.Join(dir, "trace")
	return line + " && " + line + "-inventory " + known(inventoryDomains)
}

// entries are all programs; dir is where our own lie.
func entries(dir string) []entry {
	bee := func(name, domains string) entry {
		argv := []string{filepath.Join(dir, "audit")}
		title := "audit"
		if domains != "" {
			domains = known(domains)
			argv, title = append(argv, "--only", domains), "audit --only "+domains
		}
		return entry{name: name, title: title, argv: argv, read: output(name, score.Audit)}
	}
	stack := func(name, title, against string, words ...string) entry {
		return entry{
			name: name, title: title, against: against,
			argv: append([]string{"bash", filepath.Join(dir, "stack.sh")}, words...),
			read: func(d string) ([]score.Part, error) { return score.Stack(filepath.Join(d, name+".d")) },
		}
	}
	return []entry{
		bee("bee", ""),
		stack("stack-serial", "the stack, one after the other", "bee", "serial"),
		stack("stack-parallel", "the stack, all at once", "bee", "parallel"),
		bee("bee-inventory", inventoryDomains),
		{name: "lshw", title: "lshw -json", argv: []string{"lshw", "-json"}, against: "bee-inventory", read: output("lshw", score.Lshw)},
		{name: "hwinfo", title: "hwinfo --all", argv: []string{"hwinfo", "--all"}, against: "bee-inventory", read: output("hwinfo", score.Hwinfo)},
		{name: "ghw", title: "ghw.Host", argv: []string{filepath.Join(dir, "ghw")}, against: "bee-inventory", read: output("ghw", score.GHW)},
		bee("bee-dmi", "board,cpu,memory"),
		{name: "dmidecode", title: "dmidecode", argv: []string{"dmidecode"}, against: "bee-dmi", read: output("dmidecode", score.Dmidecode)},
		bee("bee-pcie", "pcie"),
		{name: "lspci", title: "lspci -Dvmmnnk", argv: []string{"lspci", "-Dvmmnnk"}, against: "bee-pcie", read: output("lspci", score.Lspci)},
		bee("bee-storage", "storage"),
		stack("smartctl", "smartctl -x of each drive, nvme list, lsblk", "bee-storage", "serial", "smart", "nvme", "block"),
		bee("bee-bmc", "psu,bmc"),
		stack("ipmitool", "ipmitool fru print; sdr elist all", "bee-bmc", "serial", "bmc"),
		{name: "floor", title: "the audit's raw requests, nothing else", argv: []string{filepath.Join(dir, "floor"), filepath.Join(dir, "trace")}},
		{name: "floor-inventory", title: "those of audit --only " + known(inventoryDomains), argv: []string{filepath.Join(dir, "floor"), filepath.Join(dir, "trace-inventory")}},
		{name: "version", title: "audit version", argv: []string{filepath.Join(dir, "audit"), "version"}},
	}
}

// known leaves out domains that this version does not collect.
func known(domains string) string {
	all := map[string]bool{}
	for _, c := range collectors.Default(nil) {
		all[c.Name()] = true
	}
	words := slices.DeleteFunc(strings.Split(domains, ","), func(w string) bool { return !all[w] })
	return strings.Join(words, ",")
}

// output reads what a program printed.
func output(name string, read func([]byte) ([]score.Part, error)) func(string) ([]score.Part, error) {
	return func(dir string) ([]score.Part, error) {
		text, err := os.ReadFile(filepath.Join(dir, name+".out"))
		if err != nil {
			return nil, err
		}
		return read(text)
	}
}

func (o *options) plan(all []entry, before string) measure.Plan {
	p := measure.Plan{Before: before, Warmups: o.warmups, Runs: o.runs, Seed: 8, LimitMS: 60_000}
	for _, e := range all {
		p.Peers = append(p.Peers, measure.Peer{Name: e.name, Argv: e.argv})
	}
	return p
}
