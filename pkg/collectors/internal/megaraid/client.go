package megaraid

import (
	"context"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// A Client asks one controller. A command the controller refuses is a
// StatusError, wrapped with what was asked.
type Client struct {
	dev  device.Device
	host uint16
}

// NewClient returns a client of the controller with a SCSI host number, asked
// through the open ioctl node all controllers share.
func NewClient(dev device.Device, host uint16) Client { return Client{dev: dev, host: host} }

// Do sends a request and returns what came back.
func (c Client) Do(ctx context.Context, req device.Request) ([]byte, error) {
	resp, err := c.dev.Exchange(ctx, req)
	if err != nil {
		return nil, err
	}
	if len(resp.Status) == 0 {
		return nil, fmt.Errorf("%w: no status", inventory.ErrMalformed)
	}
	if s := Status(resp.Status[0]); s != statusOK {
		return nil, StatusError(s)
	}
	return resp.Data, nil
}

// Controller asks what the controller is.
func (c Client) Controller(ctx context.Context) (*Controller, error) {
	return ask(ctx, c, "controller info", ControllerInfoRequest(c.host), DecodeController)
}

// PhysicalDrives asks for the list of physical devices.
func (c Client) PhysicalDrives(ctx context.Context) (*PDList, error) {
	return ask(ctx, c, "physical drive list", PDListRequest(c.host), DecodePDList)
}

// PhysicalDrive asks for one physical device. One that answers for another
// device id is inventory.ErrMalformed.
func (c Client) PhysicalDrive(ctx context.Context, deviceID uint16) (*PD, error) {
	what := fmt.Sprintf("physical drive %d", deviceID)
	pd, err := ask(ctx, c, what, PDInfoRequest(c.host, deviceID), DecodePD)
	if err == nil && pd.DeviceID != deviceID {
		return nil, fmt.Errorf("%s: %w: got drive %d", what, inventory.ErrMalformed, pd.DeviceID)
	}
	return pd, err
}

// LogicalDrives asks for the list of logical drives.
func (c Client) LogicalDrives(ctx context.Context) (*LDList, error) {
	return ask(ctx, c, "logical drive list", LDListRequest(c.host), DecodeLDList)
}

// LogicalDrive asks for one logical drive.
func (c Client) LogicalDrive(ctx context.Context, target uint8) (*LD, error) {
	return ask(ctx, c, fmt.Sprintf("logical drive %d", target), LDInfoRequest(c.host, target), DecodeLD)
}

// Config asks for the configuration: once more, with a longer buffer, when it
// does not fit. What it claims is bounded.
func (c Client) Config(ctx context.Context) (*Config, error) {
	cfg, err := ask(ctx, c, "configuration", ConfigRequest(c.host, 0), DecodeConfig)
	if err != nil || cfg.Bytes <= firstConfigBytes {
		return cfg, err
	}
	n := int(min(int64(cfg.Bytes), maxReadLen))
	if again, err := ask(ctx, c, "configuration", ConfigRequest(c.host, n), DecodeConfig); err == nil {
		return again, nil
	}
	return cfg, nil // the part there is
}

// Battery asks for the state of the battery or capacitor. Ask only when
// Controller.HasBattery.
func (c Client) Battery(ctx context.Context) (*Battery, error) {
	return ask(ctx, c, "battery status", BBUStatusRequest(c.host), DecodeBattery)
}

// Drive returns a physical device as a SCSI device.
func (c Client) Drive(deviceID uint16) device.Device { return Drive(c.dev, c.host, deviceID) }

// ask sends a request and decodes its answer; errors name what was asked.
func ask[T any](ctx context.Context, c Client, what string, req device.Request, decode func([]byte) (T, error)) (T, error) {
	var zero T
	b, err := c.Do(ctx, req)
	if err != nil {
		return zero, fmt.Errorf("%s: %w", what, err)
	}
	return decode(b)
}
