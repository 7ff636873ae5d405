package pcie_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/pcie"
	"example.com/bee/pkg/inventory"
)

// TestConfigAgainstLspci gives the collector nothing but configuration space,
// as captured from real machines, and compares with what lspci -n and -vvv
// say of the same bytes.
func TestConfigAgainstLspci(t *testing.T) {
	t.Parallel()
	corpus := os.Getenv("BEE_FIXTURES")
	if corpus == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	dirs, err := filepath.Glob(filepath.Join(corpus, "pci", "*", "config"))
	if err != nil || len(dirs) == 0 {
		t.Fatal("no captures", err)
	}
	for _, dir := range dirs {
		dir = filepath.Dir(dir)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			m := fromBlobs(t, filepath.Join(dir, "config"))
			sameBothWays(t, m)
			list, err := pcie.Read(t.Context(), m.Host())
			for _, e := range leaves(err) {
				if !errors.Is(e, fs.ErrPermission) { // captures of 64 bytes
					t.Logf("issue: %v", e)
				}
			}
			want := lspci(t, filepath.Join(dir, "expected"))
			facts := 0
			for _, d := range list {
				w := want[d.Address]
				for field, got := range told(d) {
					facts++
					if got != w[field] {
						t.Errorf("%s: %s is %q, lspci says %q", d.Address, field, got, w[field])
					}
				}
			}
			if len(list) != len(want) {
				t.Errorf("%d functions, lspci has %d", len(list), len(want))
			}
			for _, d := range list {
				if d.Link != nil && d.Link.Degraded != nil {
					t.Logf("%s below %s: %s of %s, degraded %v", d.Address, d.Parent,
						linkText(d.Link.CurrentSpeedGTs, d.Link.CurrentWidth), linkText(d.Link.AttainableSpeedGTs, d.Link.AttainableWidth), *d.Link.Degraded)
				}
			}
			t.Logf("%d functions, %d facts", len(list), facts)
		})
	}
}

// fromBlobs builds a tree; bridges are found by their bus numbers.
func fromBlobs(t *testing.T, dir string) *machine {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	blobs, above := map[string]string{}, map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		blobs[e.Name()] = string(b)
		if domain, _, _ := strings.Cut(e.Name(), ":"); b[0x0E]&0x7F == 1 {
			above[fmt.Sprintf("%s:%02x", domain, b[0x19])] = e.Name()
		}
	}
	m := newMachine()
	for name, b := range blobs {
		place := name
		for at, depth := name, 0; depth < 16; depth++ {
			bus, _, _ := cutLast(at, ":")
			if at = above[bus]; at == "" {
				break
			}
			place = at + "/" + place
		}
		m.add("pci0000:00/"+place, attrs{"config": b})
	}
	return m
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// told is what the collector says, in lspci's words.
func told(d inventory.PCIeDevice) map[string]string {
	f := map[string]string{
		"class": d.ClassID[:4], "vendor": d.VendorID, "device": d.DeviceID, "revision": strings.TrimPrefix(d.Revision, "00"),
		"serial": d.SerialNumber, "current": "", "max": "",
	}
	if l := d.Link; l != nil {
		f["current"], f["max"] = linkText(l.CurrentSpeedGTs, l.CurrentWidth), linkText(l.MaxSpeedGTs, l.MaxWidth)
	}
	return f
}

func linkText(speed *float64, width *int) string {
	if speed == nil && width == nil {
		return ""
	}
	s, w := "unknown", "0"
	if speed != nil {
		s = strconv.FormatFloat(*speed, 'g', -1, 64) + "GT/s"
	}
	if width != nil {
		w = strconv.Itoa(*width)
	}
	return s + " x" + w
}

// lspci reads its output for one machine.
func lspci(t *testing.T, dir string) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	id := regexp.MustCompile(`^(\S+) (\w{4}): (\w{4}):(\w{4})(?: \(rev (\w+)\))?`)
	lines(t, filepath.Join(dir, "lspci-n.txt"), func(line string) {
		if m := id.FindStringSubmatch(line); m != nil {
			all[m[1]] = map[string]string{"class": m[2], "vendor": m[3], "device": m[4], "revision": m[5]}
		}
	})
	var now map[string]string
	state := regexp.MustCompile(`Lnk(Cap|Sta):\s.*?Speed ([^ ,]+).*?, Width x(\d+)`)
	lines(t, filepath.Join(dir, "lspci-vvv.txt"), func(line string) {
		if addr, _, _ := strings.Cut(line, " "); all[addr] != nil {
			now = all[addr]
		}
		if m := state.FindStringSubmatch(line); m != nil {
			key := "max"
			if m[1] == "Sta" {
				key = "current"
			}
			if now[key] = m[2] + " x" + m[3]; now[key] == "unknown x0" {
				now[key] = "" // registers of zeros
			}
		}
		if _, serial, ok := strings.Cut(line, "Device Serial Number "); ok {
			now["serial"] = strings.ReplaceAll(serial, "-", "")
		}
	})
	return all
}

func lines(t *testing.T, name string, f func(string)) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(file); s.Scan(); {
		f(s.Text())
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}
