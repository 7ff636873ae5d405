package psu_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/collectors/internal/smbios/smbiostest"
	"example.com/bee/pkg/collectors/psu"
	"example.com/bee/pkg/inventory"
)

// machine is one with a BMC, nil for none, and SMBIOS structures.
func machine(b *ipmitest.BMC, structures ...*smbiostest.Structure) *hosttest.Source {
	s := &hosttest.Source{Files: map[string]string{}, Errors: map[string]error{}, Devices: map[string]host.Device{}}
	if len(structures) > 0 {
		table := smbiostest.Table(structures...)
		s.Files[dmi.TablePath] = string(table)
		s.Files[dmi.EntryPath] = string(smbiostest.Entry3(3, 2, 0, len(table)))
	}
	if b != nil {
		s.Devices["ipmi /dev/ipmi0"] = b
	}
	return s
}

// line is a power supply in short: present slot, status, maker model part
// serial revision, watts, input, damage.
func line(p inventory.PowerSupply) string {
	present := "?"
	if p.Present != nil {
		present = map[bool]string{true: "+", false: "-"}[*p.Present]
	}
	words := []string{present + p.Slot, string(p.Status), strings.TrimSpace(strings.Join([]string{p.Manufacturer, p.Model, p.PartNumber, p.SerialNumber, p.Revision}, " "))}
	if p.CapacityWatts != nil {
		words = append(words, fmt.Sprint(*p.CapacityWatts, "W"))
	}
	if p.InputWatts != nil {
		words = append(words, fmt.Sprint("in ", *p.InputWatts))
	}
	if p.OutputWatts != nil {
		words = append(words, fmt.Sprint("out ", *p.OutputWatts))
	}
	if p.Damaged != nil {
		words = append(words, fmt.Sprint(p.Damaged))
	}
	return strings.Join(words, "|")
}

func lines(all []inventory.PowerSupply) []string {
	var out []string
	for _, p := range all {
		out = append(out, line(p))
	}
	return out
}

const (
	first  = "+PS1|ok|Acme PS 750 P750 SER0001 R1|750W|in 180"
	second = "+PS2|ok|Acme PS 750 P750 SER0002 R1|750W|in 180"
)

// drop takes records away from the repository.
func drop(b *ipmitest.BMC, unwanted func(kind, entity uint8) bool) {
	var kept [][]byte
	for _, r := range b.SDR {
		entity := r[8]
		if r[3] == 0x11 {
			entity = r[12]
		}
		if !unwanted(r[3], entity) {
			kept = append(kept, r)
		}
	}
	b.SDR = kept
}

// damageMulti changes a byte of the first multirecord's data.
func damageMulti(fru []byte) { fru[int(fru[5])*8+12]++ }

// described is a power supply record; empty strings are left out.
func described(i uint16, place, serial string, watts uint16) *smbiostest.Structure {
	s := smbiostest.New(39, 0x2700+i, 0x16).Str(0x06, "PS1100").Str(0x07, "Acme Power").U16(0x0C, watts).U16(0x0E, 0x11A3)
	if place != "" {
		s.Str(0x05, place)
	}
	if serial != "" {
		s.Str(0x08, serial)
	}
	return s
}

func isLocator(kind, _ uint8) bool { return kind == 0x11 }

func isSupplySensor(kind, entity uint8) bool { return kind != 0x11 && entity == 10 }

