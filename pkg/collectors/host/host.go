package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// The shape of an exchange with a device, for collectors of third parties.
type (
	// Device is an open device.
	Device = device.Device
	// Request is one exchange.
	Request = device.Request
	// Response is a device's answer.
	Response = device.Response
	// Protocol names the command set.
	Protocol = device.Protocol
)

// A Source is what lies below a Host: where files and devices really come
// from. Its calls may block for ever; the Host bounds them. Paths are
// absolute and clean. Errors satisfy errors.Is with fs.ErrNotExist and
// fs.ErrPermission.
type Source interface {
	// ReadFile returns at most limit+1 bytes of a regular file.
	ReadFile(name string, limit int) ([]byte, error)
	// ReadDir returns the names in a directory, sorted.
	ReadDir(name string) ([]string, error)
	// Readlink returns the text of a symbolic link.
	Readlink(name string) (string, error)
	// Open opens a device; fs.ErrNotExist when the source has none.
	Open(protocol Protocol, name string) (Device, error)
	// Now is the source's clock.
	Now() time.Time
	// Close releases what the source holds.
	Close() error
}

// Limits on what is read and how long it may take.
const (
	// AttrLimit is the most an attribute may hold. sysfs attributes are at
	// most one page.
	AttrLimit = 64 << 10
	// FileLimit bounds files that grow with the machine, such as
	// /proc/cpuinfo and the SMBIOS table.
	FileLimit = 16 << 20

	fileDeadline = 2 * time.Second
	openDeadline = 5 * time.Second
	// exchangeMargin is how much longer than the kernel's own timeout a
	// device may take before the call is given up.
	exchangeMargin  = time.Second
	exchangeDefault = 10 * time.Second
)

// Host is a machine as collectors see it. It may be used from several
// goroutines.
type Host struct {
	src   Source
	under Source // src, or what lies below it when it only listens
	play  Player // src when it is a recording
	guard *guard
	run   *inventory.Run
}

// New makes a host of a source, for tests and for sources of other kinds.
//
// A source that is a [Tap] is told of every call; one that is a [Player]
// answers in place of the host.
func New(src Source) *Host {
	h := &Host{src: src, under: src, guard: newGuard()}
	h.play, _ = src.(Player)
	if tap, ok := src.(Tap); ok {
		h.guard.tap, h.under = tap, tap.Unwrap()
	}
	return h
}

// ForRun returns a view of the host for one run: what [Once] keeps lives as
// long as the run, the quarantine as long as the host.
func (h *Host) ForRun(run *inventory.Run) *Host {
	view := *h
	view.run = run
	return &view
}

// Source is what the host reads from, for a source of one's own that stands
// between: host.New(recorder{h.Source()}).
func (h *Host) Source() Source { return h.src }

// Close releases the root and is the end of the host.
func (h *Host) Close() error { return h.src.Close() }

// Now is the host's time: that of the archive in a replay.
func (h *Host) Now() time.Time { return h.src.Now() }

// Stuck lists the files and devices with a call that has not come back.
func (h *Host) Stuck() []StuckError {
	if h.play != nil {
		return h.play.Stuck()
	}
	return h.guard.list()
}

// Once returns the value kept under key for the length of a run, made by the
// first caller; other callers wait for it. Outside of a run it is made anew.
func Once[T any](h *Host, key any, make func() T) T {
	if h.run == nil {
		return make()
	}
	return h.run.Once(onceKey{h.src, key}, func() any { return make() }).(T)
}

// Shared is [Once] for what must be closed: made by the first caller and closed
// at the end of the run; outside of a run made anew and closed by release. made
// and closed must not block.
func Shared[T any](h *Host, key any, make func() (value T, closed func())) (value T, release func()) {
	if h.run == nil {
		return make()
	}
	return Once(h, key, func() T {
		v, closed := make()
		h.run.Finally(closed)
		return v
	}), func() {}
}

type onceKey struct {
	src Source
	key any
}

// ErrTooLarge says that a file holds more than its reader is prepared for.
var ErrTooLarge = fmt.Errorf("larger than expected: %w", inventory.ErrMalformed)

// ReadFile returns the content of a small file or attribute.
func (h *Host) ReadFile(ctx context.Context, name string) ([]byte, error) {
	return h.ReadFileMax(ctx, name, AttrLimit)
}

// ReadFileMax is ReadFile for files of up to limit bytes.
func (h *Host) ReadFileMax(ctx context.Context, name string, limit int) ([]byte, error) {
	r := h.readFiles(ctx, []string{name}, limit)[0]
	return r.Data, r.Err
}

