package ipmi_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

// TestMachine talks to the controller of the machine it runs on and prints
// what it says in ipmitool's columns, to be compared with it in the same boot.
// Without /dev/ipmi0 it is skipped. It only reads.
func TestMachine(t *testing.T) { //nolint:paralleltest // one controller, and times are measured
	dev, err := ipmi.Open("/dev/ipmi0")
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dev.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if d, err := time.ParseDuration(os.Getenv("BEE_IPMI_DEADLINE")); err == nil {
		ctx, cancel = context.WithTimeout(t.Context(), d)
		defer cancel()
	}
	start := time.Now()
	counted := &counter{Device: dev}
	s := ipmi.NewSession(counted, 0)
	id, err := s.DeviceID(ctx)
	t.Logf("%v: device id %+v %v", time.Since(start), id, err)
	if errors.Is(err, context.DeadlineExceeded) {
		return // stopped: that it came back is what is to be seen
	}
	var sensors []*ipmi.Sensor
	frus := map[string]*ipmi.FRULocator{}
	for r, err := range s.Records(ctx) {
		switch {
		case err != nil:
			t.Error(err)
		case r.Sensor != nil:
			sensors = append(sensors, r.Sensor)
		case r.FRULocator != nil:
			frus[r.Name()] = r.FRULocator
		}
	}
	t.Logf("%v: %d sensors, %d frus, %d exchanges", time.Since(start), len(sensors), len(frus), counted.n)
	for name, l := range frus {
		f, err := s.FRU(ctx, l)
		if err != nil && !tolerable(err) {
			t.Error(err)
		}
		t.Logf("FRU %s: %q %v %v", name, renderIPMITool(f), f.Damaged, err)
	}
	t.Logf("%v: frus read, %d exchanges", time.Since(start), counted.n)
	for _, sensor := range sensors {
		if sensor.EventOnly {
			continue
		}
		r, err := s.Reading(ctx, sensor)
		if err != nil {
			if !tolerable(err) {
				t.Error(err)
			}
			continue
		}
		r.Thresholds, err = s.Thresholds(ctx, sensor)
		if err != nil {
			t.Error(err)
		}
		t.Logf("SENSOR %s", strings.Join(sensorRow(sensor, r), "|"))
	}
	t.Logf("%v: sensors read, %d exchanges", time.Since(start), counted.n)
	info, err := s.SELInfo(ctx)
	t.Logf("%+v %v", info, err)
	for e, err := range s.SELEntries(ctx, 0) {
		if err != nil {
			t.Error(err)
			continue
		}
		t.Logf("SEL %x %+v", e.ID, e.Event)
	}
	t.Logf("%v: sel read, %d exchanges", time.Since(start), counted.n)
	lan, err := s.LAN(ctx, 1)
	t.Logf("%+v %v", lan, err)
	chassis, err := s.ChassisStatus(ctx)
	t.Logf("%+v %v", chassis, err)
	t.Logf("%v: TOTAL, %d exchanges", time.Since(start), counted.n)
}

type counter struct {
	device.Device
	n int
}

func (c *counter) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	c.n++
	return c.Device.Exchange(ctx, req)
}

// TestMachineLate gives up many requests at once and sees that their late
// answers are not taken for those to later requests.
func TestMachineLate(t *testing.T) { //nolint:paralleltest // one controller
	dev, err := ipmi.Open("/dev/ipmi0")
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dev.Close() })
	late := 0
	for range 40 {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Microsecond)
		_, err := dev.Exchange(ctx, deviceIDRequest(0))
		cancel()
		if err == nil {
			continue
		}
		late++
		info, err := ipmi.NewClient(dev, 0).SELInfo(t.Context())
		if err != nil || info.Version != 0x51 {
			t.Errorf("after an answer that was given up: %+v %v", info, err)
		}
	}
	t.Logf("%d requests were given up", late)
}

// tolerable says whether an error is a controller's answer rather than a
// fault of the way to it.
func tolerable(err error) bool {
	var ce *ipmi.CompletionError
	return errors.As(err, &ce) || errors.Is(err, inventory.ErrMalformed) || errors.Is(err, ipmi.ErrBlankFRU) ||
		errors.Is(err, errors.ErrUnsupported)
}
