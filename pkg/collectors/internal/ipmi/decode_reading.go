package ipmi

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// A RawReading is the answer to Get Sensor Reading (IPMI section 35.14).
type RawReading struct {
	Raw         uint8
	Scanning    bool   // the sensor is being scanned
	Unavailable bool   // the reading says nothing: initial update, or entity absent
	States      uint16 // threshold comparison (bits 5:0), or discrete states (14:0)
	HasStates   bool   // the answer had the bytes at all
}

// DecodeReading decodes the answer to Get Sensor Reading.
func DecodeReading(b []byte) (RawReading, error) {
	if len(b) < 2 {
		return RawReading{}, fmt.Errorf("sensor reading: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	r := RawReading{Raw: b[0], Scanning: b[1]&0x40 != 0, Unavailable: b[1]&0x20 != 0}
	if len(b) > 2 {
		r.HasStates = true
		r.States = uint16(b[2])
		if len(b) > 3 {
			r.States |= uint16(b[3]&0x7F) << 8
		}
	}
	return r, nil
}

// DecodeFactors decodes the answer to Get Sensor Reading Factors.
func DecodeFactors(b []byte) (Factors, error) {
	if len(b) < 7 {
		return Factors{}, fmt.Errorf("sensor reading factors: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return decodeFactorBytes(b[1:7]), nil
}

// RawThresholds is the answer to Get Sensor Thresholds: Mask says which of
// Values can be believed.
type RawThresholds struct {
	Mask   uint8
	Values [thresholdCount]uint8
}

// DecodeThresholds decodes the answer to Get Sensor Thresholds (IPMI section
// 35.9).
func DecodeThresholds(b []byte) (RawThresholds, error) {
	if len(b) < 1+thresholdCount {
		return RawThresholds{}, fmt.Errorf("sensor thresholds: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return RawThresholds{Mask: b[0] & 0x3F, Values: [thresholdCount]uint8(b[1 : 1+thresholdCount])}, nil
}

// A ReadingStatus says whether a sensor has a reading.
type ReadingStatus string

// The values of ReadingStatus.
const (
	ReadingOK          ReadingStatus = "ok"
	ReadingDisabled    ReadingStatus = "scanning_disabled"
	ReadingUnavailable ReadingStatus = "unavailable"
	ReadingEventOnly   ReadingStatus = "event_only"
	ReadingSoftware    ReadingStatus = "owned_by_software" // firmware or the operating system
)

// A SensorReading is a sensor's reading with its meaning.
type SensorReading struct {
	Status     ReadingStatus
	Raw        RawReading
	Value      *float64 // in Sensor.Analog.Unit; nil for discrete sensors
	States     []State  // discrete states; for threshold sensors those beyond
	Thresholds []Threshold
	// Health is the controller's own verdict: its comparison with the
	// thresholds, or the states. HealthUnknown without a reading, and for states
	// that the sensor's record says it cannot have.
	Health inventory.Health
}

// A Threshold is one limit of a sensor.
type Threshold struct {
	Kind  ThresholdKind
	Value float64 // in the sensor's unit
}

// Threshold returns the value of one threshold.
func (r *SensorReading) Threshold(k ThresholdKind) (float64, bool) {
	for _, t := range r.Thresholds {
		if t.Kind == k {
			return t.Value, true
		}
	}
	return 0, false
}

// Interpret gives a reading its meaning. analog is the sensor's conversion,
// with factors of this reading when they are not constant.
func (s *Sensor) Interpret(raw RawReading, analog *Analog) SensorReading {
	r := SensorReading{Status: ReadingOK, Raw: raw, Health: inventory.HealthUnknown}
	switch {
	case s.EventOnly:
		r.Status = ReadingEventOnly
		return r
	case raw.Unavailable:
		r.Status = ReadingUnavailable
		return r
	case !raw.Scanning:
		r.Status = ReadingDisabled
		return r
	}
	if s.HasAnalog && analog != nil {
		if v, ok := analog.Convert(raw.Raw); ok {
			r.Value = &v
		}
	}
	if s.Threshold() {
		s.compare(&r)
		return r
	}
	if raw.HasStates {
		r.States = StatesOf(s.EventType, s.Type, raw.States)
		// A sensor in states that its own record rules out has lost its mind: a
		// whole shelf of "failed" drives, in one captured machine.
		if s.ReadingMask == 0 || raw.States&^s.ReadingMask == 0 {
			r.Health = worstHealth(r.States)
		}
	}
	return r
}

func (s *Sensor) compare(r *SensorReading) {
	if !r.Raw.HasStates {
		return
	}
	r.Health = inventory.HealthOK
	for k := range ThresholdKind(thresholdCount) {
		if r.Raw.States>>k&1 != 0 {
			r.States = append(r.States, State{Offset: uint8(k), Name: k.String(), Health: k.Health()})
		}
	}
	r.Health = worstHealth(r.States)
}

// ConvertThresholds turns raw thresholds into numbers, those that can be read.
func (s *Sensor) ConvertThresholds(raw RawThresholds) []Threshold {
	if !s.HasAnalog || s.Analog.NonLinear() {
		return nil
	}
	var all []Threshold
	for k := range ThresholdKind(thresholdCount) {
		if raw.Mask>>k&1 == 0 {
			continue
		}
		if v, ok := s.Analog.Convert(raw.Values[k]); ok {
			all = append(all, Threshold{Kind: k, Value: v})
		}
	}
	return all
}

// RecordThresholds are the thresholds as the repository has them: the
// defaults, which the controller may have been given others for since.
func (s *Sensor) RecordThresholds() RawThresholds {
	return RawThresholds{Mask: s.Readable, Values: s.Thresholds}
}
