//go:build lab

//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/fixture"
	"example.com/bee/test/lab"
	"example.com/bee/test/lab/witness"
)

// ipmiJobs is the audit of the controller and what others say of it. The
// first job warms up what all of them need.
func ipmiJobs() []lab.Job {
	return []lab.Job{
		lab.Shell("warm", "ipmitool mc info >/dev/null; /payload/audit version >/dev/null"),
		audit("--only", "psu,bmc"),
		{Name: "fru", Argv: []string{"ipmitool", "fru", "print"}},
		{Name: "sel", Argv: []string{"ipmitool", "sel", "elist"}},
		{Name: "elist", Argv: []string{"ipmitool", "sdr", "elist", "all"}},
		{Name: "sensor", Argv: []string{"ipmitool", "sensor"}},
		lab.Shell("lan", "ipmitool lan print 1 || true"),
		{Name: "info", Argv: []string{"ipmitool", "mc", "info"}},
		lab.Shell("free-fru", "ipmi-fru || true"),
		lab.Shell("free-sel", "ipmi-sel --output-event-state || true"),
		lab.Shell("times", `
			run() { local s=${EPOCHREALTIME/./}; "$@" > /dev/null; echo "$1-$2 $(( ${EPOCHREALTIME/./} - s ))"; }
			for i in 1 2 3 4 5; do
				run /payload/audit --only psu,bmc
				run ipmitool fru print
				run ipmitool sdr
				run ipmitool sel elist
			done`),
		lab.Shell("counts", `
			labtrace /out/ipmi-bee.trace /payload/audit --only psu,bmc
			labtrace /out/ipmi-fru.trace ipmitool fru print
			labtrace /out/ipmi-sdr.trace ipmitool sdr
			labtrace /out/ipmi-sel.trace ipmitool sel elist`),
	}
}

// TestBMC compares every field of the server's controller with ipmitool and
// FreeIPMI in the same boot.
func TestBMC(t *testing.T) {
	b := boot(t, "server", nil, ipmiJobs()...)
	b.silent(t)
	r := b.report(t)
	compareIPMI(t, b, r)
	// Of so small a controller, a fifth is what the three do not ask for.
	compareTimes(t, b, 1.7)
	c := newChecker(t)
	same(c, "power supplies", len(r.PowerSupplies), 2)
	same(c, "entries in the log", len(r.BMC.SEL.Last), len(b.facts.BMC.Events))
	if got := codes(r); !slices.Equal(got, []string{"memory.sel_correctable_errors"}) {
		t.Errorf("findings %v", got)
	}
}

func codes(r *inventory.Report) []string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, f.Code)
	}
	return all
}

func TestBMCPowerSupplyFailed(t *testing.T) {
	b := boot(t, "faulty-bmc:psufail", nil, ipmiJobs()...)
	r := b.report(t)
	compareIPMI(t, b, r)
	if got := codes(r); !slices.Contains(got, "psu.failed") || slices.Contains(got, "sensor.critical") {
		t.Errorf("findings %v", got)
	}
}

// TestBMCDamagedFRU: the sound areas, and SMBIOS, give what a damaged one does
// not.
func TestBMCDamagedFRU(t *testing.T) {
	b := boot(t, "faulty-bmc:badfru", nil, ipmiJobs()...)
	r := b.report(t)
	if len(r.PowerSupplies) != 2 {
		t.Fatalf("power supplies %+v", r.PowerSupplies)
	}
	c := newChecker(t)
	for i, p := range r.PowerSupplies {
		same(c, p.ID+": serial", p.SerialNumber, b.facts.SMBIOS.Supplies[i].SerialNumber)
		said(c, p.ID+": watts", p.CapacityWatts, int(b.facts.SMBIOS.Supplies[i].MaxWatts), true)
		if len(p.Damaged) == 0 {
			t.Errorf("%s: not damaged; ipmitool: %s", p.ID, b.text(t, "fru"))
		}
	}
	if got := codes(r); !slices.Contains(got, "fru.damaged") {
		t.Errorf("findings %v", got)
	}
}

