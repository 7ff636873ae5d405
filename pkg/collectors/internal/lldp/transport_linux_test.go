package lldp_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"example.com/bee/pkg/collectors/internal/lldp"
)

// inNamespace says that the test runs where it may make interfaces.
const inNamespace = "BEE_TEST_NAMESPACE"

// TestListen hears a frame on one of two links that exist in a network
// namespace of the test's own. It needs root.
func TestListen(t *testing.T) {
	t.Parallel()
	if os.Getenv(inNamespace) == "" {
		script := `mount -t sysfs none /sys && for i in 0 1; do ip link add a$i type veth peer name b$i && ip link set a$i up && ip link set b$i up; done && exec "$0" -test.v -test.run '^TestListen$'`
		cmd := exec.CommandContext(t.Context(), "unshare", "-nm", "sh", "-c", script, os.Args[0])
		cmd.Env = append(os.Environ(), inNamespace+"=1")
		out, err := cmd.CombinedOutput()
		if err != nil && !bytes.Contains(out, []byte("=== RUN")) {
			t.Skipf("no namespace: %v %s", err, out)
		}
		if err != nil || !bytes.Contains(out, []byte("--- PASS")) {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	dev, err := lldp.Open("/sys/class/net")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"a0", "a1"}
	begun := time.Now()
	if name, _, err := lldp.Next(t.Context(), dev, names, 300*time.Millisecond); name != "" || err != nil {
		t.Errorf("silence: %q %v", name, err)
	}
	if took := time.Since(begun); took < 300*time.Millisecond || took > 5*time.Second {
		t.Errorf("silence of 300 ms took %s", took)
	}
	// The group address is joined: the kernel says so.
	if joined, err := os.ReadFile("/proc/net/dev_mcast"); err != nil || !strings.Contains(string(joined), "0180c200000e") {
		t.Errorf("%s %v", joined, err)
	}
	send(t, "b1", append(append([]byte{}, whole()[:12]...), 8, 0, 1, 2)) // another protocol is not for us
	send(t, "b1", whole())
	name, heard, err := lldp.Next(t.Context(), dev, names, 10*time.Second)
	if name != "a1" || !bytes.Equal(heard, whole()) || err != nil {
		t.Errorf("%q % x %v", name, heard, err)
	}
	if _, _, err := lldp.Next(t.Context(), dev, []string{"nosuch"}, time.Second); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such interface: %v", err)
	}
	for range 2 {
		if err := dev.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := lldp.Next(t.Context(), dev, names, time.Second); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if joined, err := os.ReadFile("/proc/net/dev_mcast"); err != nil || strings.Contains(string(joined), "0180c200000e") {
		t.Errorf("still joined: %s %v", joined, err)
	}
}

func send(t *testing.T, name string, frame []byte) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	text, err := os.ReadFile("/sys/class/net/" + name + "/ifindex")
	if err != nil {
		t.Fatal(err)
	}
	var index int
	if _, err := fmt.Sscan(string(text), &index); err != nil {
		t.Fatal(err)
	}
	if err := unix.Sendto(fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: index, Protocol: 0xCC88}); err != nil {
		t.Fatal(err)
	}
}
