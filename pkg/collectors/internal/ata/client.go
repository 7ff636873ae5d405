package ata

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

// A Client asks one ATA drive behind a SCSI/ATA translation.
type Client struct{ scsi scsi.Client }

// NewClient returns a client of an open SCSI device that is an ATA drive.
func NewClient(dev device.Device) Client { return Client{scsi: scsi.NewClient(dev)} }

// FromSCSI returns a client that asks through a SCSI one.
func FromSCSI(c scsi.Client) Client { return Client{scsi: c} }

// Identify asks the drive what it is.
func (c Client) Identify(ctx context.Context) (*Identify, error) {
	return ask(ctx, c, "identify", IdentifyRequest(), DecodeIdentify)
}

// IdentifyPacket asks an ATAPI device what it is.
func (c Client) IdentifyPacket(ctx context.Context) (*Identify, error) {
	return ask(ctx, c, "identify packet", IdentifyPacketRequest(), DecodeIdentify)
}

// SMARTData asks for attributes and self-test state. Ask only when
// Identify.SMARTEnabled.
func (c Client) SMARTData(ctx context.Context) (*SMARTData, error) {
	return ask(ctx, c, "SMART data", SMARTDataRequest(), DecodeSMARTData)
}

// SMARTThresholds asks for the attributes' thresholds.
func (c Client) SMARTThresholds(ctx context.Context) (*Thresholds, error) {
	return ask(ctx, c, "SMART thresholds", SMARTThresholdsRequest(), DecodeThresholds)
}

// SMARTVerdict asks for the drive's own verdict.
func (c Client) SMARTVerdict(ctx context.Context) (Verdict, error) {
	a, err := c.registers(ctx, "SMART status", SMARTStatusRequest())
	if err != nil {
		return "", err
	}
	return DecodeVerdict(a.LBA)
}

// PowerMode asks for the power mode, without changing it.
func (c Client) PowerMode(ctx context.Context) (PowerMode, error) {
	a, err := c.registers(ctx, "check power mode", CheckPowerModeRequest())
	if err != nil {
		return 0, err
	}
	return PowerMode(a.Count), nil
}

// SelfTests asks for the SMART self-test log. Ask only when Identify.SelfTest.
func (c Client) SelfTests(ctx context.Context) ([]SelfTest, error) {
	return ask(ctx, c, "SMART log 06h", SMARTLogRequest(LogSelfTest, 1), DecodeSelfTestLog)
}

// ExtSelfTests asks for the extended self-test log. Ask only when the log
// directory has LogExtSelfTest.
func (c Client) ExtSelfTests(ctx context.Context) ([]SelfTest, error) {
	return ask(ctx, c, "log 07h", LogRequest(LogExtSelfTest, 0, 1), DecodeExtSelfTestLog)
}

// LogDirectory asks which general purpose logs there are. Ask only when
// Identify.GPL.
func (c Client) LogDirectory(ctx context.Context) (*LogDirectory, error) {
	return ask(ctx, c, "log directory", LogRequest(LogDirectoryAddress, 0, 1), DecodeLogDirectory)
}

// Statistics asks for all device statistics bee knows. Ask only when the log
// directory has LogDeviceStatistics. What was read before an error comes with
// it.
func (c Client) Statistics(ctx context.Context) ([]Statistic, error) {
	pages, err := ask(ctx, c, "device statistics", LogRequest(LogDeviceStatistics, StatisticsList, 1), DecodeStatisticsList)
	if err != nil {
		return nil, err
	}
	all := []Statistic{}
	for page := uint8(StatisticsGeneral); page <= StatisticsSolidState; page++ {
		if _, bytes, _ := statisticName(page, 1); bytes == 0 || !slices.Contains(pages, page) {
			continue
		}
		what := fmt.Sprintf("device statistics page %02xh", page)
		list, err := ask(ctx, c, what, LogRequest(LogDeviceStatistics, uint16(page), 1), func(b []byte) ([]Statistic, error) {
			return DecodeStatistics(b, page)
		})
		if err != nil {
			return all, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// registers sends a command without data and returns the drive's registers.
// Some translations give them with an error status: they are taken all the
// same. A translation that does not give them is errors.ErrUnsupported.
func (c Client) registers(ctx context.Context, what string, req device.Request) (*scsi.ATAStatus, error) {
	res, err := c.scsi.Do(ctx, req)
	sense := res.Sense
	var se *scsi.StatusError
	if errors.As(err, &se) && se.Sense != nil && se.Sense.ATA != nil && !refused(se.Sense.ATA) {
		sense, err = se.Sense, nil
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", what, err)
	case sense == nil || sense.ATA == nil:
		return nil, fmt.Errorf("%s: %w: no registers came back", what, errors.ErrUnsupported)
	case refused(sense.ATA):
		return nil, fmt.Errorf("%s: %w: drive aborted the command", what, errors.ErrUnsupported)
	}
	return sense.ATA, nil
}

// refused says that the drive ended a command with an error or a device fault.
func refused(a *scsi.ATAStatus) bool { return a.Status&0x21 != 0 }

// ask sends a request and decodes its answer; errors name what was asked.
func ask[T any](ctx context.Context, c Client, what string, req device.Request, decode func([]byte) (T, error)) (T, error) {
	var zero T
	res, err := c.scsi.Do(ctx, req)
	if err != nil {
		return zero, fmt.Errorf("%s: %w", what, err)
	}
	if len(res.Data) < req.ReadLen {
		return zero, fmt.Errorf("%s: %w: %d bytes, want %d", what, inventory.ErrMalformed, len(res.Data), req.ReadLen)
	}
	return decode(res.Data)
}