// TestBMCCaptured boots with real servers' controllers and their SMBIOS: one,
// all with BEE_LAB_ALL=1.
func TestBMCCaptured(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(fixture.Dir(t, "ipmi"), "infrasim-*"))
	if err != nil || len(dirs) == 0 {
		t.Fatal("no captured controllers", err)
	}
	for _, dir := range dirs {
		name := filepath.Base(dir)
		if os.Getenv("BEE_LAB_ALL") == "" && name != "infrasim-dell-r730" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			b := boot(t, "small", func(o *lab.Options) {
				o.Profile.BMC = &lab.BMC{EmuFile: filepath.Join(dir, "bmc.emu")}
				if err := o.Profile.UseTables(fixture.Dir(t, "smbios", name)); err != nil {
					t.Fatal(err)
				}
			}, ipmiJobs()...)
			r := b.report(t)
			compareIPMI(t, b, r)
			compareTimes(t, b, 1.8)
			for _, f := range r.Findings {
				t.Logf("%s %s: %s", f.Severity, f.Code, f.Message)
			}
		})
	}
}

// TestBMCStopped stops the controller: the report comes on time, says so, and
// has the power supplies that SMBIOS knows.
func TestBMCStopped(t *testing.T) {
	b := boot(t, "server", nil,
		lab.Shell("warm", "ipmitool mc info >/dev/null"),
		lab.Shell("stop", "labsync bmc stop"),
		audit("--only", "psu,bmc", "--timeout", "8s"),
		lab.Shell("cont", "labsync bmc cont"),
	)
	r := b.report(t)
	c := newChecker(t)
	for _, o := range r.Collectors {
		switch o.Name {
		case "psu":
			same(c, "psu", o.Status, inventory.StatusPartial)
		case "bmc":
			same(c, "bmc", o.Status, inventory.StatusTimeout)
		}
	}
	same(c, "power supplies", len(r.PowerSupplies), 2)
	if j, err := b.Job("audit"); err != nil || j.Wall() > 9*time.Second {
		t.Errorf("the report took %v, %v", j.Wall(), err)
	}
}

// compareTimes compares with ipmitool's three commands that give no more, by
// the exchanges that the kernel saw, which are a real controller's time, and by
// the medians of five runs each, taken in turn. Times are a verdict only with
// BEE_LAB_TIMES=1: other work on the host blurs them.
func compareTimes(t *testing.T, b booted, factor float64) {
	t.Helper()
	exchanges := map[string]int{}
	for _, name := range []string{"bee", "fru", "sdr", "sel"} {
		for _, c := range witness.ParseTrace(string(b.file(t, "ipmi-"+name+".trace"))) {
			if strings.HasPrefix(c.Name, "0x") {
				exchanges[name]++
			}
		}
	}
	if all := exchanges["fru"] + exchanges["sdr"] + exchanges["sel"]; exchanges["bee"] == 0 || float64(all) < factor*float64(exchanges["bee"]) {
		t.Errorf("exchanges %v: the others should need %.1f times bee's", exchanges, factor)
	}
	runs := map[string][]int{}
	for line := range strings.Lines(b.text(t, "times")) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		us, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		runs[name] = append(runs[name], us)
	}
	median := map[string]int{}
	for name, all := range runs {
		slices.Sort(all)
		median[name] = all[len(all)/2]
	}
	bee := median["/payload/audit---only"]
	others := median["ipmitool-fru"] + median["ipmitool-sdr"] + median["ipmitool-sel"]
	t.Logf("bee %d ms, ipmitool fru + sdr + sel elist %d ms: %.1f times (%v us); exchanges %v", bee/1000, others/1000, float64(others)/float64(bee), median, exchanges)
	if os.Getenv("BEE_LAB_TIMES") != "" && others < 2*bee {
		t.Errorf("bee takes %d us, ipmitool %d us", bee, others)
	}
}

func compareIPMI(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	if r.BMC == nil {
		t.Fatal("no controller in the report")
	}
	t.Run("fru", func(t *testing.T) { compareFRUs(t, b, r) })
	t.Run("sensors", func(t *testing.T) { compareBMCSensors(t, b, r.BMC.Sensors) })
	t.Run("sel", func(t *testing.T) { compareSEL(t, b, r.BMC.SEL) })
	t.Run("lan", func(t *testing.T) { compareLAN(t, b, r.BMC.LAN) })
	t.Run("info", func(t *testing.T) {
		c := newChecker(t)
		f := witness.Fields(b.text(t, "info"))
		same(c, "firmware", r.BMC.Firmware, f["Firmware Revision"])
		same(c, "version", r.BMC.IPMIVersion, f["IPMI Version"])
		if r.BMC.ManufacturerID != nil {
			same(c, "manufacturer", fmt.Sprint(*r.BMC.ManufacturerID), f["Manufacturer ID"])
		}
		if r.BMC.DeviceID != nil {
			same(c, "device id", fmt.Sprint(*r.BMC.DeviceID), f["Device ID"])
		}
	})
}

