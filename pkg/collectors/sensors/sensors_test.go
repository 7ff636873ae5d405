package sensors_test

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/sensors"
	"example.com/bee/pkg/inventory"
)

func TestContract(t *testing.T) {
	t.Parallel()
	collectortest.Run(t, sensors.Collector, collectortest.OnMachine("server", server()))
}

// judged is a report of the sensors alone.
func judged(t *testing.T, s *hosttest.Source) (map[string]inventory.HostSensor, *inventory.Report) {
	t.Helper()
	r := inventory.Collect(t.Context(), []inventory.Collector{sensors.Collector(s.Host())}, inventory.WithTimeout(20*time.Second))
	byID := map[string]inventory.HostSensor{}
	for _, v := range r.Sensors {
		byID[v.ID] = v
	}
	return byID, r
}

func TestRead(t *testing.T) {
	t.Parallel()
	got, r := judged(t, server())
	if len(r.Issues) > 0 {
		t.Error(r.Issues)
	}
	type want struct {
		value      float64 // -1: none
		unit, why  string
		health     inventory.Health
		thresholds map[string]float64
	}
	for id, w := range map[string]want{
		"hwmon:coretemp/coretemp.0/temp1":            {55, "degrees_c", "", "ok", map[string]float64{"upper_non_critical": 82, "upper_critical": 92}},
		"hwmon:coretemp/coretemp.0/temp12":           {93.5, "degrees_c", "", "critical", map[string]float64{"upper_non_critical": 82, "upper_critical": 92}},
		"hwmon:nct6779/nct6775.656/in0":              {0.888, "volts", "", "ok", map[string]float64{"upper_non_critical": 1.744}},
		"hwmon:nct6779/nct6775.656/in1":              {1, "volts", "", "unknown", nil}, // limits that exclude each other
		"hwmon:nct6779/nct6775.656/fan1":             {1200, "rpm", "", "warning", map[string]float64{"lower_non_critical": 1500}},
		"hwmon:nct6779/nct6775.656/fan2":             {0, "rpm", "", "unknown", nil},
		"hwmon:nct6779/nct6775.656/fan3":             {0, "rpm", "", "warning", nil},
		"hwmon:nct6779/nct6775.656/temp7":            {-1, "degrees_c", "out_of_scale", "unknown", nil},
		"hwmon:nct6779/nct6775.656/temp8":            {-1, "degrees_c", "fault", "unknown", nil},
		"hwmon:nct6779/nct6775.656/intrusion0":       {-1, "", "", "unknown", nil},
		"hwmon:nct6779/nct6775.656/power1":           {190, "watts", "", "unknown", nil},
		"hwmon:nct6779/nct6775.656/energy1":          {1.5, "joules", "", "unknown", nil},
		"hwmon:nct6779/nct6775.656/curr1":            {1.5, "amps", "", "unknown", nil},
		"hwmon:nct6779/nct6775.656/humidity1":        {45.5, "percent", "", "unknown", nil},
		"hwmon:nvme/0000:01:00.0/temp1":              {39.85, "degrees_c", "", "ok", map[string]float64{"upper_critical": 84.85}},
		"hwmon:nvme/0000:01:00.0/temp2":              {39.85, "degrees_c", "", "unknown", nil},
		"hwmon:mlx5/0000:45:00.0/temp1":              {54, "degrees_c", "", "ok", map[string]float64{"upper_critical": 105}},
		"hwmon:mlx5/0000:45:00.0/fan1":               {-1, "rpm", "disabled", "unknown", nil},
		"hwmon:acpitz/thermal_zone0/temp1":           {27.8, "degrees_c", "", "unknown", nil},
		"hwmon:drivetemp/0000:00:1f.2/0:0:0:0/temp1": {-1, "degrees_c", "not_asked", "unknown", nil},
	} {
		s, ok := got[id]
		if !ok {
			t.Errorf("%s: missing", id)
			continue
		}
		value := -1.0
		if s.Value != nil {
			value = *s.Value
		}
		have := want{value, s.Unit, s.Unavailable, s.Health, s.Thresholds}
		if diff := cmp.Diff(w, have, cmp.AllowUnexported(want{})); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
		delete(got, id)
	}
	for id := range got {
		t.Errorf("%s: not expected", id)
	}
	codes := map[string]string{}
	for _, f := range r.Findings {
		codes[f.ComponentID] = f.Code
	}
	if diff := cmp.Diff(map[string]string{
		"hwmon:coretemp/coretemp.0/temp12": "sensor.temperature_critical",
		"hwmon:nct6779/nct6775.656/fan1":   "sensor.fan_out_of_range",
		"hwmon:nct6779/nct6775.656/fan3":   "sensor.fan_fault",
	}, codes); diff != "" {
		t.Error(diff)
	}
}

