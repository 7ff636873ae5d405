package lab_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory"
	"example.com/bee/pkg/inventory/diff"
)

// concerned is what a fault may change, each the beginning of a component's id
// ("drive:PHLN"), of a section ("bmc") or of one that is only not whole
// ("gap:storage"), of a value's path ("host.identity.bmc_mac"), of kind and section of
// a difference ("moved storage") or of the words that package diff finds.
type concerned []string

// withheld may stand in a list: what could not be read may be missing
// everywhere, where a collector says that it was denied something; another
// value may not stand in its place.
const withheld = "?"

// less says that a difference is nothing but less, in a section whose collector
// did not end well.
func less(d diff.Difference, faulty *inventory.Report) bool {
	if d.Section == "findings" {
		return d.Kind == diff.Removed
	}
	ended := slices.ContainsFunc(faulty.Collectors, func(o inventory.Outcome) bool {
		return slices.Contains(o.Sections, d.Section) && o.Status != inventory.StatusOK
	})
	if !ended || d.Kind != diff.Removed && d.Kind != diff.Changed {
		return false
	}
	return !slices.ContainsFunc(d.Fields, func(f diff.Field) bool { return f.New != nil && f.New != "unknown" })
}

func (c concerned) has(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return w != "" && slices.ContainsFunc(c, func(p string) bool { return strings.HasPrefix(w, p) })
	})
}

// compareFault compares two reports of one machine under the mask of package
// diff, and returns what differs that the fault does not concern, and how many
// differences and gaps it does.
func compareFault(whole, faulty []byte, c concerned) (complaints []string, mine int, err error) {
	res, err := diff.Compare(whole, faulty)
	if err != nil {
		return nil, 0, err
	}
	var r inventory.Report
	if err := json.Unmarshal(faulty, &r); err != nil {
		return nil, 0, err
	}
	var walk func(all []diff.Difference)
	walk = func(all []diff.Difference) {
		for _, d := range all {
			ids := []string{d.Section, d.Text, string(d.Kind) + " " + d.Section}
			for _, p := range []*diff.Part{d.Old, d.New} {
				if p != nil {
					ids = append(ids, p.ID)
				}
			}
			paths := len(d.Fields) > 0
			for _, f := range d.Fields {
				paths = paths && c.has(f.Path)
			}
			if c.has(ids...) || paths || slices.Contains(c, withheld) && less(d, &r) {
				mine++
			} else {
				complaints = append(complaints, d.Text)
			}
			walk(d.Also)
		}
	}
	walk(res.Differences)
	for _, g := range res.NotComparable {
		if c.has(g.Section, "gap:"+g.Section, g.ComponentID, g.Text) || slices.Contains(c, withheld) {
			mine++
		} else {
			complaints = append(complaints, fmt.Sprintf("not comparable: %s %s %s", g.Section, g.ComponentID, g.Text))
		}
	}
	return complaints, mine, nil
}

// issuesSince are the issues and findings that only the second report has, in
// few words.
func issuesSince(whole, faulty []byte) ([]string, error) {
	var a, b inventory.Report
	if err := json.Unmarshal(whole, &a); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(faulty, &b); err != nil {
		return nil, err
	}
	var fresh []string
	for _, is := range b.Issues {
		if slices.ContainsFunc(a.Issues, func(o inventory.Issue) bool {
			return o.ComponentID == is.ComponentID && o.Field == is.Field && o.Kind == is.Kind && o.Source == is.Source
		}) {
			continue
		}
		who := is.ComponentID
		if who == "" {
			who = "collector " + is.Collector
		}
		fresh = append(fresh, who+" "+string(is.Kind))
	}
	for _, f := range b.Findings {
		if !slices.ContainsFunc(a.Findings, func(o inventory.Finding) bool { return o.Code == f.Code && o.ComponentID == f.ComponentID }) {
			fresh = append(fresh, strings.TrimSpace(f.ComponentID+" "+f.Code))
		}
	}
	slices.Sort(fresh)
	return slices.Compact(fresh), nil
}

// TestCompareFault: what a fault concerns may differ, and nothing else.
func TestCompareFault(t *testing.T) {
	t.Parallel()
	report := func(serial, other string, hours int, issues string) []byte {
		return fmt.Appendf(nil, `{"schema_version":"1.0","collectors":[{"name":"storage","sections":["storage"],"status":"ok"}],
			"storage":[{"id":"drive:A","serial_number":%q,"health":{"power_on_hours":%d}},{"id":"drive:B","serial_number":%q}],"issues":[%s],"findings":[]}`, serial, hours, other, issues)
	}
	whole := report("A", "B", 1, "")
	for name, test := range map[string]struct {
		faulty     []byte
		concerned  concerned
		complaints int
		mine       int
	}{
		"readings":  {report("A", "B", 2, ""), nil, 0, 0},
		"concerned": {report("A", "C", 1, ""), concerned{"drive:B", "drive:C"}, 0, 1},
		"not":       {report("C", "B", 1, ""), concerned{"drive:B"}, 1, 0},
		"gap":       {report("A", "B", 1, `{"component_id":"drive:A","field":"health","kind":"timeout","collector":"storage"}`), concerned{"drive:B"}, 1, 0},
		"withheld":  {report("A", "B", 1, `{"component_id":"drive:A","field":"health","kind":"denied","collector":"storage"}`), concerned{withheld}, 0, 1},
		"too much":  {report("A", "", 1, ""), concerned{withheld}, 1, 0}, // storage says that it read all
	} {
		complaints, mine, err := compareFault(whole, test.faulty, test.concerned)
		if err != nil || len(complaints) != test.complaints || mine != test.mine {
			t.Errorf("%s: %q, %d, %v", name, complaints, mine, err)
		}
	}
	fresh, err := issuesSince(whole, report("A", "B", 1, `{"component_id":"drive:A","field":"health","kind":"timeout","collector":"storage"}`))
	if err != nil || !slices.Equal(fresh, []string{"drive:A timeout"}) {
		t.Errorf("%q %v", fresh, err)
	}
}
