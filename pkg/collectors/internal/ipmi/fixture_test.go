package ipmi_test

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
)

// fixtures lists the captured controllers, by the folder that BEE_FIXTURES
// names. Without it the test is skipped.
func fixtures(t *testing.T) []string {
	t.Helper()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	dirs, err := filepath.Glob(filepath.Join(root, "ipmi", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no ipmi fixtures below %s: %v", root, err)
	}
	return dirs
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func lines(b []byte) []string {
	var all []string
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		all = append(all, s.Text())
	}
	return all
}

// splitRecords cuts a dump of records at their lengths.
func splitRecords(t *testing.T, b []byte) [][]byte {
	t.Helper()
	var all [][]byte
	for len(b) > 0 {
		if len(b) < 5 || len(b) < 5+int(b[4]) {
			t.Fatalf("dump ends inside a record: % x", b)
		}
		n := 5 + int(b[4])
		all = append(all, b[:n])
		b = b[n:]
	}
	return all
}

// loadEmulation builds a scripted controller from an emulator's command file.
func loadEmulation(t *testing.T, path string) *ipmitest.BMC {
	t.Helper()
	b, err := ipmitest.ParseEmulation(string(readFile(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// said is the text another tool printed, or "" where it is only filling:
// bee says nothing there.
func said(s string) string {
	s = strings.TrimSpace(s)
	if strings.Trim(s, "._- ") == "" || s == "Field not present" || len(s) >= 6 && strings.Trim(s, "0") == "" {
		return ""
	}
	return s
}
