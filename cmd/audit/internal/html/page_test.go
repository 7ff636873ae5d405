package html_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"example.com/bee/cmd/audit/internal/html"
	"example.com/bee/cmd/audit/internal/samples"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

func stored(t testing.TB, name string) []byte {
	t.Helper()
	doc, err := os.ReadFile("../../testdata/reports/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func page(t testing.TB, name string) []byte {
	t.Helper()
	doc := stored(t, name)
	var r inventory.Report
	if err := json.Unmarshal(doc, &r); err != nil {
		t.Fatal(err)
	}
	out, err := html.Page(&r, doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tags matches a tag as this package writes them; nothing else may begin
// with "<".
func tags() *regexp.Regexp {
	return regexp.MustCompile(`^<(?:/?[a-z][a-z0-9]*(?: [a-zA-Z:-]+(?:="[^"<>]*")?)*/?>|!DOCTYPE html>)`)
}

// inert says what is wrong with a page's markup: a "<" that begins no tag of
// ours, a handler, an address that leads elsewhere, an invisible character.
func inert(out []byte) string {
	if !utf8.Valid(out) {
		return "not UTF-8"
	}
	for _, c := range string(out) {
		if c != '\n' && !unicode.IsPrint(c) {
			return "a character that cannot be seen: " + string(c)
		}
	}
	tag := tags()
	values := regexp.MustCompile(`(aria-label|title|data-k|content)="[^"]*"`)
	dangerous := regexp.MustCompile(` on[a-z]+=| style=| src=| href="[^#]`)
	rest, scripts := string(out), 0
	for {
		i := strings.IndexByte(rest, '<')
		if i < 0 {
			break
		}
		rest = rest[i:]
		m := tag.FindString(rest)
		if m == "" {
			return "not a tag: " + rest[:min(60, len(rest))]
		}
		if dangerous.MatchString(values.ReplaceAllString(m, "")) {
			return "dangerous: " + m
		}
		rest = rest[len(m):]
		if end := map[bool]string{strings.HasPrefix(m, "<script"): "</script>", strings.HasPrefix(m, "<style"): "</style>"}[true]; end != "" {
			scripts++
			at := strings.Index(rest, end)
			if at < 0 || strings.Contains(rest[:at], "<!--") {
				return "script or style that does not end"
			}
			rest = rest[at:]
		}
	}
	if scripts != 3 {
		return "scripts and styles: not three"
	}
	return ""
}

func TestInert(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"server", "desktop", "gpu", "damaged", "nodmi", "hostile"} {
		if bad := inert(page(t, name)); bad != "" {
			t.Errorf("%s: %s", name, bad)
		}
	}
}

// TestInertFilled: also a field that no sample has.
func TestInertFilled(t *testing.T) {
	t.Parallel()
	r := samples.Filled(samples.Evil + "\xff")
	doc, err := render.JSON(r)
	if err != nil {
		t.Fatal(err)
	}
	out, err := html.Page(r, doc)
	if err != nil {
		t.Fatal(err)
	}
	if bad := inert(out); bad != "" {
		t.Error(bad)
	}
}

// TestNoConversions: the one way from a value to markup is closed.
func TestNoConversions(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		src, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`literal\((.*)`).FindAllSubmatch(src, -1) {
			if !bytes.HasPrefix(m[1], []byte(`"`)) {
				t.Errorf("%s: literal(%s", f.Name(), m[1])
			}
		}
		// %s and %v in markup would be values that nobody escaped; only class
		// and numbers of this package are written that way.
		for _, m := range regexp.MustCompile(`Fprintf\(&[pw]\.b, .*`).FindAll(src, -1) {
			if bytes.Contains(m, []byte("%v")) || bytes.Contains(m, []byte("%s")) && !bytes.Contains(m, []byte(`class="%s"`)) && !bytes.Contains(m, []byte(`transform="%s"`)) {
				t.Errorf("%s: %s", f.Name(), m)
			}
		}
	}
}

