// Package ipmitest is a scripted management controller for tests: it answers
// from bytes it was given, and misbehaves as told. It is no simulation of a
// real controller and proves nothing about one; it makes the client's paths
// reachable.
package ipmitest

import (
	"context"
	"encoding/binary"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ipmi"
)

// A SensorKey names a sensor by its owner, logical unit and number.
type SensorKey struct {
	Addr        uint8 // 20h: the controller itself; others are behind it
	LUN, Number uint8
}

// A Sensor is what the controller says of one sensor.
type Sensor struct {
	Raw        uint8
	Flags      uint8 // 40h: scanning; 20h: unavailable
	States     uint16
	Thresholds []byte // mask and six values; nil: command refused
	Factors    []byte // seven bytes; nil: command refused
}

// A BMC is the scripted controller. Fill its data, then its faults, then use
// it; it must not be changed while in use.
type BMC struct {
	DeviceID []byte // answer to Get Device ID; nil: a plain one
	SDR      [][]byte
	FRUs     map[uint8][]byte
	FRUWords bool // FRU devices are addressed by words
	Sensors  map[SensorKey]Sensor
	SEL      [][]byte // 16 bytes each, ids in them
	SELInfo  []byte   // answer to Get SEL Info; nil: what SEL amounts to
	LAN      map[uint8][]byte
	// Answers are fixed answers by network function and command, completion
	// code first; they go before everything else.
	Answers map[[2]byte][]byte

	Faults Faults

	once        sync.Once
	turn        chan struct{} // holds one token while a request is served
	requests    []ipmi.Command
	reservation uint16
	count       int
}

// lock waits for the controller's turn. It is a channel, so that the fake time
// of testing/synctest passes while somebody waits.
func (b *BMC) lock() (unlock func()) {
	b.once.Do(func() { b.turn = make(chan struct{}, 1) })
	b.turn <- struct{}{}
	return func() { <-b.turn }
}

// Faults are the ways a controller misbehaves. The zero value behaves.
type Faults struct {
	Latency         time.Duration // before each answer
	MaxFRURead      int           // refuse to read more bytes than this; 0: no limit
	MaxSDRRead      int           // the same for Get SDR; a whole record counts its length
	RefuseCode      uint8         // with which code; 0: CAh
	CutSDRRead      int           // give at most this many bytes and no error
	BusyEvery       int           // every n-th request is answered C0h first
	SilentEvery     int           // every n-th request is not answered at all
	LoseReservation int           // every n-th use of a reservation finds it lost
	SDRLoop         bool          // the last record names the first as the next
	TruncatedSDR    map[int]int   // record index: bytes it is cut to
	ShortFRU        bool          // answers to Read FRU Data lack their last byte
	FRUOneByteLess  bool          // gives one byte less than asked, and says so
	StoppedAfter    int           // after so many requests it answers no more; 0: never
}

var _ device.Device = (*BMC)(nil)

// Close implements device.Device.
func (*BMC) Close() error { return nil }

// Requests returns what was asked so far.
func (b *BMC) Requests() []ipmi.Command {
	defer b.lock()()
	return append([]ipmi.Command(nil), b.requests...)
}

// Exchange implements device.Device. It refuses what ipmi.Allowed refuses, as
// the real transport does.
func (b *BMC) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	if err := ipmi.Allowed(req); err != nil {
		return device.Response{}, err
	}
	if err := ctx.Err(); err != nil {
		return device.Response{}, err
	}
	c, err := ipmi.ParseRequest(req)
	if err != nil {
		return device.Response{}, err
	}
	defer b.lock()()
	b.requests = append(b.requests, c)
	b.count++
	f := b.Faults
	stopped := f.StoppedAfter > 0 && b.count > f.StoppedAfter
	wait := f.Latency
	silent := stopped || every(b.count, f.SilentEvery)
	if silent {
		wait = max(req.Timeout, time.Millisecond)
	}
	if err := pause(ctx, wait); err != nil {
		return device.Response{}, err
	}
	switch {
	case silent:
		return device.Response{}, context.DeadlineExceeded
	case every(b.count, f.BusyEvery):
		return response([]byte{0xC0})
	}
	return response(b.answer(c))
}

func response(b []byte) (device.Response, error) {
	return device.Response{Status: b[:1], Data: b[1:]}, nil
}

func every(n, m int) bool { return m > 0 && n%m == 0 }

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// no is an answer that is only a completion code.
func no(code uint8) []byte { return []byte{code} }

func ok(data ...byte) []byte { return append([]byte{0}, data...) }

func (b *BMC) answer(c ipmi.Command) []byte {
	if c.Target.Channel != ipmi.BMC().Channel {
		if c.NetFn == ipmi.NetFnSensor {
			return b.sensor(c)
		}
		return no(0x83) // nobody acknowledges on the bus
	}
	if a, found := b.Answers[[2]byte{byte(c.NetFn), c.Code}]; found {
		return a
	}
	switch c.NetFn {
	case ipmi.NetFnApp:
		if c.Code == 0x01 {
			if b.DeviceID != nil {
				return ok(b.DeviceID...)
			}
			return ok(0x20, 0x81, 0x02, 0x30, 0x02, 0xBF, 0x57, 0x01, 0x00, 0x34, 0x12)
		}
	case ipmi.NetFnStorage:
		return b.storage(c)
	case ipmi.NetFnSensor:
		return b.sensor(c)
	case ipmi.NetFnTransport:
		if v, found := b.LAN[c.Data[1]]; found {
			return ok(append([]byte{0x11}, v...)...)
		}
		return no(0x80) // parameter not supported
	}
	return no(0xC1)
}

