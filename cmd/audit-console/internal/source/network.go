package source

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// NIC is one physical network interface as it is now.
type NIC struct {
	Name, MAC string
	// Up says that the interface is switched on, Carrier that it has a link;
	// nil: the kernel does not say.
	Up, Carrier *bool
	// SpeedMbps is zero when there is no link or no word of it.
	SpeedMbps uint32
	// Address with its prefix length, "" when there is none.
	Address string
	// State and Reason are what bee-network says; For is how long that has
	// been so, zero when not known.
	State, Reason string
	For           time.Duration
	Router        string
}

const folder = "/run/bee/network/"

// nics are the interfaces bee-network speaks of; where it does not run, all
// physical ones.
func (r Root) nics(uptime time.Duration) []NIC {
	var list []NIC
	// Names that begin with a dot are of files on their way.
	said := slices.DeleteFunc(r.names(folder), func(n string) bool { return strings.HasPrefix(n, ".") })
	for _, name := range r.names("/sys/class/net") {
		if len(said) > 0 && !slices.Contains(said, name) || len(said) == 0 && !r.physical(name) {
			continue
		}
		n := r.nic(name)
		st := r.status(folder+name, uptime)
		n.State, n.Reason, n.For = st.State, st.Text, st.For
		n.Address, n.Router = st.more["address"], st.more["router"]
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b NIC) int {
		return cmp.Or(cmp.Compare(len(stem(a.Name)), len(stem(b.Name))), cmp.Compare(stem(a.Name), stem(b.Name)), cmp.Compare(number(a.Name), number(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// physical is an Ethernet interface with a device of its own that is no
// virtual function.
func (r Root) physical(name string) bool {
	dir := "/sys/class/net/" + name
	return r.exists(dir+"/device") && r.line(dir+"/type") == "1" && !r.exists(dir+"/device/physfn")
}

func (r Root) nic(name string) NIC {
	dir := "/sys/class/net/" + name
	n := NIC{Name: Clean(name), MAC: r.line(dir + "/address")}
	if flags, err := strconv.ParseUint(strings.TrimPrefix(r.line(dir+"/flags"), "0x"), 16, 32); err == nil {
		const iffUp = 1
		n.Up = new(flags&iffUp != 0)
	}
	switch r.line(dir + "/carrier") {
	case "1":
		n.Carrier = new(true)
	case "0":
		n.Carrier = new(false)
	}
	if n.Carrier != nil && *n.Carrier {
		if v, err := strconv.ParseUint(r.line(dir+"/speed"), 10, 31); err == nil {
			n.SpeedMbps = uint32(v)
		}
	}
	return n
}

// stem and number take a name like eth10 apart, so that it follows eth9.
func stem(name string) string { return strings.TrimRight(name, "0123456789") }

func number(name string) uint64 {
	v, _ := strconv.ParseUint(name[len(stem(name)):], 10, 64) // 0 when there is none
	return v
}
