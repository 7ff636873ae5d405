package formats_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/cmd/audit/internal/formats"
	"example.com/bee/cmd/audit/internal/samples"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

var update = flag.Bool("update", false, "write the goldens anew")

const testdata = "../../testdata"

// machines are the stored reports: emulated machines, one of them a server
// seen twice, and one that holds what a hostile device would say.
func machines() []string {
	return []string{"server", "desktop", "gpu", "damaged", "nodmi", "hostile"}
}

// stored is one of the stored reports.
func stored(t *testing.T, machine string) (*inventory.Report, []byte) {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join(testdata, "reports", machine+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var r inventory.Report
	if err := json.Unmarshal(doc, &r); err != nil {
		t.Fatal(err)
	}
	return &r, doc
}

// written is one stored report in one form.
func written(t *testing.T, machine, format string) []byte {
	t.Helper()
	r, doc := stored(t, machine)
	out, err := formats.Write(format, r, doc, render.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestGoldens: every form of the same reports, the table also as -v makes it.
func TestGoldens(t *testing.T) {
	t.Parallel()
	for _, machine := range machines() {
		for _, format := range append(formats.Names(), "wide") {
			var got []byte
			switch format {
			case "json":
				continue // the report itself
			case "html":
				got = outline(written(t, machine, format))
			case "wide":
				r, _ := stored(t, machine)
				got = render.Table(r, render.Options{All: true, Width: 160})
			default:
				got = written(t, machine, format)
			}
			golden := filepath.Join(testdata, "golden", machine+"."+format)
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s as %s: %.3000s", machine, format, diff)
			}
		}
	}
}

// outline is what is kept of a page, as pages are long: of each section its
// title, the columns and the number of rows of its table, the boxes and
// pictures in it, and a hash of all its markup. Style and script are files of
// their own.
func outline(page []byte) []byte {
	text := func(s string) string {
		return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, " ")), " ")
	}
	var b bytes.Buffer
	for s := range strings.SplitSeq(string(page), "<section ") {
		if strings.HasPrefix(s, "<!DOCTYPE") {
			s = regexp.MustCompile(`(?s)<style>.*?</style>|sha256-[A-Za-z0-9+/=]+`).ReplaceAllString(s, "")
		}
		s, _, _ = strings.Cut(s, "</main>")
		id := regexp.MustCompile(`^id="([^"]*)"`).FindStringSubmatch(s)
		title := regexp.MustCompile(`(?s)<h2.*?</h2>`).FindString(s)
		fmt.Fprintf(&b, "%s: %s\n", append(id, "", "page")[1], text(title))
		if head := regexp.MustCompile(`(?s)<thead>.*?</thead>`).FindString(s); head != "" {
			fmt.Fprintf(&b, "  columns: %s\n", text(strings.ReplaceAll(head, "</th>", " |")))
		}
		if n := strings.Count(s, "<tr") - strings.Count(s, "<thead"); n > 0 {
			fmt.Fprintf(&b, "  rows: %d\n", n)
		}
		for _, c := range []struct{ what, mark string }{{"boxes", "<details id=\"d"}, {"drawn parts", "<svg"}} {
			if n := strings.Count(s, c.mark); n > 0 {
				fmt.Fprintf(&b, "  %s: %d\n", c.what, n)
			}
		}
		fmt.Fprintf(&b, "  %d bytes, %.8x\n", len(s), sha256.Sum256([]byte(s)))
	}
	return b.Bytes()
}

