package floor

import (
	"context"
	"time"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/host"
)

// Replay makes the requests again, one after the other, and drops the answers.
// Files, directories and links are plain system calls; devices go through the
// source, whose transports are an ioctl and the structure it takes. took, if
// not nil, is told how long each of them took.
func Replay(ctx context.Context, src host.Source, ops []Op, took func(Op)) error {
	buf := make([]byte, 64<<10)
	devices := map[int]host.Device{}
	var reserved reservations
	for _, o := range ops {
		start := time.Now()
		switch o.Kind {
		case 'f':
			readFile(o.Name, buf)
		case 'd':
			readDir(o.Name, buf)
		case 'l':
			unix.Readlink(o.Name, buf) //nolint:errcheck // The answer does not matter.
		case 'o':
			if d, err := src.Open(o.Protocol, o.Name); err == nil {
				devices[o.Device] = d
			}
		case 'x':
			if d, ok := devices[o.Device]; ok {
				r := reserved.renew(o)
				answer, err := d.Exchange(ctx, r)
				if err == nil {
					reserved.keep(o, answer)
				}
			}
		case 'c':
			if d, ok := devices[o.Device]; ok {
				d.Close() //nolint:errcheck // Only read.
				delete(devices, o.Device)
			}
		}
		if took != nil {
			o.Micros = time.Since(start).Microseconds()
			took(o)
		}
	}
	return ctx.Err()
}

func readFile(name string, buf []byte) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	for {
		n, err := unix.Read(fd, buf)
		// As the audit does: a short answer of sysfs is whole.
		if err != nil || n == 0 || n < 4096 && (len(name) < 6 || name[:6] != "/proc/") {
			break
		}
	}
	unix.Close(fd) //nolint:errcheck // Only read.
}

func readDir(name string, buf []byte) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_DIRECTORY, 0)
	if err != nil {
		return
	}
	for {
		if n, err := unix.ReadDirent(fd, buf); err != nil || n <= 0 {
			break
		}
	}
	unix.Close(fd) //nolint:errcheck // Only read.
}

// reservations replaces the reservation ids of a BMC's repositories, which are
// others in every session (IPMI 2.0 sections 31.4 and 33.11).
type reservations struct{ sdr, sel []byte }

func (r *reservations) of(o Op) *[]byte {
	c := o.Request.Command
	if o.Protocol != host.IPMI || len(c) < 5 || c[3] != 0x0A {
		return nil
	}
	switch c[4] {
	case 0x22, 0x23:
		return &r.sdr
	case 0x42, 0x43:
		return &r.sel
	default:
		return nil
	}
}

func (r *reservations) renew(o Op) host.Request {
	id := r.of(o)
	q := o.Request
	if id == nil || *id == nil || len(q.Data) < 2 || q.Data[0] == 0 && q.Data[1] == 0 {
		return q
	}
	q.Data = append((*id)[:2:2], q.Data[2:]...)
	return q
}

func (r *reservations) keep(o Op, answer host.Response) {
	if id := r.of(o); id != nil && (o.Request.Command[4] == 0x22 || o.Request.Command[4] == 0x42) && len(answer.Data) >= 2 {
		*id = answer.Data[:2]
	}
}
