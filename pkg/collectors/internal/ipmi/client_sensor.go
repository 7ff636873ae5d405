package ipmi

import (
	"context"
	"errors"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// Reading reads a sensor. Event-only sensors and those that software owns
// cost no exchange: nobody can answer for them. Errors: fs.ErrNotExist when
// the controller knows the sensor no more.
func (c *Client) Reading(ctx context.Context, s *Sensor) (SensorReading, error) {
	if s.EventOnly {
		return s.Interpret(RawReading{}, nil), nil
	}
	t, ok := s.Target()
	if !ok {
		return SensorReading{Status: ReadingSoftware, Health: inventory.HealthUnknown}, nil
	}
	raw, err := ask(ctx, c, t, NetFnSensor, cmdGetReading, DecodeReading, s.Number)
	if err != nil {
		return SensorReading{}, fmt.Errorf("sensor %02xh %s: %w", s.Number, s.Name, err)
	}
	analog := s.Analog
	if s.HasAnalog && analog.NonLinear() && raw.Scanning && !raw.Unavailable {
		f, err := ask(ctx, c, t, NetFnSensor, cmdGetReadingFactors, DecodeFactors, s.Number, raw.Raw)
		if err != nil {
			return SensorReading{}, fmt.Errorf("sensor %02xh %s: %w", s.Number, s.Name, err)
		}
		analog = analog.WithFactors(f)
	}
	return s.Interpret(raw, &analog), nil
}

// Thresholds reads a sensor's limits as they are now, in its unit. A sensor
// that has none, or none that can be read, has an empty list.
func (c *Client) Thresholds(ctx context.Context, s *Sensor) ([]Threshold, error) {
	t, ok := s.Target()
	// Records that deny thresholds (ThresholdAccess) and still name readable
	// ones exist; the mask is right.
	if !ok || !s.Threshold() || !s.HasAnalog || s.Analog.NonLinear() || s.Readable == 0 {
		return nil, nil
	}
	raw, err := ask(ctx, c, t, NetFnSensor, cmdGetThresholds, DecodeThresholds, s.Number)
	if err != nil {
		if !gone(err) && errors.Is(err, errors.ErrUnsupported) {
			return nil, nil
		}
		return nil, fmt.Errorf("sensor %02xh %s: %w", s.Number, s.Name, err)
	}
	return s.ConvertThresholds(raw), nil
}
