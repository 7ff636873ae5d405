package qrcode_test

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"example.com/bee/cmd/internal/qrcode"
	"example.com/bee/pkg/inventory"
)

func report() *inventory.Report {
	return &inventory.Report{
		Board: &inventory.Board{
			System:  &inventory.System{SerialNumber: "S123456X"},
			Chassis: &inventory.Chassis{AssetTag: "asset 7"},
		},
		CPUs: make([]inventory.CPU, 2),
		Memory: &inventory.Memory{Modules: []inventory.MemoryModule{
			{Present: new(true)}, {Present: new(false)},
		}},
		Storage: []inventory.Drive{},
		BMC:     &inventory.BMC{MAC: "00:00:5e:00:53:01"},
		Findings: []inventory.Finding{
			{Severity: inventory.SeverityCritical, Code: "memory.uncorrected_errors", ComponentID: "dimm:P1/DIMM_A1"},
			{Severity: inventory.SeverityInfo, Code: "a.b"},
		},
	}
}

func TestPayload(t *testing.T) {
	t.Parallel()
	got := qrcode.Payload(report(), []byte("abc"))
	want := "BEE1 S:S123456X M:00005E005301 N:2.1.0.-.-.- F:1.0.1 H:BA7816BF A:asset%207 W:MEMORY.UNCORRECTED-ERRORS"
	if got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
	if got := qrcode.Payload(&inventory.Report{}, nil); got != "BEE1 S: M: N:-.-.-.-.-.- F:0.0.0 H:E3B0C442" {
		t.Errorf("got %s", got)
	}
}

// TestPayloadHostile: no device can make the payload too long or break its
// form.
func TestPayloadHostile(t *testing.T) {
	t.Parallel()
	r := report()
	for _, evil := range []string{strings.Repeat("X", 300), strings.Repeat("\x1b[2J\u202e é", 40), "S A:1 W:OK"} {
		r.Board.System.SerialNumber, r.Board.Chassis.AssetTag = evil, evil
		r.BMC.MAC = "00:00:5e:00:53:01"
		r.Findings[0].Code, r.Findings[0].ComponentID = evil, evil
		p := qrcode.Payload(r, nil)
		if len(p) > qrcode.MaxBytes {
			t.Errorf("%d bytes: %s", len(p), p)
		}
		if strings.Trim(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 %+-._/:") != "" || strings.Count(p, " S:") != 1 {
			t.Errorf("form: %q", p)
		}
	}
}

func TestDrawFitsConsole(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"BEE1", strings.Repeat("A", qrcode.MaxBytes), strings.Repeat("a", qrcode.MaxBytes)} {
		for _, colored := range []bool{false, true} {
			got, err := qrcode.Draw(text, colored)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
			width := utf8.RuneCountInString(strings.NewReplacer("\x1b[97;40m", "", "\x1b[0m", "").Replace(lines[0]))
			if len(lines) > qrcode.MaxRows || width > 80 {
				t.Errorf("%d rows, %d columns", len(lines), width)
			}
		}
	}
}

func TestDrawRefusesTooMuch(t *testing.T) {
	t.Parallel()
	if got, err := qrcode.Draw(strings.Repeat("a", 5000), false); err == nil || got != "" {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
}

// TestDrawDecodes has an independent reader look at the drawn text.
func TestDrawDecodes(t *testing.T) {
	t.Parallel()
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed (Debian: zbar-tools)")
	}
	for name, text := range map[string]string{
		"payload":       qrcode.Payload(report(), []byte("abc")),
		"longest":       strings.Repeat("A7", qrcode.MaxBytes)[:qrcode.MaxBytes],
		"longest bytes": strings.Repeat("a7", qrcode.MaxBytes)[:qrcode.MaxBytes],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			drawn, err := qrcode.Draw(text, false)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "qr.png")
			photograph(t, drawn, path)
			out, err := exec.CommandContext(t.Context(), reader, "-q", "--raw", path).Output()
			if err != nil || strings.TrimSpace(string(out)) != text {
				t.Errorf("got %q, %v, want %q", out, err, text)
			}
		})
	}
}

// photograph renders half blocks as a dark console would show them.
func photograph(t *testing.T, drawn, path string) {
	t.Helper()
	const scale, margin = 8, 5
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	w := utf8.RuneCountInString(lines[0])
	img := image.NewGray(image.Rect(0, 0, (w+2*margin)*scale, (2*len(lines)+2*margin)*scale))
	block := func(x, y int) {
		for dy := range scale {
			for dx := range scale {
				img.SetGray((x+margin)*scale+dx, (y+margin)*scale+dy, color.Gray{Y: 255})
			}
		}
	}
	for y, line := range lines {
		x := 0
		for _, c := range line {
			if c == '█' || c == '▀' {
				block(x, 2*y)
			}
			if c == '█' || c == '▄' {
				block(x, 2*y+1)
			}
			x++
		}
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}