func FuzzInert(f *testing.F) {
	f.Add("</script><script>alert(1)//")
	f.Add("\" onclick=\"x()\" '><!--\u202e\x1b[0m\xff")
	f.Fuzz(func(t *testing.T, s string) {
		r := &inventory.Report{
			SchemaVersion: s, Tool: inventory.Tool{Name: s, Version: s},
			Host:        &inventory.Host{Meta: inventory.Meta{ID: s}, Hostname: s, OS: s, BootMode: inventory.BootMode(s)},
			CPUs:        []inventory.CPU{{Meta: inventory.Meta{ID: s}, Socket: s, Model: s}},
			Memory:      &inventory.Memory{ECC: s, Modules: []inventory.MemoryModule{{Meta: inventory.Meta{ID: s}, Slot: s, Bank: s}}},
			Storage:     []inventory.Drive{{Meta: inventory.Meta{ID: s + "d"}, Device: s, Protocol: inventory.Protocol(s), Health: &inventory.DriveHealth{Status: inventory.Health(s), Reasons: []string{s}}}},
			PCIeDevices: []inventory.PCIeDevice{{Address: s, Parent: s, ClassID: s, Vendor: s, Slot: s}},
			Network: []inventory.NIC{{
				Meta: inventory.Meta{ID: s + "n"}, Name: s, MAC: s, BusAddress: s, Master: &inventory.NICMaster{Name: s, Type: s, Mode: s, State: s, MIIStatus: s},
				Module: &inventory.NICModule{Type: s, Vendor: s, PartNumber: s, Media: []string{s}, Thresholds: map[string]inventory.NICThresholds{s: {}}},
				LLDP:   []inventory.LLDPNeighbor{{SystemName: s, PortID: s, PortDescription: s, ChassisID: s, VLANs: map[string]string{s: s}}},
				RDMA:   []inventory.RDMAPort{{Device: s, State: s, Counters: map[string]uint64{s: 1}}},
			}},
			CXLDevices:    []inventory.CXLDevice{{Meta: inventory.Meta{ID: s + "c"}, Device: s, PCIAddress: s}},
			Trust:         &inventory.Trust{Lockdown: s, KernelTaint: []string{s}, TPMs: []inventory.TPM{{Device: s, Model: s}}},
			Topology:      &inventory.Topology{Nodes: []inventory.TopologyNode{{Node: new(0), CPUs: []string{s}, NICs: []string{s + "n"}, Drives: []string{s + "d"}, Distances: map[string]int{s: 1}}, {NICs: []string{s}}}},
			PowerSupplies: []inventory.PowerSupply{{Meta: inventory.Meta{ID: s}, Slot: s, Status: inventory.PSUStatus(s)}},
			GPUs:          []inventory.GPU{{Name: s, State: s, PCIAddress: s}},
			Findings:      []inventory.Finding{{Severity: inventory.Severity(s), Code: s, ComponentID: s, Message: s, Evidence: map[string]string{s: s}}},
			Issues:        []inventory.Issue{{Detail: s, Kind: inventory.IssueKind(s)}},
			Collectors:    []inventory.Outcome{{Name: s, Status: inventory.Status(s), Error: s}},
			Extensions:    map[string]json.RawMessage{s: json.RawMessage(`"x"`)},
		}
		doc, err := render.JSON(r)
		if err != nil {
			t.Fatal(err)
		}
		out, err := html.Page(r, doc)
		if err != nil {
			t.Fatal(err)
		}
		if bad := inert(out); bad != "" {
			t.Fatal(bad)
		}
	})
}

