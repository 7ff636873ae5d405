package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const (
	megaraidDriver = "megaraid_sas"
	megaraidNode   = "/dev/" + megaraid.NodeName
	// megaraidChannels is how many of the driver's channels hold drives passed
	// through; volumes are on those above. A channel has megaraidTargets
	// (MEGASAS_MAX_PD_CHANNELS, MEGASAS_MAX_DEV_PER_CHANNEL).
	megaraidChannels = 2
	megaraidTargets  = 128
	// firmwareDeadline is for the first word of a controller's firmware, which
	// answers from its memory: the drives of the whole machine wait for it.
	firmwareDeadline = 5 * time.Second
)

// behind is the way to a drive behind a MegaRAID controller.
type behind struct {
	host uint16
	pd   megaraid.PDAddress
}

// raidSet is what one MegaRAID controller told.
type raidSet struct {
	info    *megaraid.Controller
	battery *megaraid.Battery
	config  *megaraid.Config
	devices []megaraid.PDAddress
	volumes []*megaraid.LD
	listed  bool // the list of drives is whole
	errs    []error
	why     string // why it could not be asked at all
}

// askMegaRAID asks the MegaRAID controllers what they have, and makes drives
// and volumes of it.
func (m *machine) askMegaRAID(ctx context.Context, h *host.Host, units []*unit) []*unit {
	var list []*controller
	for _, c := range m.controllers {
		if c.part.Driver == megaraidDriver && len(c.part.Hosts) > 0 {
			list = append(list, c)
		}
	}
	sets := gather(ctx, driveDeadline, list, func(ctx context.Context, c *controller) *raidSet {
		return readMegaRAID(ctx, h, c.part.ID, c.part.Hosts[0])
	}, func(c *controller, err error) { c.why = err.Error() })
	for i, c := range list {
		if sets[i] != nil {
			units = append(units, m.addMegaRAID(c, sets[i], units)...)
		}
	}
	return units
}

// readMegaRAID asks one controller. It touches nothing but what it returns.
func readMegaRAID(ctx context.Context, h *host.Host, id, scsiHost string) *raidSet {
	s := &raidSet{}
	n, err := strconv.ParseUint(strings.TrimPrefix(scsiHost, "host"), 10, 16)
	if err != nil {
		s.why = "SCSI host " + scsiHost + " cannot be addressed"
		return s
	}
	dev, err := h.Open(ctx, host.MegaRAID, megaraidNode)
	if err != nil {
		s.why = "its firmware cannot be asked: " + sysfs.Cause(err).Error()
		if errors.Is(err, fs.ErrNotExist) {
			s.why = "its firmware cannot be asked: there is no " + megaraidNode
		}
		return s
	}
	defer dev.Close() //nolint:errcheck // nothing was written
	c := megaraid.NewClient(dev, uint16(n))
	fail := func(field string, err error) bool {
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			s.errs = append(s.errs, &inventory.PartError{ComponentID: id, Field: field, Source: megaraidNode, Err: err})
		}
		return !answered(err)
	}
	first, cancel := inventory.Bound(ctx, firmwareDeadline)
	s.info, err = c.Controller(first)
	cancel()
	if fail("firmware", err) {
		s.why = "its firmware does not answer: " + err.Error()
		return s
	}
	devices, err := c.PhysicalDrives(ctx)
	if devices != nil {
		s.devices, s.listed = devices.Devices, !devices.Truncated
	}
	if fail("hides_drives", err) {
		return s
	}
	volumes, err := c.LogicalDrives(ctx)
	if fail("logical_drives", err) {
		return s
	}
	if volumes != nil {
		for _, v := range volumes.Drives {
			ld, err := c.LogicalDrive(ctx, v.Target)
			if ld == nil { // what the list told
				ld = &megaraid.LD{SizeBytes: v.SizeBytes}
				ld.Target, ld.State = v.Target, v.State
			}
			s.volumes = append(s.volumes, ld)
			if fail("logical_drives", err) {
				return s
			}
		}
	}
	if s.config, err = c.Config(ctx); fail("logical_drives", err) {
		return s
	}
	if s.info != nil && s.info.HasBattery {
		s.battery, err = c.Battery(ctx)
		fail("battery_state", err)
	}
	return s
}

