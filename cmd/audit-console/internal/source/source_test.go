package source_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/cmd/audit-console/internal/source"
)

// tree is a root of its own with some files.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		put(t, root, name, text)
	}
	return root
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func reader(root string) *source.Reader {
	return source.NewReader(root, source.DefaultPaths(), time.Now)
}

const small = `{"schema_version":"1.0","duration_ms":2718,"collectors":[],"issues":[],"findings":[],"board":{"system":{"serial_number":"S1"}}}`

func TestNothing(t *testing.T) {
	t.Parallel()
	s := reader(t.TempDir()).Read()
	if s.Report.Report != nil || s.Report.Problem != "" || s.Audit.Stage != source.StageNone || len(s.NICs) > 0 || !s.Options.Shell || s.Options.SerialPassword {
		t.Errorf("%+v", s)
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"proc/sys/kernel/hostname":     "bee-S1\n",
		"proc/uptime":                  "100.50 399.10\n",
		"proc/cmdline":                 "quiet bee.serial_password=1 bee.shell=0 bee.shell=0x\n",
		"proc/77/stat":                 "",
		"etc/bee-release":              "BEE_BUILD_TIME=1\nBEE_BUILD_INFO=\"bee 1.0.0, 0123456\"\n",
		"run/bee/audit.status":         "state=running\nsince=1\nuptime=88.5\ntext=limit 300 s\n",
		"run/bee/audit.pid":            "77\n",
		"run/bee/login":                "password\n",
		"run/bee/password":             "k7mq-wz3t-9hfa\n",
		"run/bee/hostkey.fingerprint":  "SHA256:abc\n",
		"run/bee/medium.status":        "state=needed\nuptime=3\ntext=\"512 MB of memory\"\n",
		"run/bee/network/eth10":        "state=asking\nuptime=90.5\ntext=\n",
		"run/bee/network/eth9":         "state=lease\nuptime=90\ntext=\naddress=192.0.2.9/24\nrouter=192.0.2.1\n",
		"run/bee/network/.eth9.x":      "state=failed\n",
		"run/bee/network/gone":         "state=lease\n",
		"sys/class/net/eth9/carrier":   "1\n",
		"sys/class/net/eth9/speed":     "1000\n",
		"sys/class/net/eth9/flags":     "0x1003\n",
		"sys/class/net/eth9/address":   "02:00:5e:00:53:09\n",
		"sys/class/net/eth10/carrier":  "0\n",
		"sys/class/net/eth10/speed":    "-1\n",
		"sys/class/net/eth10/flags":    "0x1002\n",
		"sys/class/net/lo/flags":       "0x9\n",
		"sys/class/net/usb0/device/x":  "",
		"sys/class/net/usb0/type":      "1\n",
		"sys/class/net/eth10/device/x": "",
	})
	s := reader(root).Read()
	if s.HostName != "bee-S1" || s.Release != "bee 1.0.0, 0123456" || s.Uptime != 100500*time.Millisecond {
		t.Errorf("%q %q %s", s.HostName, s.Release, s.Uptime)
	}
	if s.Options != (source.Options{SerialPassword: true}) {
		t.Errorf("%+v", s.Options)
	}
	if diff := cmp.Diff(source.Audit{Stage: source.StageRunning, Elapsed: 12 * time.Second, Limit: 300 * time.Second}, s.Audit); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(source.Access{Login: "password", Password: "k7mq-wz3t-9hfa", Fingerprints: []string{"SHA256:abc"}}, s.Access); diff != "" {
		t.Error(diff)
	}
	want := []source.NIC{
		{Name: "eth9", MAC: "02:00:5e:00:53:09", Up: new(true), Carrier: new(true), SpeedMbps: 1000, Address: "192.0.2.9/24", State: "lease", For: 10500 * time.Millisecond, Router: "192.0.2.1"},
		{Name: "eth10", Up: new(false), Carrier: new(false), State: "asking", For: 10 * time.Second},
	}
	if diff := cmp.Diff(want, s.NICs); diff != "" {
		t.Error(diff)
	}
	if got := s.Services["medium"]; got.State != "needed" || got.Text != "512 MB of memory" {
		t.Errorf("%+v", got)
	}

	put(t, root, "run/bee/audit.pid", "78\n")
	if got := reader(root).Read().Audit.Stage; got != source.StageLost {
		t.Errorf("stage %s", got)
	}
}

