package pciconf_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/pciconf"
)

// facts are what both lspci and a Config say of a function, in one form.
type facts map[string]string

// TestLikeLspci decodes captured functions and compares every value with what
// lspci -vvv says of the same bytes.
func TestLikeLspci(t *testing.T) {
	t.Parallel()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	captures := os.DirFS(root)
	texts, err := fs.Glob(captures, "pci/*/expected/lspci-vvv.txt")
	if err != nil || len(texts) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	for _, name := range texts {
		text, err := fs.ReadFile(captures, name)
		if err != nil {
			t.Fatal(err)
		}
		dir := path.Dir(path.Dir(name))
		for address, want := range lspciFunctions(string(text)) {
			t.Run(path.Base(dir)+"/"+address, func(t *testing.T) {
				t.Parallel()
				b, err := fs.ReadFile(captures, path.Join(dir, "config", address))
				if err != nil {
					t.Fatal(err)
				}
				c, err := pciconf.Decode(b)
				if err != nil {
					t.Fatal(err)
				}
				want, got := lspciFacts(t, want), configFacts(c)
				if _, ok := got["link target"]; !ok && want["link target"] == "2.5GT/s" {
					delete(want, "link target") // lspci's reading of a register of zero
				}
				// lspci prints the upper half of a bridge's 64-bit register
				// as a register of its own.
				want["memory bars"] = strings.TrimSuffix(want["memory bars"], ", 1 <unassigned> 32-bit, non-prefetchable")
				if want["memory bars"] == "" {
					delete(want, "memory bars")
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("-lspci +ours:\n%s", d)
				}
			})
		}
	}
}

// lspciFunctions splits the text at the lines that begin with an address.
func lspciFunctions(text string) map[string]string {
	text, _, _ = strings.Cut(text, "\n[stderr]")
	all := map[string]string{}
	for _, block := range strings.Split(text, "\n\n") {
		if address, _, ok := strings.Cut(strings.TrimSpace(block), " "); ok && strings.Contains(address, ":") {
			all[address] = strings.TrimSpace(block)
		}
	}
	return all
}

func lspciFacts(t *testing.T, text string) facts {
	t.Helper()
	f := facts{}
	first := func(key, pattern string) {
		if m := regexp.MustCompile(`(?m)` + pattern).FindStringSubmatch(text); m != nil {
			f[key] = strings.Join(m[1:], " ")
		}
	}
	list := func(key, pattern string) {
		var all []string
		for _, m := range regexp.MustCompile(`(?m)`+pattern).FindAllStringSubmatch(text, -1) {
			all = append(all, strings.Join(m[1:], " "))
		}
		if all != nil {
			f[key] = strings.Join(all, ", ")
		}
	}
	first("class and ids", `^\S+ .*\[([0-9a-f]{4})\]: .*\[([0-9a-f]{4}:[0-9a-f]{4})\](?: \(|$)`)
	f["revision"] = "00"
	first("revision", `^\S+ .*\(rev ([0-9a-f]{2})\)`)
	first("subsystem", `Subsystem: .*\[([0-9a-f]{4}:[0-9a-f]{4})\]$`)
	if strings.HasPrefix(f["subsystem"], "0000:") {
		delete(f, "subsystem")
	}
	first("command", `^\tControl: (I/O.) (Mem.) (BusMaster.)`)
	list("io bars", `^\tRegion (\d): I/O ports at (\S+)`)
	list("memory bars", `^\tRegion (\d): Memory at (\S+) \((\d\d-bit, (?:non-)?prefetchable)`)
	first("buses", `^\tBus: primary=(..), secondary=(..), subordinate=(..)`)
	first("io window", `^\tI/O behind bridge: (?:\S+ \[(disabled)\]|0*(\S+)-0*(\S+))`)
	first("memory window", `^\tMemory behind bridge: (?:\S+ \[(disabled)\]|0*(\S+)-0*(\S+))`)
	first("prefetchable window", `^\tPrefetchable memory behind bridge: (?:\S+ \[(disabled)\]|0*(\S+)-0*(\S+))`)
	list("capabilities", `^\tCapabilities: \[(..)\]`)
	list("extended", `^\tCapabilities: \[(...) v(\d+)\]`)
	first("express", `Express \(v(\d)\) ([^,(]*[^,( ])(?: \(Slot(.)\))?, MSI`)
	first("errors", `DevSta:\t(CorrErr.) (NonFatalErr.) (FatalErr.) (UnsupReq.)`)
	first("link maximum", `LnkCap:\tPort #(\d+), Speed ([^,]*), Width (x\d+)`)
	first("link now", `LnkSta:\tSpeed ([^,]*), Width (x\d+)$`)
	first("link active", `LnkCap:.*\n.*LLActRep(.)`)
	if f["link active"] == "+" {
		first("link active", `LnkSta:.*\n.*DLActive(.)`)
	} else {
		delete(f, "link active")
	}
	first("link speeds", `Supported Link Speeds: ([^,]*),`)
	first("link target", `Target Link Speed: ([^,]*),`)
	first("slot flags", `SltCap:\t(AttnBtn.) (PwrCtrl.).* (HotPlug.) (Surprise.)`)
	first("slot", `Slot #(\d+), PowerLimit ([^;]*);`)
	first("slot present", `SltSta:.*(PresDet.)`)
	first("uncorrectable", `UESta:\t(.*)`)
	first("correctable", `CESta:\t(.*)`)
	first("first error", `First Error Pointer: (..)`)
	first("header log", `HeaderLog: (.*)`)
	first("root errors", `RootSta: (CERcvd.) (MultCERcvd.) (UERcvd.) (MultUERcvd.)`)
	first("serial number", `Device Serial Number (\S+)`)
	first("power", `^\t\tStatus: (D\d)`)
	first("msi", `MSI: Enable(.) Count=\d+/(\d+)`)
	first("msi-x", `MSI-X: Enable(.) Count=(\d+)`)
	first("vpd", `(Vital Product Data)`)
	for k, v := range f {
		f[k] = strings.TrimSpace(v)
	}
	return f
}

