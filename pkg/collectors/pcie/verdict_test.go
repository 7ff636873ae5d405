package pcie_test

import "testing"

// TestVerdict goes through the ways a link can look worse than it is.
func TestVerdict(t *testing.T) {
	t.Parallel()
	const rp, ep = "0000:00:01.0", "0000:01:00.0"
	add := func(m *machine, p, c attrs) {
		m.add("pci0000:00/"+rp, p)
		m.add("pci0000:00/"+rp+"/"+ep, c)
	}
	yes, no := new(true), new(false)
	for name, test := range map[string]struct {
		build func(m *machine)
		at    string
		want  *bool
	}{
		"both ends full": {func(m *machine) { add(m, port(4, 1, gen3, 8, gen3, 8), card(0x020000, gen3, 8, gen3, 8)) }, ep, no},
		"lanes lost":     {func(m *machine) { add(m, port(4, 1, gen3, 4, gen3, 16), card(0x020000, gen3, 4, gen3, 8)) }, ep, yes},
		"speed lost":     {func(m *machine) { add(m, port(4, 1, gen1, 8, gen3, 8), card(0x020000, gen1, 8, gen3, 8)) }, ep, yes},
		"not at the port too": {
			func(m *machine) { add(m, port(4, 1, gen3, 4, gen3, 16), card(0x020000, gen3, 4, gen3, 8)) }, rp, nil,
		},
		// A fast wide port over a slow narrow card: the card cannot do more.
		"card is the limit": {func(m *machine) { add(m, port(4, 1, gen1, 1, gen4, 4), card(0x010802, gen1, 1, gen1, 1)) }, ep, no},
		"port is the limit": {func(m *machine) { add(m, port(4, 1, gen3, 4, gen3, 4), card(0x010802, gen3, 4, gen4, 16)) }, ep, no},
		"empty slot":        {func(m *machine) { m.add("pci0000:00/"+rp, port(4, 1, gen1, 0, gen4, 16)) }, rp, nil},
		"link down": {
			func(m *machine) {
				add(m, port(4, 1, gen1, 0, gen3, 8), card(0x020000, 0, 0, gen3, 8).with(attrs{"current_link_width": "0\n"}))
			}, ep, nil,
		},
		"sysfs wins over registers": {
			func(m *machine) {
				add(m, port(4, 1, gen3, 8, gen3, 8), card(0x020000, gen3, 8, gen3, 8).with(link("8.0", 4, "8.0", 8)))
			}, ep, yes,
		},
		"no port above": {func(m *machine) { m.add("pci0000:00/"+ep, card(0x020000, gen1, 1, gen3, 8)) }, ep, nil},
		"inside the root complex": {
			func(m *machine) {
				m.add("pci0000:00/"+ep, attrs{"config": space{vendor: 1, express: rcEndpoint, slot: -1, maxSpeed: gen3, maxWidth: 8}.encode()}.with(link("Unknown", 0, "Unknown", 255)))
			}, ep, nil,
		},
		"one end unknown": {
			func(m *machine) { add(m, port(4, 1, gen1, 1, 0, 0), card(0x020000, gen1, 1, gen3, 8)) }, ep, nil,
		},
		"speed of one end unknown, lanes lost": {
			func(m *machine) { add(m, port(4, 1, 0, 1, 0, 8), card(0x020000, 0, 1, gen3, 8)) }, ep, yes,
		},
		"speed of one end unknown, lanes full": {
			func(m *machine) { add(m, port(4, 1, 0, 8, 0, 8), card(0x020000, 0, 8, gen3, 8)) }, ep, nil,
		},
		"behind Thunderbolt": {
			func(m *machine) {
				p := port(downstreamPort, -1, gen1, 4, gen3, 4)
				p["config"] = space{
					vendor: 0x8086, device: 0x15C0, class: 0x060400, bridge: true, express: downstreamPort, slot: -1,
					speed: gen1, width: 4, maxSpeed: gen3, maxWidth: 4, tunnel: true,
				}.encode()
				add(m, p, card(0x030000, gen1, 4, gen3, 4))
			}, ep, nil,
		},
		"behind a port out of the machine": {
			func(m *machine) {
				add(m, port(4, 1, gen1, 4, gen3, 4), card(0x030000, gen1, 4, gen3, 4).with(attrs{"removable": "removable\n"}))
			}, ep, nil,
		},
		"fixed in the machine": {
			func(m *machine) {
				add(m, port(4, 1, gen1, 4, gen3, 4), card(0x030000, gen1, 4, gen3, 4).with(attrs{"removable": "fixed\n"}))
			}, ep, yes,
		},
		"switch towards the processor": {
			func(m *machine) { add(m, port(4, 1, gen3, 4, gen3, 16), port(upstreamPort, -1, gen3, 4, gen3, 16)) }, ep, yes,
		},
		"inside a switch": {
			func(m *machine) {
				add(m, port(upstreamPort, -1, gen3, 16, gen3, 16), port(downstreamPort, -1, gen1, 1, gen3, 8))
			}, ep, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine()
			test.build(m)
			all, errs := read(t, m)
			var got *bool
			if l := all[test.at].Link; l != nil {
				got = l.Degraded
			}
			if (got == nil) != (test.want == nil) || got != nil && *got != *test.want {
				t.Errorf("got %v, want %v: %+v %v", text3(got), text3(test.want), all[test.at].Link, errs)
			}
		})
	}
}

func text3(b *bool) string {
	switch {
	case b == nil:
		return "no verdict"
	case *b:
		return "degraded"
	default:
		return "fine"
	}
}

// TestWait: a function is handed over although the links of the tree go round
// in circles, or name a function that is not listed.
func TestWait(t *testing.T) {
	t.Parallel()
	m := newMachine()
	m.add("pci0000:00/0000:02:00.0/0000:01:00.0", card(0x020000, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:01:00.0/0000:02:00.0", card(0x020000, gen3, 8, gen3, 8))
	m.add("pci0000:00/0000:77:00.0/0000:03:00.0", card(0x020000, gen3, 8, gen3, 8))
	all, errs := read(t, m)
	if len(all) != 3 || len(errs) > 0 || all["0000:03:00.0"].Parent != "0000:77:00.0" {
		t.Errorf("%v %v", all, errs)
	}
}