// TestWhere joins sensors with the parts they are in.
func TestWhere(t *testing.T) {
	t.Parallel()
	_, r := judged(t, server())
	r.CPUs = []inventory.CPU{{Meta: inventory.Meta{ID: "cpu:A"}, PackageID: new(0)}, {Meta: inventory.Meta{ID: "cpu:B"}, PackageID: new(1)}}
	r.Storage = []inventory.Drive{
		{Meta: inventory.Meta{ID: "drive:n"}, Device: "nvme0", Protocol: inventory.ProtocolNVMe, PCIAddress: "0000:01:00.0"},
		{Meta: inventory.Meta{ID: "drive:s"}, Device: "sda", Protocol: inventory.ProtocolSATA, PCIAddress: "0000:00:1f.2"},
	}
	r.PCIeDevices = []inventory.PCIeDevice{
		{Meta: inventory.Meta{ID: "pci:0000:01:00.0"}, Address: "0000:01:00.0"},
		{Meta: inventory.Meta{ID: "pci:0000:45:00.0"}, Address: "0000:45:00.0"},
	}
	r.BMC = &inventory.BMC{Meta: inventory.Meta{ID: "bmc"}, Sensors: []inventory.Sensor{{ID: "sensor:1", Health: inventory.HealthOK}}}
	for range 2 { // repeatable
		r.Join()
		r.Assess()
	}
	got := map[string]string{}
	for _, s := range r.Sensors {
		if s.ParentID != "" {
			got[s.ID] = s.ParentID
		}
	}
	if diff := cmp.Diff(map[string]string{
		"hwmon:coretemp/coretemp.0/temp1": "cpu:B", "hwmon:coretemp/coretemp.0/temp12": "cpu:B",
		"hwmon:nvme/0000:01:00.0/temp1": "drive:n", "hwmon:nvme/0000:01:00.0/temp2": "drive:n",
		"hwmon:mlx5/0000:45:00.0/temp1": "pci:0000:45:00.0", "hwmon:mlx5/0000:45:00.0/fan1": "pci:0000:45:00.0",
		"hwmon:drivetemp/0000:00:1f.2/0:0:0:0/temp1": "drive:s",
	}, got); diff != "" {
		t.Error(diff)
	}
	for _, f := range r.Findings {
		if f.Code[:6] == "sensor" {
			t.Errorf("the BMC watches the machine, yet %+v", f)
		}
	}
}

// TestBrokenDrivers: an input that cannot be read costs itself.
func TestBrokenDrivers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err    error
		why    string
		issues int
	}{
		"again":       {syscall.EAGAIN, "not_ready", 0},
		"no data":     {syscall.ENODATA, "no_data", 0},
		"io":          {syscall.EIO, "unreadable", 1},
		"something":   {errors.New("broken"), "unreadable", 1},
		"unsupported": {syscall.EOPNOTSUPP, "no_data", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := server()
			s.Errors = map[string]error{"/sys/devices/platform/coretemp.0/hwmon/hwmon0/temp1_input": test.err}
			got, r := judged(t, s)
			v := got["hwmon:coretemp/coretemp.0/temp1"]
			if v.Value != nil || v.Unavailable != test.why || v.Health != inventory.HealthUnknown || len(r.Issues) != test.issues || len(r.Sensors) != 20 {
				t.Errorf("%+v, %v, %d sensors", v, r.Issues, len(r.Sensors))
			}
		})
	}
}

// TestHangingDrive: a drive that hangs costs its own sensors only.
func TestHangingDrive(t *testing.T) {
	t.Parallel()
	s := server()
	s.Hang = map[string]bool{"/sys/devices/pci0000:00/0000:00:02.1/0000:01:00.0/nvme/nvme0/hwmon2/temp1_input": true}
	defer s.Release()
	got, r := judged(t, s)
	if len(got) != 20 || got["hwmon:mlx5/0000:45:00.0/temp1"].Value == nil || got["hwmon:coretemp/coretemp.0/temp1"].Value == nil {
		t.Errorf("%d sensors", len(got))
	}
	if v := got["hwmon:nvme/0000:01:00.0/temp1"]; v.Value != nil || len(r.Issues) != 1 || r.Issues[0].Kind != inventory.KindTimeout {
		t.Errorf("%+v, %v", v, r.Issues)
	}
}

func BenchmarkRead(b *testing.B) {
	for name, s := range map[string]*hosttest.Source{"none": {}, "server": server()} {
		b.Run(name, func(b *testing.B) {
			h := host.New(s)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := sensors.Read(b.Context(), h); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
