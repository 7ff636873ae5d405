package bmc_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"example.com/bee/pkg/collectors/bmc"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/collectors/psu"
	"example.com/bee/pkg/inventory"
)

// The tests of this file run the two collectors of one controller side by
// side, against ipmitest's scripted controller.

// described is SMBIOS of a machine with two power supplies.
func described(b *ipmitest.BMC) *hosttest.Source {
	table := smbiostest.Table(smbiostest.PowerSupply(0, "PS1", "SER0001"), smbiostest.PowerSupply(1, "PS2", "SER0002"))
	s := &hosttest.Source{Files: map[string]string{
		dmi.TablePath: string(table), dmi.EntryPath: string(smbiostest.Entry3(3, 2, 0, len(table))),
	}}
	if b != nil {
		s.Devices = map[string]host.Device{"ipmi /dev/ipmi0": b}
	}
	return s
}

func collect(t *testing.T, b *ipmitest.BMC, timeout time.Duration) *inventory.Report {
	t.Helper()
	h := described(b).Host()
	return inventory.Collect(t.Context(), []inventory.Collector{psu.Collector(h), bmc.Collector(h)}, inventory.WithTimeout(timeout))
}

func statuses(r *inventory.Report) [2]inventory.Status {
	return [2]inventory.Status{r.Collectors[0].Status, r.Collectors[1].Status}
}

// ofSupply says whether a request is about a power supply's inventory or
// reading; others whether it reads another sensor or its limits.
func ofSupply(c ipmi.Command) (supply, others bool) {
	switch {
	case c.NetFn == ipmi.NetFnStorage && (c.Code == 0x10 || c.Code == 0x11):
		return c.Data[0] == 1 || c.Data[0] == 2, false
	case c.NetFn == ipmi.NetFnSensor && c.Code == 0x2D:
		supply = c.Data[0] > ipmitest.SupplyStatus && c.Data[0] < ipmitest.RedundancyOf
		return supply, !supply
	case c.NetFn == ipmi.NetFnSensor:
		return false, true
	}
	return false, false
}

// TestOrder: two power supplies do not wait for the other sensors, nor for the
// event log, and the repository, each FRU and each sensor are read once.
func TestOrder(t *testing.T) {
	t.Parallel()
	for name, latency := range map[string]time.Duration{"at once": 0, "slow": 200 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := ipmitest.Server()
				b.Faults.Latency = latency
				start := time.Now()
				var supplied time.Duration
				h := described(b).Host()
				r := inventory.Collect(t.Context(), []inventory.Collector{psu.Collector(h), bmc.Collector(h)},
					inventory.WithTimeout(time.Minute), inventory.WithObserver(func(e inventory.Event) {
						if e.Collector == "psu" && e.Outcome != nil {
							supplied = time.Since(start)
						}
					}))
				if statuses(r) != [2]inventory.Status{inventory.StatusOK, inventory.StatusOK} || len(r.PowerSupplies) != 2 {
					t.Fatalf("%v %+v", statuses(r), r.Issues)
				}
				last, first, log := -1, -1, -1
				readings := map[uint8]int{}
				for i, c := range b.Requests() {
					supply, others := ofSupply(c)
					switch {
					case supply:
						last = i
					case others && first < 0:
						first = i
					case c.NetFn == ipmi.NetFnStorage && c.Code == 0x43 && log < 0:
						log = i
					}
					if c.NetFn == ipmi.NetFnSensor && c.Code == 0x2D {
						readings[c.Data[0]]++
					}
				}
				if last > first || last > log {
					t.Errorf("the last request for a power supply is the %d., the first for another sensor the %d., for the log the %d.", last, first, log)
				}
				if n := b.Asked(0x0A, 0x23); n != len(b.SDR) {
					t.Errorf("%d requests for %d records", n, len(b.SDR))
				}
				for number, n := range readings {
					if n != 1 {
						t.Errorf("sensor %02xh was read %d times", number, n)
					}
				}
				t.Logf("power supplies after %v, all after %v, %d exchanges", supplied, time.Since(start), len(b.Requests()))
				if latency > 0 && supplied > time.Since(start)*2/3 {
					t.Errorf("power supplies after %v of %v", supplied, time.Since(start))
				}
			})
		})
	}
}