// TestNoService: without bee-network, physical interfaces are found.
func TestNoService(t *testing.T) {
	t.Parallel()
	s := reader(tree(t, map[string]string{
		"sys/class/net/eth0/device/x":         "",
		"sys/class/net/eth0/type":             "1\n",
		"sys/class/net/eth1/device/physfn/x":  "",
		"sys/class/net/eth1/type":             "1\n",
		"sys/class/net/ib0/device/x":          "",
		"sys/class/net/ib0/type":              "32\n",
		"sys/class/net/lo/type":               "772\n",
		"run/bee/network/.eth0.tmp":           "state=asking\n",
		"root/.ssh/authorized_keys":           "ssh-ed25519 AAAA\n",
		"run/bee/hostkey.fingerprint":         "256 SHA256:abc root@bee (ED25519)\n# nothing\n3072 SHA256:def bee (RSA)\n",
		"var/log/bee-audit.json":              small,
		"sys/class/net/eth0/device/uevent":    "",
		"sys/class/net/eth0/queues/rx-0/flag": "",
	})).Read()
	if len(s.NICs) != 1 || s.NICs[0].Name != "eth0" || s.NICs[0].Up != nil {
		t.Errorf("%+v", s.NICs)
	}
	if diff := cmp.Diff([]string{"ED25519 SHA256:abc", "RSA SHA256:def"}, s.Access.Fingerprints); diff != "" {
		t.Error(diff)
	}
	if s.Audit.Stage != source.StageDone || s.Audit.Elapsed != 2718*time.Millisecond || !strings.HasPrefix(s.Report.Payload, "BEE1 S:S1 ") {
		t.Errorf("%+v %+v", s.Audit, s.Report)
	}
}

// TestReport: it comes, is damaged, is replaced and goes.
func TestReport(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"var/log/bee-audit.json": small[:40]})
	r := reader(root)
	if s := r.Read(); s.Report.Report != nil || s.Report.Problem == "" {
		t.Errorf("half: %+v", s.Report)
	}
	put(t, root, "var/log/bee-audit.json", small)
	first := r.Read()
	if first.Report.Report == nil || first.Report.Problem != "" {
		t.Fatalf("whole: %+v", first.Report)
	}
	if again := r.Read(); again.Report.Report != first.Report.Report {
		t.Error("read again for nothing")
	}
	for _, bad := range []string{"", "null", "[]", "{}", "\x00\x01", strings.Repeat("[", 100_000), small + "x"} {
		put(t, root, "var/log/bee-audit.json", bad)
		if s := r.Read(); s.Report.Problem == "" || s.Report.Report != first.Report.Report {
			t.Errorf("%.20q: %+v", bad, s.Report)
		}
	}
	if err := os.Truncate(filepath.Join(root, "var/log/bee-audit.json"), 50e6); err != nil {
		t.Fatal(err)
	}
	if s := r.Read(); s.Report.Problem != "50 MB: too large" {
		t.Errorf("large: %+v", s.Report)
	}
	if err := os.Remove(filepath.Join(root, "var/log/bee-audit.json")); err != nil {
		t.Fatal(err)
	}
	if s := r.Read(); s.Report.Report != nil || s.Report.Problem != "" {
		t.Errorf("gone: %+v", s.Report)
	}
}

