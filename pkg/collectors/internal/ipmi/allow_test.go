package ipmi_test

import (
	"errors"
	"testing"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ipmi"
)

func TestAllowed(t *testing.T) {
	t.Parallel()
	me := ipmi.Target{Addr: 0x2C, Channel: 6}
	for name, tt := range map[string]struct {
		c    ipmi.Command
		want bool
	}{
		"get device id":          {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x06, Code: 0x01}, true},
		"bridged":                {ipmi.Command{Target: me, NetFn: 0x06, Code: 0x01}, true},
		"read fru":               {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0A, Code: 0x11, Data: make([]byte, 4)}, true},
		"get sdr":                {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0A, Code: 0x23, Data: make([]byte, 6)}, true},
		"lan address":            {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0C, Code: 0x02, Data: []byte{1, 3, 0, 0}}, true},
		"dcmi power":             {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x2C, Code: 0x02, Data: []byte{0xDC, 1, 0, 0}}, true},
		"picmg properties":       {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x2C, Code: 0x00, Data: []byte{0}}, true},
		"community string":       {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0C, Code: 0x02, Data: []byte{1, 16, 0, 0}}, false},
		"cold reset":             {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x06, Code: 0x02}, false},
		"warm reset":             {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x06, Code: 0x03}, false},
		"send message":           {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x06, Code: 0x34, Data: make([]byte, 8)}, false},
		"get message":            {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x06, Code: 0x33}, false},
		"set watchdog":           {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x06, Code: 0x24, Data: make([]byte, 6)}, false},
		"get user access":        {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x06, Code: 0x44, Data: make([]byte, 2)}, false},
		"chassis control":        {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x00, Code: 0x02, Data: []byte{0}}, false},
		"chassis identify":       {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x00, Code: 0x04, Data: []byte{15}}, false},
		"write fru":              {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0A, Code: 0x12, Data: make([]byte, 5)}, false},
		"add sdr":                {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0A, Code: 0x24, Data: make([]byte, 6)}, false},
		"clear sdr":              {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0A, Code: 0x27, Data: make([]byte, 6)}, false},
		"clear sel":              {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0A, Code: 0x47, Data: make([]byte, 6)}, false},
		"set sel time":           {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0A, Code: 0x49, Data: make([]byte, 4)}, false},
		"set thresholds":         {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x04, Code: 0x26, Data: make([]byte, 8)}, false},
		"set lan":                {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x0C, Code: 0x01, Data: []byte{1, 3, 0, 0}}, false},
		"dcmi set power limit":   {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x2C, Code: 0x04, Data: []byte{0xDC, 0, 0, 0}}, false},
		"oem":                    {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x30, Code: 0x01}, false},
		"data too long":          {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x06, Code: 0x01, Data: []byte{0}}, false},
		"a response":             {ipmi.Command{Target: ipmi.BMC(), NetFn: 0x07, Code: 0x01}, false},
		"broadcast":              {ipmi.Command{Target: ipmi.Target{}, NetFn: 0x06, Code: 0x01}, false},
		"odd address":            {ipmi.Command{Target: ipmi.Target{Addr: 0x21}, NetFn: 0x06, Code: 0x01}, false},
		"other system interface": {ipmi.Command{Target: ipmi.Target{Addr: 0x22, Channel: 0x0F}, NetFn: 0x06, Code: 0x01}, false},
		"no such unit":           {ipmi.Command{Target: ipmi.Target{Addr: 0x20, Channel: 0x0F, LUN: 4}, NetFn: 0x06, Code: 0x01}, false},
	} {
		err := ipmi.Allowed(tt.c.Request(0))
		if (err == nil) != tt.want || err != nil && !errors.Is(err, ipmi.ErrNotAllowed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := ipmi.Allowed(device.Request{Command: []byte{1}}); !errors.Is(err, ipmi.ErrNotAllowed) {
		t.Errorf("short command: %v", err)
	}
}

// A link sends nothing that is not allowed.
func TestLinkRefuses(t *testing.T) {
	t.Parallel()
	p := &ipmi.ScriptedPort{}
	req := ipmi.Command{Target: ipmi.BMC(), NetFn: ipmi.NetFnApp, Code: 2}.Request(0)
	if _, err := ipmi.NewLink(p).Exchange(t.Context(), req); !errors.Is(err, ipmi.ErrNotAllowed) || len(p.Sent) != 0 {
		t.Errorf("%v, %d messages sent", err, len(p.Sent))
	}
}

// FuzzAllowed: whatever is allowed parses, is a request, has little data, and
// is none of the commands that write.
func FuzzAllowed(f *testing.F) {
	f.Add([]byte{0x0F, 0x20, 0, 6, 1}, []byte{})
	f.Add([]byte{0x0F, 0x20, 0, 0x0C, 2}, []byte{1, 16, 0, 0})
	f.Add([]byte{6, 0x2C, 1, 4, 0x2D}, []byte{9})
	f.Add([]byte{0x0F, 0x20, 0, 0x2C, 2}, []byte{0xDC, 1, 0, 0})
	f.Fuzz(func(t *testing.T, command, data []byte) {
		req := device.Request{Command: command, Data: data}
		if err := ipmi.Allowed(req); err != nil {
			if !errors.Is(err, ipmi.ErrNotAllowed) {
				t.Fatalf("unmarked refusal: %v", err)
			}
			return
		}
		c, err := ipmi.ParseRequest(req)
		if err != nil || c.NetFn&1 != 0 || c.NetFn > 0x2C || len(data) > 6 || writes(c) {
			t.Fatalf("allowed: % x % x", command, data)
		}
	})
}

// writes lists, independently of the allow-list, what must never be sent.
func writes(c ipmi.Command) bool {
	switch c.NetFn {
	case 0x00:
		return c.Code != 0x00 && c.Code != 0x01 && c.Code != 0x07
	case 0x04:
		return c.Code < 0x20 || c.Code%2 == 0 && c.Code >= 0x24 || c.Code > 0x2F
	case 0x06:
		switch c.Code {
		case 0x02, 0x03, 0x05, 0x06, 0x22, 0x24, 0x2E, 0x30, 0x33, 0x34, 0x35, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x40, 0x43, 0x45, 0x47, 0x48, 0x52, 0x58:
			return true
		}
	case 0x0A:
		switch c.Code {
		case 0x12, 0x24, 0x25, 0x26, 0x27, 0x29, 0x2A, 0x2B, 0x2C, 0x44, 0x45, 0x46, 0x47, 0x49:
			return true
		}
	case 0x0C:
		return c.Code != 0x02 || c.Data[1] == 16
	}
	return false
}
