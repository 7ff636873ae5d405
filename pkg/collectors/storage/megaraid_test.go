package storage_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/collectors/storage"
	"example.com/bee/pkg/inventory"
)

const perc = "0000:18:00.0"

// raidController simulates a MegaRAID controller with one mirror of two drives,
// and what is behind it.
type raidController struct {
	drives map[uint16]func(host.Request) (host.Response, error)
	sata   map[uint16]bool
	ld     byte // state of the volume
	dead   bool
}

func (c raidController) sim() *sim { return &sim{handle: c.answer} }

func (c raidController) answer(req host.Request) (host.Response, error) {
	if c.dead {
		return host.Response{}, syscall.ETIMEDOUT
	}
	cmd, err := megaraid.ParseCommand(req.Command)
	if err != nil {
		return host.Response{}, err
	}
	le := binary.LittleEndian
	if cmd.CDB != nil {
		resp, err := c.drives[uint16(cmd.Target)](host.Request{Command: trimCDB(cmd.CDB), ReadLen: req.ReadLen})
		if err != nil {
			return resp, err
		}
		if resp.Status[0] != 0 {
			return host.Response{Status: append([]byte{0x2D}, resp.Status[1:]...), Data: resp.Data}, nil
		}
		return host.Response{Status: []byte{0}, Data: resp.Data}, nil
	}
	b := make([]byte, req.ReadLen)
	ids := make([]uint16, 0, len(c.drives))
	for id := range c.drives {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	switch cmd.Opcode {
	case 0x01010000: // controller
		copy(b[0x540:], "PERC H730 Mini")
		copy(b[0x590:], "62Q00FX")
		copy(b[0x640:], "25.5.5.0005")
		le.PutUint32(b[0x5B0:], 1)
		le.PutUint16(b[0x5D0:], 1024)
	case 0x02010000: // drives
		le.PutUint32(b[0:], uint32(8+24*len(ids)))
		le.PutUint32(b[4:], uint32(len(ids)))
		for i, id := range ids {
			le.PutUint16(b[8+24*i:], id)
			le.PutUint16(b[8+24*i+2:], 32)
			b[8+24*i+5] = byte(id)
		}
	case 0x02020000: // one drive
		id := le.Uint16(cmd.Mailbox[:])
		le.PutUint16(b, id)
		le.PutUint16(b[184:], 0x18)
		le.PutUint16(b[256:], 32)
		b[259] = byte(id)
		b[401] = 2
		if c.sata[id] {
			b[401] = 3
		}
	case 0x03010000: // volumes
		le.PutUint32(b, 1)
		b[8+4] = c.ld
		le.PutUint64(b[8+8:], 4096000)
	case 0x03020000:
		copy(b[4:], "system")
		b[32], b[35], b[36], b[37], b[38] = 1, 7, 2, 1, c.ld
		le.PutUint64(b[64+8:], 4096000)
		le.PutUint16(b[64+16:], 4)
		le.PutUint64(b[256:], 4096000)
	case 0x04010000: // one array of the first two drives, one volume
		le.PutUint32(b, 32+288+256)
		le.PutUint16(b[4:], 1)
		le.PutUint16(b[6:], 288)
		le.PutUint16(b[8:], 1)
		le.PutUint16(b[10:], 256)
		le.PutUint16(b[14:], 40)
		a := b[32:]
		a[8] = 2
		le.PutUint16(a[10:], 4)
		for i, id := range ids[:2] {
			le.PutUint16(a[32+8*i:], id)
			le.PutUint16(a[32+8*i+4:], 0x18)
		}
		v := b[32+288:]
		v[32], v[36], v[37], v[38] = 1, 2, 1, c.ld
		le.PutUint16(v[64+16:], 4)
	case 0x05010000: // battery: to be replaced
		le.PutUint32(b[8:], 1<<3)
	default:
		return host.Response{Status: []byte{1}}, nil
	}
	return host.Response{Status: []byte{0}, Data: b}, nil
}

// trimCDB cuts a CDB padded to 16 bytes to what its group code says.
func trimCDB(b []byte) []byte {
	n := [...]int{6, 10, 10, 16, 16, 12, 16, 16}[b[0]>>5]
	return b[:min(n, len(b))]
}

// raidServer has a mirror behind a MegaRAID controller, and a third drive that
// is passed through to the kernel as sdb.
func raidServer(c raidController) *machine {
	m := newMachine()
	m.function(perc, "010400", "1000", "005d", "megaraid_sas")
	m.scsiHost(1, perc)
	m.scsi("sda", perc+"/host1", "1:2:0:0", "vendor", "DELL\n", "model", "PERC H730 Mini\n", "wwid", "naa.6d0946600f3e8d0021a1b2c3d4e5f607\n")
	m.Devices[m.scsi("sdb", perc+"/host1", "1:0:2:0", "vendor", "SEAGATE\n", "model", "ST600MM0009\n", "wwid", "naa.5000c500aaaa0003\n")] = sasDrive{serial: "SN2"}.sim()
	if c.drives == nil {
		c.drives = map[uint16]func(host.Request) (host.Response, error){
			0: sasDrive{serial: "SN0"}.answer, 1: healthyATA("SN1").answer, 2: sasDrive{serial: "SN2"}.answer,
		}
		c.sata = map[uint16]bool{1: true}
	}
	if c.ld == 0 {
		c.ld = 3
	}
	m.Devices["megaraid /dev/megaraid_sas_ioctl_node"] = c.sim()
	return m
}

func TestMegaRAID(t *testing.T) {
	t.Parallel()
	r := raidServer(raidController{}).collect(t.Context())
	if status(r) != inventory.StatusOK || len(r.Storage) != 3 || len(r.LogicalDrives) != 1 {
		t.Fatalf("%s %+v %+v", status(r), r.Storage, r.Issues)
	}
	c := r.StorageControllers[0]
	if c.Model != "PERC H730 Mini" || c.SerialNumber != "62Q00FX" || c.Firmware != "25.5.5.0005" || *c.CacheBytes != 1<<30 || *c.HidesDrives {
		t.Errorf("%+v", c)
	}
	got := map[string]string{}
	for _, d := range r.Storage {
		if d.Health == nil || d.Health.Status != inventory.HealthOK {
			t.Errorf("%s: %+v", d.ID, d.Health)
		}
		got[d.SerialNumber] = fmt.Sprint(d.ID, " ", d.Device, " ", d.Protocol, " ", d.State, " ", d.Paths, " ", d.Enclosure.Slot, " ", d.ControllerID)
	}
	want := map[string]string{
		"SN0": "drive:SN0  sas online [megaraid:0000:18:00.0:0] 0 controller:0000:18:00.0",
		"SN1": "drive:SN1  sata online [megaraid:0000:18:00.0:1] 1 controller:0000:18:00.0",
		"SN2": "drive:5000c500aaaa0003 sdb sas  [sdb megaraid:0000:18:00.0:2] 2 controller:0000:18:00.0",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	v := r.LogicalDrives[0]
	if v.Level != "raid1" || v.State != "optimal" || v.Device != "sda" || v.Name != "system" || *v.SizeBytes != 4096000*512 {
		t.Errorf("%+v", v)
	}
	if d := cmp.Diff([]string{"drive:SN0", "drive:SN1"}, v.MemberIDs); d != "" {
		t.Error(d)
	}
}

func TestMegaRAIDDegraded(t *testing.T) {
	t.Parallel()
	r := raidServer(raidController{ld: 2, drives: map[uint16]func(host.Request) (host.Response, error){
		0: sasDrive{serial: "SN0", asc: 0x5D}.answer,
		1: func(host.Request) (host.Response, error) { return host.Response{Status: []byte{2}}, nil },
	}}).collect(t.Context())
	if d := cmp.Diff([]string{
		"critical storage.drive_failing", "warning storage.drive_not_answering", "warning storage.logical_drive_degraded", "warning storage.raid_battery",
	}, codes(r)); d != "" {
		t.Error(d)
	}
	for _, d := range r.Storage { // the drive that does not answer has a name by its place
		if d.SerialNumber == "" && d.Device == "" && d.ID != "drive:0000:18:00.0/32/1" {
			t.Errorf("%+v", d)
		}
	}
}

// TestMegaRAIDSilent: without its firmware interface the list is not complete,
// and the report says why.
func TestMegaRAIDSilent(t *testing.T) {
	t.Parallel()
	missing := raidServer(raidController{})
	delete(missing.Devices, "megaraid /dev/megaraid_sas_ioctl_node")
	for name, test := range map[string]struct {
		m    *machine
		want string
	}{
		"no node": {missing, "there is no /dev/megaraid_sas_ioctl_node"},
		"dead":    {raidServer(raidController{dead: true}), "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := test.m.collect(t.Context())
			c := r.StorageControllers[0]
			if status(r) != inventory.StatusPartial || c.HidesDrives == nil || !*c.HidesDrives || len(r.Storage) != 1 || len(r.LogicalDrives) != 1 {
				t.Fatalf("%+v %+v", c, r.Storage)
			}
			if len(r.Findings) == 0 || r.Findings[len(r.Findings)-1].Code != "storage.hidden_drives" ||
				!strings.Contains(r.Findings[len(r.Findings)-1].Evidence["detail"], test.want) {
				t.Errorf("%+v", r.Findings)
			}
		})
	}
}

// TestMegaRAIDHangs: of two controllers, which share one node, one hangs as a
// whole, and one drive behind the other; the rest is complete, and soon.
func TestMegaRAIDHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		well := raidController{ld: 3, drives: map[uint16]func(host.Request) (host.Response, error){
			0: sasDrive{serial: "SN0"}.answer, 2: sasDrive{serial: "SN2"}.answer,
			1: func(host.Request) (host.Response, error) { <-gate; return host.Response{}, syscall.EIO },
		}}
		m := raidServer(well)
		m.function("0000:3b:00.0", "010400", "1000", "005d", "megaraid_sas")
		m.scsiHost(0, "0000:3b:00.0")
		m.Devices[m.nvme(0, "S4EVNX0M", "nqn.s4")] = healthyNVMe("S4EVNX0M").sim()
		m.Devices["megaraid /dev/megaraid_sas_ioctl_node"] = &sim{handle: func(req host.Request) (host.Response, error) {
			if cmd, err := megaraid.ParseCommand(req.Command); err != nil || cmd.Host == 0 {
				<-gate
				return host.Response{}, syscall.EIO
			}
			return well.answer(req)
		}}
		start := time.Now()
		r := inventory.Collect(t.Context(), []inventory.Collector{storage.Collector(m.Host())}, inventory.WithTimeout(time.Minute))
		took := time.Since(start)
		close(gate)
		if status(r) != inventory.StatusPartial || len(r.Storage) != 4 || len(r.StorageControllers) != 2 {
			t.Fatalf("%s %+v %+v", status(r), r.Storage, r.StorageControllers)
		}
		if took > 20*time.Second { // 5 for the controller, 13.5 for the drive
			t.Errorf("took %v", took)
		}
		answered := 0
		for _, d := range r.Storage {
			switch {
			case d.Health != nil && d.Health.Status == inventory.HealthOK:
				answered++
			case d.ID != "drive:"+perc+"/32/1" || d.State != "online":
				t.Errorf("%+v", d)
			}
		}
		if answered != 3 {
			t.Errorf("%d drives answered", answered)
		}
		for _, c := range r.StorageControllers {
			if hides := c.HidesDrives != nil && *c.HidesDrives; hides != (c.PCIAddress == "0000:3b:00.0") {
				t.Errorf("%+v", c)
			}
		}
	})
}
