package lab

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"example.com/bee/test/lab/qmp"
)

// VM is a running machine.
type VM struct {
	QMP     *qmp.Client
	Profile Profile

	dir     string // Sockets, disks and the initramfs of this run.
	out     string
	bmc     *simulator
	qemu    *child
	serial  net.Conn
	lines   *bufio.Reader
	started time.Time
	stopped bool
}

// start boots the machine; on an error everything it began is undone.
func start(ctx context.Context, o Options, b Built) (_ *VM, err error) {
	vm := &VM{Profile: o.Profile, out: o.OutDir}
	// Socket paths are limited to 108 bytes, so not below OutDir.
	if vm.dir, err = os.MkdirTemp("", "lab-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			vm.stop()
		}
	}()
	disks := vm.dir
	if o.DiskDir != "" {
		if disks, err = filepath.Abs(o.DiskDir); err != nil {
			return nil, err
		}
	}
	if err := makeDisks(disks, o.Profile.Disks); err != nil {
		return nil, err
	}
	own, err := payload(o)
	if err != nil {
		return nil, err
	}
	parts := []string{b.Base, b.Tools}
	if o.NoTools {
		parts = parts[:1]
	}
	if err := joinInitramfs(filepath.Join(vm.dir, "initrd"), own, parts...); err != nil {
		return nil, err
	}
	args, err := vm.arguments(ctx, o, b, disks)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(o.OutDir, "qemu.cmd"), []byte(quoteAll(args)+"\n"), 0o644); err != nil {
		return nil, err
	}
	return vm, vm.boot(ctx, args, true)
}

func makeDisks(dir string, disks []Disk) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, d := range disks {
		f, err := os.OpenFile(filepath.Join(dir, d.ID+".img"), os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Truncate(d.Size), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// boot starts QEMU; guest says whether the lab's own guest will speak.
func (vm *VM) boot(ctx context.Context, args []string, guest bool) error {
	vm.started = time.Now()
	log := filepath.Join(vm.out, "qemu.log")
	var err error
	if vm.qemu, err = startChild(args, vm.dir, log); err != nil {
		return err
	}
	// QEMU that refuses its arguments ends before its sockets answer.
	dial, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	go func() {
		select {
		case <-vm.qemu.done:
			cancel()
		case <-dial.Done():
		}
	}()
	if vm.QMP, err = qmp.Dial(dial, filepath.Join(vm.dir, "qmp.sock")); err == nil && guest {
		var d net.Dialer
		vm.serial, err = d.DialContext(dial, "unix", filepath.Join(vm.dir, "lab.sock"))
	}
	if err != nil {
		if said, readErr := os.ReadFile(log); readErr == nil && len(said) > 0 {
			return fmt.Errorf("qemu: %s", tail(said, 1500))
		}
		return fmt.Errorf("qemu: %w", err)
	}
	if !guest {
		return nil
	}
	vm.lines = bufio.NewReaderSize(vm.serial, 1<<16)
	// QEMU has it open by now; a lab that is killed leaves less behind.
	return os.Remove(filepath.Join(vm.dir, "initrd"))
}

// serve talks with the guest until it is done.
func (vm *VM) serve(ctx context.Context, o Options) (*Result, error) {
	res := &Result{ExitCode: -1}
	stop := context.AfterFunc(ctx, func() { vm.serial.SetDeadline(time.Unix(1, 0)) }) //nolint:errcheck // The read fails then.
	defer stop()
	for {
		line, err := vm.lines.ReadString('\n')
		if err != nil {
			switch after := time.Since(vm.started).Round(time.Second); {
			case errors.Is(ctx.Err(), context.Canceled):
				return res, fmt.Errorf("interrupted after %s: %w", after, ctx.Err())
			case ctx.Err() != nil:
				return res, fmt.Errorf("%w after %s", ErrTimeout, after)
			}
			return res, ErrNoAnswer
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "@boot":
			res.BootWall = time.Since(vm.started)
			seconds, _ := strconv.ParseFloat(rest, 64)
			res.BootGuest = time.Duration(seconds * float64(time.Second))
			say(o.Log, "lab: %s booted in %.1f s\n", o.Profile.Name, res.BootWall.Seconds())
		case "@job":
			say(o.Log, "lab: job %s ms\n", rest)
		case "@sync":
			if _, err := io.WriteString(vm.serial, vm.sync(ctx, o, strings.Fields(rest))+"\n"); err != nil {
				return res, fmt.Errorf("%w: %w", ErrNoAnswer, err)
			}
		case "@out":
			size, err := strconv.ParseInt(rest, 10, 64)
			if err != nil {
				return res, fmt.Errorf("size of /out: %w", err)
			}
			if err := unpack(io.LimitReader(vm.lines, size), filepath.Join(vm.out, "out")); err != nil {
				return res, fmt.Errorf("/out: %w", err)
			}
		case "@exit":
			if res.ExitCode, err = strconv.Atoi(rest); err != nil {
				return res, fmt.Errorf("exit status: %w", err)
			}
			_, err := io.WriteString(vm.serial, "ok\n")
			return res, err
		}
	}
}

// sync answers one labsync of the guest in one line.
func (vm *VM) sync(ctx context.Context, o Options, words []string) string {
	if len(words) == 0 {
		return "error: no verb"
	}
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	var answer string
	var err error
	known := false
	if o.Sync != nil {
		answer, known, err = o.Sync(ctx, vm, words[0], words[1:])
	}
	if !known && err == nil {
		answer, err = vm.fault(ctx, words[0], words[1:])
	}
	if err != nil {
		answer = "error: " + err.Error()
	}
	if answer = strings.NewReplacer("\r", " ", "\n", " ").Replace(strings.TrimSpace(answer)); answer == "" {
		answer = "ok"
	}
	say(o.Log, "lab: %s: %.100s\n", strings.Join(words, " "), answer)
	return answer
}

// stop ends the machine and its helpers, by force if need be, and removes the
// run's folder.
func (vm *VM) stop() {
	if vm.qemu != nil {
		select {
		case <-vm.qemu.done: // Powered off.
		case <-time.After(4 * time.Second):
			// QEMU may stand still with a suspended request: no use to ask.
			vm.qemu.kill()
		}
	}
	if vm.QMP != nil {
		vm.QMP.Close() //nolint:errcheck // Gone already.
	}
	if vm.serial != nil {
		vm.serial.Close() //nolint:errcheck // Gone already.
	}
	if vm.bmc != nil {
		vm.bmc.process.kill()
	}
	os.RemoveAll(vm.dir) //nolint:errcheck // A leftover costs only space.
}

// child is a process of the host that dies with us.
type child struct {
	cmd  *exec.Cmd
	done chan struct{}
}

func startChild(args []string, dir, log string) (*child, error) {
	out, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer out.Close() //nolint:errcheck // The child has its own.
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd, make(chan struct{})}
	go func() {
		cmd.Wait() //nolint:errcheck // The log says why.
		close(c.done)
	}()
	return c, nil
}

func (c *child) kill() {
	syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL) //nolint:errcheck // Gone already.
	<-c.done
}

func (c *child) signal(s syscall.Signal) error { return c.cmd.Process.Signal(s) }
