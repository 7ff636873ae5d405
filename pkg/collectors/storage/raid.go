package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// raidDriver says that a kernel driver serves RAID controllers whose members
// the kernel does not see as disks. mpt3sas is not among them: its members have
// generic devices.
func raidDriver(driver string) bool {
	switch driver {
	case "megaraid_sas", "smartpqi", "hpsa", "mpi3mr", "aacraid", "megaraid", "megaraid_mbox", "cciss", "ipr", "ips",
		"3w-xxxx", "3w-9xxx", "3w-sas", "arcmsr", "esas2r", "stex", "hptiop", "mvumi", "gdth", "dpt_i2o", "pmcraid",
		"hptmv", "rsxx", "myrs", "myrb", "DAC960", "ps3stor", "leapioraid":
		return true
	}
	return false
}

// bootRAID recognises the small mirrors for boot drives. They look like an
// AHCI or NVMe function and show their volume as an ordinary drive: Marvell
// 88SE9230 in Dell BOSS-S1, 88NR2241 in BOSS-S2, BOSS-N1, HPE NS204i and
// Lenovo M.2 mirroring kits.
func (c *controller) bootRAID() bool {
	switch {
	case c.vendor == "1b4b" && c.device == "9230":
		return c.subVendor == "1028"
	case c.vendor == "1b4b" && c.device == "2241":
		return true
	}
	return false
}

// hides says why drives may exist behind the controller that cannot be listed;
// "" when there are none.
func (c *controller) hides() string {
	driver := c.part.Driver
	switch {
	case c.remapped > 0:
		return fmt.Sprintf("%d NVMe drives are remapped behind AHCI by the firmware's RAID mode", c.remapped)
	case c.bootRAID():
		return "it shows its volume in place of its drives"
	case driver == "" && strings.HasPrefix(c.class, "0104"):
		return "it has no driver"
	case driver == megaraidDriver && c.why == "" && len(c.part.Hosts) > 0:
		if c.listed {
			return ""
		}
		return "its list of drives could not be read to the end"
	case driver == megaraidDriver && c.why != "":
		return c.why
	case raidDriver(driver):
		// The same drivers serve plain adapters, which show all they have.
		if !strings.HasPrefix(c.class, "0104") && c.volumes == 0 && c.visible > 0 {
			return ""
		}
		return "driver " + driver + " does not show physical drives"
	}
	return ""
}

// settle decides whether the controller hides drives, and says so.
func (c *controller) settle() {
	why := c.hides()
	if c.part.ControllerKind == "raid" || why != "" {
		c.part.HidesDrives = new(why != "")
	}
	if why == "" {
		return
	}
	c.errs = append(c.errs, &inventory.PartError{
		ComponentID: c.part.ID, Field: "hides_drives", Source: c.part.PCIAddress,
		Err: fmt.Errorf("physical drives behind controller %s cannot be listed: %s: %w", c.pciName(), why, errors.ErrUnsupported),
	})
}

// isVolume says that a device behind the controller is a volume of it.
func (c *controller) isVolume(u *unit) bool {
	_, rest, _ := strings.Cut(u.at.hctl, ":")
	channel, _, _ := strings.Cut(rest, ":")
	if c.bootRAID() {
		return true
	}
	switch c.part.Driver {
	case "megaraid_sas": // MEGASAS_MAX_PD_CHANNELS: 0 and 1 are drives passed through
		return channel != "" && channel != "0" && channel != "1" && u.behind == nil
	case "aacraid": // CONTAINER_CHANNEL
		return channel == "0"
	case "smartpqi", "hpsa": // the attribute raid_level tells, see readSCSI
		return false
	case "mpi3mr":
		return u.at.endDevice == "" && !u.sat && !u.generic()
	}
	return raidDriver(c.part.Driver) && u.at.endDevice == "" && !u.sat && !u.generic()
}

const raidClass = "/sys/class/raid_devices"

// readRAIDClass reads the volumes drivers have registered as such, by SCSI
// address. Source: drivers/scsi/raid_class.c; mpt3sas does.
func readRAIDClass(ctx context.Context, h *host.Host) (map[string]*inventory.LogicalDrive, error) {
	names, err := list(ctx, h, raidClass)
	volumes := map[string]*inventory.LogicalDrive{}
	errs := []error{err}
	for _, name := range names {
		if !isHCTL(name) {
			continue
		}
		a := sysfs.Read(ctx, h, "", raidClass+"/"+name, "level", "state")
		v := &inventory.LogicalDrive{Level: raidLevel(known(a.Text("level", "level"))), State: raidState(a.Text("state", "state"))}
		v.Sources = []string{raidClass + "/" + name}
		volumes[name] = v
		errs = append(errs, a.Err())
	}
	return volumes, errors.Join(errs...)
}

// raidState brings the kernel's words into the report's.
func raidState(s string) string {
	switch s {
	case "active", "online":
		return "optimal"
	case "resyncing":
		return "degraded"
	case "degraded", "offline":
		return s
	}
	return ""
}

// volumeHealth is the verdict a state stands for.
func volumeHealth(state string) inventory.Health {
	switch state {
	case "optimal":
		return inventory.HealthOK
	case "degraded", "partially_degraded":
		return inventory.HealthWarning
	case "offline":
		return inventory.HealthCritical
	}
	return inventory.HealthUnknown
}
