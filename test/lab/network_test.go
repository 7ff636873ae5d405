//go:build lab

//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
	"example.com/bee/test/lab/sffgen"
	"example.com/bee/test/lab/witness"
)

// cages holds what is plugged into sfp0, sfp1, ...
func cages() []string { return []string{"sfp", "sfp-dac", "qsfp", "qsfp-dac", "cmis", "cmis-dac"} }

// networkSetup makes a bond, a bridge, a VLAN and a pair of virtual links, and
// plugs in the modules. sfp1 never gets a carrier, sfp5 is switched off.
const networkSetup = `
modprobe bonding max_bonds=0
modprobe -a bridge veth 8021q
by() { for d in /sys/class/net/*/device/driver; do [ "$(readlink -f $d)" = "$(readlink -f /sys/bus/*/drivers/$1)" ] && echo $d | cut -d/ -f5; done; }
ip link add bond0 type bond mode active-backup miimon 100
for d in e1000 e1000e; do n=$(by $d); ip link set $n down; ip link set $n master bond0; done
ip link add br0 type bridge; ip link set $(by virtio_net) master br0
ip link add link $(by vmxnet3) name vl7 type vlan id 7
ip link add ve0 type veth peer name ve1
modprobe labsfp modules=MODULES lldp=/payload/frame down=2
for n in $(ls -d /sys/class/net/*/ | cut -d/ -f5); do ip link set $n up; done
ip link set sfp5 down
sleep 4
`

// networkOld plugs the modules into adapters with a driver of the old kind.
const networkOld = `
rmmod labsfp
modprobe labsfp modules=MODULES old=1 down=2
for n in $(ls -d /sys/class/net/sfp*/ | cut -d/ -f5); do ip link set $n up; done
ip link set sfp5 down
sleep 2
`

// networkWitnesses first notes how many bytes that clear when they are read
// were read until now, then reads them itself.
const networkWitnesses = `
cat /sys/module/labsfp/parameters/latched > /out/latched$S
ip -d -j link > /out/links$S
for n in $(ls -d /sys/class/net/*/ | cut -d/ -f5); do
	for w in -i -P -m --show-fec; do ethtool $w $n > /out/ethtool$w-$n$S 2>/dev/null; done
	ethtool $n > /out/ethtool-$n$S 2>/dev/null
done
cat /sys/module/labsfp/parameters/latched > /out/latched-after$S
`

// TestNetwork compares interfaces, links and modules with ip and ethtool.
func TestNetwork(t *testing.T) {
	dir := t.TempDir()
	var files []string
	add := map[string]string{"frame": filepath.Join(dir, "frame")}
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("frame", switchFrame())
	for _, m := range cages() {
		write(m, sffgen.Example(m))
		add[m] = filepath.Join(dir, m)
		files = append(files, "/payload/"+m)
	}
	script := func(s string) string { return strings.ReplaceAll(s, "MODULES", strings.Join(files, ",")) }
	old := audit("--only", "network")
	old.Name = "audit-old"
	b := boot(t, "pcie", func(o *lab.Options) {
		for n, p := range add {
			o.Files[n] = p
		}
	},
		lab.Shell("setup", script(networkSetup)),
		audit("--only", "network", "--lldp", "10s"),
		lab.Shell("witnesses", networkWitnesses),
		lab.Shell("setup-old", script(networkOld)),
		old,
		lab.Shell("witnesses-old", "S=-old\n"+networkWitnesses),
	)
	b.silent(t)
	t.Run("new", func(t *testing.T) { compareNetwork(t, b, b.report(t), "", true) })
	var r inventory.Report
	if err := json.Unmarshal([]byte(b.text(t, "audit-old")), &r); err != nil {
		t.Fatal(err)
	}
	t.Run("old", func(t *testing.T) { compareNetwork(t, b, &r, "-old", false) })
	t.Run("lldp", func(t *testing.T) { compareLLDP(t, b.report(t)) })
}