// compareFRUs compares every field that ipmitool prints, and the watts that
// FreeIPMI prints.
func compareFRUs(t *testing.T, b booted, r *inventory.Report) {
	t.Helper()
	c := newChecker(t)
	parts := map[int]inventory.FRU{}
	for _, f := range r.BMC.FRUs {
		parts[int(f.DeviceID)] = f
	}
	supplies := map[int]inventory.PowerSupply{}
	for _, p := range r.PowerSupplies {
		if p.FRUID != nil {
			supplies[int(*p.FRUID)] = p
		}
	}
	for _, w := range witness.IpmitoolFRU(b.text(t, "fru")) {
		value := func(keys ...string) string {
			for _, k := range keys {
				if v := w.Fields[k]; strings.Trim(v, "._- ") != "" && v != "Field not present" {
					return v
				}
			}
			return ""
		}
		what := fmt.Sprintf("fru %d", w.ID)
		if p, ok := supplies[w.ID]; ok {
			for _, f := range [][3]string{
				{"manufacturer", p.Manufacturer, value("Product Manufacturer", "Board Mfg")},
				{"model", p.Model, value("Product Name", "Board Product")},
				{"part", p.PartNumber, value("Product Part Number", "Board Part Number")},
				{"serial", p.SerialNumber, value("Product Serial", "Board Serial")},
				{"revision", p.Revision, value("Product Version")},
			} {
				same(c, what+": "+f[0], f[1], f[2])
			}
			continue
		}
		f, mfg := parts[w.ID], ""
		if f.BoardMfgAt != nil {
			mfg = f.BoardMfgAt.Format("Mon Jan _2 15:04:05 2006 MST")
		}
		for _, k := range [][2]string{
			{"Chassis Part Number", f.ChassisPartNumber},
			{"Chassis Serial", f.ChassisSerialNumber},
			{"Board Mfg Date", mfg},
			{"Board Mfg", f.BoardManufacturer},
			{"Board Product", f.BoardProduct},
			{"Board Serial", f.BoardSerialNumber},
			{"Board Part Number", f.BoardPartNumber},
			{"Product Manufacturer", f.ProductManufacturer},
			{"Product Name", f.ProductName},
			{"Product Part Number", f.ProductPartNumber},
			{"Product Version", f.ProductVersion},
			{"Product Serial", f.ProductSerialNumber},
			{"Product Asset Tag", f.ProductAssetTag},
		} {
			same(c, what+": "+k[0], k[1], value(k[0]))
		}
		for k, v := range w.Fields {
			if strings.Contains(k, " Extra") && strings.Trim(v, "._- ") != "" && v != "Field not present" {
				same(c, what+": "+k, slices.Contains(slices.Collect(values(f.Custom)), v), true)
			}
		}
	}
	for _, w := range witness.FreeIPMIFRU(b.text(t, "free-fru")) {
		watts, ok := strings.CutSuffix(w.Fields["FRU Power Supply Overall Capacity"], " Watts")
		if p, is := supplies[w.ID]; is && ok {
			n, _ := strconv.Atoi(watts)
			said(c, p.ID+": watts", p.CapacityWatts, n, true)
		}
	}
}

