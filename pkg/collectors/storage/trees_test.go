package storage_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/storage"
	"example.com/bee/test/fixture"
)

func readTree(t *testing.T, root string) *storage.Storage {
	t.Helper()
	h, err := host.Static(root)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	all, err := storage.ReadAll(t.Context(), h)
	if err != nil {
		t.Error(err)
	}
	return all
}

// TestNVMeTree compares a captured machine with what another tool said of it.
func TestNVMeTree(t *testing.T) {
	t.Parallel()
	dir := fixture.Dir(t, "nvme", "libnvme-tree-pcie")
	root := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "tar", "-xf", filepath.Join(dir, "tree-pcie.tar.xz"), "-C", root).CombinedOutput(); err != nil {
		t.Skipf("tar: %v %s", err, out)
	}
	type controllers []struct{ Name, Transport, Traddr string }
	var want struct {
		Hosts []struct {
			Subsystems []struct {
				NQN        string
				Namespaces []struct {
					NSID       uint32
					Name       string
					Controller controllers
					Paths      []struct{ Controller controllers }
				}
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "tree-pcie.out"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	all := readTree(t, root)
	byNQN := map[string]int{}
	for i, d := range all.Drives {
		byNQN[d.SubsystemNQN] = i
	}
	subsystems := 0
	for _, h := range want.Hosts {
		for _, s := range h.Subsystems {
			subsystems++
			i, ok := byNQN[s.NQN]
			if !ok {
				t.Errorf("%s: missing", s.NQN)
				continue
			}
			d := all.Drives[i]
			if !strings.HasSuffix(s.NQN, d.SerialNumber) || d.Model == "" || d.Firmware == "" || d.SizeBytes == nil || d.Health != nil {
				t.Errorf("%+v", d)
			}
			if len(d.Namespaces) != len(s.Namespaces) {
				t.Fatalf("%s: %+v", s.NQN, d.Namespaces)
			}
			for k, n := range s.Namespaces {
				if g := d.Namespaces[k]; g.Device != n.Name || g.NSID != n.NSID || g.NGUID == "" {
					t.Errorf("%+v, want %+v", g, n)
				}
				paths := n.Controller
				for _, p := range n.Paths {
					paths = append(paths, p.Controller...)
				}
				if len(paths) != len(d.Paths) || d.PCIAddress != paths[0].Traddr || d.Transport != paths[0].Transport {
					t.Errorf("%v %s, want %+v", d.Paths, d.PCIAddress, paths)
				}
				for x, p := range paths {
					if d.Paths[x] != p.Name {
						t.Errorf("path %s, want %s", d.Paths[x], p.Name)
					}
				}
			}
		}
	}
	if len(all.Drives) != subsystems {
		t.Errorf("%d drives, want %d", len(all.Drives), subsystems)
	}
}

// TestTrees reads every captured machine: no error, no device that is made by
// software, a size for each drive.
func TestTrees(t *testing.T) {
	t.Parallel()
	drives := 0
	for _, tree := range fixture.Trees(t, "sys/class/", "sys/block", "/block/", "/nvme", "/host", "/ata", "/virtio", "sys/bus/pci/devices", "/class", "/uevent") {
		all := readTree(t, tree.Root)
		if all == nil {
			continue
		}
		for _, d := range all.Drives {
			drives++
			if d.SizeBytes == nil || *d.SizeBytes == 0 || d.Health != nil || strings.HasPrefix(d.Device, "loop") || strings.HasPrefix(d.Device, "dm-") {
				t.Errorf("%s: %+v", tree.Name, d)
			}
		}
	}
	t.Logf("%d drives", drives)
	if drives < 10 {
		t.Errorf("%d drives", drives)
	}
}
