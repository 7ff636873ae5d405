//go:build isolab

//nolint:paralleltest // One machine at a time.
package t3

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"example.com/bee/test/lab"
)

// withNIC gives a profile one e1000e card, whose driver is on the medium alone.
func withNIC(p *lab.Profile) {
	p.Arguments = append(p.Arguments, "-netdev", "user,id=n0,restrict=on", "-device", "e1000e,id=nic0,netdev=n0,mac=b0:26:28:00:00:01")
}

// field reads a line of a status file over SSH.
func (b booted) field(t *testing.T, file, key string) string {
	t.Helper()
	return strings.TrimSpace(b.must(t, fmt.Sprintf("sed -n 's/^%s=//p' /run/bee/%s", key, file)))
}

// waitScreen waits until the display shows a text.
func (b booted) waitScreen(t *testing.T, limit time.Duration, words ...string) string {
	t.Helper()
	end := time.Now().Add(within(limit))
	for {
		text, err := b.screen(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found := true
		for _, w := range words {
			found = found && strings.Contains(strings.ToLower(text), w)
		}
		if found {
			t.Logf("%v on the screen %.1f s after power-on (load %s)", words, b.Since().Seconds(), load())
			return text
		}
		if time.Now().After(end) {
			t.Fatalf("no %v on the screen after %s:\n%s\nserial:\n%s", words, b.Since(), text, tail(b.serial(), 500))
		}
		time.Sleep(time.Second)
	}
}

// TestLinkLater boots without a carrier and plugs the cable in once the
// machine has told so.
func TestLinkLater(t *testing.T) {
	b := start(t, plan{profile: "small", tune: withNIC, keys: true, started: func(m *machine) {
		if _, err := m.Fault(t.Context(), "hmp", "set_link nic0 off"); err != nil {
			t.Fatal(err)
		}
	}})
	b.waitScreen(t, 60*time.Second, "no carrier")
	// Longer than any client's first tries.
	time.Sleep(20 * time.Second)
	plugged := time.Now()
	if _, err := b.Fault(t.Context(), "hmp", "set_link nic0 on"); err != nil {
		t.Fatal(err)
	}
	b.up(t, 120*time.Second)
	took := time.Since(plugged)
	t.Logf("SSH %.1f s after the cable (load %s)", took.Seconds(), load())
	if took > within(15*time.Second) {
		t.Errorf("lease %s after the cable", took)
	}
	if n := strings.TrimSpace(b.must(t, "ps | grep -c '[u]dhcpc -b'")); n != "1" {
		t.Errorf("%s DHCP clients for one interface", n)
	}
	if s := b.field(t, "network/eth0", "state"); s != "lease" {
		t.Errorf("state %q, want lease", s)
	}
}

// TestNoNetwork boots without any interface: the console, and the audit, are
// there as ever.
func TestNoNetwork(t *testing.T) {
	b := start(t, plan{profile: "small", keys: true})
	b.waitScreen(t, 90*time.Second, "audit", "done")
}

// TestManyNICs boots with eight interfaces without a cable.
func TestManyNICs(t *testing.T) {
	const count = 8
	b := start(t, plan{profile: "small", tune: func(p *lab.Profile) {
		for i := range count {
			p.Arguments = append(p.Arguments, "-netdev", fmt.Sprintf("user,id=n%d,restrict=on", i),
				"-device", fmt.Sprintf("e1000e,id=nic%d,netdev=n%d,mac=b0:26:28:00:01:%02x", i, i, i))
		}
	}, keys: true, started: func(m *machine) {
		for i := range count {
			if _, err := m.Fault(t.Context(), "hmp", fmt.Sprintf("set_link nic%d off", i)); err != nil {
				t.Fatal(err)
			}
		}
	}})
	b.waitScreen(t, 90*time.Second, "audit", "done", "no carrier")
	for i := range count {
		if _, err := b.Fault(t.Context(), "hmp", fmt.Sprintf("set_link nic%d on", i)); err != nil {
			t.Fatal(err)
		}
	}
	b.up(t, 60*time.Second)
	if n := strings.TrimSpace(b.must(t, "sleep 5; ps | grep -c '[u]dhcpc -b'")); n != fmt.Sprint(count) {
		t.Errorf("%s DHCP clients for %d interfaces", n, count)
	}
}

// TestTwoServersAndLateNIC has two networks that both offer a lease, and an
// interface that appears when all is up.
func TestTwoServersAndLateNIC(t *testing.T) {
	b := start(t, plan{keys: true, tune: func(p *lab.Profile) {
		p.Arguments = append(p.Arguments, "-netdev", "user,id=n7,restrict=on")
		// Without restrict both offer a router, too.
		for i, a := range p.Arguments {
			p.Arguments[i] = strings.ReplaceAll(a, ",restrict=on", "")
		}
	}, started: nil})
	b.up(t, 60*time.Second)
	b.audited(t, 60*time.Second)
	routes := b.must(t, "sleep 5; ip route | grep ^default")
	metrics := map[string]bool{}
	for line := range strings.Lines(routes) {
		_, metric, _ := strings.Cut(line, "metric ")
		metrics[strings.Fields(metric + " none")[0]] = true
	}
	if n := strings.Count(routes, "\n"); n < 2 || len(metrics) != n {
		t.Errorf("default routes, want each with a metric of its own:\n%s", routes)
	}
	if _, err := b.Fault(t.Context(), "plug", "e1000e", "id=late", "bus=rp4", "netdev=n7", "mac=b0:26:28:00:00:07"); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(within(30 * time.Second))
	for {
		got := b.must(t, "grep -l b0:26:28:00:00:07 /run/bee/network/* && cat /run/bee/network/* || :")
		if strings.Count(got, "state=lease") == 3 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the late interface: %s", got)
		}
		time.Sleep(time.Second)
	}
}

// TestStatic gives one of two interfaces a fixed address, by its MAC.
func TestStatic(t *testing.T) {
	b := start(t, plan{keys: true, words: "bee.ip=10.0.2.15/24,10.0.2.2,10.0.2.3@b0:26:28:00:00:01"})
	b.up(t, 60*time.Second)
	got := b.must(t, "grep -l b0:26:28:00:00:01 /run/bee/network/* | xargs cat; ip route show default; cat /etc/resolv.conf")
	for _, want := range []string{"state=static", "address=10.0.2.15/24", "default via 10.0.2.2", "nameserver 10.0.2.3"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}