func configFacts(c *pciconf.Config) facts {
	f := facts{
		"class and ids": fmt.Sprintf("%04x %04x:%04x", uint32(c.Class>>8), *c.VendorID, *c.DeviceID),
		"revision":      fmt.Sprintf("%02x", c.Revision),
		"command":       "I/O" + sign(c.Command.IO()) + " Mem" + sign(c.Command.Memory()) + " BusMaster" + sign(c.Command.BusMaster()),
	}
	set := func(key, format string, args ...any) { f[key] = strings.TrimSpace(fmt.Sprintf(format, args...)) }
	if s := c.Subsystem; s != nil {
		set("subsystem", "%04x:%04x", s.VendorID, s.DeviceID)
	}
	barFacts(c, f)
	if b := c.Bridge; b != nil {
		set("buses", "%02x %02x %02x", b.PrimaryBus, b.SecondaryBus, b.SubordinateBus)
		for key, w := range map[string]*pciconf.Window{"io": b.IO, "memory": b.Memory, "prefetchable": b.Prefetchable} {
			f[key+" window"] = "disabled"
			if w != nil {
				set(key+" window", "%x %x", w.Base, w.Limit)
			}
		}
	}
	var list []string
	for _, k := range c.Capabilities {
		list = append(list, fmt.Sprintf("%02x", k.Offset))
	}
	if list != nil {
		f["capabilities"] = strings.Join(list, ", ")
	}
	list = nil
	for _, k := range c.ExtendedCapabilities {
		list = append(list, fmt.Sprintf("%03x %d", k.Offset, k.Version))
	}
	if list != nil {
		f["extended"] = strings.Join(list, ", ")
	}
	if c.Express != nil {
		expressFacts(c.Express, set)
	}
	if c.AER != nil {
		aerFacts(c.AER, set)
	}
	if n := c.SerialNumber; n != nil {
		set("serial number", "%s", regexp.MustCompile(`(..)\B`).ReplaceAllString(n.String(), "$1-"))
	}
	if c.PowerState != nil {
		set("power", "%.2s", c.PowerState)
	}
	if c.MSI != nil {
		set("msi", "%s %d", sign(c.MSI.Enabled), c.MSI.Vectors)
	}
	if c.MSIX != nil {
		set("msi-x", "%s %d", sign(c.MSIX.Enabled), c.MSIX.Vectors)
	}
	if c.HasVPD {
		f["vpd"] = "Vital Product Data"
	}
	return f
}

