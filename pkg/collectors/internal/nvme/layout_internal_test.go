//go:build linux

package nvme

import (
	"testing"
	"time"
	"unsafe"

	"example.com/bee/pkg/collectors/internal/device"
)

// Sizes and offsets are those of linux/nvme_ioctl.h on 64-bit machines.
func TestPassthruLayout(t *testing.T) {
	t.Parallel()
	var p passthru
	for name, tt := range map[string][2]uintptr{
		"size": {unsafe.Sizeof(p), 72}, "nsid": {unsafe.Offsetof(p.nsid), 4}, "metadata": {unsafe.Offsetof(p.metadata), 16}, "addr": {unsafe.Offsetof(p.addr), 24},
		"data_len": {unsafe.Offsetof(p.dataLen), 36}, "cdw10": {unsafe.Offsetof(p.cdw10), 40}, "cdw15": {unsafe.Offsetof(p.cdw15), 60},
		"timeout_ms": {unsafe.Offsetof(p.timeoutMS), 64}, "result": {unsafe.Offsetof(p.result), 68},
	} {
		if tt[0] != tt[1] {
			t.Errorf("%s = %d, want %d", name, tt[0], tt[1])
		}
	}
	if got := adminCmd(); got != 0xC0484E41 {
		t.Errorf("NVME_IOCTL_ADMIN_CMD = %#x", got)
	}
}

func TestNewPassthru(t *testing.T) {
	t.Parallel()
	cmd := Command{Opcode: 6, NSID: 2, CDW2: 3, CDW3: 4, CDW10: 10, CDW11: 11, CDW12: 12, CDW13: 13, CDW14: 14, CDW15: 15}
	want := passthru{opcode: 6, nsid: 2, cdw2: 3, cdw3: 4, cdw10: 10, cdw11: 11, cdw12: 12, cdw13: 13, cdw14: 14, cdw15: 15, dataLen: 99}
	for timeout, ms := range map[time.Duration]uint32{0: 60_000, time.Second: 1000, time.Microsecond: 1, 9999 * time.Hour: 3_600_000} {
		got, err := newPassthru(device.Request{Command: cmd.Encode(), ReadLen: 99, Timeout: timeout})
		want.timeoutMS = ms
		if err != nil || *got != want {
			t.Errorf("%v: %+v, %v", timeout, got, err)
		}
	}
	if _, err := newPassthru(device.Request{}); err == nil {
		t.Error("no command, no error")
	}
}
