package ipmi

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"time"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

const (
	// maxRecords bounds the repository; ids have 16 bits, real ones some
	// hundred.
	maxRecords = 8192
	// readAhead is how many records are read beyond the one that was asked for.
	// Walkers side by side would else take turns record by record, which costs
	// more than the exchanges themselves.
	readAhead = 15
)

// A Session is one run's conversation with one controller. It remembers what
// was read, so that collectors running side by side share one device id, one
// pass over the sensor data repository, and each FRU and sensor.
//
// The repository is read as far as somebody asked for: a collector that wants
// power supplies can act on each record as it comes, and another can go on
// where the first one's time ran out.
type Session struct {
	*Client

	turn     chan struct{} // guards everything below
	deviceID *DeviceID
	reader   *sdrReader
	items    []sdrItem
	next     uint16
	seen     map[uint16]bool
	done     bool
	frus     map[fruKey]fruResult
	readings map[sensorKey]readingResult
	limits   map[sensorKey]limitResult
	silence  error // the controller fell silent: nobody has to find out again
}

type sdrItem struct {
	record Record
	err    error
}

type fruKey struct {
	target Target
	id     uint8
}

type fruResult struct {
	fru FRU
	err error
}

// A sensorKey tells sensors apart. Records may describe one number twice, in
// different ways.
type sensorKey struct {
	target    Target
	number    uint8
	eventType EventType
	name      string
}

func keyOf(s *Sensor) sensorKey {
	t, _ := s.Target()
	return sensorKey{t, s.Number, s.EventType, s.Name}
}

type readingResult struct {
	reading SensorReading
	err     error
}

type limitResult struct {
	thresholds []Threshold
	err        error
}

// NewSession begins a session on an open device. timeout is for one attempt
// at one command; zero is [DefaultTimeout].
func NewSession(dev device.Device, timeout time.Duration) *Session {
	return &Session{
		Client:   NewClient(dev, timeout),
		turn:     make(chan struct{}, 1),
		next:     sdrFirst,
		seen:     map[uint16]bool{},
		frus:     map[fruKey]fruResult{},
		readings: map[sensorKey]readingResult{},
		limits:   map[sensorKey]limitResult{},
	}
}

// lock waits for the session's turn. What is remembered can be had after the
// deadline, too.
func (s *Session) lock(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	default:
	}
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Session) unlock() { <-s.turn }

// DeviceID is the identity of the controller itself.
func (s *Session) DeviceID(ctx context.Context) (DeviceID, error) {
	if err := s.lock(ctx); err != nil {
		return DeviceID{}, err
	}
	defer s.unlock()
	return s.ownID(ctx)
}

func (s *Session) ownID(ctx context.Context) (DeviceID, error) {
	if s.deviceID != nil {
		return *s.deviceID, nil
	}
	id, err := s.Client.DeviceID(ctx, BMC())
	if err != nil {
		return DeviceID{}, err
	}
	s.deviceID = &id
	return id, nil
}

// Records walks the sensor data repository in its order; records already read
// cost nothing. A record that makes no sense comes as its id with an error
// (inventory.ErrMalformed) and the walk goes on; any other error ends it. A
// later walk tries again from there, unless the controller had fallen silent:
// then every walk, and every other request of the session, is told at once.
//
// A controller without a repository that describes its own sensors is asked
// for those.
func (s *Session) Records(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for i := 0; ; i++ {
			item, ok, err := s.item(ctx, i)
			if err != nil {
				yield(Record{}, err)
				return
			}
			if !ok || !yield(item.record, item.err) {
				return
			}
		}
	}
}

// item returns the i-th record, reading it and some more when it is the next
// one.
func (s *Session) item(ctx context.Context, i int) (item sdrItem, ok bool, err error) {
	if err := s.lock(ctx); err != nil {
		return sdrItem{}, false, err
	}
	defer s.unlock()
	if i >= len(s.items) {
		for range 1 + readAhead {
			if s.done {
				break
			}
			if err = s.readItem(ctx); err != nil {
				break
			}
		}
	}
	switch {
	case i < len(s.items):
		return s.items[i], true, nil // an error is for who asks for what lies beyond
	case err != nil:
		return sdrItem{}, false, err
	}
	return sdrItem{}, false, nil
}

// try makes f's exchanges unless the controller fell silent before, and
// remembers when it does. The caller holds the lock.
func (s *Session) try(ctx context.Context, f func() error) error {
	if s.silence != nil {
		return s.silence
	}
	err := f()
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		s.silence = err
	}
	return err
}

