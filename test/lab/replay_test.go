//go:build lab

package lab_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
)

// TestReplay records the server in the guest, sound and with a drive that hangs,
// and replays it here: the report is the same to the byte, except for tool. One
// without the machine's names has the same shape and holds none of them.
//
//nolint:paralleltest // One machine at a time.
func TestReplay(t *testing.T) {
	const hung = `
		one() {
			modprobe labhang "func=$2" "only=$3" ms=600000 || exit 1
			/payload/audit --timeout 25s --output "/out/$1.json" --record "/out/$1.bee" || exit 1
			echo 0 > /sys/module/labhang/parameters/ms
			sleep 1
			rmmod labhang
		}
		one drive nvme_dev_ioctl file:nvme1
		one attributes dev_attr_show dev:nvme1
		one controller ipmi_ioctl file:ipmi0`
	b := boot(t, "server", nil,
		audit("--output", "/out/sound.json", "--record", "/out/sound.bee"),
		lab.Job{Name: "scrubbed", Argv: []string{"/payload/audit", "--output", "/out/named.json", "--record", "/out/scrubbed.bee", "--scrub"}},
		lab.Shell("hung", hung),
	)
	program := auditBinary(t)
	for _, name := range []string{"sound", "drive", "attributes", "controller"} {
		live := read(t, b, name+".json")
		again := replayed(t, program, filepath.Join(b.Out(), name+".bee"))
		if live, again := untooled(t, live), untooled(t, again); !bytes.Equal(live, again) {
			t.Errorf("%s: the replay is another: %s", name, firstDifference(live, again))
		}
	}

	var named, scrubbed inventory.Report
	if err := json.Unmarshal(read(t, b, "named.json"), &named); err != nil {
		t.Fatal(err)
	}
	unnamed := replayed(t, program, filepath.Join(b.Out(), "scrubbed.bee"))
	if err := json.Unmarshal(unnamed, &scrubbed); err != nil {
		t.Fatal(err)
	}
	if named.Verdict() != scrubbed.Verdict() || len(named.Storage) != len(scrubbed.Storage) || len(named.Findings) != len(scrubbed.Findings) {
		t.Errorf("verdict %v, was %v", scrubbed.Verdict(), named.Verdict())
	}
	for _, old := range names(&named) {
		if strings.Contains(strings.ToLower(string(unnamed)), strings.ToLower(old)) {
			t.Errorf("%q is still there", old)
		}
	}
}

// names are what tells the machine from others.
func names(r *inventory.Report) []string {
	all := []string{r.Host.Hostname, r.Board.System.SerialNumber, r.Board.System.UUID, r.BMC.MAC}
	for _, d := range r.Storage {
		all = append(all, d.SerialNumber, d.WWN)
	}
	for _, m := range r.Memory.Modules {
		all = append(all, m.SerialNumber)
	}
	for _, p := range r.PowerSupplies {
		all = append(all, p.SerialNumber)
	}
	for _, n := range r.Network {
		all = append(all, n.MAC, strings.ReplaceAll(n.MAC, ":", ""))
	}
	var given []string
	for _, s := range all {
		if len(s) >= 5 {
			given = append(given, s)
		}
	}
	return given
}

func read(t *testing.T, b booted, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(b.Out(), name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func replayed(t *testing.T, program, file string) []byte {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, "--replay", file).Output()
	if err != nil {
		t.Fatalf("--replay %s: %v", file, err)
	}
	return out
}

// untooled is a report without the program that made it.
func untooled(t *testing.T, doc []byte) []byte {
	t.Helper()
	var r inventory.Report
	if err := json.Unmarshal(doc, &r); err != nil {
		t.Fatal(err)
	}
	r.Tool = inventory.Tool{}
	out, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func firstDifference(a, b []byte) string {
	as, bs := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return strings.Join(as[max(0, i-8):i+1], "\n") + "\n--- but\n" + bs[i]
		}
	}
	return "one goes on"
}