func (b *BMC) storage(c ipmi.Command) []byte {
	switch c.Code {
	case 0x10:
		return b.fruInfo(c.Data[0])
	case 0x11:
		return b.readFRU(c.Data)
	case 0x22:
		b.reservation++
		return ok(byte(b.reservation), byte(b.reservation>>8))
	case 0x23:
		return b.getSDR(c.Data)
	case 0x40:
		if b.SELInfo != nil {
			return ok(b.SELInfo...)
		}
		n := len(b.SEL)
		return ok(0x51, byte(n), byte(n>>8), 0x00, 0x10, 1, 0, 0, 0x60, 1, 0, 0, 0x50, 0x02)
	case 0x43:
		return b.selEntry(c.Data)
	}
	return no(0xC1)
}

func (b *BMC) fruInfo(id uint8) []byte {
	data, found := b.FRUs[id]
	if !found {
		return no(0xCB)
	}
	var words byte
	if b.FRUWords {
		words = 1
	}
	return ok(byte(len(data)), byte(len(data)>>8), words)
}

func (b *BMC) readFRU(req []byte) []byte {
	data, found := b.FRUs[req[0]]
	if !found {
		return no(0xCB)
	}
	unit := 1
	if b.FRUWords {
		unit = 2
	}
	at, n := int(binary.LittleEndian.Uint16(req[1:]))*unit, int(req[3])*unit
	switch {
	case at >= len(data):
		return no(0xC9)
	case b.Faults.MaxFRURead > 0 && n > b.Faults.MaxFRURead:
		return no(b.refusal())
	}
	chunk := data[at:min(at+n, len(data))]
	if b.Faults.FRUOneByteLess && len(chunk) > unit {
		chunk = chunk[:len(chunk)-unit]
	}
	a := ok(append([]byte{byte(len(chunk) / unit)}, chunk...)...)
	if b.Faults.ShortFRU {
		a = a[:len(a)-1]
	}
	return a
}

func (b *BMC) refusal() uint8 {
	if b.Faults.RefuseCode != 0 {
		return b.Faults.RefuseCode
	}
	return 0xCA
}

func (b *BMC) getSDR(req []byte) []byte {
	res, id := binary.LittleEndian.Uint16(req), binary.LittleEndian.Uint16(req[2:])
	i := b.findSDR(id)
	if i < 0 {
		return no(0xCB)
	}
	at, n := int(req[4]), int(req[5])
	if at > 0 && (res != b.reservation || every(b.count, b.Faults.LoseReservation)) {
		b.reservation++
		return no(0xC5)
	}
	record := b.SDR[i]
	if cut, found := b.Faults.TruncatedSDR[i]; found {
		record = record[:cut]
	}
	if at > len(record) {
		return no(0xC9)
	}
	left := record[at:]
	whole := n == 0xFF
	if whole {
		n = len(left)
	}
	if m := b.Faults.MaxSDRRead; m > 0 && n > m {
		return no(b.refusal())
	}
	left = left[:min(n, len(left))]
	if m := b.Faults.CutSDRRead; m > 0 {
		left = left[:min(m, len(left))]
	}
	next := uint16(0xFFFF)
	if i+1 < len(b.SDR) {
		next = binary.LittleEndian.Uint16(b.SDR[i+1])
	} else if b.Faults.SDRLoop {
		next = binary.LittleEndian.Uint16(b.SDR[0])
	}
	return ok(append([]byte{byte(next), byte(next >> 8)}, left...)...)
}

func (b *BMC) findSDR(id uint16) int {
	for i, r := range b.SDR {
		if id == 0 || binary.LittleEndian.Uint16(r) == id {
			return i
		}
	}
	return -1
}

func (b *BMC) selEntry(req []byte) []byte {
	id := binary.LittleEndian.Uint16(req[2:])
	for i, e := range b.SEL {
		last := i == len(b.SEL)-1
		if binary.LittleEndian.Uint16(e) != id && (id != 0 || i != 0) && (id != 0xFFFF || !last) {
			continue
		}
		next := uint16(0xFFFF)
		if !last {
			next = binary.LittleEndian.Uint16(b.SEL[i+1])
		}
		return ok(append([]byte{byte(next), byte(next >> 8)}, e...)...)
	}
	return no(0xCB)
}

func (b *BMC) sensor(c ipmi.Command) []byte {
	if len(c.Data) == 0 {
		return no(0xC1)
	}
	s, found := b.Sensors[SensorKey{c.Target.Addr, c.Target.LUN, c.Data[0]}]
	if !found {
		return no(0xCB)
	}
	switch c.Code {
	case 0x2D:
		return ok(s.Raw, s.Flags, byte(s.States), byte(s.States>>8)|0x80)
	case 0x27:
		if s.Thresholds != nil {
			return ok(s.Thresholds...)
		}
	case 0x23:
		if s.Factors != nil {
			return ok(s.Factors...)
		}
	}
	return no(0xCD)
}
