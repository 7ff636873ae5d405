package pcie

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	slotsDir = "/sys/bus/pci/slots"

	// tablesDeadline bounds the wait for the SMBIOS tables, which are only
	// wanted for names.
	tablesDeadline = 3 * time.Second
)

// slotNames are the names that firmware and kernel give to places.
type slotNames struct {
	firmware  map[place]string   // SMBIOS type 9, of slots in use: the first at that place
	functions map[address]string // the same, by function; "" where several claim it
	kernel    map[place]string   // /sys/bus/pci/slots
	onboard   map[address]string // SMBIOS type 41
}

// readSlots collects the names. The error says what could not be read, beside
// names that could.
func readSlots(ctx context.Context, h *host.Host) (slotNames, error) {
	var s slotNames
	err := s.readKernel(ctx, h)
	return s, errors.Join(err, s.readFirmware(ctx, h))
}

// readFirmware waits for the SMBIOS tables, which are read once for all
// collectors and so not under the limit set here.
func (s *slotNames) readFirmware(ctx context.Context, h *host.Host) error {
	limit, cancel := inventory.Bound(ctx, inventory.DeviceDeadline(ctx, tablesDeadline)/2)
	defer cancel()
	type answer struct {
		table *smbios.Table
		err   error
	}
	a, err := inventory.Await(limit, func(context.Context) (answer, error) {
		t, err := dmi.Read(ctx, h)
		return answer{t, err}, nil
	})
	if err != nil {
		return slotError(dmi.TablePath, err)
	}
	if a.table != nil {
		s.take(a.table)
	}
	return dmi.Issues(a.err, typeSlot, typeOnboard)
}

// SMBIOS structure types (DSP0134).
const (
	typeSlot    = 9
	typeOnboard = 41
)

func (s *slotNames) readKernel(ctx context.Context, h *host.Host) error {
	names, err := h.ReadDir(ctx, slotsDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return slotError(slotsDir, err)
	}
	files := make([]string, len(names))
	for i, n := range names {
		files[i] = n + "/address"
	}
	s.kernel = make(map[place]string, len(names))
	var errs []error
	for i, r := range h.ReadAttrs(ctx, slotsDir, files...) {
		file := slotsDir + "/" + files[i]
		if r.Err != nil {
			if !errors.Is(r.Err, fs.ErrNotExist) {
				errs = append(errs, slotError(file, r.Err))
			}
			continue
		}
		p, ok := decodePlace(sysfs.Clean(string(r.Data)))
		if !ok {
			errs = append(errs, slotError(file, inventory.ErrMalformed))
			continue
		}
		if s.kernel[p] == "" { // of several names the first stays
			s.kernel[p] = sysfs.Clean(names[i])
		}
	}
	return errors.Join(errs...)
}

func slotError(source string, err error) error {
	return &inventory.PartError{Field: "slot", Source: source, Err: sysfs.Cause(err)}
}

// take adds the names in the SMBIOS tables.
func (s *slotNames) take(t *smbios.Table) {
	s.firmware, s.functions, s.onboard = map[place]string{}, map[address]string{}, map[address]string{}
	for _, slot := range t.Slots() {
		name := slot.Designation()
		// What an empty slot's address means differs from firmware to firmware.
		if u := slot.Usage(); name == "" || u == "available" || u == "unavailable" {
			continue
		}
		s.addFirmware(slot.PCIAddress(), name)
		peers, _ := slot.Peers()
		for _, p := range peers {
			s.addFirmware(p.PCIAddress, name)
		}
	}
	for _, d := range t.OnboardDevices() {
		enabled, ok := d.Enabled()
		a, isPCI := decodeAddress(d.PCIAddress())
		if isPCI && (enabled || !ok) && s.onboard[a] == "" {
			s.onboard[a] = d.Designation()
		}
	}
}

func (s *slotNames) addFirmware(addr, name string) {
	a, ok := decodeAddress(addr)
	if !ok {
		return
	}
	if other, taken := s.functions[a]; taken && other != name {
		// Boards that do not know what their slots hold give several the
		// address of one device. A wrong slot is worse than none.
		s.functions[a] = ""
		if s.firmware[a.device] == other {
			s.firmware[a.device] = ""
		}
		return
	}
	s.functions[a] = name
	if _, taken := s.firmware[a.device]; !taken {
		s.firmware[a.device] = name
	}
}

// ofFirmware is the firmware's name for the slot of a function. It names one
// function of a card, which stands for all of them; the functions of a bridge
// device are ports that lead to different slots.
func (s *slotNames) ofFirmware(a address, bridge bool) string {
	if name := s.functions[a]; name != "" || bridge {
		return name
	}
	return s.firmware[a.device]
}

// ofKernel is the kernel's name for a device's slot. Where hot-plug drivers
// know the bus alone, the slot is that of the whole bus.
func (s *slotNames) ofKernel(p place) string {
	if name := s.kernel[p]; name != "" {
		return name
	}
	return s.kernel[p.onBus()]
}