// TestJSON: a stored report stays as it is.
func TestJSON(t *testing.T) {
	t.Parallel()
	for _, machine := range machines() {
		want, err := os.ReadFile(filepath.Join(testdata, "reports", machine+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := json.Compact(&got, written(t, machine, "json")); err != nil {
			t.Fatal(err)
		}
		if want = bytes.TrimSpace(want); !bytes.Equal(bytes.TrimSpace(got.Bytes()), want) {
			t.Errorf("%s: %.2000s", machine, cmp.Diff(string(want), got.String()))
		}
	}
}

// TestInert: no control character, no mark that turns the direction and no
// byte that is no UTF-8 in any form, wherever in the report it stood.
func TestInert(t *testing.T) {
	t.Parallel()
	r := samples.Filled(samples.Evil + "\xff\u0085\u2029")
	doc, err := render.JSON(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range formats.Names() {
		filled, err := formats.Write(format, r, doc, render.Options{All: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range [][]byte{written(t, "hostile", format), filled} {
			if !utf8.Valid(out) {
				t.Errorf("%s: not UTF-8", format)
			}
			for _, c := range string(out) {
				if c != '\n' && (c != '\r' || format != "csv") && !unicode.IsPrint(c) {
					t.Errorf("%s: %U", format, c)
					break
				}
			}
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	for _, machine := range machines() {
		rows, err := csv.NewReader(bytes.NewReader(written(t, machine, "csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, c := range row {
				if c != "" && strings.ContainsAny(c[:1], "=+-@\t\r") {
					t.Errorf("%s: a formula: %q", machine, c)
				}
			}
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	for _, machine := range machines() {
		for line := range bytes.Lines(written(t, machine, "ndjson")) {
			var v struct {
				Kind, Section string
				Data          map[string]any
			}
			if err := json.Unmarshal(line, &v); err != nil || v.Kind == "" || v.Data == nil || v.Section == "" && v.Kind != "report" {
				t.Errorf("%s: %v: %s", machine, err, line)
			}
		}
	}
}

func TestRedfish(t *testing.T) {
	t.Parallel()
	for _, machine := range machines() {
		var v any
		if err := json.Unmarshal(written(t, machine, "redfish"), &v); err != nil {
			t.Fatal(err)
		}
		paths := map[string]bool{}
		unique(t, v, paths)
	}
}

// unique: a path names one resource.
func unique(t *testing.T, v any, paths map[string]bool) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if id, ok := v["@odata.id"].(string); ok {
			if paths[id] {
				t.Errorf("twice: %s", id)
			}
			paths[id] = true
		}
		for _, x := range v {
			unique(t, x, paths)
		}
	case []any:
		for _, x := range v {
			unique(t, x, paths)
		}
	}
}

// TestPromtool: Prometheus' own checker has nothing to say.
func TestPromtool(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed")
	}
	for _, machine := range machines() {
		cmd := exec.CommandContext(t.Context(), promtool, "check", "metrics")
		cmd.Stdin = bytes.NewReader(written(t, machine, "prometheus"))
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v: %s", machine, err, out)
		}
	}
}

// TestPrometheusForm checks the text without promtool.
func TestPrometheusForm(t *testing.T) {
	t.Parallel()
	series := regexp.MustCompile(`^bee_[a-z0-9_]+(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? \S+$`)
	for _, machine := range machines() {
		seen, typed := map[string]bool{}, ""
		for line := range strings.Lines(string(written(t, machine, "prometheus"))) {
			line = strings.TrimSuffix(line, "\n")
			if name, ok := strings.CutPrefix(line, "# TYPE "); ok {
				typed, _, _ = strings.Cut(name, " ")
			}
			if strings.HasPrefix(line, "#") {
				continue
			}
			key, _, _ := strings.Cut(line, " ")
			name, _, _ := strings.Cut(key, "{")
			if !series.MatchString(line) || name != typed {
				t.Errorf("%s: %s", machine, line)
			}
			whole := line[:strings.LastIndex(line, " ")]
			if seen[whole] {
				t.Errorf("%s: twice: %s", machine, line)
			}
			seen[whole] = true
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("=1+1")
	f.Add(" \t@x\r\n\"q\",\u202e")
	f.Fuzz(func(t *testing.T, s string) {
		r := &inventory.Report{Network: []inventory.NIC{{Name: s, MAC: s, Firmware: s}}}
		out, err := formats.Write("csv", r, nil, render.Options{})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, c := range rows[1] {
			if c != "" && strings.ContainsAny(c[:1], "=+-@\t\r") {
				t.Fatalf("a formula: %q", c)
			}
		}
	})
}
