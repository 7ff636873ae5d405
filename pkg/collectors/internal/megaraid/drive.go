package megaraid

import (
	"context"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

// Drive returns a physical device behind a controller as a SCSI device, for
// scsi.NewClient and ata.NewClient. Closing it does nothing: the controller's
// device stays its owner's.
func Drive(dev device.Device, host, deviceID uint16) device.Device {
	return drive{dev: dev, host: host, id: deviceID}
}

type drive struct {
	dev      device.Device
	host, id uint16
}

// Close implements device.Device.
func (drive) Close() error { return nil }

// Exchange implements device.Device for SCSI requests.
func (d drive) Exchange(ctx context.Context, req device.Request) (device.Response, error) {
	if len(req.Command) == 0 || len(req.Command) > cdbBytes {
		return device.Response{}, fmt.Errorf("cdb of %d bytes", len(req.Command))
	}
	resp, err := d.dev.Exchange(ctx, SCSIRequest(d.host, d.id, req))
	if err != nil {
		return device.Response{}, err
	}
	return scsiResponse(resp)
}

// scsiResponse makes a frame's status and sense into SCSI's.
func scsiResponse(resp device.Response) (device.Response, error) {
	const good, checkCondition, reservationConflict = 0x00, 0x02, 0x18
	if len(resp.Status) == 0 {
		return device.Response{}, fmt.Errorf("megaraid: %w: no status", inventory.ErrMalformed)
	}
	switch s := Status(resp.Status[0]); s {
	case statusOK:
		return device.Response{Status: scsi.EncodeStatus(good, nil), Data: resp.Data}, nil
	case statusSCSIDoneWithError:
		return device.Response{Status: scsi.EncodeStatus(checkCondition, resp.Status[1:]), Data: resp.Data}, nil
	case statusReservationConflict:
		return device.Response{Status: scsi.EncodeStatus(reservationConflict, nil)}, nil
	default:
		return device.Response{}, StatusError(s)
	}
}

// trimSense cuts the sense buffer to what the sense data says of its length.
func trimSense(b []byte) []byte {
	if len(b) < 8 || b[0]&0x70 != 0x70 {
		return nil
	}
	return b[:min(len(b), 8+int(b[7]))]
}
