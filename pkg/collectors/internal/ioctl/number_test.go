package ioctl_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/ioctl"
)

// The wanted numbers are what a C compiler prints for the kernel's headers.
func TestNumbers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ got, want uint32 }{
		"NVME_IOCTL_ID":               {ioctl.IO('N', 0x40), 0x4E40},
		"NVME_IOCTL_ADMIN_CMD":        {ioctl.IOWR('N', 0x41, 72), 0xC0484E41},
		"NVME_IOCTL_SUBMIT_IO":        {ioctl.IOW('N', 0x42, 48), 0x40304E42},
		"MEGASAS_IOC_FIRMWARE":        {ioctl.IOWR('M', 1, 404), 0xC1944D01},
		"IPMICTL_SET_GETS_EVENTS_CMD": {ioctl.IOR('i', 16, 4), 0x80046910},
		"size is cut to its field":    {ioctl.IOR(0, 0, 1<<14), 0x80000000},
	} {
		if tt.got != tt.want {
			t.Errorf("%s = %#08x, want %#08x", name, tt.got, tt.want)
		}
	}
}
