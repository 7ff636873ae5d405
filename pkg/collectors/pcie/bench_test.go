package pcie_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/pcie"
)

// server is a machine of n functions: every tenth a root port with a slot, the
// others the functions of the card in it.
func server(n int) *machine {
	m := newMachine()
	place := ""
	for i := range n {
		domain, bus := i/2000, i/10%200
		if i%10 == 0 {
			place = fmt.Sprintf("pci%04x:00/%04[1]x:00:%02x.%x", domain, bus>>3, bus&7)
			m.add(place, port(rootPort, i%8192, gen3, 8, gen3, 16).with(link("8.0", 8, "8.0", 16)).with(common()))
			continue
		}
		m.add(fmt.Sprintf("%s/%04x:%02x:%02x.0", place, domain, bus+1, i%10-1),
			card(0x020000, gen3, 8, gen3, 8).with(link("8.0", 8, "8.0", 8)).with(common()))
	}
	return m
}

// common is what a function has beside.
func common() attrs {
	resource := ""
	for range 13 {
		resource += "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
	}
	return attrs{
		"numa_node": "0\n", "enable": "1\n", "power_state": "D0\n", "resource": resource,
		"iommu_group@":        "../../../kernel/iommu_groups/7",
		"aer_dev_correctable": "RxErr 0\nBadTLP 0\nTOTAL_ERR_COR 0\n",
		"aer_dev_nonfatal":    "Undefined 0\nDLP 0\nTOTAL_ERR_NONFATAL 0\n",
		"aer_dev_fatal":       "Undefined 0\nDLP 0\nTOTAL_ERR_FATAL 0\n",
	}
}

// TestGrowth: four thousand functions take their time, but not more than their
// share of it.
func TestGrowth(t *testing.T) { //nolint:paralleltest // it measures time
	if testing.Short() {
		t.Skip("takes seconds")
	}
	var took [2]time.Duration
	sizes := [2]int{512, 4096}
	for i, n := range sizes {
		h := server(n).indexed()
		took[i] = time.Hour
		for range 2 {
			start := used(t)
			list, err := pcie.Read(t.Context(), h)
			took[i] = min(took[i], used(t)-start)
			if len(list) != n || err != nil {
				t.Fatalf("%d of %d functions: %v", len(list), n, err)
			}
		}
	}
	t.Logf("%d functions in %v, %d in %v", sizes[0], took[0], sizes[1], took[1])
	if factor := float64(took[1]) / float64(took[0]); factor > 24 { // 8 and room for noise
		t.Errorf("8 times the functions take %.1f times as long", factor)
	}
}

// used is the processor time of this process: how busy the machine is does not
// count.
func used(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRead100 is the cost above the system calls.
func BenchmarkRead100(b *testing.B) {
	h := server(100).indexed()
	b.ReportAllocs()
	for b.Loop() {
		if list, err := pcie.Read(b.Context(), h); len(list) != 100 || err != nil {
			b.Fatal(len(list), err)
		}
	}
}

// BenchmarkReadFiles100 reads the same from files.
func BenchmarkReadFiles100(b *testing.B) {
	m, dir := server(100), b.TempDir()
	for name, text := range m.Files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for name, target := range m.Links {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			b.Fatal(err)
		}
		if err := os.Symlink(target, name); err != nil {
			b.Fatal(err)
		}
	}
	h, err := host.Static(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if list, err := pcie.Read(b.Context(), h); len(list) != 100 || err != nil {
			b.Fatal(len(list), err)
		}
	}
}
