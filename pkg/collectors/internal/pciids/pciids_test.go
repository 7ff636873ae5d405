package pciids_test

import (
	"os"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/pciids"
	"example.com/bee/pkg/collectors/internal/pciids/tablegen"
)

// ownList has what a list can have, with ids nobody owns.
const ownList = "#\n#\tVersion: 2000.01.02\n\n" +
	"e001  First Maker\n" +
	"\t0001  Bridge\n" +
	"\t0002  Adapter\n" +
	"\t\te002 0010  Adapter with LED\n" +
	"\t\te002 0011  Adapter\n" +
	"\tffff  Last One\n" +
	"\t\te001 0000  Own Board\n" +
	"# a remark\n" +
	"e002  Böard Maker\n" +
	"e003  Maker\n" +
	"\t0001  Controller\n" +
	"C 0e  Some controller\n" +
	"\t00  Plain\n" +
	"\t01  Fancy\n" +
	"\t\t02  Very\n" +
	"C 0f  Childless\n"

func ownTable(tb testing.TB) pciids.Table {
	tb.Helper()
	l, err := tablegen.Parse(strings.NewReader(ownList))
	if err != nil {
		tb.Fatal(err)
	}
	b, err := tablegen.Encode(l)
	if err != nil {
		tb.Fatal(err)
	}
	return pciids.Table(b)
}

func TestTable(t *testing.T) {
	t.Parallel()
	table := ownTable(t)
	type key struct{ v, d, sv, sd uint16 }
	for k, want := range map[key]string{
		{0xE001, 0x0002, 0xE002, 0x0010}: "Adapter with LED",
		{0xE001, 0x0002, 0xE002, 0x0011}: "Adapter",
		{0xE001, 0xFFFF, 0xE001, 0x0000}: "Own Board",
		{0xE001, 0x0002, 0xE001, 0x0000}: "", // of the next device
		{0xE001, 0xFFFF, 0xE002, 0x0011}: "", // of the device before
		{0xE001, 0x0001, 0xE002, 0x0010}: "", // a device without any
		{0xE003, 0x0001, 0xE002, 0x0010}: "",
		{0xE009, 0x0002, 0xE002, 0x0010}: "",
	} {
		if got, ok := table.Subsystem(k.v, k.d, k.sv, k.sd); got != want || ok != (want != "") {
			t.Errorf("Subsystem(%x) = %q, %v, want %q", k, got, ok, want)
		}
	}
	for k, want := range map[[2]uint16]string{
		{0xE001, 0x0001}: "Bridge",
		{0xE001, 0x0002}: "Adapter",
		{0xE001, 0xFFFF}: "Last One",
		{0xE003, 0x0001}: "Controller",
		{0xE001, 0x0003}: "",
		{0xE002, 0x0001}: "", // a vendor without devices
		{0xE000, 0x0001}: "",
	} {
		if got, ok := table.Device(k[0], k[1]); got != want || ok != (want != "") {
			t.Errorf("Device(%x) = %q, %v, want %q", k, got, ok, want)
		}
	}
	for k, want := range map[uint16]string{0xE001: "First Maker", 0xE002: "Böard Maker", 0xE003: "Maker", 0: "", 0xFFFF: ""} {
		if got, ok := table.Vendor(k); got != want || ok != (want != "") {
			t.Errorf("Vendor(%04x) = %q, %v, want %q", k, got, ok, want)
		}
	}
	for k, want := range map[[3]uint8][3]string{
		{0x0E, 0x01, 0x02}: {"Some controller", "Fancy", "Very"},
		{0x0E, 0x00, 0x02}: {"Some controller", "Plain", ""},
		{0x0E, 0x07, 0x02}: {"Some controller", "", ""},
		{0x0F, 0x00, 0x00}: {"Childless", "", ""},
		{0x10, 0x00, 0x00}: {},
	} {
		b, s, p := table.Class(k[0], k[1], k[2])
		if got := [3]string{b, s, p}; got != want {
			t.Errorf("Class(%x) = %q, want %q", k, got, want)
		}
	}
	if v, ok := table.Version(); v != "2000.01.02" || !ok {
		t.Errorf("Version() = %q, %v", v, ok)
	}
}