// TestNodes: memory is drawn beside the processor its locator names, and all
// of it beside the only one.
func TestNodes(t *testing.T) {
	t.Parallel()
	cpu := func(socket string) inventory.CPU {
		return inventory.CPU{Meta: inventory.Meta{ID: "cpu:" + socket}, Socket: socket}
	}
	module := func(slot, bank string) inventory.MemoryModule {
		return inventory.MemoryModule{Meta: inventory.Meta{ID: "dimm:" + slot}, Slot: slot, Bank: bank}
	}
	node := func(n int, cpus ...string) inventory.TopologyNode {
		return inventory.TopologyNode{Node: &n, CPUs: cpus}
	}
	for name, x := range map[string]struct {
		cpus    []inventory.CPU
		modules []inventory.MemoryModule
		nodes   []inventory.TopologyNode
		want    string
	}{
		"by locator and bank": {
			[]inventory.CPU{cpu("CPU 1"), cpu("CPU 2")},
			[]inventory.MemoryModule{module("CPU1_DIMM_A1", ""), module("A9", "cpu2 bank 0"), module("CPU11_X", ""), module("B7", "")},
			[]inventory.TopologyNode{node(0, "cpu:CPU 1"), node(1, "cpu:CPU 2")},
			"[Processor CPU 1 Memory module CPU1_DIMM_A1] [Processor CPU 2 Memory module cpu2 bank 0 A9] Memory module CPU11_X Memory module B7",
		},
		"not said": {
			[]inventory.CPU{cpu("CPU1"), cpu("CPU2")},
			[]inventory.MemoryModule{module("A1", ""), module("B1", "")},
			[]inventory.TopologyNode{node(0, "cpu:CPU1"), node(1, "cpu:CPU2")},
			"[Processor CPU1] [Processor CPU2] Memory module A1 Memory module B1",
		},
		"one processor": {
			[]inventory.CPU{cpu("U3E1")},
			[]inventory.MemoryModule{module("A1", ""), module("B1", "")},
			[]inventory.TopologyNode{node(0, "cpu:U3E1")},
			"[Processor U3E1 Memory module A1 Memory module B1]",
		},
		"an empty socket": {
			[]inventory.CPU{cpu("P0"), {Meta: inventory.Meta{ID: "cpu:P1"}, Socket: "P1", Present: new(false)}},
			[]inventory.MemoryModule{module("A1", ""), module("B1", "")},
			[]inventory.TopologyNode{node(0, "cpu:P0")},
			"[Processor P0] Processor P1 Memory module A1 Memory module B1",
		},
		"two nodes in one processor": {
			[]inventory.CPU{cpu("P0")},
			[]inventory.MemoryModule{module("A1", "")},
			[]inventory.TopologyNode{node(0, "cpu:P0"), node(1, "cpu:P0")},
			"[Processor P0 Memory module A1] []",
		},
	} {
		out, err := html.Page(&inventory.Report{CPUs: x.cpus, Memory: &inventory.Memory{Modules: x.modules}, Topology: &inventory.Topology{Nodes: x.nodes}}, []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		inside := false
		for _, m := range regexp.MustCompile(`<figure class="(node-box)">|(</figure>)|<a class="part [^>]*aria-label="([^",]*)`).FindAllStringSubmatch(string(out), -1) {
			switch {
			case m[1] != "":
				words, inside = append(words, "["), true
			case m[3] != "":
				words = append(words, m[3])
			case inside:
				words, inside = append(words, "]"), false
			}
		}
		got := strings.NewReplacer("[ ", "[", " ]", "]").Replace(strings.Join(words, " "))
		if got != x.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestHuge: a report of absurd length makes a page of bounded drawing.
func TestHuge(t *testing.T) {
	t.Parallel()
	r := &inventory.Report{PCIeDevices: make([]inventory.PCIeDevice, 5000), Storage: make([]inventory.Drive, 5000)}
	for i := range r.PCIeDevices {
		d := &r.PCIeDevices[i]
		d.Address, d.ClassID = strings.Repeat("f", i%50)+string(rune('a'+i%26)), "020000"
		if i > 0 {
			d.Parent = r.PCIeDevices[i-1].Address
		}
	}
	out, err := html.Page(r, []byte("{}"))
	if err != nil || bytes.Count(out, []byte("<svg")) > 300 {
		t.Errorf("%d drawings, %v", bytes.Count(out, []byte("<svg")), err)
	}
}

func BenchmarkPage(b *testing.B) {
	doc := stored(b, "gpu")
	var r inventory.Report
	if err := json.Unmarshal(doc, &r); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := html.Page(&r, doc); err != nil {
			b.Fatal(err)
		}
	}
}
