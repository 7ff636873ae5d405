package lab

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.com/bee/test/lab/ipmigen"
)

// simulator is OpenIPMI's ipmi_sim on the host, QEMU's external BMC.
type simulator struct {
	process *child
	ports   ipmigen.Ports
}

func (vm *VM) bmcArguments(ctx context.Context, p Profile) ([]string, error) {
	if p.BMC == nil {
		return nil, nil
	}
	kcs := []string{"-device", "isa-ipmi-kcs,bmc=bmc0,ioport=0xca2"}
	if p.BMC.Internal {
		return append([]string{"-device", "ipmi-bmc-sim,id=bmc0"}, kcs...), nil
	}
	if err := vm.startBMC(ctx, *p.BMC); err != nil {
		return nil, fmt.Errorf("bmc: %w", err)
	}
	return append([]string{
		"-chardev", fmt.Sprintf("socket,id=ipmi,host=127.0.0.1,port=%d,reconnect=2", vm.bmc.ports.VM),
		"-device", "ipmi-bmc-extern,id=bmc0,chardev=ipmi",
	}, kcs...), nil
}

func (vm *VM) startBMC(ctx context.Context, b BMC) error {
	if err := need("ipmi_sim", "openipmi"); err != nil {
		return err
	}
	commands := []byte(b.Config.Commands())
	if b.EmuFile != "" {
		var err error
		if commands, err = os.ReadFile(b.EmuFile); err != nil {
			return err
		}
	}
	ports, err := freePorts()
	if err != nil {
		return err
	}
	state := filepath.Join(vm.dir, "ipmistate")
	if err := os.Mkdir(state, 0o755); err != nil {
		return err
	}
	emu, lan := filepath.Join(vm.dir, "emu.cmd"), filepath.Join(vm.dir, "lan.conf")
	if err := os.WriteFile(emu, commands, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(lan, []byte(ipmigen.LANConfig(b.Config.GUID, ports)), 0o644); err != nil {
		return err
	}
	log := filepath.Join(vm.out, "ipmi_sim.log")
	process, err := startChild([]string{"ipmi_sim", "-c", lan, "-f", emu, "-s", state, "-n"}, vm.dir, log)
	if err != nil {
		return err
	}
	vm.bmc = &simulator{process, ports}
	for !listening(ports.VM) {
		select {
		case <-process.done:
			said, _ := os.ReadFile(log)
			return fmt.Errorf("ipmi_sim ended: %s", tail(said, 800))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// freePorts asks the kernel for ports that nobody uses now.
func freePorts() (ipmigen.Ports, error) {
	var got [3]int
	for i := range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // At once.
		if err != nil {
			return ipmigen.Ports{}, err
		}
		defer l.Close() //nolint:errcheck // Only a reservation.
		got[i] = l.Addr().(*net.TCPAddr).Port
	}
	u, err := net.ListenPacket("udp", "127.0.0.1:0") //nolint:noctx // At once.
	if err != nil {
		return ipmigen.Ports{}, err
	}
	defer u.Close() //nolint:errcheck // Only a reservation.
	got[2] = u.LocalAddr().(*net.UDPAddr).Port
	return ipmigen.Ports{VM: got[0], Console: got[1], LAN: got[2]}, nil
}

// listening asks the kernel, since a connection would count as QEMU's.
func listening(port int) bool {
	want := fmt.Sprintf("0100007F:%04X 00000000:0000 0A", port)
	data, err := os.ReadFile("/proc/net/tcp")
	return err == nil && strings.Contains(string(data), want)
}

// command types a line into the simulator's console and returns its answer.
func (s *simulator) command(ctx context.Context, line string) (string, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", s.ports.Console))
	if err != nil {
		return "", err
	}
	defer conn.Close() //nolint:errcheck // Nothing is lost.
	if _, err := fmt.Fprintf(conn, "%s\n", line); err != nil {
		return "", err
	}
	var answer strings.Builder
	buf := make([]byte, 4096)
	for {
		// The console has no end mark: silence is the end.
		if err := conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond)); err != nil {
			return "", err
		}
		n, err := conn.Read(buf)
		answer.Write(buf[:n])
		if err != nil {
			return strings.Map(printable, answer.String()), nil //nolint:nilerr // See above.
		}
	}
}

// printable drops the Telnet options that the console sends first.
func printable(r rune) rune {
	if r != '\n' && (r < ' ' || r > '~') {
		return -1
	}
	return r
}
