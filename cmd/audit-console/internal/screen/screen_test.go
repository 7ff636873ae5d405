package screen_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/cmd/audit-console/internal/screen"
	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/tty"
	"example.com/bee/pkg/inventory"
)

var update = flag.Bool("update", false, "write the screens anew")

var sizes = [][2]int{{80, 24}, {132, 40}, {40, 15}}

// TestScreens compares whole screens.
func TestScreens(t *testing.T) {
	t.Parallel()
	for name, s := range scenes() {
		for _, size := range sizes {
			file := filepath.Join("testdata", fmt.Sprintf("%s-%dx%d.txt", name, size[0], size[1]))
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				rows, _ := screen.Draw(s.state, s.view, size[0], size[1])
				check(t, rows, size[0], size[1])
				got := text(rows)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("screen (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// text is a screen as it is stored: without the blanks at the ends of rows.
func text(rows []tty.Row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.TrimRight(r.Text, " ") + "\n")
	}
	return b.String()
}

// check is what every screen must keep to.
func check(t *testing.T, rows []tty.Row, width, height int) {
	t.Helper()
	if len(rows) != height {
		t.Errorf("%d rows, want %d", len(rows), height)
	}
	for i, r := range rows {
		n := utf8.RuneCountInString(r.Text)
		if n > width || i == height-1 && n >= width {
			t.Errorf("row %d has %d cells: %q", i, n, r.Text)
		}
		for _, c := range r.Text {
			if (c < 0x20 || c >= 0x7f) && !strings.ContainsRune(tty.Blocks+string(tty.Lit), c) {
				t.Errorf("row %d holds %q", i, c)
			}
		}
	}
}

// TestPage: the page about the console shows screens as they are.
func TestPage(t *testing.T) {
	t.Parallel()
	const page = "../../../../docs/console.md"
	doc, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	list := scenes()
	places := regexp.MustCompile("(?s)<!-- screen ([a-z]+) -->\n```text\n.*?```")
	n := 0
	got := places.ReplaceAllStringFunc(string(doc), func(s string) string {
		n++
		name := places.FindStringSubmatch(s)[1]
		rows, _ := screen.Draw(list[name].state, list[name].view, 80, 24)
		return "<!-- screen " + name + " -->\n```text\n" + text(rows) + "```"
	})
	if *update {
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(doc), got); diff != "" || n < 3 {
		t.Errorf("%d screens; go test ./cmd/audit-console/internal/screen -update (-want +got):\n%s", n, diff)
	}
}

// TestEverythingIsThere: on the smallest screen all of it can be scrolled to.
func TestEverythingIsThere(t *testing.T) {
	t.Parallel()
	s := critical()
	var all strings.Builder
	_, most := screen.Draw(s.state, s.view, 40, 15)
	for s.view.Scroll = 0; s.view.Scroll <= most; s.view.Scroll++ {
		rows, _ := screen.Draw(s.state, s.view, 40, 15)
		check(t, rows, 40, 15)
		all.WriteString(text(rows))
	}
	for _, want := range []string{"BEE0000123", "P2-DIMMA2", "PSU2", "192.0.2.10", "192.0.2.17", "k7mq-wz3t-9hfa", "no carrier", "UserKnownHostsFile"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("%s is nowhere", want)
		}
	}
}

// TestFailingFirst: what to pull is on the first screen, whatever else there is.
func TestFailingFirst(t *testing.T) {
	t.Parallel()
	s := critical()
	s.state.NICs = offline().state.NICs
	for _, size := range sizes {
		rows, _ := screen.Draw(s.state, s.view, size[0], size[1])
		if got := text(rows); !strings.Contains(got, "CRITICAL: 3 critical") || !strings.Contains(got, "P2-DIMMA2") {
			t.Errorf("%v:\n%s", size, got)
		}
	}
}

// TestPassword: it is shown where it may be, and nowhere else.
func TestPassword(t *testing.T) {
	t.Parallel()
	s := healthy()
	for page := screen.Main; page <= screen.Sure; page++ {
		s.view.Page, s.view.Password, s.view.Secret = page, false, true
		rows, _ := screen.Draw(s.state, s.view, 132, 60)
		if strings.Contains(text(rows), s.state.Access.Password) {
			t.Errorf("page %d shows it", page)
		}
	}
}

// TestHostile: what a device or a file says is text and nothing else, and
// stays within the screen.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"\x1b[2J\x1b]0;x\x07", "\u202eabc\u2066", "\u4e2d\u6587\U0001f600e\u0301", strings.Repeat("W", 5000), "a\r\nb\x00\xff\xfe", strings.Repeat("\u4e2d", 300), ""} {
		r := report()
		r.Board.System.SerialNumber, r.Board.System.ProductName, r.Board.System.Manufacturer = evil, evil, evil
		r.Board.Chassis.AssetTag = evil
		r.BMC.LAN.IP, r.BMC.LAN.IPSource, r.BMC.MAC, r.BMC.Product = evil, evil, evil, evil
		r.Network[0].Driver = evil
		r.Findings = []inventory.Finding{
			{Severity: inventory.Severity(evil), Code: evil, ComponentID: evil, Message: evil},
			{Severity: inventory.SeverityCritical, Code: evil, ComponentID: evil},
		}
		r.Collectors = append(r.Collectors, inventory.Outcome{Name: evil, Status: inventory.Status(evil), Error: evil})
		s := critical()
		s.state.Report.Report = r
		clean := source.Clean(evil) // what comes from files is cleaned where it is read
		s.state.HostName, s.state.Audit.Text, s.state.Access.Password = clean, clean, clean
		s.state.NICs[0] = source.NIC{Name: clean, MAC: clean, Address: clean, State: clean, Reason: clean}
		for _, size := range append(sizes, [2]int{20, 5}, [2]int{400, 200}) {
			for _, stage := range []source.Stage{source.StageDone, source.StageFailed, source.StageRunning} {
				s.state.Audit.Stage = stage
				for page := screen.Main; page <= screen.Sure; page++ {
					s.view.Page = page
					rows, _ := screen.Draw(s.state, s.view, size[0], size[1])
					check(t, rows, size[0], size[1])
				}
			}
		}
	}
}