// FileResult is the content of one file, or why there is none.
type FileResult struct {
	Data []byte
	Err  error
}

// ReadAttrs reads attributes of one directory, one result for each name. An
// attribute that blocks is left behind and costs only itself.
func (h *Host) ReadAttrs(ctx context.Context, dir string, names ...string) []FileResult {
	full := make([]string, len(names))
	dir = path.Clean(dir)
	for i, n := range names {
		full[i] = within(dir, n)
	}
	src, ok := h.under.(dirSource)
	if !ok || len(names) < 2 {
		return h.readFiles(ctx, full, AttrLimit)
	}
	return h.guardFiles(ctx, full, AttrLimit, func() worker {
		d := src.inDir(dir)
		return worker{call: func(i int) any { return bounded(full[i], AttrLimit, d.readFile) }, end: d.close}
	})
}

// within is path.Join for a clean dir, at a fraction of its cost: names of
// attributes are clean as well, nearly always.
func within(dir, name string) string {
	if dir == "/" || name == "" || name[0] == '/' || name[len(name)-1] == '/' ||
		strings.Contains(name, "//") || strings.Contains(name, "./") || strings.HasSuffix(name, ".") {
		return path.Join(dir, name)
	}
	return dir + "/" + name
}

// split cuts a clean path into directory and name.
func split(name string) (dir, base string) {
	i := strings.LastIndexByte(name, '/')
	if i <= 0 {
		return path.Dir(name), path.Base(name)
	}
	return name[:i], name[i+1:]
}

// dirSource is a source that reads the files of one directory cheaper than
// each by its path.
type dirSource interface {
	inDir(name string) dirReader
}

// dirReader is for one goroutine. readFile takes the full path.
type dirReader interface {
	readFile(name string, limit int) ([]byte, error)
	close()
}

func (h *Host) readFiles(ctx context.Context, names []string, limit int) []FileResult {
	return h.guardFiles(ctx, names, limit, func() worker {
		return worker{call: func(i int) any { return bounded(names[i], limit, h.under.ReadFile) }}
	})
}

func bounded(name string, limit int, read func(string, int) ([]byte, error)) FileResult {
	data, err := read(name, limit)
	if err == nil && len(data) > limit {
		data, err = nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("more than %d bytes: %w", limit, ErrTooLarge)}
	}
	return FileResult{data, err}
}

func (h *Host) guardFiles(ctx context.Context, names []string, limit int, newWorker func() worker) []FileResult {
	if h.play != nil {
		results := make([]FileResult, len(names))
		for i, n := range names {
			a := h.play.Play(ctx, Call{Op: OpRead, Name: n, Request: Request{ReadLen: limit}})
			results[i] = FileResult{a.Data, a.Err}
		}
		return results
	}
	calls := make([]call, len(names))
	for i, n := range names {
		folder, base := split(n)
		calls[i] = call{ask: OpRead, limit: limit, key: n, op: "read", folder: folder, class: base, slots: fileSlots, deadline: fileDeadline}
	}
	results := make([]FileResult, len(names))
	h.guard.do(ctx, calls, newWorker, nil, func(i int, v any, err error) {
		if err != nil {
			results[i] = FileResult{Err: err}
			return
		}
		results[i] = v.(FileResult)
	})
	return results
}

// ReadDir returns the names in a directory, sorted.
func (h *Host) ReadDir(ctx context.Context, name string) ([]string, error) {
	if h.play != nil {
		a := h.play.Play(ctx, Call{Op: OpReadDir, Name: name})
		return a.Names, a.Err
	}
	return one(ctx, h.guard, call{ask: OpReadDir, key: name, op: "readdir", class: "dir", slots: dirSlots, deadline: fileDeadline},
		func() ([]string, error) { return h.under.ReadDir(name) })
}

// Readlink returns the text of a symbolic link.
func (h *Host) Readlink(ctx context.Context, name string) (string, error) {
	if h.play != nil {
		a := h.play.Play(ctx, Call{Op: OpReadlink, Name: name})
		return string(a.Data), a.Err
	}
	return one(ctx, h.guard, call{ask: OpReadlink, key: name, op: "readlink", class: "link", slots: dirSlots, deadline: fileDeadline},
		func() (string, error) { return h.under.Readlink(name) })
}