// readItem reads one more record. Errors of the way to the controller are
// returned and change nothing.
func (s *Session) readItem(ctx context.Context) error {
	if s.reader == nil {
		id, err := s.ownID(ctx)
		if err != nil {
			return err
		}
		s.reader = newSDRReader(s.Client, id.Support&SupportSDRRepository == 0 && id.ProvidesSDRs)
	}
	id := s.next
	var raw []byte
	var next uint16
	err := s.try(ctx, func() (err error) {
		raw, next, err = s.reader.record(ctx, id)
		return err
	})
	if gone(err) {
		return err
	}
	if err != nil && !errors.Is(err, inventory.ErrMalformed) {
		s.done = true
		if id != sdrFirst || !errors.Is(err, fs.ErrNotExist) { // an empty repository has no first record
			s.items = append(s.items, sdrItem{record: Record{ID: id}, err: err})
		}
		return nil
	}
	item := sdrItem{record: Record{ID: id, Raw: raw}, err: err}
	if err == nil {
		if item.record, item.err = DecodeRecord(raw); item.err != nil {
			item.record = Record{ID: id, Raw: raw}
		}
	}
	s.items = append(s.items, item)
	s.seen[id] = true
	if first := item.record.ID; id == sdrFirst && first != next {
		s.seen[first] = true // 0 asks for the first record, whatever its id
	}
	s.advance(next)
	return nil
}

func (s *Session) advance(next uint16) {
	switch {
	case next == sdrLast:
		s.done = true
		return
	case s.seen[next], next == sdrFirst && len(s.items) > 0:
		s.fail(fmt.Errorf("sdr: record %04xh comes again: %w", next, inventory.ErrMalformed))
	case len(s.items) >= maxRecords:
		s.fail(fmt.Errorf("sdr: more than %d records: %w", maxRecords, inventory.ErrMalformed))
	}
	s.next = next
}

func (s *Session) fail(err error) {
	s.done = true
	s.items = append(s.items, sdrItem{err: err})
}

// FRU reads the FRU a locator points to, as [Client.FRU]. A locator whose FRU
// is no logical device (a bare storage chip) is errors.ErrUnsupported.
func (s *Session) FRU(ctx context.Context, l *FRULocator) (FRU, error) {
	if !l.Logical {
		return FRU{}, fmt.Errorf("fru %s: storage chip %02xh on a private bus: %w", l.Name, l.DeviceID, errors.ErrUnsupported)
	}
	return s.FRUByID(ctx, l.Target(), l.DeviceID)
}

// FRUByID is FRU for a device known by its number. FRU 0 of the controller
// itself needs no locator.
func (s *Session) FRUByID(ctx context.Context, t Target, id uint8) (FRU, error) {
	if err := s.lock(ctx); err != nil {
		return FRU{}, err
	}
	defer s.unlock()
	k := fruKey{t, id}
	if r, ok := s.frus[k]; ok {
		return r.fru, r.err
	}
	var f FRU
	err := s.try(ctx, func() (err error) {
		f, err = s.Client.FRU(ctx, t, id)
		return err
	})
	if !gone(err) {
		s.frus[k] = fruResult{f, err}
	}
	return f, err
}

// Reading reads a sensor, as [Client.Reading], once per session.
func (s *Session) Reading(ctx context.Context, sensor *Sensor) (SensorReading, error) {
	if err := s.lock(ctx); err != nil {
		return SensorReading{}, err
	}
	defer s.unlock()
	k := keyOf(sensor)
	if r, ok := s.readings[k]; ok && !sensor.EventOnly {
		return r.reading, r.err
	}
	var r SensorReading
	err := s.try(ctx, func() (err error) {
		r, err = s.Client.Reading(ctx, sensor)
		return err
	})
	if !gone(err) && !sensor.EventOnly {
		s.readings[k] = readingResult{r, err}
	}
	return r, err
}

// Thresholds reads a sensor's limits, as [Client.Thresholds], once per
// session.
func (s *Session) Thresholds(ctx context.Context, sensor *Sensor) ([]Threshold, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.unlock()
	k := keyOf(sensor)
	if r, ok := s.limits[k]; ok {
		return r.thresholds, r.err
	}
	var v []Threshold
	err := s.try(ctx, func() (err error) {
		v, err = s.Client.Thresholds(ctx, sensor)
		return err
	})
	if !gone(err) {
		s.limits[k] = limitResult{v, err}
	}
	return v, err
}
