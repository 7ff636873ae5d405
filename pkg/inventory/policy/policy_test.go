package policy_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"os"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory"
	"example.com/bee/pkg/inventory/policy"
)

func parse(t testing.TB, text string) *policy.Policy {
	t.Helper()
	p, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

func check(t testing.TB, p *policy.Policy, r *inventory.Report) *policy.Verdict {
	t.Helper()
	v, err := p.Check(r)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func rules(text string) string { return "version: 1\nrules:\n" + text }

// TestExamples: the documented policies are passed by what they describe and
// failed by the other machine.
func TestExamples(t *testing.T) {
	t.Parallel()
	machines := map[string]*inventory.Report{"gpu-server": gpuServer(), "storage-server": storageServer()}
	for name := range machines {
		data, err := os.ReadFile("../../../docs/examples/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		p := parse(t, string(data))
		for other, r := range machines {
			v := check(t, p, r)
			want := policy.Fail
			if other == name {
				want = policy.Pass
			}
			if v.Status != want {
				t.Errorf("%s on %s: %s", name, other, strings.Join(v.Lines(true), "\n"))
			}
		}
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, rule string
		change     func(*inventory.Report)
		want       policy.Status
		found      string
	}{
		{"count", "- {parts: cpus, count: 2}", nil, policy.Pass, "count 2"},
		{"too many", "- {parts: cpus, count: {at_most: 1}}", nil, policy.Fail, "count 2"},
		{"too few", "- {parts: cpus, count: {at_least: 3}}", nil, policy.Fail, "count 2"},
		{"empty slots do not count", "- {parts: memory.modules, count: 8}", nil, policy.Pass, "count 8"},
		{"empty slots do when asked for", "- {parts: memory.modules, where: {present: false}, count: 8}", nil, policy.Pass, "count 8"},
		{"exact size", "- {parts: memory.modules, each: {size_bytes: 32 GiB}}", nil, policy.Pass, ""},
		{"another size", "- {parts: memory.modules, each: {size_bytes: 32 GB}}", nil, policy.Fail, "dimm:A0: size_bytes 32 GiB"},
		{"size at least", "- {parts: storage, each: {size_bytes: {at_least: 0.48 TB}}}", nil, policy.Pass, ""},
		{"pattern", "- {parts: cpus, each: {model: '*8480?'}}", nil, policy.Pass, ""},
		{"no pattern", "- {parts: cpus, each: {model: {is: '*8480?'}}}", nil, policy.Fail, "cpu:CPU1: model Intel(R) Xeon(R) Platinum 8480+"},
		{"one of", "- {parts: cpus, each: {cores: [32, 56]}}", nil, policy.Pass, ""},
		{"newer firmware", "- {parts: board.bios, each: {version: {at_least: '2.9'}}}", nil, policy.Pass, ""},
		{"older firmware", "- {parts: board.bios, each: {version: {at_least: 2.11}}}", nil, policy.Fail, "version 2.10"},
		{"another series of firmware", "- {parts: storage, where: {protocol: nvme}, each: {firmware: {at_least: EDA7602Q}}}", nil, policy.Unknown, "not comparable"},
		{"microcode is hexadecimal", "- {parts: cpus, each: {microcode: {at_least: '0x2b0003ff'}}}", nil, policy.Pass, ""},
		{"link", "- {parts: pcie_devices, each: {pcie_link.current_width: {at_least: 16}}}", nil, policy.Fail, "pcie_link.current_width 8"},
		{"not said", "- {parts: cpus, each: {serial_number: X}}", nil, policy.Unknown, "cpu:CPU1: serial_number not said"},
		{"said", "- {parts: cpus, each: {model: {said: true}}}", nil, policy.Pass, ""},
		{"said, and is not", "- {parts: cpus, each: {serial_number: {said: true}}}", nil, policy.Fail, "serial_number not said"},
		{"no part", "- {parts: gpus, each: {name: X}}", nil, policy.Fail, "count 0"},
		{"none wanted", "- {parts: gpus, count: 0}", nil, policy.Pass, "count 0"},
		{"unsure whether meant", "- {parts: cpus, where: {serial_number: X}, count: 2}", nil, policy.Unknown, "count 0 to 2"},
		{"unsure, but too many", "- {parts: cpus, where: {serial_number: X}, count: {at_least: 3}}", nil, policy.Fail, "count 0 to 2"},
		{"denied", "- {parts: cpus, count: {at_least: 0, at_most: 9}}", func(r *inventory.Report) {
			r.CPUs, r.Collectors[1].Status = nil, inventory.StatusDenied
		}, policy.Unknown, "collector cpu: denied"},
		{"denied, each", "- {parts: cpus, each: {cores: 56}}", func(r *inventory.Report) {
			r.CPUs, r.Collectors[1].Status = nil, inventory.StatusDenied
		}, policy.Unknown, "collector cpu: denied"},
		{"absent", "- {parts: power_supplies, count: 2}", func(r *inventory.Report) {
			r.PowerSupplies, r.Collectors[5].Status = nil, inventory.StatusAbsent
		}, policy.Unknown, "found no interface"},
		{"read in part", "- {parts: storage, count: {at_most: 30}}", func(r *inventory.Report) {
			r.Collectors[3].Status = inventory.StatusPartial
			r.Issues = []inventory.Issue{{Collector: "storage", Kind: inventory.KindTimeout}}
		}, policy.Unknown, "read only a part"},
		{"read in part, enough", "- {parts: storage, count: {at_least: 20}}", func(r *inventory.Report) {
			r.Collectors[3].Status = inventory.StatusPartial
			r.Issues = []inventory.Issue{{Collector: "storage", Kind: inventory.KindTimeout}}
		}, policy.Pass, ""},
		{"field not read", "- {parts: storage, each: {health.status: ok}}", func(r *inventory.Report) {
			r.Storage[0].Health = nil
			r.Issues = []inventory.Issue{{Collector: "storage", ComponentID: "drive:S0", Field: "health", Kind: inventory.KindDenied}}
		}, policy.Unknown, "drive:S0: health.status not read: denied"},
		{"list not said", "- {parts: memory.modules, count: 0}", func(r *inventory.Report) { r.Memory.Modules = nil }, policy.Unknown, "memory.modules not said"},
		{"bill of materials", "- {parts: storage, exactly: [{count: 24, protocol: sas}, {count: 2, protocol: nvme}]}", nil, policy.Pass, "as expected"},
		{"one too many", "- {parts: storage, exactly: [{count: 24, protocol: sas}, {protocol: nvme}]}", nil, policy.Fail, "drive:M1 not on the list: protocol nvme"},
		{"one missing", "- {parts: storage, exactly: [{count: 25, protocol: sas}, {count: 2, protocol: nvme}]}", nil, policy.Fail, "missing 1 of 25 x protocol sas"},
		{
			"one that does not say", "- {parts: storage, exactly: [{count: 24, protocol: sas}, {count: 2, protocol: nvme}]}",
			func(r *inventory.Report) { r.Storage[0].Protocol = "" }, policy.Unknown, "drive:S0 cannot be told",
		},
		{"exactly none", "- {parts: gpus, exactly: []}", nil, policy.Pass, "as expected"},
		{"unknown words", "- {parts: storage, each: {protocol: [sas, nvme, novel]}}", func(r *inventory.Report) { r.Storage[0].Protocol = "novel" }, policy.Pass, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := storageServer()
			if test.change != nil {
				test.change(r)
			}
			v := check(t, parse(t, rules(test.rule)), r)
			if v.Status != test.want || !strings.Contains(v.Results[0].Found, test.found) || v.Results[0].Line != 3 {
				t.Errorf("%s", strings.Join(v.Lines(true), "\n"))
			}
		})
	}
}

func TestHealthAndCollectors(t *testing.T) {
	t.Parallel()
	p := parse(t, "version: 1\ncollectors: [cpu]\nhealth: {no: [critical, warning], except: [a.known]}\n")
	finding := func(s inventory.Severity, code string) inventory.Finding {
		return inventory.Finding{Severity: s, Code: code, ComponentID: "cpu:CPU1", Message: "m"}
	}
	for _, test := range []struct {
		name   string
		change func(*inventory.Report)
		want   policy.Status
	}{
		{"good", func(*inventory.Report) {}, policy.Pass},
		{"information", func(r *inventory.Report) { r.Findings = append(r.Findings, finding("info", "x")) }, policy.Pass},
		{"excepted", func(r *inventory.Report) { r.Findings = append(r.Findings, finding("critical", "a.known")) }, policy.Pass},
		{"warning", func(r *inventory.Report) { r.Findings = append(r.Findings, finding("warning", "x")) }, policy.Fail},
		{"a collector failed", func(r *inventory.Report) { r.Collectors[3].Status = inventory.StatusFailed }, policy.Unknown},
		{"a drive hung", func(r *inventory.Report) {
			r.Issues = append(r.Issues, inventory.Issue{ComponentID: "drive:S1", Kind: inventory.KindStuck})
		}, policy.Unknown},
		{"the collector was left out", func(r *inventory.Report) { r.Collectors[1].Status = inventory.StatusNotRun }, policy.Fail},
		{"the collector does not exist", func(r *inventory.Report) { r.Collectors = r.Collectors[2:] }, policy.Fail},
		{"nothing was read", func(r *inventory.Report) { r.Collectors = nil }, policy.Fail},
	} {
		r := storageServer()
		test.change(r)
		if v := check(t, p, r); v.Status != test.want {
			t.Errorf("%s: %s", test.name, strings.Join(v.Lines(true), "\n"))
		}
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, test := range [][2]string{
		{"", "empty"},
		{"- a", `line 1: policy: want keys and values, got a list`},
		{"version: 2\nhealth: {no: [critical]}", "line 1: version 2; this program reads version 1"},
		{"health: {no: [critical]}", "version is missing"},
		{"version: 1", "expects nothing"},
		{"version: 1\nrulez: []", `line 2: policy: unknown key "rulez"; did you mean "rules"?`},
		{"version: 1\nversion: 1\nhealth: {no: [critical]}", `line 2: policy: "version" is there twice`},
		{"version: 1\nhealth: {no: [criticl]}", `line 2: health.no: unknown "criticl"; did you mean "critical"?`},
		{"version: 1\nhealth: {except: [x]}", "line 2: health: no is missing"},
		{rules("- {parts: memory.module, count: 1}"), `line 3: parts: unknown "module" in memory.module; did you mean "modules"?`},
		{rules("- {parts: board.bios.version, count: 1}"), "no part of the machine"},
		{rules("- {count: 1}"), "line 3: rule: parts is missing"},
		{rules("- {parts: cpus}"), "line 3: rule: expects nothing"},
		{rules("- {parts: cpus, exactly: [], count: 1}"), "exactly stands alone"},
		{rules("- parts: cpus\n  each:\n    coers: 1"), `line 5: unknown "coers" in coers; did you mean "cores"?`},
		{rules("- {parts: cpus, each: {cores: many}}"), `line 3: cores: "many" is no number`},
		{rules("- {parts: cpus, each: {present: 'yes'}}"), "neither true nor false"},
		{rules("- {parts: cpus, each: {present: {at_least: true}}}"), "makes no sense"},
		{rules("- {parts: cpus, each: {caches: 1}}"), "no single value"},
		{rules("- {parts: memory, each: {size_bytes: 32 Gib}}"), `line 3: size_bytes: "32 Gib" is no size`},
		{rules("- {parts: memory, each: {size_bytes: 0.3 B}}"), "no whole number"},
		{rules("- {parts: cpus, each: {model: {atleast: 1}}}"), `did you mean "at_least"?`},
		{rules("- {parts: cpus, each: {}}"), "each: is empty"},
		{rules("- {parts: cpus, count: -1}"), `"-1" is no count`},
		{rules("- {parts: cpus, count: {}}"), "count: give a number"},
		{rules("- {parts: cpus, each: {model: []}}"), "the list is empty"},
		{rules("- {parts: cpus, each: {model: }}"), "want a value"},
		{"version: 1\nname: &a x\nrules: *a", "aliases are not read"},
		{"version: 1\n---\nversion: 1", "more than one"},
		{"a: [", "not YAML"},
		{strings.Repeat("#", policy.MaxBytes+1), "at most"},
	} {
		p, err := policy.Parse([]byte(test[0]))
		if err == nil || p != nil || !strings.Contains(err.Error(), test[1]) {
			t.Errorf("%.60q: %v, want %q", test[0], err, test[1])
		}
	}
	_, err := policy.Parse([]byte(rules("- {parts: cpus, each: {a: 1, b: 2}}\n- {parts: x}")))
	var e *policy.Error
	if !errors.As(err, &e) || strings.Count(err.Error(), "line ") != 3 {
		t.Errorf("not all mistakes at once: %v", err)
	}
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	r := storageServer()
	r.CPUs[0].Model = "a\x1b[31m<b>&\"\u202e"
	p := parse(t, "version: 1\nname: n\nrules:\n- {name: good, parts: cpus, count: 2}\n- {name: bad, parts: cpus, each: {model: X}}\n- {name: who knows, parts: cpus, each: {serial_number: X}}")
	v := check(t, p, r)
	var b bytes.Buffer
	if err := v.JUnit(&b, nil); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Suite struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Cases    []struct {
				Name    string    `xml:"name,attr"`
				Failure *struct{} `xml:"failure"`
				Error   *struct{} `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	s := got.Suite
	if s.Tests != 3 || s.Failures != 1 || s.Errors != 1 || s.Cases[1].Failure == nil || s.Cases[2].Error == nil || s.Cases[0].Error != nil || s.Cases[0].Failure != nil {
		t.Errorf("%s", b.String())
	}
	if bytes.ContainsRune(b.Bytes(), 0x1b) {
		t.Error("an escape character in XML")
	}
}
