package scsi_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/scsi"
)

// TestSerialNumbersInDumps decodes the unit serial number pages that machine
// dumps hold as the kernel gave them, and demands those that another tool's
// output in the same dump tells too.
func TestSerialNumbersInDumps(t *testing.T) {
	t.Parallel()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	captures := os.DirFS(root)
	files, err := fs.Glob(captures, "storage-dumps/*/*.dump")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dumps: %v", err)
	}
	page := regexp.MustCompile(`(?s)'vpd_pg80' => '(.*?)',?\n`)
	told := regexp.MustCompile(`(?m)^(?:    Serial:|Serial Number:) +(\S+)`)
	pages, confirmed := 0, 0
	for _, file := range files {
		dump := string(read(t, captures, file))
		var serials []string
		for _, m := range page.FindAllStringSubmatch(dump, -1) {
			s, err := scsi.DecodeSerialNumber([]byte(m[1]))
			if err != nil || s != strings.TrimSpace(m[1][4:]) {
				t.Errorf("%s: %q, %v from %q", path.Base(file), s, err, m[1])
			}
			serials = append(serials, s)
			pages++
		}
		for _, m := range told.FindAllStringSubmatch(dump, -1) {
			if slices.Contains(serials, m[1]) {
				confirmed++
			}
		}
	}
	t.Logf("%d pages, %d confirmed by another tool", pages, confirmed)
	if pages < 140 || confirmed == 0 {
		t.Error("too few compared")
	}
}