// otherEntity lets the repository call all FRU devices something else.
func otherEntity(b *ipmitest.BMC) {
	for _, r := range b.SDR {
		if r[3] == 0x11 {
			r[12] = 0x11
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(b *ipmitest.BMC)
		want   []string
		err    error
	}{
		"two supplies":  {func(*ipmitest.BMC) {}, []string{first, second}, nil},
		"input lost":    {func(b *ipmitest.BMC) { b.SetSupply(2, 0x08) }, []string{first, strings.Replace(second, "ok", "input_lost", 1)}, nil},
		"out of range":  {func(b *ipmitest.BMC) { b.SetSupply(2, 0x20) }, []string{first, strings.Replace(second, "ok", "input_lost", 1)}, nil},
		"failed":        {func(b *ipmitest.BMC) { b.SetSupply(1, 0x0A) }, []string{strings.Replace(first, "ok", "failed", 1), second}, nil},
		"will fail":     {func(b *ipmitest.BMC) { b.SetSupply(1, 0x04) }, []string{strings.Replace(first, "ok", "predictive_failure", 1), second}, nil},
		"configuration": {func(b *ipmitest.BMC) { b.SetSupply(1, 0x40) }, []string{strings.Replace(first, "ok", "configuration_error", 1), second}, nil},
		"empty bay":     {func(b *ipmitest.BMC) { b.EmptyBay(2) }, []string{first, "-PS2||"}, nil},
		"sensor blind": {
			// The inventory is there, the sensor does not see the supply: its
			// state is not known.
			func(b *ipmitest.BMC) {
				b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: ipmitest.SupplyStatus + 1}] = ipmitest.Sensor{Flags: 0xC0}
			},
			[]string{strings.Replace(first, "ok", "unknown", 1), second},
			nil,
		},
		"fault without presence": {
			func(b *ipmitest.BMC) {
				b.EmptyBay(2)
				b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: ipmitest.SupplyStatus + 2}] = ipmitest.Sensor{Flags: 0xC0, States: 2}
			},
			[]string{first, "+PS2|failed|"},
			nil,
		},
		"no sensors":             {func(b *ipmitest.BMC) { drop(b, isSupplySensor) }, []string{"+PS1|unknown|Acme PS 750 P750 SER0001 R1|750W", "+PS2|unknown|Acme PS 750 P750 SER0002 R1|750W"}, nil},
		"no sensors, slot empty": {func(b *ipmitest.BMC) { drop(b, isSupplySensor); delete(b.FRUs, 2) }, []string{"+PS1|unknown|Acme PS 750 P750 SER0001 R1|750W", "-PS2||"}, nil},
		"no FRU, only sensors":   {func(b *ipmitest.BMC) { drop(b, isLocator) }, []string{"+PS1|ok||in 180", "+PS2|ok||in 180"}, nil},
		"by content":             {func(b *ipmitest.BMC) { drop(b, isSupplySensor); otherEntity(b) }, []string{"+PS1|unknown|Acme PS 750 P750 SER0001 R1|750W", "+PS2|unknown|Acme PS 750 P750 SER0002 R1|750W"}, nil},
		"by content, bays known": {otherEntity, []string{first, second}, nil},
		"a name is no power supply": {func(b *ipmitest.BMC) {
			drop(b, isSupplySensor)
			otherEntity(b)
			b.FRUs[1], b.FRUs[2] = b.FRUs[3], b.FRUs[3]
		}, nil, nil},
		"damaged multirecord": {
			func(b *ipmitest.BMC) { damageMulti(b.FRUs[2]) },
			[]string{first, "+PS2|ok|Acme PS 750 P750 SER0002 R1|in 180|[multirecord: record data checksum is wrong]"},
			nil,
		},
		"damaged product": {
			func(b *ipmitest.BMC) { b.FRUs[2][20]++ },
			[]string{first, "+PS2|ok||750W|in 180|[product: checksum is wrong]"},
			nil,
		},
		"damaged header": {func(b *ipmitest.BMC) { b.FRUs[2][1]++ }, []string{first, "+PS2|ok||in 180|[header]"}, inventory.ErrMalformed},
		"blank":          {func(b *ipmitest.BMC) { b.FRUs[2] = make([]byte, 64) }, []string{first, "+PS2|ok||in 180"}, nil},
		"gone sensor": {func(b *ipmitest.BMC) {
			delete(b.Sensors, ipmitest.SensorKey{Addr: 0x20, Number: ipmitest.SupplyInput + 1})
		}, []string{strings.TrimSuffix(first, "|in 180"), second}, nil},
		"none at all": {
			func(b *ipmitest.BMC) {
				drop(b, isSupplySensor)
				drop(b, isLocator)
			}, nil, nil,
		},
		"empty repository": {func(b *ipmitest.BMC) { b.SDR = nil }, nil, nil},
		"watts of an unnamed side": {
			func(b *ipmitest.BMC) { b.SDR = append(b.SDR, watts(900, "PS1 Watts")) }, []string{first, second}, nil,
		},
		"output": {
			func(b *ipmitest.BMC) { b.SDR = append(b.SDR, watts(900, "PSU1_POut")) }, []string{first + "|out 40", second}, nil,
		},
		"state and watts of one sensor": {
			func(b *ipmitest.BMC) {
				drop(b, isSupplySensor)
				r := ipmitest.SensorSpec{ID: 901, Number: 0xE1, Entity: 10, Instance: 1, Type: 8, EventType: 0x6F, Readable: 0x0F, Units: [3]uint8{0, 6, 0}, M: 2, Name: "Power Supply 1 Out"}
				b.SDR = append(b.SDR, r.Full())
				b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: 0xE1}] = ipmitest.Sensor{Raw: 35, Flags: 0xC0, States: 0x05}
			},
			[]string{"+PS1|predictive_failure|Acme PS 750 P750 SER0001 R1|750W|out 70", "+PS2|unknown|Acme PS 750 P750 SER0002 R1|750W"},
			nil,
		},
		"presence by a digital sensor": {
			func(b *ipmitest.BMC) {
				drop(b, isSupplySensor)
				b.FRUs[2] = make([]byte, 64)
				for bay := range uint8(2) {
					r := ipmitest.SensorSpec{ID: 901 + uint16(bay), Number: 0xE1 + bay, Entity: 10, Instance: 1 + bay, Type: 8, EventType: 8, Readable: 3, Name: "Presence"}
					b.SDR = append(b.SDR, r.Compact())
					b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: 0xE1 + bay}] = ipmitest.Sensor{Flags: 0xC0, States: 2 >> bay}
				}
			},
			[]string{"+PS1|unknown|Acme PS 750 P750 SER0001 R1|750W", "-PS2||"},
			nil,
		},
		"severity sensor": {
			func(b *ipmitest.BMC) {
				drop(b, isSupplySensor)
				b.SDR = append(b.SDR, ipmitest.SensorSpec{ID: 901, Number: 0xE1, Entity: 10, Instance: 1, Type: 8, EventType: 7, Readable: 0xFF, Name: "PS1"}.Compact())
				b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: 0xE1}] = ipmitest.Sensor{Flags: 0xC0, States: 4}
			},
			[]string{"+PS1|failed|Acme PS 750 P750 SER0001 R1|750W", "+PS2|unknown|Acme PS 750 P750 SER0002 R1|750W"},
			nil,
		},
		"bays of two controllers": {
			// Instances from 60h on are each controller's own.
			func(b *ipmitest.BMC) {
				drop(b, isSupplySensor)
				drop(b, isLocator)
				for i, owner := range []uint8{0x24, 0x26} {
					r := ipmitest.SensorSpec{ID: 901 + uint16(i), Owner: owner, Number: 9, Entity: 10, Instance: 0x61, Type: 8, EventType: 0x6F, Readable: 0x0F, Name: fmt.Sprintf("Unit %d", i+1)}
					b.SDR = append(b.SDR, r.Compact())
					b.Sensors[ipmitest.SensorKey{Addr: owner, Number: 9}] = ipmitest.Sensor{Flags: 0xC0, States: 1}
				}
			},
			[]string{"+Unit 1|ok|", "+Unit 2|ok|"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := ipmitest.Server()
			tt.change(b)
			all, err := psu.Read(t.Context(), machine(b).Host())
			if diff := cmp.Diff(tt.want, lines(all)); diff != "" {
				t.Error(diff)
			}
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
		})
	}
}

