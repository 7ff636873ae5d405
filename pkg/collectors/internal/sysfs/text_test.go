package sysfs_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

func TestList(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]int{
		"":                {},
		"\n":              {},
		"0":               {0},
		"0-3,8,10-11\n":   {0, 1, 2, 3, 8, 10, 11},
		"x":               nil,
		"3-1":             nil,
		"0-99999999":      nil,
		"-1":              nil,
		"1,,2":            nil,
		"0-60000,1-60000": nil,
	} {
		got, err := sysfs.List(in)
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want != nil) {
			t.Errorf("%q: %v, %v", in, got, err)
		}
		if err != nil && !errors.Is(err, inventory.ErrMalformed) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]int{
		"0":                      {},
		"00000001,80000001\n":    {0, 31, 32},
		"g":                      nil,
		"":                       nil,
		strings.Repeat(",", 1e5): nil,
	} {
		got, err := sysfs.Mask(in)
		if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want != nil) {
			t.Errorf("%.20q: %v, %v", in, got, err)
		}
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]uint64{"32K": 32 << 10, "2M": 2 << 20, "1G": 1 << 30, "512": 512} {
		if got, err := sysfs.Size(in); err != nil || got != want {
			t.Errorf("%q: %d, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "K", "32KK", "-1", "99999999999K"} {
		if got, err := sysfs.Size(in); err == nil {
			t.Errorf("%q: %d", in, got)
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" a b \n":        "a b",
		"a\x1b[31mb":     "a.[31mb",
		"a\xffb":         "a.b",
		"a\u202eb":       "a.b",
		"\x00\x00":       "",
		"Gerät":          "Gerät",
		"a\nb":           "a.b",
		"tab\tin middle": "tab.in middle",
	} {
		if got := sysfs.Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"0-3", "00000000,000000ff", "32K", "a\x1b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if l, err := sysfs.List(s); (err == nil) != (l != nil) {
			t.Error("list: value and error")
		}
		if l, err := sysfs.Mask(s); (err == nil) != (l != nil) {
			t.Error("mask: value and error")
		}
		if n, err := sysfs.Size(s); err != nil && n != 0 {
			t.Error("size: value and error")
		}
		sysfs.Clean(s)
	})
}
