package ipmi_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

// The tests of this file run against ipmitest's scripted controller.

func exampleBMC() *ipmitest.BMC {
	return &ipmitest.BMC{
		SDR:  exampleSDR(),
		FRUs: map[uint8][]byte{1: exampleFRU()},
		Sensors: map[ipmitest.SensorKey]ipmitest.Sensor{
			{Addr: 0x20, Number: 0x30}: {Raw: 24, Flags: 0xC0, Thresholds: []byte{0x1B, 10, 5, 0, 110, 115, 0}},
			{Addr: 0x20, Number: 0x50}: {Flags: 0xC0, States: 0x0009},
			{Addr: 0x20, Number: 0x51}: {Raw: 50, Flags: 0xC0},
		},
		SEL: [][]byte{
			ipmitest.Event(1, 0x65920080, 0x10, 7, 0x6F, 2),
			ipmitest.Event(2, 0x65920081, 0x08, 0x50, 0x6F, 3),
			ipmitest.Event(4, 0x65920082, 0x0C, 2, 0x6F, 0xB0, 0xFF, 3),
		},
		LAN: map[uint8][]byte{
			3: {192, 0, 2, 7}, 4: {2}, 5: {2, 0, 0x5E, 1, 2, 3}, 6: {255, 255, 255, 0}, 12: {0, 0, 0, 0}, 20: {5, 0x80},
		},
	}
}

// recordNames walks the repository; an error becomes a name.
func recordNames(ctx context.Context, s *ipmi.Session) []string {
	var names []string
	for r, err := range s.Records(ctx) {
		switch {
		case errors.Is(err, inventory.ErrMalformed):
			names = append(names, "malformed")
		case err != nil:
			names = append(names, "error")
		default:
			names = append(names, fmt.Sprintf("%d %s", r.ID, r.Name()))
		}
	}
	return names
}

func TestRecords(t *testing.T) {
	t.Parallel()
	all := []string{"1 Inlet", "2 PS1 Status", "5 PS1 Input", "6 BIOS", "9 PS1 FRU", "10 BMC", "11 "}
	for name, tt := range map[string]struct {
		faults ipmitest.Faults
		want   []string
		most   int // exchanges
	}{
		"sound":                    {want: all, most: 8},
		"whole records refused":    {faults: ipmitest.Faults{MaxSDRRead: 32}, want: all, most: 30},
		"refused with FFh":         {faults: ipmitest.Faults{MaxSDRRead: 16, RefuseCode: 0xFF}, want: all, most: 40},
		"refused with C8h":         {faults: ipmitest.Faults{MaxSDRRead: 5, RefuseCode: 0xC8}, want: all, most: 90},
		"whole records cut":        {faults: ipmitest.Faults{CutSDRRead: 20}, want: all, most: 40},
		"reservation lost":         {faults: ipmitest.Faults{MaxSDRRead: 16, LoseReservation: 7}, want: all, most: 80},
		"reservation always lost":  {faults: ipmitest.Faults{MaxSDRRead: 16, LoseReservation: 1}, want: []string{"error"}, most: 40},
		"busy":                     {faults: ipmitest.Faults{BusyEvery: 2}, want: all, most: 16},
		"busy, never else":         {faults: ipmitest.Faults{BusyEvery: 1}, want: []string{"error"}, most: 7},
		"an answer lost":           {faults: ipmitest.Faults{SilentEvery: 4}, want: all, most: 12},
		"chain loops":              {faults: ipmitest.Faults{SDRLoop: true}, want: append(append([]string(nil), all...), "malformed"), most: 8},
		"record cut":               {faults: ipmitest.Faults{TruncatedSDR: map[int]int{2: 30}}, want: replaced(all, 2), most: 12},
		"record cut in its header": {faults: ipmitest.Faults{TruncatedSDR: map[int]int{0: 3}}, want: replaced(all, 0), most: 12},
		"stopped in the middle":    {faults: ipmitest.Faults{StoppedAfter: 4}, want: append(append([]string(nil), all[:3]...), "error"), most: 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := exampleBMC()
				b.Faults = tt.faults
				got := recordNames(t.Context(), ipmi.NewSession(b, time.Second))
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Error(diff)
				}
				if n := len(b.Requests()); n > tt.most {
					t.Errorf("%d exchanges, want at most %d", n, tt.most)
				}
			})
		})
	}
}

func replaced(all []string, i int) []string {
	c := append([]string(nil), all...)
	c[i] = "malformed"
	return c
}