func watts(id uint16, name string) []byte {
	return ipmitest.SensorSpec{ID: id, Number: 0x18, Entity: 10, Instance: 1, Type: 0x0B, EventType: 1, Units: [3]uint8{0, 6, 0}, M: 1, BExp: 0, B: -4, Name: name}.Full()
}

func TestSMBIOS(t *testing.T) {
	t.Parallel()
	blank := smbiostest.New(39, 0x3902, 0x16).Str(0x05, "To Be Filled By O.E.M.").Str(0x07, "To Be Filled By O.E.M.").U16(0x0C, 0x8000).U16(0x0E, 0x1032)
	// template is what a common firmware ships where nobody described a supply.
	template := func(characteristics uint16) *smbiostest.Structure {
		return smbiostest.New(39, 0x3903, 0x16).Str(0x05, "OEM_Define0").Str(0x06, "OEM_Define1").Str(0x07, "OEM_Define2").
			Str(0x08, "OEM_Define3").Str(0x0A, "OEM_Define5").U16(0x0C, 75).U16(0x0E, characteristics)
	}
	for name, tt := range map[string]struct {
		bmc        *ipmitest.BMC
		structures []*smbiostest.Structure
		want       []string
	}{
		"nothing at all": {},
		"not filled in":  {structures: []*smbiostest.Structure{blank}},
		"BMC without supplies": {
			bmc: &ipmitest.BMC{}, structures: []*smbiostest.Structure{smbiostest.PowerSupply(0, "PSU 1", "S1")},
			want: []string{"+PSU 1|ok|Acme Power PS750 AP-750 S1 A02|750W"},
		},
		"BMC without supplies, not filled in": {bmc: &ipmitest.BMC{}, structures: []*smbiostest.Structure{blank}},
		"no BMC": {
			structures: []*smbiostest.Structure{smbiostest.PowerSupply(0, "PSU 1", "S1"), smbiostest.PowerSupply(1, "PSU 2", "S2").U16(0x0E, 0x12A7)},
			want:       []string{"+PSU 1|ok|Acme Power PS750 AP-750 S1 A02|750W", "+PSU 2|input_lost|Acme Power PS750 AP-750 S2 A02|750W"},
		},
		"template with a capacity, absent":  {structures: []*smbiostest.Structure{template(0x1124)}},
		"template with a capacity, present": {structures: []*smbiostest.Structure{template(0x11A6)}},
		"nameless and feeding":              {structures: []*smbiostest.Structure{template(0x11A2)}, want: []string{"+|ok||75W"}},
		"one critical": {
			structures: []*smbiostest.Structure{smbiostest.PowerSupply(0, "PSU 1", "S1").U16(0x0E, 0x12A3), smbiostest.PowerSupply(1, "PSU 2", "S2")},
			want:       []string{"+PSU 1|failed|Acme Power PS750 AP-750 S1 A02|750W", "+PSU 2|ok|Acme Power PS750 AP-750 S2 A02|750W"},
		},
		"all critical": {
			structures: []*smbiostest.Structure{smbiostest.PowerSupply(0, "PSU 1", "S1").U16(0x0E, 0x12A3), smbiostest.PowerSupply(1, "PSU 2", "S2").U16(0x0E, 0x12A3)},
			want:       []string{"+PSU 1|unknown|Acme Power PS750 AP-750 S1 A02|750W", "+PSU 2|unknown|Acme Power PS750 AP-750 S2 A02|750W"},
		},
		"the only one, without input": {
			structures: []*smbiostest.Structure{smbiostest.PowerSupply(0, "PSU 1", "S1").U16(0x0E, 0x11A6)},
			want:       []string{"+PSU 1|unknown|Acme Power PS750 AP-750 S1 A02|750W"},
		},
		"described as empty": {
			structures: []*smbiostest.Structure{smbiostest.PowerSupply(0, "PSU 1", "S1"), smbiostest.New(39, 0x3901, 0x16).Str(5, "PSU 2").U16(0x0C, 0x8000)},
			want:       []string{"+PSU 1|ok|Acme Power PS750 AP-750 S1 A02|750W", "-PSU 2||"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, err := psu.Read(t.Context(), machine(tt.bmc, tt.structures...).Host())
			if diff := cmp.Diff(tt.want, lines(all)); diff != "" || err != nil {
				t.Error(diff, err)
			}
			if tt.want == nil && all != nil {
				t.Error("an empty list where nobody knows of power supplies")
			}
		})
	}
}