func compareNetwork(t *testing.T, b booted, r *inventory.Report, suffix string, whole bool) {
	t.Helper()
	c := newChecker(t)
	for _, i := range r.Issues {
		if i.Collector == "network" {
			t.Errorf("issue: %+v", i)
		}
	}
	links, err := witness.IPLinks(b.file(t, "links"+suffix))
	if err != nil {
		t.Fatal(err)
	}
	physical := 0
	for _, l := range links {
		if l.ParentDev == "" {
			continue
		}
		physical++
		i := slices.IndexFunc(r.Network, func(n inventory.NIC) bool { return n.Name == l.Name })
		if i < 0 {
			t.Errorf("%s is missing", l.Name)
			continue
		}
		n := &r.Network[i]
		text := func(what string) map[string]string {
			return witness.Ethtool(string(b.file(t, "ethtool"+what+"-"+l.Name+suffix)))
		}
		compareInterface(c, l, n)
		compareAdapter(c, l, n, text("-i"), text("-P"))
		compareNegotiated(c, n, text(""), text("--show-fec"), whole)
		compareCage(c, n, text("-m"), whole)
	}
	same(c, "interfaces", len(r.Network), physical)
	same(c, "latched bytes read", strings.TrimSpace(string(b.file(t, "latched"+suffix))), "0")
	if after := strings.TrimSpace(string(b.file(t, "latched-after"+suffix))); after == "0" {
		t.Error("the counter of latched bytes does not count")
	}
}

func compareInterface(c *checker, l witness.Link, n *inventory.NIC) {
	c.t.Helper()
	same(c, n.Name+": mac", n.MAC, l.Address)
	same(c, n.Name+": permanent mac", n.PermanentMAC, firstOf(l.Permanent, l.Info.SlaveData.Permanent, l.Address))
	said(c, n.Name+": mtu", n.MTU, l.MTU, true)
	same(c, n.Name+": state", n.OperState, strings.ToLower(l.State))
	same(c, n.Name+": switched on", *n.AdminUp, l.Has("UP"))
	if l.Has("UP") && present(c, n.Name+": carrier", n.LinkUp) {
		same(c, n.Name+": carrier", *n.LinkUp, l.Has("LOWER_UP"))
	}
	if l.Master == "" {
		same(c, n.Name+": no master", n.Master, nil)
	} else if present(c, n.Name+": master", n.Master) {
		same(c, n.Name+": master", n.Master.Name, l.Master)
		same(c, n.Name+": kind", n.Master.Type, l.Info.SlaveKind)
		if n.Master.Type == "bond" {
			same(c, n.Name+": bond state", n.Master.State, strings.ToLower(l.Info.SlaveData.State))
			same(c, n.Name+": mii", n.Master.MIIStatus, strings.ToLower(l.Info.SlaveData.MIIStatus))
			same(c, n.Name+": mode", n.Master.Mode, "active-backup")
		}
	}
}

func compareAdapter(c *checker, l witness.Link, n *inventory.NIC, info, permanent map[string]string) {
	c.t.Helper()
	same(c, n.Name+": driver", n.Driver, info["driver"])
	same(c, n.Name+": firmware", n.Firmware, strings.TrimPrefix(info["firmware-version"], "N/A"))
	same(c, n.Name+": rom", n.ExpansionROM, strings.TrimPrefix(info["expansion-rom-version"], "N/A"))
	same(c, n.Name+": bus", firstOf(n.PCIAddress, n.BusAddress), info["bus-info"])
	same(c, n.Name+": permanent address", n.PermanentMAC, permanent["Permanent address"])
	if l.ParentBus == "pci" {
		same(c, n.Name+": pci", n.PCIAddress, l.ParentDev)
	}
}