// A record of length zero costs itself.
func TestRecordsLengthZero(t *testing.T) {
	t.Parallel()
	b := exampleBMC()
	b.SDR[1] = []byte{2, 0, 0x51, 2, 0}
	got := recordNames(t.Context(), ipmi.NewSession(b, 0))
	if diff := cmp.Diff([]string{"1 Inlet", "malformed", "5 PS1 Input", "6 BIOS", "9 PS1 FRU", "10 BMC", "11 "}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRecordsEmpty(t *testing.T) {
	t.Parallel()
	b := exampleBMC()
	b.SDR = nil
	if got := recordNames(t.Context(), ipmi.NewSession(b, 0)); got != nil {
		t.Error(got)
	}
}

// One walk serves all: a second one costs nothing, and one that broke off at
// its deadline is carried on by the next.
func TestRecordsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := exampleBMC()
		b.Faults.Latency = 200 * time.Millisecond
		s := ipmi.NewSession(b, time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
		defer cancel()
		if got := recordNames(ctx, s); len(got) != 3+1 || got[3] != "error" {
			t.Errorf("within 900 ms: %v", got)
		}
		before := len(b.Requests())
		if got := recordNames(t.Context(), s); len(got) != 7 {
			t.Errorf("carried on: %v", got)
		}
		// Device id and 7 records; the one cut off is asked for twice.
		if n := len(b.Requests()); n != 9 || before != 5 {
			t.Errorf("%d exchanges, %d before the deadline", n, before)
		}
		recordNames(t.Context(), s)
		if n := len(b.Requests()); n != 9 {
			t.Errorf("%d exchanges: the second walk asked again", n)
		}
	})
}

// A controller that fell silent is not asked again by this session.
func TestSessionSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := exampleBMC()
		b.Faults.StoppedAfter = 4
		s := ipmi.NewSession(b, time.Second)
		if got := recordNames(t.Context(), s); len(got) != 4 || got[3] != "error" {
			t.Errorf("records %v", got)
		}
		start, n := time.Now(), len(b.Requests())
		if got := recordNames(t.Context(), s); len(got) != 4 {
			t.Errorf("records again %v", got)
		}
		if _, err := s.FRUByID(t.Context(), ipmi.BMC(), 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if time.Since(start) > 0 || len(b.Requests()) != n {
			t.Errorf("%v and %d requests more", time.Since(start), len(b.Requests())-n)
		}
	})
}

// A controller on the bus that does not answer costs its own data, once.
func TestClientDeafTarget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		deaf := &deafBus{Device: exampleBMC()}
		c := ipmi.NewClient(deaf, 5*time.Second)
		start := time.Now()
		for range 5 {
			_, err := c.DeviceID(t.Context(), ipmi.Target{Addr: 0x2C})
			var ce *ipmi.CompletionError
			if !errors.As(err, &ce) || ce.Code != ipmi.CompletionTimeout || errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("%v", err)
			}
		}
		if took := time.Since(start); took > 5*time.Second || deaf.asked != 2 {
			t.Errorf("%v, asked %d times", took, deaf.asked)
		}
		if _, err := c.DeviceID(t.Context(), ipmi.BMC()); err != nil {
			t.Error(err)
		}
		// The caller's own deadline says nothing about the controller.
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := c.DeviceID(ctx, ipmi.Target{Addr: 0x2E}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if _, err := c.DeviceID(t.Context(), ipmi.Target{Addr: 0x2E}); errors.Is(err, context.DeadlineExceeded) || deaf.asked != 5 {
			t.Errorf("%v, asked %d times", err, deaf.asked)
		}
	})
}

// deafBus answers for the controller itself alone.
type deafBus struct {
	device.Device
	asked int
}

func (d *deafBus) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	c, err := ipmi.ParseRequest(req)
	if err != nil || c.Target.Channel == ipmi.BMC().Channel {
		return d.Device.Exchange(ctx, req)
	}
	d.asked++
	timer := time.NewTimer(req.Timeout)
	defer timer.Stop()
	select {
	case <-timer.C:
		return device.Response{}, context.DeadlineExceeded
	case <-ctx.Done():
		return device.Response{}, ctx.Err()
	}
}