// TestNoFiles: what should be a file may be anything, and holds nobody up.
func TestNoFiles(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"run/bee/network/eth0": strings.Repeat("x", 1<<20), "sys/class/net/eth0/type": "1"})
	for _, name := range []string{"run/bee/password", "run/bee/audit.status", "run/bee/audit.progress", "var/log/bee-audit.json", "proc/uptime"} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan source.State, 1)
	go func() { done <- reader(root).Read() }()
	select {
	case s := <-done:
		if s.Access.Password != "" || s.Report.Problem == "" || s.NICs[0].State != "" {
			t.Errorf("%+v", s)
		}
	case <-time.After(time.Minute):
		t.Fatal("waits for a pipe")
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{"run/bee/audit.status": "state=running\nuptime=1\n"})
	const name = "run/bee/audit.progress"
	r := reader(root)
	put(t, root, name, `{"collector":"host","event":"begin"}
{"collector":"host","event":"end","status":"ok","duration_ms":3}
{"collector":"storage","event":"begin"}
rubbish
{"collector":"storage","event":"part"}
{"collector":"storage","event":"pa`)
	want := []source.Collector{{Name: "host", Ended: true, Status: "ok", Took: 3 * time.Millisecond}, {Name: "storage", Parts: 1}}
	if diff := cmp.Diff(want, r.Read().Audit.Collectors); diff != "" {
		t.Error(diff)
	}
	f, err := os.OpenFile(filepath.Join(root, name), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, "rt\"}\n", `{"collector":"\u001b[2J","event":"end","status":"\u202e","error":"x"}`, "\n")
	f.Close()
	want[1].Parts = 2
	want = append(want, source.Collector{Name: "?[2J", Ended: true, Status: "?", Error: "x"})
	if diff := cmp.Diff(want, r.Read().Audit.Collectors); diff != "" {
		t.Error(diff)
	}
	if err := os.Remove(filepath.Join(root, name)); err != nil {
		t.Fatal(err)
	}
	put(t, root, name, `{"collector":"host","event":"begin"}`+"\n")
	if diff := cmp.Diff([]source.Collector{{Name: "host"}}, r.Read().Audit.Collectors); diff != "" {
		t.Error(diff)
	}
	var many strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&many, `{"collector":"c%d","event":"begin"}`+"\n", i)
	}
	put(t, root, name, many.String()+strings.Repeat("y", 200_000))
	if n := len(r.Read().Audit.Collectors); n > 64 {
		t.Errorf("%d collectors", n)
	}
}

// FuzzRead: no content of any file makes a panic or anything that is not clean.
func FuzzRead(f *testing.F) {
	f.Add([]byte("state=running\nuptime=1e308\ntext=\x1b[2J\naddress=\u202e\n"), []byte(small))
	f.Add([]byte("100.5 3\nSHA256:x rsa\nlimit=NaN\n=\n"), []byte(`{"collector":"x","event":"end","duration_ms":9223372036854775807}`+"\n"))
	root := f.TempDir()
	names := []string{"proc/uptime", "proc/cmdline", "etc/bee-release", "run/bee/audit.status", "run/bee/audit.pid", "run/bee/network/eth0", "sys/class/net/eth0/speed", "run/bee/password", "run/bee/hostkey.fingerprint", "run/bee/save.status"}
	f.Fuzz(func(t *testing.T, text, lines []byte) {
		for _, name := range names {
			put(t, root, name, string(text))
		}
		put(t, root, "run/bee/audit.progress", string(lines))
		put(t, root, "var/log/bee-audit.json", string(lines))
		s := reader(root).Read()
		clean := func(what string, list ...string) {
			for _, v := range list {
				if v != source.Clean(v) {
					t.Errorf("%s: %q", what, v)
				}
			}
		}
		clean("state", s.HostName, s.Release, s.Audit.Text, s.Access.Password, s.Access.Login, s.Report.Problem)
		clean("fingerprints", s.Access.Fingerprints...)
		for _, n := range s.NICs {
			clean("nic", n.Name, n.MAC, n.Address, n.State, n.Reason, n.Router)
		}
		for _, c := range s.Audit.Collectors {
			clean("collector", c.Name, c.Status, c.Error)
		}
		if s.Audit.Elapsed < 0 || s.Audit.Limit < 0 || s.Uptime < 0 {
			t.Errorf("%+v", s.Audit)
		}
	})
}
