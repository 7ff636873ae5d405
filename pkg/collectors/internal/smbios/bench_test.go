package smbios_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

// manyStructures is the table of a server with n more memory modules, with its
// entry point.
func manyStructures(n int) (entry, table []byte) {
	list := smbiostest.Server()
	for i := range n {
		list = append(list, smbiostest.MemoryModule(uint16(0x100+i), "B1", 65536, "MSN-1234"))
	}
	table = smbiostest.Table(list...)
	return smbiostest.Entry3(3, 2, 0, len(table)), table
}

func BenchmarkDecode200(b *testing.B) {
	entry, table := manyStructures(170)
	t, err := smbios.Decode(entry, table)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(t.Structures)), "structures")
	b.SetBytes(int64(len(table)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := smbios.Decode(entry, table); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkViews reads what the collectors read of every memory module.
func BenchmarkViews(b *testing.B) {
	entry, table := manyStructures(170)
	t, err := smbios.Decode(entry, table)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range t.MemoryDevices() {
			m.SizeBytes()
			m.Locator()
			m.BankLocator()
			m.Manufacturer()
			m.SerialNumber()
			m.PartNumber()
			m.AssetTag()
			m.MemoryType()
			m.FormFactor()
			m.SpeedMTs()
		}
	}
}

func BenchmarkMachines(b *testing.B) {
	for _, m := range machines(b) {
		b.Run(m.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				smbios.Decode(m.entry, m.dmi)
			}
		})
	}
}
