package ipmi

import (
	"context"
	"errors"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// DeviceID asks a controller who it is.
func (c *Client) DeviceID(ctx context.Context, t Target) (DeviceID, error) {
	return ask(ctx, c, t, NetFnApp, cmdGetDeviceID, DecodeDeviceID)
}

// SelfTest asks for the results of the controller's self test.
func (c *Client) SelfTest(ctx context.Context) (SelfTest, error) {
	return ask(ctx, c, BMC(), NetFnApp, cmdGetSelfTest, DecodeSelfTest)
}

// ChassisStatus asks for the state of power and chassis.
func (c *Client) ChassisStatus(ctx context.Context) (ChassisStatus, error) {
	return ask(ctx, c, BMC(), NetFnChassis, cmdGetChassisStatus, DecodeChassisStatus)
}

// SDRInfo asks for the size and dates of the sensor data repository.
func (c *Client) SDRInfo(ctx context.Context) (SDRInfo, error) {
	return ask(ctx, c, BMC(), NetFnStorage, cmdGetSDRInfo, DecodeSDRInfo)
}

// SELInfo asks for the size and dates of the event log.
func (c *Client) SELInfo(ctx context.Context) (SELInfo, error) {
	return ask(ctx, c, BMC(), NetFnStorage, cmdGetSELInfo, DecodeSELInfo)
}

// PowerReading asks for the system's power (DCMI); errors.ErrUnsupported where
// the controller knows no DCMI.
func (c *Client) PowerReading(ctx context.Context) (PowerReading, error) {
	const systemStatistics = 1
	return ask(ctx, c, BMC(), NetFnGroup, cmdDCMIPowerReading, DecodePowerReading, groupDCMI, systemStatistics, 0, 0)
}

// SystemGUID asks for the system's identifier; ok is false when it has none.
func (c *Client) SystemGUID(ctx context.Context) (g GUID, ok bool, err error) {
	return c.guid(ctx, cmdGetSystemGUID)
}

// DeviceGUID asks for the controller's own identifier; ok is false when it has
// none.
func (c *Client) DeviceGUID(ctx context.Context) (g GUID, ok bool, err error) {
	return c.guid(ctx, cmdGetDeviceGUID)
}

func (c *Client) guid(ctx context.Context, code uint8) (g GUID, ok bool, err error) {
	b, err := c.Do(ctx, BMC(), NetFnApp, code)
	if err != nil {
		return GUID{}, false, err
	}
	g, ok = DecodeGUID(b)
	return g, ok, nil
}

// RestartCause asks why the system last started; "" when it is not known.
func (c *Client) RestartCause(ctx context.Context) (string, error) {
	b, err := c.Do(ctx, BMC(), NetFnChassis, cmdGetRestartCause)
	if err != nil {
		return "", err
	}
	cause, _ := RestartCause(b)
	return cause, nil
}

const lastChannel = 0x0B

// LANChannel finds the first channel that is a network; ok is false when there
// is none. A controller that cannot list its channels is taken to have it as
// channel 1.
func (c *Client) LANChannel(ctx context.Context) (channel uint8, ok bool, err error) {
	for n := uint8(1); n <= lastChannel; n++ {
		info, err := ask(ctx, c, BMC(), NetFnApp, cmdGetChannelInfo, DecodeChannelInfo, n)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			return 1, true, nil
		case gone(err):
			return 0, false, err
		case err == nil && info.LAN():
			return n, true, nil
		}
	}
	return 0, false, nil
}

// LAN reads the configuration of one LAN channel. Parameters the controller
// does not have stay nil. The community string is never asked for.
func (c *Client) LAN(ctx context.Context, channel uint8) (LAN, error) {
	l := LAN{Channel: channel}
	var errs []error
	answered := false
	for _, param := range []uint8{lanIP, lanIPSource, lanMAC, lanNetmask, lanGateway, lanVLANID} {
		b, err := c.lanParam(ctx, channel, param)
		if err == nil {
			answered = true
			err = l.set(param, b)
		}
		if gone(err) {
			return l, err
		}
		errs = append(errs, err)
	}
	if !answered {
		return l, errors.Join(errs...)
	}
	return l, onlyMalformed(errs)
}

// lanParam returns a parameter without the revision byte before it.
func (c *Client) lanParam(ctx context.Context, channel, param uint8) ([]byte, error) {
	b, err := c.Do(ctx, BMC(), NetFnTransport, cmdGetLAN, channel, param, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("parameter %d: %w", param, err)
	}
	if len(b) < 1 {
		return nil, fmt.Errorf("lan parameter %d: empty: %w", param, inventory.ErrMalformed)
	}
	return b[1:], nil
}

func onlyMalformed(errs []error) error {
	var kept []error
	for _, err := range errs {
		if errors.Is(err, inventory.ErrMalformed) {
			kept = append(kept, err)
		}
	}
	return errors.Join(kept...)
}

// ask sends a command and decodes its answer.
func ask[T any](ctx context.Context, c *Client, t Target, netFn NetFn, code uint8, decode func([]byte) (T, error), data ...byte) (T, error) {
	b, err := c.Do(ctx, t, netFn, code, data...)
	if err != nil {
		var zero T
		return zero, err
	}
	v, err := decode(b)
	if err != nil {
		return v, fmt.Errorf("%s: %w", t, err)
	}
	return v, nil
}
