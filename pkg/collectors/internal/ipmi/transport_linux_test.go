package ipmi_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/ipmi"
)

// The wanted numbers are what a C compiler prints for linux/ipmi.h on a 64-bit
// machine.
func TestKernelABI(t *testing.T) {
	t.Parallel()
	if strconv.IntSize != 64 {
		t.Skip("pinned for 64-bit")
	}
	want := ipmi.ABI{
		Req: 40, ReqSetTime: 48, Recv: 48, Addr: 8,
		RecvMsgID: 24, RecvMsg: 32, ReqMsgID: 16, MsgData: 8,
		ReceiveTrunc: 0xC030690B, Send: 0x8028690D, SendSetTime: 0x80306915,
	}
	if diff := cmp.Diff(want, ipmi.KernelABI()); diff != "" {
		t.Error(diff)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	if _, err := ipmi.Open(filepath.Join(t.TempDir(), "ipmi0")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no node: %v", err)
	}
	d, err := ipmi.Open("/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	req := ipmi.Command{Target: ipmi.BMC(), NetFn: ipmi.NetFnApp, Code: 1}.Request(0)
	if _, err := d.Exchange(t.Context(), req); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("not an ipmi device: %v", err)
	}
	bridged := ipmi.Command{Target: ipmi.Target{Addr: 0x2C}, NetFn: ipmi.NetFnSensor, Code: 0x2D, Data: []byte{1}}.Request(0)
	if _, err := d.Exchange(t.Context(), bridged); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("not an ipmi device: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := d.Exchange(t.Context(), req); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
