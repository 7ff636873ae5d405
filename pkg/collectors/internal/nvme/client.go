package nvme

import (
	"context"
	"errors"
	"fmt"
	"math"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// A Client asks one controller. A command the controller refuses is a
// StatusError, wrapped with what was asked.
type Client struct{ dev device.Device }

// NewClient returns a client of an open controller.
func NewClient(dev device.Device) Client { return Client{dev: dev} }

// Do sends a request and returns exactly the bytes it asked for, and the
// completion's dword 0. A short answer is inventory.ErrMalformed.
func (c Client) Do(ctx context.Context, req device.Request) (data []byte, dword0 uint32, err error) {
	resp, err := c.dev.Exchange(ctx, req)
	if err != nil {
		return nil, 0, err
	}
	status, dword0, err := DecodeStatus(resp.Status)
	if err != nil {
		return nil, 0, err
	}
	if status != 0 {
		return nil, 0, StatusError(status)
	}
	if len(resp.Data) != req.ReadLen {
		return nil, 0, fmt.Errorf("%w: %d bytes, want %d", inventory.ErrMalformed, len(resp.Data), req.ReadLen)
	}
	return resp.Data, dword0, nil
}

// IdentifyController asks what the controller is.
func (c Client) IdentifyController(ctx context.Context) (*Controller, error) {
	return ask(ctx, c, "identify controller", IdentifyControllerRequest(), DecodeController)
}

// IdentifyNamespace asks for one namespace.
func (c Client) IdentifyNamespace(ctx context.Context, nsid uint32) (*NamespaceInfo, error) {
	return ask(ctx, c, fmt.Sprintf("identify namespace %d", nsid), IdentifyNamespaceRequest(nsid), DecodeNamespace)
}

// NamespaceIDs asks for one namespace's identification descriptors. Ask only
// when Controller.SupportsNamespaceIDs.
func (c Client) NamespaceIDs(ctx context.Context, nsid uint32) (*NamespaceIDs, error) {
	return ask(ctx, c, fmt.Sprintf("descriptors of namespace %d", nsid), NamespaceIDsRequest(nsid), DecodeNamespaceIDs)
}

// SMARTLog asks for the health of the controller.
func (c Client) SMARTLog(ctx context.Context) (*SMARTLog, error) {
	return ask(ctx, c, "log page 02h", SMARTLogRequest(), DecodeSMART)
}

// FirmwareLog asks for the firmware slots.
func (c Client) FirmwareLog(ctx context.Context) (*FirmwareLog, error) {
	return ask(ctx, c, "log page 03h", FirmwareLogRequest(), DecodeFirmwareLog)
}

// SelfTestLog asks for the self-test results. Ask only when
// Controller.SupportsSelfTest.
func (c Client) SelfTestLog(ctx context.Context) (*SelfTestLog, error) {
	return ask(ctx, c, "log page 06h", SelfTestLogRequest(), DecodeSelfTestLog)
}

// ErrorLog asks for the newest errors, at most 64 and at most as many as the
// controller keeps (Controller.ErrorLogEntries).
func (c Client) ErrorLog(ctx context.Context, entries int) ([]ErrorEntry, error) {
	return ask(ctx, c, "log page 01h", ErrorLogRequest(entries), DecodeErrorLog)
}

// ErrorCount returns how many errors the controller logged over its life, by
// its newest log entry; zero when the log is empty. SMARTLog.ErrorLogEntries
// tells the same without a command of its own.
func (c Client) ErrorCount(ctx context.Context) (uint64, error) {
	entries, err := c.ErrorLog(ctx, 1)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	return entries[0].Count, nil
}

// MaxNamespaces bounds the namespaces bee looks at on one controller.
const MaxNamespaces = 4 * listEntries

// ErrTooManyNamespaces comes together with the first MaxNamespaces IDs of a
// controller that has more.
var ErrTooManyNamespaces = errors.New("more namespaces than are looked at")

// ActiveNamespaces returns the IDs of the active namespaces, ascending; none
// is an empty, non-nil slice. A controller too old for the list is not asked:
// there, every ID up to Controller.Namespaces is one. IDs together with an
// error are those found before it.
func (c Client) ActiveNamespaces(ctx context.Context, ctrl *Controller) ([]uint32, error) {
	ids := []uint32{}
	if !ctrl.SupportsActiveNamespaces() {
		for id := uint32(1); id <= ctrl.Namespaces && len(ids) < MaxNamespaces; id++ {
			ids = append(ids, id)
		}
		return ids, tooMany(uint64(ctrl.Namespaces) > MaxNamespaces)
	}
	for after := uint32(0); len(ids) < MaxNamespaces; {
		what := fmt.Sprintf("namespaces after %d", after)
		page, err := ask(ctx, c, what, ActiveNamespacesRequest(after), func(b []byte) ([]uint32, error) {
			return DecodeNamespaceList(b, after)
		})
		if err != nil {
			return ids, err
		}
		ids = append(ids, page...)
		// NSIDs of FFFFFFFEh and up must not be asked after (5.17.2.2).
		if len(page) < listEntries || page[listEntries-1] >= math.MaxUint32-1 {
			return ids, nil
		}
		after = page[listEntries-1]
	}
	return ids, tooMany(true)
}

func tooMany(yes bool) error {
	if !yes {
		return nil
	}
	return fmt.Errorf("namespaces: %w: %d", ErrTooManyNamespaces, MaxNamespaces)
}

// ask sends a request and decodes its answer; errors name what was asked.
func ask[T any](ctx context.Context, c Client, what string, req device.Request, decode func([]byte) (T, error)) (T, error) {
	var zero T
	b, _, err := c.Do(ctx, req)
	if err != nil {
		return zero, fmt.Errorf("%s: %w", what, err)
	}
	return decode(b)
}
