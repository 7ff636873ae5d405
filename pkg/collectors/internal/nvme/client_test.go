package nvme_test

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/internal/nvme"
	"example.com/bee/pkg/inventory"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const zero4 = "00000000"

// The commands as they go to the kernel, byte for byte: opcode, flags, two
// reserved, NSID, CDW2, CDW3, CDW10 to CDW15.
func TestRequests(t *testing.T) {
	t.Parallel()
	rest := strings.Repeat(zero4, 4)
	for name, tt := range map[string]struct {
		req  device.Request
		want string
		n    int
	}{
		"identify controller": {nvme.IdentifyControllerRequest(), "06000000 00000000 00000000 00000000 01000000 00000000" + rest, 4096},
		"identify namespace":  {nvme.IdentifyNamespaceRequest(0x01020304), "06000000 04030201 00000000 00000000 00000000 00000000" + rest, 4096},
		"active namespaces":   {nvme.ActiveNamespacesRequest(5), "06000000 05000000 00000000 00000000 02000000 00000000" + rest, 4096},
		"descriptors":         {nvme.NamespaceIDsRequest(1), "06000000 01000000 00000000 00000000 03000000 00000000" + rest, 4096},
		"SMART":               {nvme.SMARTLogRequest(), "02000000 ffffffff 00000000 00000000 02807f00 00000000" + rest, 512},
		"firmware":            {nvme.FirmwareLogRequest(), "02000000 ffffffff 00000000 00000000 03807f00 00000000" + rest, 512},
		"self-test":           {nvme.SelfTestLogRequest(), "02000000 ffffffff 00000000 00000000 06008c00 00000000" + rest, 564},
		"error":               {nvme.ErrorLogRequest(1), "02000000 ffffffff 00000000 00000000 01800f00 00000000" + rest, 64},
		"errors, too many":    {nvme.ErrorLogRequest(1000), "02000000 ffffffff 00000000 00000000 0180ff03 00000000" + rest, 4096},
		"errors, none":        {nvme.ErrorLogRequest(-5), "02000000 ffffffff 00000000 00000000 01800f00 00000000" + rest, 64},
	} {
		if diff := cmp.Diff(unhex(t, tt.want), tt.req.Command); diff != "" || tt.req.ReadLen != tt.n || tt.req.Data != nil {
			t.Errorf("%s: read %d: % x\n%s", name, tt.req.ReadLen, tt.req.Command, diff)
		}
		if err := nvme.Allowed(tt.req); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func ok(req device.Request, reply []byte) fakedev.Exchange {
	return fakedev.Exchange{Command: req.Command, ReadLen: req.ReadLen, Status: nvme.EncodeStatus(0, 0), Reply: reply}
}

func TestClient(t *testing.T) {
	t.Parallel()
	dev := fakedev.New(t, device.NVMeAdmin,
		ok(nvme.IdentifyControllerRequest(), controllerPage()),
		ok(nvme.ActiveNamespacesRequest(0), fullListPage(1)),
		ok(nvme.ActiveNamespacesRequest(1024), listPage(2000)),
		ok(nvme.IdentifyNamespaceRequest(1), namespacePage()),
		ok(nvme.NamespaceIDsRequest(1), idsPage()),
		ok(nvme.SMARTLogRequest(), smartPage()),
		ok(nvme.FirmwareLogRequest(), firmwarePage()),
		ok(nvme.ErrorLogRequest(1), errorPage()),
		ok(nvme.ErrorLogRequest(1), make([]byte, 64)),
		ok(nvme.ErrorLogRequest(3), errorPage()),
		ok(nvme.SelfTestLogRequest(), selfTestPage()),
	)
	c, ctx := nvme.NewClient(dev), t.Context()
	ctrl, err := c.IdentifyController(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if ids, err := c.ActiveNamespaces(ctx, ctrl); err != nil || len(ids) != 1025 || ids[1024] != 2000 {
		t.Errorf("namespaces: %d %v", len(ids), err)
	}
	if n, err := c.IdentifyNamespace(ctx, 1); err != nil || n.SizeBlocks != 1000 {
		t.Errorf("namespace: %v %v", n, err)
	}
	if n, err := c.NamespaceIDs(ctx, 1); err != nil || n.UUID == "" {
		t.Errorf("descriptors: %v %v", n, err)
	}
	if s, err := c.SMARTLog(ctx); err != nil || s.PercentageUsed != 103 {
		t.Errorf("SMART: %v %v", s, err)
	}
	if f, err := c.FirmwareLog(ctx); err != nil || f.ActiveSlot != 1 {
		t.Errorf("firmware: %v %v", f, err)
	}
	if n, err := c.ErrorCount(ctx); err != nil || n != 0x1_0000_0001 {
		t.Errorf("errors: %v %v", n, err)
	}
	if n, err := c.ErrorCount(ctx); err != nil || n != 0 {
		t.Errorf("no errors: %v %v", n, err)
	}
	if l, err := c.ErrorLog(ctx, 3); err != nil || len(l) != 2 {
		t.Errorf("error log: %v %v", l, err)
	}
	if l, err := c.SelfTestLog(ctx); err != nil || len(l.Results) != 2 {
		t.Errorf("self-test: %v %v", l, err)
	}
}

// A list that never ends is left after MaxNamespaces, with what was found.
func TestEndlessNamespaceList(t *testing.T) {
	t.Parallel()
	dev := fakedev.NewFunc(t, device.NVMeAdmin, func(_ context.Context, req device.Request) (device.Response, error) {
		cmd, err := nvme.ParseCommand(req.Command)
		return device.Response{Status: nvme.EncodeStatus(0, 0), Data: fullListPage(cmd.NSID + 1)}, err
	})
	ids, err := nvme.NewClient(dev).ActiveNamespaces(t.Context(), &nvme.Controller{Version: nvme.Version1_4, Namespaces: 0xFFFFFFFF})
	if !errors.Is(err, nvme.ErrTooManyNamespaces) || len(ids) != nvme.MaxNamespaces || len(dev.Requests()) != nvme.MaxNamespaces/1024 {
		t.Errorf("%d IDs in %d requests: %v", len(ids), len(dev.Requests()), err)
	}
	// One that repeats itself is malformed.
	again := fakedev.NewFunc(t, device.NVMeAdmin, func(context.Context, device.Request) (device.Response, error) {
		return device.Response{Status: nvme.EncodeStatus(0, 0), Data: fullListPage(1)}, nil
	})
	ids, err = nvme.NewClient(again).ActiveNamespaces(t.Context(), &nvme.Controller{Version: nvme.Version1_4})
	if !errors.Is(err, inventory.ErrMalformed) || len(ids) != 1024 {
		t.Errorf("%d IDs: %v", len(ids), err)
	}
	last := fakedev.New(t, device.NVMeAdmin, ok(nvme.ActiveNamespacesRequest(0), fullListPage(0xFFFFFFFE-1023)))
	if ids, err := nvme.NewClient(last).ActiveNamespaces(t.Context(), &nvme.Controller{Version: nvme.Version1_4}); err != nil || len(ids) != 1024 {
		t.Errorf("list up to the last ID: %d %v", len(ids), err)
	}
}

// A controller older than the list is not asked for it.
func TestOldController(t *testing.T) {
	t.Parallel()
	c := nvme.NewClient(fakedev.New(t, device.NVMeAdmin))
	ids, err := c.ActiveNamespaces(t.Context(), &nvme.Controller{Namespaces: 2})
	if diff := cmp.Diff([]uint32{1, 2}, ids); diff != "" || err != nil {
		t.Error(diff, err)
	}
	ids, err = c.ActiveNamespaces(t.Context(), &nvme.Controller{Namespaces: 0xFFFFFFFF})
	if !errors.Is(err, nvme.ErrTooManyNamespaces) || len(ids) != nvme.MaxNamespaces {
		t.Error(len(ids), err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	for name, tt := range map[string]struct {
		answer fakedev.Exchange
		want   error
	}{
		"opcode":        {fakedev.Exchange{Status: nvme.EncodeStatus(0x4001, 0)}, errors.ErrUnsupported},
		"field":         {fakedev.Exchange{Status: nvme.EncodeStatus(0x2002, 0)}, errors.ErrUnsupported},
		"log page":      {fakedev.Exchange{Status: nvme.EncodeStatus(0x4109, 0)}, errors.ErrUnsupported},
		"denied":        {fakedev.Exchange{Status: nvme.EncodeStatus(0x0015, 0)}, fs.ErrPermission},
		"another":       {fakedev.Exchange{Status: nvme.EncodeStatus(0x0006, 0)}, nvme.StatusError(6)},
		"way":           {fakedev.Exchange{Err: gone}, gone},
		"short status":  {fakedev.Exchange{Status: []byte{0, 0}}, inventory.ErrMalformed},
		"short data":    {fakedev.Exchange{Status: nvme.EncodeStatus(0, 0), Reply: make([]byte, 511)}, inventory.ErrMalformed},
		"no data":       {fakedev.Exchange{Status: nvme.EncodeStatus(0, 0)}, inventory.ErrMalformed},
		"unnamed error": {fakedev.Exchange{Status: nvme.EncodeStatus(0x7FF, 0)}, nvme.StatusError(0x7FF)},
	} {
		s, err := nvme.NewClient(fakedev.New(t, device.NVMeAdmin, tt.answer)).SMARTLog(t.Context())
		if s != nil || !errors.Is(err, tt.want) || !strings.HasPrefix(err.Error(), "log page 02h: ") {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	s, dword, err := nvme.DecodeStatus(nvme.EncodeStatus(0x4281, 0x01020304))
	if err != nil || s.Type() != 2 || s.Code() != 0x81 || !s.DoNotRetry() || dword != 0x01020304 {
		t.Errorf("%x %x %v", s, dword, err)
	}
	for s, want := range map[nvme.StatusError]string{
		0x4281: "status 2h/81h (unrecovered read error)", 0x7C0: "status 7h/c0h",
	} {
		if s.Error() != want {
			t.Error(s.Error())
		}
	}
	named := 0
	for s := range nvme.StatusError(0x800) {
		if strings.Contains(s.Error(), "(") {
			named++
		}
	}
	if named != 37 {
		t.Errorf("%d named", named)
	}
}
