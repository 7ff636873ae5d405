package network_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/network"
	"example.com/bee/pkg/inventory"
)

// said is the frame of a switch's port.
func said(port string, ttl uint16) []byte {
	b := []byte{0x01, 0x80, 0xC2, 0, 0, 0x0E, 2, 0, 0, 0, 0, 1, 0x88, 0xCC}
	element := func(kind int, value ...byte) {
		b = append(binary.BigEndian.AppendUint16(b, uint16(kind<<9|len(value))), value...)
	}
	element(1, append([]byte{7}, "leaf-7"...)...)
	element(2, append([]byte{5}, port...)...)
	element(3, byte(ttl>>8), byte(ttl))
	element(127, 0x00, 0x80, 0xC2, 1, 0, 42)
	element(0)
	return b
}

// heard is an exchange on the three interfaces of the server that have a
// carrier.
func heard(name string, frame []byte) fakedev.Exchange {
	return fakedev.Exchange{Command: []byte{1}, Data: []byte("eth0\neth1"), ReadLen: 1522, Status: []byte(name), Reply: frame}
}

func listening(t *testing.T, script ...fakedev.Exchange) *hosttest.Source {
	t.Helper()
	s := machine(t)
	s.Files["/sys/devices/pci0000:00/0000:00:14.0/usb1/1-3/1-3:1.0/net/usb0/carrier"] = "1\n"
	s.Devices["lldp /sys/class/net"] = fakedev.New(t, host.LLDP, script...)
	return s
}

func TestLLDP(t *testing.T) {
	t.Parallel()
	neighbor := func(port string) []inventory.LLDPNeighbor {
		return []inventory.LLDPNeighbor{{
			ChassisID: "leaf-7", ChassisIDType: "local", PortID: port, PortIDType: "interface_name", VLANID: new(uint32(42)), TTLSeconds: new(uint32(120)),
		}}
	}
	none := []inventory.LLDPNeighbor{}
	for name, test := range map[string]struct {
		script     []fakedev.Exchange
		eth0, eth1 []inventory.LLDPNeighbor
		issues     []string
	}{
		"both":         {[]fakedev.Exchange{heard("eth1", said("e2", 120)), heard("eth1", said("e9", 120)), heard("eth0", said("e1", 120))}, neighbor("e1"), neighbor("e2"), nil},
		"one":          {[]fakedev.Exchange{heard("eth1", said("e2", 120)), heard("", nil)}, none, neighbor("e2"), nil},
		"silence":      {[]fakedev.Exchange{heard("", nil)}, none, none, nil},
		"taken back":   {[]fakedev.Exchange{heard("eth0", said("e1", 0)), heard("", nil)}, none, none, nil},
		"another name": {[]fakedev.Exchange{heard("eth9", said("e1", 120)), heard("", nil)}, none, none, nil},
		"malformed": {
			[]fakedev.Exchange{heard("eth0", []byte("x")), heard("eth0", []byte("y")), heard("eth0", said("e1", 120)), heard("eth1", said("e2", 120))},
			neighbor("e1"), neighbor("e2"),
			[]string{"nic:0000:3b:00.0 lldp malformed"},
		},
		"breaks off": {
			[]fakedev.Exchange{heard("eth1", said("e2", 120)), {Command: []byte{1}, Data: []byte("eth0\neth1"), ReadLen: fakedev.AnyLen, Err: errors.New("no buffer")}},
			nil, neighbor("e2"),
			[]string{" lldp io"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nics, err := network.Read(t.Context(), listening(t, test.script...).Host(), network.WithLLDP(5*time.Second))
			if diff := cmp.Diff(test.issues, parts(err)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.eth0, byName(nics, "eth0").LLDP); diff != "" {
				t.Error("eth0", diff)
			}
			if diff := cmp.Diff(test.eth1, byName(nics, "eth1").LLDP); diff != "" {
				t.Error("eth1", diff)
			}
			if n := byName(nics, "usb0"); n.LLDP != nil || len(nics) != 6 {
				t.Errorf("the BMC was listened to: %+v, %d interfaces", n.LLDP, len(nics))
			}
		})
	}
}

// TestLLDPDeadline: listening leaves time to hand over what is known, and goes
// on no longer than the run.
func TestLLDPDeadline(t *testing.T) {
	t.Parallel()
	s := listening(t)
	s.Devices["lldp /sys/class/net"] = fakedev.NewFunc(t, host.LLDP, func(ctx context.Context, req host.Request) (host.Response, error) {
		select {
		case <-time.After(req.Timeout):
			return host.Response{}, nil
		case <-ctx.Done():
			return host.Response{}, ctx.Err()
		}
	})
	begun := time.Now()
	report := inventory.Collect(t.Context(), []inventory.Collector{network.Collector(s.Host(), network.WithLLDP(time.Hour))}, inventory.WithTimeout(4*time.Second))
	if took := time.Since(begun); took > 5*time.Second || took < time.Second {
		t.Errorf("took %s", took)
	}
	if o := report.Collectors[0]; o.Status != inventory.StatusOK || len(report.Network) != 6 || report.Network[2].LLDP == nil {
		t.Errorf("%+v %+v", o, report.Network)
	}
}

func TestLLDPDenied(t *testing.T) {
	t.Parallel()
	s := listening(t)
	delete(s.Devices, "lldp /sys/class/net")
	nics, err := network.Read(t.Context(), s.Host(), network.WithLLDP(time.Second))
	if !errors.Is(err, fs.ErrNotExist) || len(nics) != 6 || byName(nics, "eth0").LLDP != nil {
		t.Errorf("%v %d", err, len(nics))
	}
}