func TestEveryTruncationIsHarmless(t *testing.T) {
	t.Parallel()
	whole := ownTable(t)
	for n := range len(whole) {
		lookAtAll(t, whole[:n])
	}
	if _, ok := pciids.Table("").Vendor(0); ok {
		t.Error("the empty table knows a vendor")
	}
}

// lookAtAll asks for everything the own list has and checks that known and
// named are the same.
func lookAtAll(tb testing.TB, table pciids.Table) {
	tb.Helper()
	check := func(what, name string, ok bool) {
		if ok != (name != "") {
			tb.Errorf("%s: %q, %v", what, name, ok)
		}
	}
	name, ok := table.Version()
	check("version", name, ok)
	for _, v := range []uint16{0, 0xE001, 0xE002, 0xE003, 0xFFFF} {
		name, ok := table.Vendor(v)
		check("vendor", name, ok)
		for _, d := range []uint16{0, 1, 2, 0xFFFF} {
			name, ok := table.Device(v, d)
			check("device", name, ok)
			for _, s := range [][2]uint16{{0xE002, 0x10}, {0xE001, 0}} {
				name, ok := table.Subsystem(v, d, s[0], s[1])
				check("subsystem", name, ok)
			}
		}
	}
	if base, _, _ := table.Class(0x0E, 1, 2); len(base) > len(table) {
		tb.Errorf("class: %q", base)
	}
}

func FuzzTable(f *testing.F) {
	whole := ownTable(f)
	f.Add(string(whole))
	f.Add(string(whole[:pciids.HeaderSize]))
	f.Add(pciids.Magic + strings.Repeat("\xFF", 8*pciids.Sections))
	f.Add(pciids.Magic + strings.Repeat("\xFF\x00\x00\x00\x01\x00\x00\x00", pciids.Sections) + strings.Repeat("\xE0", 200))
	for _, at := range []int{8, 17, 30, 44, 60, 75, 99, 111, 130, 150} {
		b := []byte(whole)
		b[at] ^= 0xFF
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, s string) { lookAtAll(t, pciids.Table(s)) })
}

func TestEmbeddedTableIsOfTheKeptList(t *testing.T) {
	t.Parallel()
	l := readKept(t)
	want, err := tablegen.Encode(l)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("table.bin")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("table.bin is not what gen makes of " + keptList + ": go generate")
	}
	if pciids.Version() != l.Version {
		t.Errorf("Version() = %q, want %q", pciids.Version(), l.Version)
	}
	notice, err := os.ReadFile("NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(notice), "version "+l.Version+".") {
		t.Errorf("NOTICE does not name version %s", l.Version)
	}
}

func TestLookupsDoNotAllocate(t *testing.T) { //nolint:paralleltest // the count is of the whole process
	if n := testing.AllocsPerRun(100, lookups); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func lookups() {
	pciids.Vendor(0x8086)
	pciids.Device(0x8086, 0x1521)
	pciids.Subsystem(0x8086, 0x1521, 0x1028, 0x1F60)
	pciids.Class(1, 8, 2)
	_ = pciids.Version()
}

func BenchmarkVendor(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		pciids.Vendor(0x8086)
	}
}

func BenchmarkDevice(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		pciids.Device(0x8086, 0x1521)
	}
}

func BenchmarkSubsystem(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		pciids.Subsystem(0x8086, 0x1521, 0x1028, 0x1F60)
	}
}

func BenchmarkClass(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		pciids.Class(1, 8, 2)
	}
}

func BenchmarkUnknown(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		pciids.Device(0x8086, 0xFFFE)
	}
}
