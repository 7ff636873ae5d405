package dmi_test

import (
	"errors"
	"io/fs"
	"testing"

	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

func machine() *hosttest.Source {
	table := smbiostest.Table(smbiostest.System("Acme", "Server", "SN12345"), smbiostest.MemoryModule(0, "A1", 1024, "S1"))
	return &hosttest.Source{
		Files:  map[string]string{dmi.TablePath: string(table), dmi.EntryPath: string(smbiostest.Entry3(3, 2, 0, len(table)))},
		Errors: map[string]error{},
	}
}

// TestHalfReadable: one of the two files is enough for what it holds.
func TestHalfReadable(t *testing.T) {
	t.Parallel()
	for denied, wantTable := range map[string]bool{dmi.EntryPath: true, dmi.TablePath: false} {
		s := machine()
		s.Errors[denied] = fs.ErrPermission
		table, err := dmi.Read(t.Context(), s.Host())
		if (table != nil && len(table.Systems()) == 1) != wantTable || !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s denied: %v, %v", denied, table, err)
		}
	}
	both := machine()
	both.Errors[dmi.EntryPath], both.Errors[dmi.TablePath] = fs.ErrPermission, errors.New("input/output error")
	table, err := dmi.Read(t.Context(), both.Host())
	if table != nil || !errors.Is(err, fs.ErrPermission) || !errors.Is(err, both.Errors[dmi.TablePath]) {
		t.Errorf("%v, %v", table, err)
	}
	if table, err := dmi.Read(t.Context(), (&hosttest.Source{}).Host()); table != nil || err != nil {
		t.Errorf("no tables: %v, %v", table, err)
	}
}

// TestIssuesGoToWhomTheyConcern: damage to one structure is told by the
// collector that reads it, and by the board's, which tells all.
func TestIssuesGoToWhomTheyConcern(t *testing.T) {
	t.Parallel()
	s := machine()
	module := smbiostest.MemoryModule(0, "A1", 1024, "S1").U8(0x10, 99) // a string it does not have
	table := smbiostest.Table(smbiostest.System("Acme", "Server", "SN12345"), module)
	s.Files[dmi.TablePath], s.Files[dmi.EntryPath] = string(table), string(smbiostest.Entry3(3, 2, 0, len(table)))
	s.Errors["/unrelated"] = fs.ErrPermission
	_, err := dmi.Read(t.Context(), s.Host())
	if err == nil {
		t.Fatal("no problem seen")
	}
	if dmi.Issues(err) == nil || dmi.Issues(err, 17) == nil || dmi.Issues(err, 4, 7) != nil {
		t.Errorf("all %v; memory %v; processors %v", dmi.Issues(err), dmi.Issues(err, 17), dmi.Issues(err, 4, 7))
	}
	if dmi.Issues(nil) != nil {
		t.Error("something of nothing")
	}
}