func compareNegotiated(c *checker, n *inventory.NIC, e, fec map[string]string, whole bool) {
	c.t.Helper()
	modes := strings.Fields(strings.TrimPrefix(e["Supported link modes"], "Not reported"))
	got := slices.Clone(n.SupportedModes)
	slices.Sort(modes)
	slices.Sort(got)
	same(c, n.Name+": modes", strings.Join(got, " "), strings.Join(modes, " "))
	same(c, n.Name+": max speed", mbps(n.MaxSpeedMbps), fastestOf(e["Supported link modes"]))
	same(c, n.Name+": advertised", mbps(n.AdvertisedMaxSpeedMbps), fastestOf(e["Advertised link modes"]))
	same(c, n.Name+": partner", mbps(n.PartnerMaxSpeedMbps), fastestOf(e["Link partner advertised link modes"]))
	speed := strings.TrimSuffix(e["Speed"], "Mb/s")
	if strings.HasPrefix(speed, "Unknown") {
		speed = ""
	}
	same(c, n.Name+": speed", mbps(n.SpeedMbps), speed)
	same(c, n.Name+": duplex", n.Duplex, map[string]string{"Full": "full", "Half": "half"}[e["Duplex"]])
	same(c, n.Name+": port", n.PortType, map[string]string{"Twisted Pair": "tp", "FIBRE": "fibre", "Other": "other", "None": "none"}[e["Port"]])
	if present(c, n.Name+": autoneg", n.Autoneg) {
		same(c, n.Name+": autoneg", *n.Autoneg, e["Auto-negotiation"] == "on")
	}
	if n.LinkUp != nil {
		same(c, n.Name+": link", *n.LinkUp, strings.HasPrefix(e["Link detected"], "yes"))
		if !*n.LinkUp && whole {
			same(c, n.Name+": reason", n.LinkDownReason, "no_cable")
			same(c, n.Name+": ethtool's reason", e["Link detected"], "no (No cable)")
		}
	}
	if active := fec["Active FEC encoding"]; active == "" {
		same(c, n.Name+": no fec", n.FEC, nil)
	} else if present(c, n.Name+": fec", n.FEC) {
		same(c, n.Name+": fec", n.FEC.Active, strings.ToLower(active))
		same(c, n.Name+": fec modes", strings.Join(n.FEC.Configured, " "), strings.ToLower(fec["Supported/Configured FEC encodings"]))
	}
}

func mbps(v *uint32) string {
	if v == nil {
		return ""
	}
	return strconv.FormatUint(uint64(*v), 10)
}

// fastestOf is the highest speed of modes as ethtool lists them.
func fastestOf(modes string) string {
	best := 0
	for _, m := range strings.Fields(modes) {
		digits, _, _ := strings.Cut(m, "base")
		if v, err := strconv.Atoi(digits); err == nil {
			best = max(best, v)
		}
	}
	if best == 0 {
		return ""
	}
	return strconv.Itoa(best)
}

// compareCage compares what `ethtool -m` decodes with the report. Old
// drivers show fewer pages: what there is must be the same.
func compareCage(c *checker, n *inventory.NIC, e map[string]string, whole bool) {
	c.t.Helper()
	if e["Identifier"] == "" {
		// Without page 11h ethtool says nothing of a CMIS module.
		if whole || n.Module == nil || n.Module.Standard != "cmis" {
			same(c, n.Name+": no module", n.Module, nil)
		}
		return
	}
	m := n.Module
	if !present(c, n.Name+": module", m) {
		return
	}
	paren := func(s string) string { // "0x11 (QSFP28)"
		_, s, _ = strings.Cut(s, "(")
		s, _, _ = strings.Cut(s, ")")
		return s
	}
	if name := paren(e["Identifier"]); strings.Contains(name, " ") {
		// ethtool adds words, such as "QSFP-DD Double Density 8X Pluggable Transceiver".
		same(c, n.Name+": type", m.Type, strings.Fields(name)[0])
	} else {
		same(c, n.Name+": type", m.Type, name)
	}
	same(c, n.Name+": vendor", m.Vendor, e["Vendor name"])
	same(c, n.Name+": oui", m.VendorOUI, strings.ReplaceAll(e["Vendor OUI"], ":", ""))
	same(c, n.Name+": part", m.PartNumber, e["Vendor PN"])
	same(c, n.Name+": revision", m.Revision, e["Vendor rev"])
	same(c, n.Name+": serial", m.SerialNumber, e["Vendor SN"])
	date := strings.ReplaceAll(strings.TrimPrefix(m.Date, "20"), "-", "") + m.Lot
	same(c, n.Name+": date", date, strings.ReplaceAll(e["Date code"], "_", ""))
	if s := e["Module State"]; s != "" {
		same(c, n.Name+": state", m.State, map[string]string{"ModuleReady": "ready"}[paren(s)])
	}
	readings := 0
	read := func(what string, got *float64, keys ...string) {
		for _, k := range keys {
			text, ok := e[k]
			if !ok {
				continue
			}
			readings++
			near(c, n.Name+": "+what, got, text)
		}
	}
	if m.LengthMeters == nil { // for a copper cable, which measures nothing, ethtool shows zeros
		read("temperature", m.TempCelsius, "Module temperature")
		read("voltage", m.VoltageVolts, "Module voltage")
	}
	if m.WavelengthNanometers != nil {
		read("wavelength", m.WavelengthNanometers, "Laser wavelength", "Wavelength")
	}
	if m.LengthMeters != nil {
		read("length", m.LengthMeters, "Length (Copper)", "Length (Copper or Active cable)", "Cable assembly length")
	}
	for i, l := range m.Lanes {
		ch := fmt.Sprintf("(Channel %d)", i+1)
		read("bias "+ch, l.TxBiasMilliamperes, "Laser bias current", "Laser tx bias current "+ch)
		read("sent "+ch, l.TxPowerMilliwatts, "Laser output power", "Transmit avg optical power "+ch)
		read("received "+ch, l.RxPowerMilliwatts, "Receiver signal average optical power", "Rcvr signal avg optical power"+ch, "Rcvr signal avg optical power "+ch)
	}
	for field, key := range map[string]string{
		"temp_celsius": "Module temperature", "voltage_volts": "Module voltage", "tx_bias_milliamperes": "Laser bias current",
		"tx_power_milliwatts": "Laser output power", "rx_power_milliwatts": "Laser rx power",
	} {
		limits, ok := m.Thresholds[field]
		if !ok {
			continue
		}
		read(field+" high alarm", &limits.HighAlarm, key+" high alarm threshold")
		read(field+" low alarm", &limits.LowAlarm, key+" low alarm threshold")
		read(field+" high warning", &limits.HighWarning, key+" high warning threshold")
		read(field+" low warning", &limits.LowWarning, key+" low warning threshold")
	}
	// A comparison that finds no readings proves nothing.
	if optical := m.Lanes != nil; whole && optical != (readings > 20) {
		c.t.Errorf("%s: %d readings compared", n.Name, readings)
	}
	if whole && m.Lanes == nil != strings.Contains(m.PartNumber, "DAC") {
		c.t.Errorf("%s: lanes of %s: %v", n.Name, m.PartNumber, m.Lanes)
	}
}

