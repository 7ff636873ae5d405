//go:build linux

package scsi

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
)

// Size and offsets are what a C compiler says of struct sg_io_hdr.
func TestHeaderLayout(t *testing.T) {
	t.Parallel()
	var h sgHeader
	for name, tt := range map[string][2]uintptr{
		"size": {unsafe.Sizeof(h), 88}, "dxfer_len": {unsafe.Offsetof(h.dataLen), 12}, "dxferp": {unsafe.Offsetof(h.data), 16},
		"cmdp": {unsafe.Offsetof(h.cmd), 24}, "sbp": {unsafe.Offsetof(h.sense), 32}, "timeout": {unsafe.Offsetof(h.timeoutMS), 40},
		"usr_ptr": {unsafe.Offsetof(h.userPointer), 56}, "status": {unsafe.Offsetof(h.status), 64}, "sb_len_wr": {unsafe.Offsetof(h.senseLen), 67},
		"host_status": {unsafe.Offsetof(h.hostStatus), 68}, "resid": {unsafe.Offsetof(h.residual), 72}, "info": {unsafe.Offsetof(h.info), 80},
	} {
		if tt[0] != tt[1] {
			t.Errorf("%s = %d, want %d", name, tt[0], tt[1])
		}
	}
}

func TestNewHeader(t *testing.T) {
	t.Parallel()
	for timeout, ms := range map[time.Duration]uint32{0: 30_000, time.Second: 1000, time.Nanosecond: 1, 9999 * time.Hour: 3_600_000} {
		h := newHeader(device.Request{Command: make([]byte, 10), ReadLen: 7, Timeout: timeout})
		want := sgHeader{interfaceID: 'S', direction: -3, cmdLen: 10, maxSenseLen: 96, dataLen: 7, timeoutMS: ms}
		if *h != want {
			t.Errorf("%v: %+v", timeout, *h)
		}
	}
	if h := newHeader(TestUnitReadyRequest()); h.direction != -1 {
		t.Error("a command without data has a direction")
	}
}

func TestHeaderResponse(t *testing.T) {
	t.Parallel()
	sense, data := []byte{0x72, 5, 0x24, 0}, []byte{1, 2, 3, 4}
	for name, tt := range map[string]struct {
		h    sgHeader
		want device.Response
		err  error
	}{
		"good":               {h: sgHeader{}, want: device.Response{Status: []byte{0}, Data: data}},
		"short":              {h: sgHeader{residual: 3}, want: device.Response{Status: []byte{0}, Data: data[:1]}},
		"residual lies":      {h: sgHeader{residual: 99}, want: device.Response{Status: []byte{0}, Data: []byte{}}},
		"residual negative":  {h: sgHeader{residual: -99}, want: device.Response{Status: []byte{0}, Data: data}},
		"sense":              {h: sgHeader{status: 2, senseLen: 4, driverStatus: 8}, want: device.Response{Status: []byte{2, 0x72, 5, 0x24, 0}, Data: data}},
		"sense length lies":  {h: sgHeader{status: 2, senseLen: 200}, want: device.Response{Status: []byte{2, 0x72, 5, 0x24, 0}, Data: data}},
		"busy":               {h: sgHeader{status: 8}, want: device.Response{Status: []byte{8}, Data: data}},
		"device beats host":  {h: sgHeader{status: 2, senseLen: 1, hostStatus: 7}, want: device.Response{Status: []byte{2, 0x72}, Data: data}},
		"no connect":         {h: sgHeader{hostStatus: 1}, err: fs.ErrNotExist},
		"timeout":            {h: sgHeader{hostStatus: 3}, err: context.DeadlineExceeded},
		"timeout, old":       {h: sgHeader{driverStatus: 6}, err: context.DeadlineExceeded},
		"adapter error":      {h: sgHeader{hostStatus: 7}, err: HostError(7)},
		"unnamed host error": {h: sgHeader{hostStatus: 99}, err: HostError(99)},
	} {
		got, err := tt.h.response(sense, data)
		if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	for e, want := range map[HostError]string{3: "host status 03h (timed out)", 99: "host status 63h", 0: "host status 00h"} {
		if e.Error() != want {
			t.Error(e)
		}
	}
}
