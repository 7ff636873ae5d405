//go:build lab

//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"encoding/json"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
)

// TestStorageTrouble has drives that warn, that hang, that are on a dead
// controller and that are pulled out while the audit runs. The audit comes back
// on time; the sick drive is marked and keeps its identity, the others are
// complete.
func TestStorageTrouble(t *testing.T) {
	// Each waits for the report, not for the process: one that hangs in the
	// kernel cannot end.
	const audit = `audit() { /payload/audit --only storage --timeout 40s --output /out/$1.json > /dev/null 2>&1 &
		for i in $(seq 450); do [ -s /out/$1.json ] && return 0; sleep 0.1; done; return 1; }; `
	jobs := []lab.Job{
		lab.Shell("warn", audit+"audit warn"),
		lab.Shell("hang", audit+"modprobe labhang func=nvme_dev_ioctl only=file:nvme0 ms=120000; audit hang; rc=$?; echo 0 > /sys/module/labhang/parameters/ms; sleep 1; exit $rc"),
		lab.Shell("pull", audit+"(sleep 0.2; echo 1 > /sys/bus/pci/devices/0000:00:02.0/remove) & audit pull"),
		lab.Shell("dead", audit+"setpci -s 00:03.0 COMMAND=0402; audit dead"),
	}
	b := boot(t, "faulty-smart", nil, jobs...)
	read := func(name string) *inventory.Report {
		t.Helper()
		if j, err := b.Job(name); err != nil || j.State != "exited" || j.ExitCode != 0 || j.Wall() > 45*time.Second {
			t.Errorf("%s: %v %+v", name, err, j)
		}
		var r inventory.Report
		if err := json.Unmarshal(b.file(t, name+".json"), &r); err != nil {
			t.Fatal(err)
		}
		for _, d := range r.Storage {
			verdict := inventory.Health("none")
			if d.Health != nil {
				verdict = d.Health.Status
			}
			t.Logf("%s: %s %s %s %s", name, d.Device, d.Model, d.SerialNumber, verdict)
		}
		for _, is := range r.Issues {
			t.Logf("%s: issue %s %s %s: %s", name, is.ComponentID, is.Field, is.Kind, is.Detail)
		}
		for _, f := range r.Findings {
			t.Logf("%s: finding %s %s %s", name, f.Severity, f.Code, f.Message)
		}
		return &r
	}
	t.Run("warning", func(t *testing.T) {
		d := drivesBySerial(read("warn"))["HANG0001"]
		if d.Health == nil || d.Health.Status != inventory.HealthCritical || len(d.Health.CriticalWarnings) != 2 {
			t.Errorf("%+v", d.Health)
		}
	})
	for name, sick := range map[string]string{"hang": "BADREAD0", "dead": "HANG0001"} {
		t.Run(name, func(t *testing.T) {
			r := read(name)
			got := drivesBySerial(r)
			marked := false
			for _, is := range r.Issues {
				marked = marked || is.ComponentID == got[sick].ID && (is.Kind == inventory.KindTimeout || is.Kind == inventory.KindIO)
			}
			if d := got[sick]; d.ID == "" || d.Health != nil || d.SizeBytes == nil || !marked {
				t.Errorf("%+v", d)
			}
			for _, serial := range []string{"SATABADREAD", "SATAHANG"} {
				if d := got[serial]; d.Health == nil || d.Health.Status != inventory.HealthOK {
					t.Errorf("%+v", d)
				}
			}
		})
	}
	t.Run("pulled", func(t *testing.T) {
		r := read("pull")
		for _, serial := range []string{"SATABADREAD", "SATAHANG", "HANG0001"} {
			if d := drivesBySerial(r)[serial]; d.Health == nil {
				t.Errorf("%+v", d)
			}
		}
	})
}
