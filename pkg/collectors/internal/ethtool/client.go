package ethtool

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// A Client asks about one interface. It is for one goroutine.
type Client struct {
	dev device.Device
	// module is what the ioctl said of the module, once it was asked.
	module *ModuleInfo
	// oldWay: the module's memory is read by ioctl.
	oldWay bool
}

// NewClient makes a client of an open device.
func NewClient(dev device.Device) *Client { return &Client{dev: dev} }

func (c *Client) ask(ctx context.Context, what string, req device.Request) ([]byte, error) {
	resp, err := c.dev.Exchange(ctx, req)
	if err == nil {
		err = decodeStatus(resp.Status)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return resp.Data, nil
}

// Driver asks for driver and firmware.
func (c *Client) Driver(ctx context.Context) (Driver, error) {
	b, err := c.ask(ctx, "driver information", ioctlRequest(ioDriverInfo, nil, driverInfoBytes))
	if err != nil {
		return Driver{}, err
	}
	return DecodeDriver(b)
}

// PermanentAddress asks for the address the hardware came with; nil when it
// has none.
func (c *Client) PermanentAddress(ctx context.Context) ([]byte, error) {
	size := binary.LittleEndian.AppendUint32(nil, maxAddress)
	b, err := c.ask(ctx, "permanent address", ioctlRequest(ioPermAddr, size, 8+maxAddress))
	if err != nil {
		return nil, err
	}
	return DecodePermanentAddress(b)
}

// Link asks what the interface can do and does. An interface whose driver says
// nothing is errors.ErrUnsupported.
func (c *Client) Link(ctx context.Context) (Link, error) {
	b, err := c.ask(ctx, "link modes", netlinkRequest(nlLinkModes, nil))
	if errors.Is(err, errors.ErrUnsupported) {
		return c.linkSettings(ctx)
	}
	if err != nil {
		return Link{}, err
	}
	var l Link
	if err := DecodeLinkModes(&l, b); err != nil {
		return Link{}, err
	}
	b, err = c.ask(ctx, "link info", netlinkRequest(nlLinkInfo, nil))
	if err == nil {
		err = DecodeLinkInfo(&l, b)
	}
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return l, err
	}
	b, err = c.ask(ctx, "link state", netlinkRequest(nlLinkState, nil))
	if err == nil {
		l.DownReason, err = DecodeLinkState(b)
	}
	if errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return l, err
}

// linkSettings is Link by ioctl. The kernel first says how long its masks are.
func (c *Client) linkSettings(ctx context.Context) (Link, error) {
	const what = "link settings"
	b, err := c.ask(ctx, what, ioctlRequest(ioLinkSettings, nil, linkSettingsBytes))
	if err != nil {
		return Link{}, err
	}
	words, err := DecodeModeWords(b)
	if err != nil {
		return Link{}, err
	}
	data := make([]byte, linkSettingsBytes-4)
	data[linkSettingsWords-4] = byte(words)
	b, err = c.ask(ctx, what, ioctlRequest(ioLinkSettings, data, linkSettingsBytes+12*words))
	if err != nil {
		return Link{}, err
	}
	return DecodeLinkSettings(b)
}

// FEC asks for the forward error correction; ok is false where there is none.
func (c *Client) FEC(ctx context.Context) (f FEC, ok bool, err error) {
	const what = "fec"
	b, err := c.ask(ctx, what, netlinkRequest(nlFEC, nil))
	if err == nil {
		return DecodeFEC(b)
	}
	if errors.Is(err, errors.ErrUnsupported) {
		if b, err = c.ask(ctx, what, ioctlRequest(ioFECParam, nil, fecParamBytes)); err == nil {
			return DecodeFECParam(b)
		}
	}
	if errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return FEC{}, false, err
}

// ModuleMemory reads a part of the memory of the module in the interface's
// cage: by netlink, or where the kernel or the driver does not know that, by
// ioctl. errors.ErrUnsupported: no cage, or a page the driver does not show.
func (c *Client) ModuleMemory(ctx context.Context, p Page) ([]byte, error) {
	what := fmt.Sprintf("module memory %02xh page %02xh offset %d", p.I2CAddress, p.Page, p.Offset)
	if !c.oldWay {
		b, err := c.ask(ctx, what, netlinkRequest(nlModuleEEPROM, p.attributes()))
		if err == nil {
			return DecodeModuleData(b, int(p.Length))
		}
		if !errors.Is(err, errors.ErrUnsupported) {
			return nil, err
		}
		c.oldWay = true
	}
	if c.module == nil {
		b, err := c.ask(ctx, "module information", ioctlRequest(ioModuleInfo, nil, moduleInfoBytes))
		if err != nil {
			return nil, err
		}
		m, err := DecodeModuleInfo(b)
		if err != nil {
			return nil, err
		}
		c.module = &m
	}
	offset, ok := c.module.flat(p)
	if !ok {
		return nil, fmt.Errorf("%s: not among the driver's %d bytes: %w", what, c.module.Bytes, errors.ErrUnsupported)
	}
	data := binary.LittleEndian.AppendUint32(make([]byte, 4, 12), offset)
	data = binary.LittleEndian.AppendUint32(data, uint32(p.Length))
	b, err := c.ask(ctx, what, ioctlRequest(ioModuleEEPROM, data, eepromHeader+int(p.Length)))
	if err != nil {
		return nil, err
	}
	return decodeModuleIoctl(b, int(p.Length))
}