func TestClientFRU(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults ipmitest.Faults
		words  bool
		err    error
		most   int
	}{
		"sound":            {most: 14},
		"words":            {words: true, most: 14},
		"16 bytes at most": {faults: ipmitest.Faults{MaxFRURead: 16}, most: 27},
		"refused with C7h": {faults: ipmitest.Faults{MaxFRURead: 20, RefuseCode: 0xC7}, most: 27},
		"refused with FFh": {faults: ipmitest.Faults{MaxFRURead: 8, RefuseCode: 0xFF}, most: 50},
		"one byte":         {faults: ipmitest.Faults{MaxFRURead: 1}, most: 400},
		"less than asked":  {faults: ipmitest.Faults{FRUOneByteLess: true}, most: 16},
		"busy":             {faults: ipmitest.Faults{BusyEvery: 3}, most: 22},
		"an answer lost":   {faults: ipmitest.Faults{SilentEvery: 5}, most: 18},
		"short data":       {faults: ipmitest.Faults{ShortFRU: true}, err: inventory.ErrMalformed, most: 4},
		"stopped":          {faults: ipmitest.Faults{StoppedAfter: 1}, err: context.DeadlineExceeded, most: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := exampleBMC()
				b.Faults, b.FRUWords = tt.faults, tt.words
				// A big device: its tail must not be read.
				b.FRUs[1] = append(b.FRUs[1], repeat(byte(0xFF), 8000)...)
				f, err := ipmi.NewClient(b, time.Second).FRU(t.Context(), ipmi.BMC(), 1)
				if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
					t.Fatalf("error %v, want %v", err, tt.err)
				}
				if n := len(b.Requests()); n > tt.most {
					t.Errorf("%d exchanges, want at most %d", n, tt.most)
				}
				want, _ := ipmi.DecodeFRU(exampleFRU())
				if tt.err != nil {
					want = ipmi.FRU{}
				}
				if diff := cmp.Diff(want, f); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// What was read before the controller stopped is kept, and what was not is
// said to be unread rather than damaged.
func TestClientFRUPartial(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := exampleBMC()
		b.Faults.StoppedAfter = 4
		f, err := ipmi.NewClient(b, time.Second).FRU(t.Context(), ipmi.BMC(), 1)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		if f.Chassis == nil || f.Board == nil || f.Product != nil || f.Multi != nil {
			t.Errorf("%+v", f)
		}
		want := []ipmi.DamagedArea{{Area: ipmi.AreaProduct, Reason: "not read"}, {Area: ipmi.AreaMulti, Reason: "not read"}}
		if diff := cmp.Diff(want, f.Damaged); diff != "" {
			t.Error(diff)
		}
	})
}

func TestClientFRUAbsent(t *testing.T) {
	t.Parallel()
	b := exampleBMC()
	b.FRUs[2], b.FRUs[3] = repeat(byte(0xFF), 256), []byte{1, 0, 0}
	s := ipmi.NewSession(b, 0)
	for id, want := range map[uint8]error{7: fs.ErrNotExist, 2: ipmi.ErrBlankFRU, 3: inventory.ErrMalformed} {
		if _, err := s.FRUByID(t.Context(), ipmi.BMC(), id); !errors.Is(err, want) {
			t.Errorf("fru %d: %v", id, err)
		}
	}
	n := len(b.Requests())
	if _, err := s.FRUByID(t.Context(), ipmi.BMC(), 7); !errors.Is(err, fs.ErrNotExist) || len(b.Requests()) != n {
		t.Errorf("asked again: %v", err)
	}
}

func TestSensors(t *testing.T) {
	t.Parallel()
	b := exampleBMC()
	b.SDR = append(b.SDR,
		ipmitest.SensorSpec{ID: 20, Owner: 0x2C, Number: 9, Entity: 46, Instance: 2, Type: 1, EventType: 1, M: 1, Name: "ME"}.Full(),
		ipmitest.SensorSpec{ID: 21, Owner: 0x41, Number: 9, Entity: 34, Instance: 1, Type: 0x0C, EventType: 0x6F, Name: "BIOS mem"}.Compact(),
		ipmitest.SensorSpec{ID: 22, Number: 0x60, Entity: 7, Instance: 1, Type: 2, EventType: 1, Linear: 0x70, M: 1, Name: "Curve"}.Full(),
		ipmitest.SensorSpec{ID: 23, Number: 0x99, Entity: 7, Instance: 1, Type: 2, EventType: 1, M: 1, Name: "Gone"}.Full())
	b.Sensors[ipmitest.SensorKey{Addr: 0x2C, Number: 9}] = ipmitest.Sensor{Raw: 55, Flags: 0xC0}
	b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: 0x60}] = ipmitest.Sensor{Raw: 10, Flags: 0xC0, Factors: []byte{11, 5, 0, 1, 0, 0, 0xF0}}
	s := ipmi.NewSession(b, 0)
	got := map[string]string{}
	for r, err := range s.Records(t.Context()) {
		if err != nil || r.Sensor == nil {
			continue
		}
		reading, err := s.Reading(t.Context(), r.Sensor)
		limits, lerr := s.Thresholds(t.Context(), r.Sensor)
		text := fmt.Sprintf("%s %v %s %d", reading.Status, value(reading.Value), reading.Health, len(limits))
		if err != nil {
			text = fmt.Sprint(errors.Is(err, fs.ErrNotExist))
		}
		if lerr != nil {
			t.Error(lerr)
		}
		got[r.Name()] = text
		n := len(b.Requests())
		if _, err := s.Reading(t.Context(), r.Sensor); len(b.Requests()) != n {
			t.Errorf("%s was read twice: %v", r.Name(), err)
		}
	}
	want := map[string]string{
		"Inlet": "ok 24 ok 4", "PS1 Status": "ok <nil> critical 0", "PS1 Input": "ok 200 ok 0", "BIOS": "event_only <nil> unknown 0",
		"ME": "ok 55 ok 0", "BIOS mem": "owned_by_software <nil> unknown 0", "Curve": "ok 5.1 ok 0", "Gone": "true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSEL(t *testing.T) {
	t.Parallel()
	b := exampleBMC()
	c := ipmi.NewClient(b, 0)
	info, err := c.SELInfo(t.Context())
	if err != nil || info.Entries != 3 {
		t.Fatal(info, err)
	}
	for n, want := range map[int][]uint16{0: nil, 1: {4}, 2: {2, 4}, 3: {1, 2, 4}, 9: {1, 2, 4}} {
		tail, err := c.SELTail(t.Context(), n, info)
		var ids []uint16
		for _, e := range tail {
			ids = append(ids, e.ID)
		}
		if diff := cmp.Diff(want, ids); diff != "" || err != nil {
			t.Errorf("last %d: %s %v", n, diff, err)
		}
	}
	b.SEL = append(b.SEL, ipmitest.Event(1, 0, 0, 0, 0)) // a log that goes round
	n := 0
	for _, err := range c.SELEntries(t.Context(), 0) {
		if n++; err != nil && !errors.Is(err, inventory.ErrMalformed) || n > 10 {
			t.Fatal(n, err)
		}
	}
	b.SEL = nil
	for e, err := range c.SELEntries(t.Context(), 0) {
		t.Error("empty log has", e, err)
	}
}