// Open opens a device. The device must be closed; closing never blocks.
func (h *Host) Open(ctx context.Context, protocol Protocol, name string) (Device, error) {
	if h.play != nil {
		if a := h.play.Play(ctx, Call{Op: OpOpen, Name: name, Protocol: protocol}); a.Err != nil {
			return nil, a.Err
		}
		return &playedDevice{h.play, protocol, name}, nil
	}
	c := deviceCall(protocol, name, openDeadline)
	c.ask, c.dev = OpOpen, &deviceAsk{name: name, protocol: protocol}
	d, err := oneOrLate(ctx, h.guard, c, func() (Device, error) { return h.under.Open(protocol, name) },
		func(late Device, err error) { // opened after all, with nobody waiting
			if err == nil {
				_ = late.Close()
			}
		})
	if err != nil {
		return nil, err
	}
	return &guardedDevice{guard: h.guard, dev: d, protocol: protocol, name: name}, nil
}

func deviceKey(p Protocol, name string) string { return string(p) + " " + name }

func deviceCall(p Protocol, name string, deadline time.Duration) call {
	c := call{key: deviceKey(p, name), class: string(p), slots: deviceSlots, deadline: deadline}
	if known, ok := protocols(p); ok && known.attribute {
		c.op, c.folder, c.slots, c.deadline = "read", path.Dir(name), fileSlots, fileDeadline
	}
	return c
}

// guardedDevice bounds and quarantines the exchanges of a device.
type guardedDevice struct {
	guard    *guard
	dev      Device
	protocol Protocol
	name     string
}

func (d *guardedDevice) Exchange(ctx context.Context, req Request) (Response, error) {
	if err := allowed(d.protocol, req); err != nil {
		return Response{}, fmt.Errorf("%s: %w", d.name, err)
	}
	deadline := exchangeDefault
	if req.Timeout > 0 {
		deadline = req.Timeout + exchangeMargin
	}
	c := deviceCall(d.protocol, addressee(d.protocol, d.name, req), deadline)
	c.ask, c.dev = OpExchange, &deviceAsk{d.name, d.protocol, req}
	return one(ctx, d.guard, c, func() (Response, error) {
		return d.dev.Exchange(ctx, req)
	})
}

func (d *guardedDevice) Close() error { return d.dev.Close() }

// Exists reports whether a name can be listed or read; only an answer of
// fs.ErrNotExist is absence, every other error is returned.
func (h *Host) Exists(ctx context.Context, dir string) (bool, error) {
	_, err := h.ReadDir(ctx, dir)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	default:
		return false, err
	}
}

// ClockSynchronized is what the kernel says of its clock; nil when the source
// has no kernel to ask.
func (h *Host) ClockSynchronized() *bool {
	if h.play != nil {
		a := h.play.Play(context.Background(), Call{Op: OpClock})
		return synchronized(a.Data)
	}
	synced := h.clockSynchronized()
	if h.guard.tap != nil {
		h.guard.tap.Ended(h.guard.tap.Began(context.Background(), Call{Op: OpClock}), Answer{Data: clockWord(synced)})
	}
	return synced
}

func (h *Host) clockSynchronized() *bool {
	if c, ok := h.under.(interface{ ClockSynchronized() *bool }); ok {
		return c.ClockSynchronized()
	}
	return nil
}

// Protocols a host opens devices in.
const (
	// NVMeAdmin is the admin command set, on /dev/nvmeN.
	NVMeAdmin = device.NVMeAdmin
	// SCSI is SG_IO, on /dev/sdX or /dev/sgN.
	SCSI = device.SCSI
	// MegaRAID is the firmware interface of megaraid_sas controllers.
	MegaRAID = device.MegaRAID
	// IPMI is the message interface, on /dev/ipmiN.
	IPMI = device.IPMI
	// Ethtool is the kernel's word on an interface, on /sys/class/net/NAME.
	Ethtool = device.Ethtool
	// LLDP listens for switches, on /sys/class/net.
	LLDP = device.LLDP
	// TPM is TPM 2.0 commands, on /dev/tpmrmN.
	TPM = device.TPM
	// KernelLog searches the kernel's log, on /dev/kmsg.
	KernelLog = device.KernelLog
	// PCIConfig reads what is decoded of configuration space, on
	// /sys/bus/pci/devices/ADDRESS/config.
	PCIConfig = device.PCIConfig
)

// IsLive says whether the host is the machine the program runs on, so that a
// program's own ways to it, such as a vendor library, reach the same devices.
func (h *Host) IsLive() bool {
	l, ok := h.under.(interface{ isLive() bool })
	return ok && l.isLive()
}
