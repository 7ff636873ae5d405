package nvme_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/nvme"
)

func TestRefusedCommands(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cmd nvme.Command
		req device.Request
	}{
		"delete submission queue": {cmd: nvme.Command{Opcode: 0x00}},
		"delete completion queue": {cmd: nvme.Command{Opcode: 0x04}},
		"abort":                   {cmd: nvme.Command{Opcode: 0x08}},
		"set features":            {cmd: nvme.Command{Opcode: 0x09}},
		"async event":             {cmd: nvme.Command{Opcode: 0x0C}},
		"namespace management":    {cmd: nvme.Command{Opcode: 0x0D}},
		"firmware commit":         {cmd: nvme.Command{Opcode: 0x10}},
		"firmware download":       {cmd: nvme.Command{Opcode: 0x11}},
		"device self-test":        {cmd: nvme.Command{Opcode: 0x14}},
		"namespace attachment":    {cmd: nvme.Command{Opcode: 0x15}},
		"directive send":          {cmd: nvme.Command{Opcode: 0x19}},
		"virtualization":          {cmd: nvme.Command{Opcode: 0x1C}},
		"mi send":                 {cmd: nvme.Command{Opcode: 0x1D}},
		"lockdown":                {cmd: nvme.Command{Opcode: 0x24}},
		"fabrics":                 {cmd: nvme.Command{Opcode: 0x7F}},
		"format":                  {cmd: nvme.Command{Opcode: 0x80}},
		"security send":           {cmd: nvme.Command{Opcode: 0x81}},
		"security receive":        {cmd: nvme.Command{Opcode: 0x82}},
		"sanitize":                {cmd: nvme.Command{Opcode: 0x84}},
		"vendor":                  {cmd: nvme.Command{Opcode: 0xC2}},

		"SMART that clears":      {nvme.Command{Opcode: 2, NSID: nvme.NSIDAll, CDW10: 0x7F0002}, device.Request{ReadLen: 512}},
		"errors that clear":      {nvme.Command{Opcode: 2, NSID: nvme.NSIDAll, CDW10: 0xF0001}, device.Request{ReadLen: 64}},
		"changed namespaces":     {nvme.Command{Opcode: 2, CDW10: 0x3FF8004}, device.Request{ReadLen: 4096}},
		"telemetry, made":        {nvme.Command{Opcode: 2, CDW10: 0x7F8107}, device.Request{ReadLen: 512}},
		"telemetry, controller":  {nvme.Command{Opcode: 2, CDW10: 0x7F8008}, device.Request{ReadLen: 512}},
		"persistent events":      {nvme.Command{Opcode: 2, CDW10: 0x7F810D}, device.Request{ReadLen: 512}},
		"reservation":            {nvme.Command{Opcode: 2, CDW10: 0xF8080}, device.Request{ReadLen: 64}},
		"vendor log":             {nvme.Command{Opcode: 2, CDW10: 0x7F80CA}, device.Request{ReadLen: 512}},
		"log specific field":     {nvme.Command{Opcode: 2, CDW10: 0x7F8102}, device.Request{ReadLen: 512}},
		"log past its buffer":    {nvme.Command{Opcode: 2, CDW10: 0x808002}, device.Request{ReadLen: 512}},
		"upper dwords":           {nvme.Command{Opcode: 2, CDW10: 0x7F8002, CDW11: 1}, device.Request{ReadLen: 512}},
		"log without a buffer":   {nvme.Command{Opcode: 2, CDW10: 0x7F8002}, device.Request{}},
		"identify, short buffer": {nvme.Command{Opcode: 6, CDW10: 1}, device.Request{ReadLen: 512}},
		"identify, unknown CNS":  {nvme.Command{Opcode: 6, CDW10: 0x40}, device.Request{ReadLen: 4096}},
		"feature with data":      {nvme.Command{Opcode: 0x0A, CDW10: 3}, device.Request{ReadLen: 4096}},
		"feature with a buffer":  {nvme.Command{Opcode: 0x0A, CDW10: 2}, device.Request{ReadLen: 4}},
		"feature, odd select":    {nvme.Command{Opcode: 0x0A, CDW10: 0x402}, device.Request{}},
		"data out":               {nvme.Command{Opcode: 6, CDW10: 1}, device.Request{ReadLen: 4096, Data: []byte{1}}},
		"fused":                  {nvme.Command{Opcode: 6, Flags: 1, CDW10: 1}, device.Request{ReadLen: 4096}},
		"reserved dword":         {nvme.Command{Opcode: 6, CDW2: 1, CDW10: 1}, device.Request{ReadLen: 4096}},
	} {
		tt.req.Command = tt.cmd.Encode()
		if nvme.Allowed(tt.req) == nil {
			t.Errorf("%s: allowed", name)
		}
	}
	for _, n := range []int{0, 39, 41} {
		if nvme.Allowed(device.Request{Command: make([]byte, n), ReadLen: 4096}) == nil {
			t.Errorf("command of %d bytes: allowed", n)
		}
	}
	b := nvme.IdentifyControllerRequest()
	b.Command[2] = 1
	if nvme.Allowed(b) == nil {
		t.Error("reserved byte: allowed")
	}
	if err := nvme.Allowed(device.Request{Command: nvme.Command{Opcode: 0x0A, CDW10: 0x104}.Encode()}); err != nil {
		t.Errorf("temperature threshold: %v", err)
	}
}

// FuzzAllowed holds the list against what it must never let through, whatever
// the other bytes are.
func FuzzAllowed(f *testing.F) {
	for _, req := range []device.Request{nvme.IdentifyControllerRequest(), nvme.SMARTLogRequest(), nvme.SelfTestLogRequest()} {
		f.Add(req.Command, []byte(nil), req.ReadLen)
	}
	f.Add(nvme.Command{Opcode: 0x80}.Encode(), []byte{1}, 0)
	f.Fuzz(func(t *testing.T, command, data []byte, n int) {
		if nvme.Allowed(device.Request{Command: command, Data: data, ReadLen: n}) != nil {
			return
		}
		c, err := nvme.ParseCommand(command)
		if err != nil || len(data) != 0 {
			t.Fatal("not a reading command")
		}
		switch c.Opcode {
		case 0x06:
			if n != 4096 {
				t.Fatal("identify buffer")
			}
		case 0x02:
			if uint64(n) != (uint64(c.CDW11&0xFFFF)<<16+uint64(c.CDW10>>16)+1)*4 {
				t.Fatal("log buffer")
			}
		case 0x0A:
			if n != 0 {
				t.Fatal("feature buffer")
			}
		default:
			t.Fatalf("opcode %02x", c.Opcode)
		}
	})
}