func values(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// compareBMCSensors compares values, thresholds, verdicts and states.
func compareBMCSensors(t *testing.T, b booted, got []inventory.Sensor) {
	t.Helper()
	c := newChecker(t)
	want := witness.IpmitoolSensor(b.text(t, "sensor"))
	if len(got) != len(want) {
		t.Fatalf("%d sensors, ipmitool lists %d", len(got), len(want))
	}
	states := map[string]string{}
	for _, s := range witness.IpmitoolSDR(b.text(t, "elist")) {
		states[fmt.Sprintf("%s/%d", s.Name, s.Number)] = s.Reading
	}
	limits := []string{"lower_non_recoverable", "lower_critical", "lower_non_critical", "upper_non_critical", "upper_critical", "upper_non_recoverable"}
	for i, s := range got {
		w := want[i]
		if !strings.HasPrefix(s.Name, w.Name) { // ipmitool does not number the sensors of one record
			t.Errorf("%s: ipmitool says %s", s.Name, w.Name)
			continue
		}
		if s.Unavailable == "owned_by_software" {
			continue // ipmitool asks the simulator for what only firmware knows
		}
		if w.Unit != "discrete" {
			if w.Value == nil && s.Value != nil && strings.Contains(s.Entity, "unknown") {
				continue
			}
			sameNumber(c, s.ID, s.Value, w.Value)
			same(c, s.ID+": critical", s.Health == inventory.HealthCritical, w.State == "cr" || w.State == "nr")
		}
		for j, k := range limits {
			var limit *float64
			if v, ok := s.Thresholds[k]; ok {
				limit = &v
			}
			sameNumber(c, s.ID+": "+k, limit, w.Thresholds[j])
		}
		if text, ok := states[fmt.Sprintf("%s/%d", w.Name, number(s.Number))]; ok && w.Unit == "discrete" && s.Unavailable == "" {
			for _, pair := range [][2]string{
				{"presence detected", "presence_detected"},
				{"AC lost", "input_lost"},
				{"Failure detected", "failure_detected"},
				{"Redundancy Lost", "redundancy_lost"},
				{"Fully Redundant", "fully_redundant"},
				{"State Deasserted", "state_deasserted"},
				{"State Asserted", "state_asserted"},
				{"Drive Fault", "drive_fault"},
			} {
				named := func(state string) bool { return strings.HasSuffix(state, pair[1]) } // a battery has a word of its own
				same(c, s.ID+": "+pair[1], slices.ContainsFunc(s.States, named), strings.Contains(strings.ToLower(text), strings.ToLower(pair[0])))
			}
		}
	}
}

func number(n *uint8) int {
	if n == nil {
		return -1
	}
	return int(*n)
}

// sameNumber compares to the three digits that ipmitool prints.
func sameNumber(c *checker, what string, got, want *float64) {
	c.t.Helper()
	text := func(v *float64) string {
		if v == nil {
			return "none"
		}
		return strconv.FormatFloat(*v, 'f', 3, 64)
	}
	same(c, what, text(got), text(want))
}

// compareSEL compares number, time, sensor and event of every entry.
func compareSEL(t *testing.T, b booted, got *inventory.SEL) {
	t.Helper()
	c := newChecker(t)
	want := witness.IpmitoolSEL(b.text(t, "sel"))
	if got == nil {
		t.Fatal("no event log")
	}
	same(c, "entries", len(got.Last), min(len(want), 50))
	said(c, "number of entries", got.Entries, len(want), true)
	names := map[string]string{"Power Supply AC lost": "input_lost", "Correctable ECC": "correctable_ecc", "Log area reset/cleared": "log_cleared"}
	hex := regexp.MustCompile(`#0x([0-9a-f]{2})`)
	for i, e := range got.Last {
		w := want[len(want)-len(got.Last)+i]
		same(c, "record", int(e.RecordID), w.ID)
		if e.At != nil {
			same(c, "date", e.At.Format("01/02/2006"), w.Date)
			same(c, "time", e.At.Format("15:04:05"), strings.TrimSuffix(w.Time, " UTC"))
		}
		if m := hex.FindStringSubmatch(w.Sensor); m != nil {
			same(c, "sensor", fmt.Sprintf("%02x", number(e.SensorNumber)), m[1])
		} else {
			// ipmitool does not number the sensors of one record.
			base := strings.TrimRight(e.Sensor, "0123456789")
			same(c, "sensor", strings.Contains(w.Sensor, strings.TrimSpace(base)) && e.Sensor != "", true)
		}
		if name, ok := names[strings.Split(w.Description, " (")[0]]; ok {
			same(c, "event", e.Event, name)
		}
		same(c, "asserted", e.Asserted != nil && *e.Asserted, w.State != "Deasserted")
	}
}

func compareLAN(t *testing.T, b booted, got *inventory.BMCLAN) {
	t.Helper()
	c := newChecker(t)
	f := witness.Fields(b.text(t, "lan"))
	if got == nil {
		got = &inventory.BMCLAN{}
	}
	address := func(key string) string {
		v := f[key]
		if v == "0.0.0.0" || v == "00:00:00:00:00:00" {
			return "" // none
		}
		return v
	}
	same(c, "ip", got.IP, address("IP Address"))
	same(c, "netmask", got.Netmask, address("Subnet Mask"))
	same(c, "gateway", got.Gateway, address("Default Gateway IP"))
	same(c, "mac", got.MAC, address("MAC Address"))
	source := map[string]string{"Static Address": "static", "DHCP Address": "dhcp", "BIOS Assigned Address": "bios", "Unspecified": ""}
	same(c, "source", got.IPSource, source[f["IP Address Source"]])
}