// TestStopped: a controller that does not answer costs its own data and the
// time of one command, within the deadline, whenever it stops.
func TestStopped(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		after   int
		timeout time.Duration
		status  [2]inventory.Status
		most    time.Duration
	}{
		"from the start":        {0, time.Minute, [2]inventory.Status{inventory.StatusPartial, inventory.StatusTimeout}, 11 * time.Second},
		"with a short deadline": {0, 3 * time.Second, [2]inventory.Status{inventory.StatusPartial, inventory.StatusTimeout}, 3 * time.Second},
		"in the repository":     {12, time.Minute, [2]inventory.Status{inventory.StatusPartial, inventory.StatusPartial}, 25 * time.Second},
		"among power supplies":  {46, time.Minute, [2]inventory.Status{inventory.StatusPartial, inventory.StatusPartial}, 25 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := ipmitest.Server()
				if b.Faults.StoppedAfter = tt.after; tt.after == 0 {
					b.Faults.SilentEvery = 1
				}
				start := time.Now()
				r := collect(t, b, tt.timeout)
				took := time.Since(start)
				if statuses(r) != tt.status || took > tt.most {
					t.Errorf("%v after %v (%d requests), want %v within %v: %+v", statuses(r), took, len(b.Requests()), tt.status, tt.most, r.Issues)
				}
				if len(r.PowerSupplies) != 2 || r.PowerSupplies[0].SerialNumber != "SER0001" {
					t.Errorf("SMBIOS has two power supplies, the report %+v", r.PowerSupplies)
				}
				if !slices.ContainsFunc(r.Issues, func(i inventory.Issue) bool { return i.Kind == inventory.KindTimeout }) {
					t.Errorf("no issue says timeout: %+v", r.Issues)
				}
			})
		})
	}
}

// TestSlow: a controller of 200 ms per answer and very many sensors costs the
// last of its sensors, not the rest of its report.
func TestSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := ipmitest.Server()
		b.Faults.Latency = 200 * time.Millisecond
		for n := range uint8(100) {
			id := uint16(1000 + int(n))
			b.SDR = append(b.SDR, ipmitest.SensorSpec{ID: id, Number: 0x80 + n, Entity: 7, Type: 1, EventType: 1, M: 1, Name: "More"}.Full())
			b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: 0x80 + n}] = ipmitest.Sensor{Raw: n, Flags: 0xC0}
		}
		start := time.Now()
		r := collect(t, b, time.Minute)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("took %v", took)
		}
		if statuses(r) != [2]inventory.Status{inventory.StatusOK, inventory.StatusPartial} {
			t.Errorf("%v: %+v", statuses(r), r.Issues)
		}
		m := r.BMC
		if m == nil || m.Firmware == "" || m.LAN == nil || m.SEL == nil || len(m.SEL.Last) != 3 || len(m.FRUs) != 2 || len(m.Sensors) < 29 || len(m.Sensors) > 129 {
			t.Errorf("%+v", m)
		}
		for _, p := range r.PowerSupplies {
			if p.Status != inventory.PSUStatusOK || p.CapacityWatts == nil || p.InputWatts == nil {
				t.Errorf("%+v", p)
			}
		}
	})
}

// TestMisbehaving: a controller that cannot do things as it should gives the
// same report with more exchanges.
func TestMisbehaving(t *testing.T) {
	t.Parallel()
	want := ""
	for _, tt := range []struct {
		name   string
		faults ipmitest.Faults
	}{
		{"sound", ipmitest.Faults{}},
		{"32-byte reads refused", ipmitest.Faults{MaxFRURead: 16, MaxSDRRead: 22}},
		{"refused as out of range", ipmitest.Faults{MaxFRURead: 8, MaxSDRRead: 16, RefuseCode: 0xC9}},
		{"one byte less", ipmitest.Faults{FRUOneByteLess: true}},
		{"reservation lost", ipmitest.Faults{MaxSDRRead: 16, LoseReservation: 9}},
		{"busy", ipmitest.Faults{BusyEvery: 3}},
		{"answers lost", ipmitest.Faults{SilentEvery: 50}},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := ipmitest.Server()
			b.Faults = tt.faults
			got := render(t, collect(t, b, time.Hour))
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%s: the report differs:\n%s\n%s", tt.name, got, want)
			}
		})
	}
}

// TestTruncated: a record that is cut costs its sensor and is said.
func TestTruncated(t *testing.T) {
	t.Parallel()
	b := ipmitest.Server()
	b.Faults.TruncatedSDR = map[int]int{3: 20}
	r := collect(t, b, time.Minute)
	if statuses(r) != [2]inventory.Status{inventory.StatusOK, inventory.StatusPartial} || len(r.BMC.Sensors) != 28 || len(r.PowerSupplies) != 2 {
		t.Errorf("%v, %d sensors: %+v", statuses(r), len(r.BMC.Sensors), r.Issues)
	}
	if len(r.Issues) != 1 || r.Issues[0].Kind != inventory.KindMalformed {
		t.Errorf("issues %+v", r.Issues)
	}
}