func barFacts(c *pciconf.Config, f facts) {
	var io, memory []string
	for _, b := range c.BARs {
		address := "<unassigned>"
		switch {
		case b.IO:
			if !b.Unassigned() {
				address = fmt.Sprintf("%04x", b.Address)
			}
			io = append(io, fmt.Sprintf("%d %s", b.Index, address))
		default:
			if !b.Unassigned() {
				address = fmt.Sprintf("%08x", b.Address)
			}
			bits, kind := 32, "non-prefetchable"
			if b.Bits64 {
				bits = 64
			}
			if b.Prefetchable {
				kind = "prefetchable"
			}
			memory = append(memory, fmt.Sprintf("%d %s %d-bit, %s", b.Index, address, bits, kind))
		}
	}
	if io != nil {
		f["io bars"] = strings.Join(io, ", ")
	}
	if memory != nil {
		f["memory bars"] = strings.Join(memory, ", ")
	}
}

func expressFacts(e *pciconf.Express, set func(string, string, ...any)) {
	port := map[pciconf.PortType]string{
		pciconf.Endpoint: "Endpoint", pciconf.LegacyEndpoint: "Legacy Endpoint", pciconf.RootPort: "Root Port",
		pciconf.UpstreamPort: "Upstream Port", pciconf.DownstreamPort: "Downstream Port",
		pciconf.PCIeToPCIBridge: "PCI-Express to PCI/PCI-X Bridge", pciconf.PCIToPCIeBridge: "PCI/PCI-X to PCI-Express Bridge",
		pciconf.RootComplexEndpoint: "Root Complex Integrated Endpoint", pciconf.RootComplexEventCollector: "Root Complex Event Collector",
	}[e.PortType]
	slot := ""
	if e.PortType.Downstream() {
		slot = sign(e.SlotImplemented)
	}
	set("express", "%d %s %s", e.Version, port, slot)
	set("errors", "CorrErr%s NonFatalErr%s FatalErr%s UnsupReq%s", sign(e.Errors.Correctable), sign(e.Errors.NonFatal),
		sign(e.Errors.Fatal), sign(e.Errors.UnsupportedRequest))
	if l := e.Link; l != nil {
		set("link maximum", "%d %s x%d", l.PortNumber, speed(l.MaxSpeedGTs), orZero(l.MaxWidth))
		set("link now", "%s x%d", speed(l.CurrentSpeedGTs), orZero(l.CurrentWidth))
		if l.Active != nil {
			set("link active", "%s", sign(*l.Active))
		}
		if n := len(l.SupportedSpeedsGTs); n > 0 {
			set("link speeds", "%v-%vGT/s", l.SupportedSpeedsGTs[0], l.SupportedSpeedsGTs[n-1])
		}
		if l.TargetSpeedGTs != nil {
			set("link target", "%s", speed(l.TargetSpeedGTs))
		}
	}
	if s := e.Slot; s != nil {
		set("slot flags", "AttnBtn%s PwrCtrl%s HotPlug%s Surprise%s", sign(s.AttentionButton), sign(s.PowerController),
			sign(s.HotPlug), sign(s.HotPlugSurprise))
		set("slot", "%d %vW", orZero(s.Number), orZero(s.PowerLimitWatts))
		set("slot present", "PresDet%s", sign(s.Present))
	}
}

func aerFacts(a *pciconf.AER, set func(string, string, ...any)) {
	flags := func(lspci string, have []string) string {
		var all []string
		for _, n := range strings.Fields(lspci) {
			all = append(all, n+sign(strings.Contains(" "+strings.Join(have, " ")+" ", " "+strings.TrimPrefix(n, "Adv")+" ")))
		}
		return strings.Join(all, " ")
	}
	set("uncorrectable", "%s", flags("DLP SDES TLP FCP CmpltTO CmpltAbrt UnxCmplt RxOF MalfTLP ECRC UnsupReq ACSViol",
		append(a.Fatal(), a.NonFatal()...)))
	set("correctable", "%s", flags("RxErr BadTLP BadDLLP Rollover Timeout AdvNonFatalErr", a.Correctable()))
	set("first error", "%02x", a.FirstError)
	set("header log", "%08x %08x %08x %08x", a.HeaderLog[0], a.HeaderLog[1], a.HeaderLog[2], a.HeaderLog[3])
	if a.RootStatus != nil {
		r := *a.RootStatus
		set("root errors", "CERcvd%s MultCERcvd%s UERcvd%s MultUERcvd%s", sign(r&1 != 0), sign(r&2 != 0), sign(r&4 != 0), sign(r&8 != 0))
	}
}

func sign(b bool) string {
	if b {
		return "+"
	}
	return "-"
}

func speed(gts *float64) string {
	if gts == nil {
		return "unknown"
	}
	return strconv.FormatFloat(*gts, 'g', -1, 64) + "GT/s"
}

func orZero[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}