// near compares with a number ethtool rounded, "0.7000 mW / -1.55 dBm".
func near(c *checker, what string, got *float64, text string) {
	c.t.Helper()
	digits := strings.TrimRight(strings.Fields(strings.Replace(text, "m", " m", 1))[0], "nm")
	want, err := strconv.ParseFloat(digits, 64)
	if err != nil || got == nil {
		c.wrong++
		c.t.Errorf("%s: %v, want %q", what, got, text)
		return
	}
	_, decimals, _ := strings.Cut(digits, ".")
	same(c, what, math.Abs(*got-want) <= 0.51*math.Pow10(-len(decimals)), true)
}

// switchFrame is what a switch says each second on sfp0.
func switchFrame() []byte {
	b := []byte{0x01, 0x80, 0xC2, 0, 0, 0x0E, 2, 0, 0, 0, 0, 1, 0x88, 0xCC}
	for _, e := range []struct {
		kind  byte
		value string
	}{
		{1, "\x04\x02\x00\x00\x00\x00\xaa"}, {2, "\x05Ethernet1/17"}, {3, "\x00\x78"}, {5, "leaf-7"}, {127, "\x00\x80\xc2\x01\x00\x2a"}, {0, ""},
	} {
		b = append(append(b, e.kind<<1, byte(len(e.value))), e.value...)
	}
	return append(b, make([]byte, 60-len(b))...)
}

func compareLLDP(t *testing.T, r *inventory.Report) {
	t.Helper()
	for _, n := range r.Network {
		listened := n.AdminUp != nil && *n.AdminUp && n.LinkUp != nil && *n.LinkUp
		switch {
		case n.Name == "sfp0":
			if len(n.LLDP) != 1 || n.LLDP[0].ChassisID != "02:00:00:00:00:aa" || n.LLDP[0].PortID != "Ethernet1/17" || n.LLDP[0].SystemName != "leaf-7" || *n.LLDP[0].VLANID != 42 {
				t.Errorf("sfp0: %+v", n.LLDP)
			}
		case len(n.LLDP) > 0 || (n.LLDP != nil) != listened:
			t.Errorf("%s: %+v, listened %v", n.Name, n.LLDP, listened)
		}
	}
}
