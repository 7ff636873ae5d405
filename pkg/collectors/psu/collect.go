// Package psu collects power supplies: from the BMC's FRU devices and sensors,
// else from SMBIOS.
package psu

import (
	"context"
	"errors"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/bmclink"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

const typePowerSupply = 39 // SMBIOS

// Collector makes the collector "psu".
func Collector(h *host.Host) inventory.Collector {
	return inventory.New("psu", []string{"power_supplies"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		all, err := Read(ctx, h.ForRun(s.Run()))
		for i := range all {
			s.Put(&all[i])
		}
		return all != nil, err
	})
}

// Read lists the power supplies, empty bays included. It is nil, nil when
// neither the BMC nor SMBIOS knows of any: blades and nodes of a shared
// chassis have none of their own.
func Read(ctx context.Context, h *host.Host) ([]inventory.PowerSupply, error) {
	table, dmiErr := dmi.Read(ctx, h)
	err := dmi.Issues(dmiErr, typePowerSupply)
	var described []smbios.PowerSupply
	if table != nil {
		described = table.PowerSupplies()
	}

	bays, bmcErr := askBMC(ctx, h)
	err = errors.Join(err, bmcErr)
	if len(bays) == 0 {
		return translateSMBIOS(described, false), err
	}
	all := translate(bays)
	rest := addDescribed(all, described)
	if bmclink.Lost(bmcErr) {
		// The BMC fell silent before it had named every bay.
		all = addUnseen(all, rest)
	}
	return all, err
}

// askBMC gathers what the BMC knows. It stops ahead of the collector's
// deadline, so that what a slow BMC has told by then is reported.
func askBMC(ctx context.Context, h *host.Host) ([]*bay, error) {
	ctx, cancel := bmclink.WithDeadline(ctx)
	defer cancel()
	link, release, err := bmclink.Open(ctx, h)
	defer release()
	if link == nil {
		return nil, err
	}
	g := &gatherer{link: link, bays: map[place]*bay{}}
	g.walk(ctx)
	bays := g.list()
	return bays, g.errors()
}