// TestMerge: SMBIOS adds what the BMC did not say, and is kept where it says
// otherwise.
func TestMerge(t *testing.T) {
	t.Parallel()
	cut := func(b *ipmitest.BMC) { // no watts: the multirecord is damaged
		damageMulti(b.FRUs[1])
		damageMulti(b.FRUs[2])
	}
	for name, tt := range map[string]struct {
		places, serials [2]string
		want            [2]bool // capacity was found
	}{
		"by serial":                  {[2]string{"", ""}, [2]string{"SER0002", "SER0001"}, [2]bool{true, true}},
		"by serial, crossed places":  {[2]string{"PSU 2", "PSU 1"}, [2]string{"SER0001", "SER0002"}, [2]bool{true, true}},
		"by place":                   {[2]string{"PSU 1 bay", "Power Supply 02"}, [2]string{"", ""}, [2]bool{true, true}},
		"by a number cut short":      {[2]string{"", ""}, [2]string{"SER0001XYZ", "SER0002XYZ"}, [2]bool{true, true}},
		"cut so short that both fit": {[2]string{"", ""}, [2]string{"SER000", ""}, [2]bool{false, false}},
		"another serial":             {[2]string{"PSU 1", "PSU 2"}, [2]string{"OTHER1", "OTHER2"}, [2]bool{false, false}},
		"one place twice":            {[2]string{"PSU 1", "PSU 1"}, [2]string{"", ""}, [2]bool{false, false}},
		"no place":                   {[2]string{"", ""}, [2]string{"", ""}, [2]bool{false, false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := ipmitest.Server()
			cut(b)
			all, err := psu.Read(t.Context(), machine(b,
				described(0, tt.places[0], tt.serials[0], 1100), described(1, tt.places[1], tt.serials[1], 1100)).Host())
			if err != nil || len(all) != 2 {
				t.Fatal(all, err)
			}
			for i, p := range all {
				got := p.CapacityWatts != nil && *p.CapacityWatts == 1100
				if got != tt.want[i] {
					t.Errorf("%s: %s, want a capacity: %v", name, line(p), tt.want[i])
				}
				if _, disputed := p.Provenance["model"]; disputed != got || len(p.Sources) != map[bool]int{true: 2, false: 1}[got] {
					t.Errorf("provenance %v, sources %v", p.Provenance, p.Sources)
				}
			}
		})
	}
	b := ipmitest.Server()
	all, err := psu.Read(t.Context(), machine(b, described(0, "", "SER0001", 1100)).Host())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]inventory.Provenance{}
	for field, v := range map[string]string{"manufacturer": "Acme Power", "model": "PS1100", "capacity_watts": "1100"} {
		want[field] = inventory.Provenance{Source: "ipmi", Rejected: map[string]string{dmi.TablePath: v}}
	}
	if diff := cmp.Diff(want, all[0].Provenance); diff != "" || *all[0].CapacityWatts != 750 {
		t.Error(diff)
	}
}

// TestDenied: what SMBIOS says is worth having when the BMC may not be asked.
func TestDenied(t *testing.T) {
	t.Parallel()
	s := machine(nil, smbiostest.PowerSupply(0, "PSU 1", "S1"))
	all, err := psu.Read(t.Context(), host.New(deniedDevices{s}))
	if len(all) != 1 || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v, %v", all, err)
	}
	s.Errors[dmi.TablePath], s.Errors[dmi.EntryPath] = fs.ErrPermission, fs.ErrPermission
	all, err = psu.Read(t.Context(), host.New(deniedDevices{s}))
	if all != nil || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v, %v", all, err)
	}
}

type deniedDevices struct{ *hosttest.Source }

func (deniedDevices) Open(_ host.Protocol, name string) (host.Device, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}