// The newest entries come first, so that they survive a deadline.
func TestSELTailSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &ipmitest.BMC{Faults: ipmitest.Faults{Latency: 200 * time.Millisecond}}
		for i := range uint16(100) {
			b.SEL = append(b.SEL, ipmitest.Event(i+1, 0x65000000, 1, 1, 1))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2100*time.Millisecond)
		defer cancel()
		tail, err := ipmi.NewClient(b, 0).SELTail(ctx, 50, ipmi.SELInfo{Entries: 100})
		if !errors.Is(err, context.DeadlineExceeded) || len(tail) != 10 || tail[0].ID != 91 || tail[9].ID != 100 {
			t.Errorf("%d entries, %v", len(tail), err)
		}
		tail, err = ipmi.NewClient(b, 0).SELTail(t.Context(), 50, ipmi.SELInfo{Entries: 100})
		if err != nil || len(tail) != 50 || tail[0].ID != 51 || tail[49].ID != 100 {
			t.Errorf("%d entries, %v", len(tail), err)
		}
	})
}

func TestLAN(t *testing.T) {
	t.Parallel()
	b := exampleBMC()
	c := ipmi.NewClient(b, 0)
	channel, ok, err := c.LANChannel(t.Context())
	if channel != 1 || !ok || err != nil {
		t.Fatal(channel, ok, err)
	}
	l, err := c.LAN(t.Context(), channel)
	if err != nil {
		t.Fatal(err)
	}
	if *l.IP != "192.0.2.7" || l.IPSource != "dhcp" || *l.MAC != "02:00:5e:01:02:03" || *l.Netmask != "255.255.255.0" ||
		l.Gateway != nil || *l.VLANID != 5 || !*l.VLANOn {
		t.Errorf("%+v", l)
	}
	for _, r := range b.Requests() {
		if r.NetFn == ipmi.NetFnTransport && r.Data[1] == 16 {
			t.Error("the community string was asked for")
		}
	}
}

// A controller that stopped costs two timeouts, then the deadline rules.
func TestStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := exampleBMC()
		b.Faults.SilentEvery = 1
		start := time.Now()
		_, err := ipmi.NewSession(b, time.Second).DeviceID(t.Context())
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > 2100*time.Millisecond {
			t.Errorf("%v after %v", err, took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		start = time.Now()
		_, err = ipmi.NewSession(b, time.Second).DeviceID(ctx)
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > 310*time.Millisecond {
			t.Errorf("%v after %v", err, took)
		}
	})
}

func TestCompletionErrors(t *testing.T) {
	t.Parallel()
	for code, want := range map[byte]error{0xC1: errors.ErrUnsupported, 0xCB: fs.ErrNotExist, 0xD4: fs.ErrPermission} {
		b := &ipmitest.BMC{Answers: map[[2]byte][]byte{{6, 1}: {code}}}
		if _, err := ipmi.NewClient(b, 0).DeviceID(t.Context(), ipmi.BMC()); !errors.Is(err, want) {
			t.Errorf("%02xh: %v", code, err)
		}
	}
}
