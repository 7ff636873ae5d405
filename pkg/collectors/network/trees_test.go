package network_test

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/network"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/fixture"
)

// TestTrees compares what is found on captured machines with their files, read
// by other means.
func TestTrees(t *testing.T) {
	t.Parallel()
	roots := map[string]string{"prometheus-node-exporter": untar(t, filepath.Join(fixture.Dir(t, "sysfs-trees"), "prometheus-node-exporter", "sys.ttar"))}
	for _, tree := range fixture.Trees(t, "/net/", "/class/", "infiniband", "numa_node", "driver", "physfn", "sriov", "usb") {
		roots[tree.Name] = tree.Root
	}
	interfaces, ports, values := 0, 0, 0
	for name, root := range roots {
		h, err := host.Static(root)
		if err != nil {
			t.Fatal(err)
		}
		nics, err := network.Read(t.Context(), h)
		for _, p := range parts(err) {
			// Captures of one tool or another hold directories for files that
			// could not be read, and the like; never what is silently wrong.
			t.Logf("%s: %s", name, p)
		}
		want := physical(t, root)
		seen := map[string]bool{}
		for i := range nics {
			n := &nics[i]
			for _, p := range n.RDMA {
				values += comparePort(t, name, root, p)
				ports++
			}
			if len(n.RDMA) > 0 && strings.HasPrefix(n.Name, n.RDMA[0].Device) { // no interface

				continue
			}
			interfaces++
			seen[n.Name] = true
			if want[n.Name] == "" {
				t.Errorf("%s: %s is not physical", name, n.Name)
			}
			values += compareFiles(t, name, filepath.Join(root, "sys/class/net", n.Name), n)
		}
		for n := range want {
			if !seen[n] {
				t.Errorf("%s: %s is missing", name, n)
			}
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d machines, %d interfaces, %d RDMA ports, %d values", len(roots), interfaces, ports, values)
	if interfaces < 8 || ports < 4 {
		t.Errorf("only %d interfaces, %d ports", interfaces, ports)
	}
}

// physical lists the class links that lead to a device.
func physical(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(filepath.Join(root, "sys/class/net"))
	if err != nil {
		return all
	}
	for _, e := range entries {
		target, err := os.Readlink(filepath.Join(root, "sys/class/net", e.Name()))
		if err == nil && !strings.Contains(target, "virtual") {
			all[e.Name()] = target
		}
	}
	return all
}

func content(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func compareFiles(t *testing.T, machine, dir string, n *inventory.NIC) (compared int) {
	t.Helper()
	number := func(v *uint32) string {
		if v == nil {
			return ""
		}
		return strconv.FormatUint(uint64(*v), 10)
	}
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s: %s: %q, want %q", machine, n.Name, what, got, want)
		}
		compared++
	}
	check("mac", n.MAC, content(filepath.Join(dir, "address")))
	check("mtu", number(n.MTU), content(filepath.Join(dir, "mtu")))
	up := ""
	if n.LinkUp != nil {
		up = map[bool]string{true: "1", false: "0"}[*n.LinkUp]
	}
	check("carrier", up, content(filepath.Join(dir, "carrier")))
	if want := content(filepath.Join(dir, "speed")); want != "" && want != "-1" && up == "1" {
		check("speed", number(n.SpeedMbps), want)
	}
	if target, err := os.Readlink(filepath.Join(dir, "device", "driver")); err == nil {
		check("driver", n.Driver, filepath.Base(target))
	}
	if n.Counters != nil {
		check("rx_bytes", string(n.Counters.RxBytes), content(filepath.Join(dir, "statistics", "rx_bytes")))
	}
	return compared
}

func comparePort(t *testing.T, machine, root string, p inventory.RDMAPort) (compared int) {
	t.Helper()
	dir := filepath.Join(root, "sys/class/infiniband", p.Device)
	port := filepath.Join(dir, "ports", strconv.Itoa(int(p.Port)))
	check := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s/%d: %s: %q, want %q", machine, p.Device, p.Port, what, got, want)
		}
		compared++
	}
	_, state, _ := strings.Cut(content(filepath.Join(port, "state")), ": ")
	check("state", p.State, strings.ToLower(state))
	_, state, _ = strings.Cut(content(filepath.Join(port, "phys_state")), ": ")
	check("phys_state", p.PhysState, strings.ToLower(state))
	check("firmware", p.Firmware, strings.TrimPrefix(content(filepath.Join(dir, "fw_ver")), "0.0.0"))
	check("board", p.BoardID, content(filepath.Join(dir, "board_id")))
	check("type", p.AdapterType, content(filepath.Join(dir, "hca_type")))
	rate := ""
	if p.RateGbps != nil {
		rate = strconv.FormatFloat(*p.RateGbps, 'g', -1, 64) + " Gb/sec (" + p.Width + ")"
	}
	check("rate", rate, content(filepath.Join(port, "rate")))
	for name, v := range p.Counters {
		if name == "vl15_dropped" {
			name = "VL15_dropped"
		}
		check(name, strconv.FormatUint(v, 10), content(filepath.Join(port, "counters", name)))
	}
	return compared
}

func TestTreesContract(t *testing.T) {
	t.Parallel()
	root := untar(t, filepath.Join(fixture.Dir(t, "sysfs-trees"), "prometheus-node-exporter", "sys.ttar"))
	collectortest.Run(t, factory, collectortest.OnTree("prometheus", root))
}

// untar unpacks a text archive: "Path:" or "Directory:" a line, then either
// "SymlinkTo:" or "Lines:" and so many lines.
func untar(t *testing.T, archive string) string {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	root := t.TempDir()
	word := regexp.MustCompile(`^(Path|Directory|SymlinkTo|Lines|Mode): ?(.*)$`)
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	path := ""
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for in.Scan() {
		m := word.FindStringSubmatch(in.Text())
		if m == nil {
			continue
		}
		switch m[1] {
		case "Path", "Directory":
			if !filepath.IsLocal(m[2]) {
				t.Fatalf("%s in %s", m[2], archive)
			}
			path = filepath.Join(root, m[2])
			if m[1] == "Directory" {
				must(os.MkdirAll(path, 0o700))
			}
			must(os.MkdirAll(filepath.Dir(path), 0o700))
		case "SymlinkTo":
			must(os.Symlink(strings.TrimSuffix(m[2], "/"), path))
		case "Lines":
			n, err := strconv.Atoi(m[2])
			must(err)
			var text strings.Builder
			for range n {
				in.Scan()
				text.WriteString(strings.ReplaceAll(in.Text(), "NULLBYTE", "\x00") + "\n")
			}
			must(os.WriteFile(path, []byte(text.String()), 0o600))
		}
	}
	must(in.Err())
	return root
}