// addMegaRAID merges what a controller told into what sysfs did, and returns
// the drives that only the controller shows.
func (m *machine) addMegaRAID(c *controller, s *raidSet, units []*unit) []*unit {
	c.errs = append(c.errs, s.errs...)
	c.why, c.listed = s.why, s.listed
	c.part.Sources = append(c.part.Sources, megaraidNode)
	applyMegaRAID(&c.part, s)
	n, _ := strconv.ParseUint(strings.TrimPrefix(c.part.Hosts[0], "host"), 10, 16)
	shown := map[uint16]*unit{} // drives passed through, by device id
	blocks := map[int]*unit{}   // volumes, by target
	for _, u := range units {
		if u.at.function() != c.address || u.generic() {
			continue
		}
		channel, target := hctlTarget(u.at.hctl)
		switch {
		case channel < 0:
		case channel < megaraidChannels:
			shown[uint16(channel*megaraidTargets+target)] = u
		default:
			blocks[(channel-megaraidChannels)*megaraidTargets+target] = u
		}
	}
	c.set = &memberSet{ids: map[uint16]string{}}
	for _, ld := range s.volumes {
		v := megaraidVolume(ld)
		if u := blocks[int(ld.Target)]; u != nil {
			v.Sources = append(v.Sources, u.drive.Sources...)
			u.volume = v
		} else {
			v.ID = m.ids.Unique(inventory.IDOf("logical_drive", c.address, strconv.Itoa(int(ld.Target))))
			v.ParentID, v.ControllerID = c.part.ID, c.part.ID
			m.volumes = append(m.volumes, v)
		}
		v.Sources = append(v.Sources, megaraidNode)
		if s.config != nil {
			members, _ := s.config.Members(ld.Target)
			c.set.volumes = append(c.set.volumes, volumeMembers{v, members})
		}
	}
	var hidden []*unit
	for _, pd := range s.devices {
		if pd.Type != scsi.TypeDisk && pd.Type != scsi.TypeZonedDisk {
			continue // enclosures stand in the list too
		}
		path := fmt.Sprintf("megaraid:%s:%d", c.address, pd.DeviceID)
		u := shown[pd.DeviceID]
		if u == nil {
			u = &unit{name: path, at: place{bus: busSAS, pci: []string{c.address}}}
			u.drive.PCIAddress = c.address
			u.drive.Protocol = inventory.ProtocolSAS
			u.drive.Sources = []string{megaraidNode}
			hidden = append(hidden, u)
		}
		if u.drive.Protocol == inventory.ProtocolSCSI { // the driver shows no SAS topology
			u.drive.Protocol, u.drive.Transport = inventory.ProtocolSAS, "sas"
		}
		u.drive.Paths = append(u.drive.Paths, path)
		u.behind, u.set = &behind{host: uint16(n), pd: pd}, c.set
		if u.drive.Enclosure == nil {
			u.drive.Enclosure = bay(pd.EnclosureID, pd.Slot)
		}
	}
	return hidden
}

// hctlTarget reads channel and target of a SCSI address; -1, -1 when it is
// none.
func hctlTarget(hctl string) (channel, target int) {
	parts := strings.Split(hctl, ":")
	if len(parts) != 4 {
		return -1, -1
	}
	channel, err1 := strconv.Atoi(parts[1])
	target, err2 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil || channel >= 2*megaraidChannels || target >= megaraidTargets {
		return -1, -1
	}
	return channel, target
}

// bay is a place as the controller counts: enclosure device id and slot.
func bay(enclosure *uint16, slot uint8) *inventory.Enclosure {
	e := &inventory.Enclosure{Slot: strconv.Itoa(int(slot))}
	if enclosure != nil {
		e.ID = strconv.Itoa(int(*enclosure))
	}
	return e
}

// memberSet finds the component ids of volumes' members when all drives have
// theirs.
type memberSet struct {
	ids     map[uint16]string // by device id
	volumes []volumeMembers
}

type volumeMembers struct {
	volume  *inventory.LogicalDrive
	members []uint16
}

// settle names the members.
func (s *memberSet) settle() {
	for _, v := range s.volumes {
		for _, m := range v.members {
			if id := s.ids[m]; id != "" {
				v.volume.MemberIDs = append(v.volume.MemberIDs, id)
			}
		}
	}
}

// positionalID names a drive behind a controller that could not be asked.
func (b *behind) positionalID(address string) string {
	e := ""
	if b.pd.EnclosureID != nil {
		e = strconv.Itoa(int(*b.pd.EnclosureID))
	}
	return inventory.IDOf("drive", address, cmp.Or(e, "direct"), strconv.Itoa(int(b.pd.Slot)))
}
