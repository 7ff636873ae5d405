package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"
)

// fault carries out a verb of labsync:
//
//	hmp LINE                a line of QEMU's human monitor
//	qmp COMMAND [JSON]      a QMP command
//	hang NODE [EVENT]       suspend requests of a blkdebug node (faulty-io)
//	resume NODE [EVENT]
//	throttle DEVICE IOPS    0 lifts the limit
//	warn DEVICE BITS        NVMe critical warning, by device id
//	unplug DEVICE           hot removal
//	plug DRIVER KEY=VALUE...
//	bmc stop | cont         the BMC answers no more, and again
//	bmc run COMMAND         a line for ipmi_sim's console
//	powercut                the machine is gone at once
func (vm *VM) fault(ctx context.Context, verb string, args []string) (string, error) {
	wanted := map[string]int{"hmp": 1, "qmp": 1, "hang": 1, "resume": 1, "throttle": 2, "warn": 2, "unplug": 1, "plug": 1, "bmc": 1}
	if len(args) < wanted[verb] {
		return "", fmt.Errorf("%s: wants %d arguments", verb, wanted[verb])
	}
	switch verb {
	case "hmp":
		return vm.QMP.HMP(ctx, strings.Join(args, " "))
	case "qmp":
		var arguments any
		if len(args) > 1 {
			if err := json.Unmarshal([]byte(strings.Join(args[1:], " ")), &arguments); err != nil {
				return "", err
			}
		}
		return vm.execute(ctx, args[0], arguments)
	case "hang":
		return vm.Hang(ctx, args[0], event(args))
	case "resume":
		return vm.Resume(ctx, args[0], event(args))
	case "throttle":
		iops, err := strconv.Atoi(args[1])
		if err != nil {
			return "", err
		}
		return vm.execute(ctx, "block_set_io_throttle", map[string]any{
			"id": qomPath(args[0]), "bps": 0, "bps_rd": 0, "bps_wr": 0, "iops": iops, "iops_rd": 0, "iops_wr": 0,
		})
	case "warn":
		bits, err := strconv.Atoi(args[1])
		if err != nil {
			return "", err
		}
		return vm.execute(ctx, "qom-set", map[string]any{"path": qomPath(args[0]), "property": "smart_critical_warning", "value": bits})
	case "unplug":
		return vm.execute(ctx, "device_del", map[string]any{"id": args[0]})
	case "plug":
		device := map[string]any{"driver": args[0]}
		for _, a := range args[1:] {
			key, value, _ := strings.Cut(a, "=")
			device[key] = value
		}
		return vm.execute(ctx, "device_add", device)
	case "bmc":
		return vm.bmcFault(ctx, args)
	case "powercut":
		vm.qemu.kill()
		return "", nil
	default:
		return "", fmt.Errorf("verb %q: unknown", verb)
	}
}

func (vm *VM) bmcFault(ctx context.Context, args []string) (string, error) {
	if vm.bmc == nil {
		return "", errors.New("the profile has no simulated BMC")
	}
	switch args[0] {
	case "stop":
		return "", vm.bmc.process.signal(syscall.SIGSTOP)
	case "cont":
		return "", vm.bmc.process.signal(syscall.SIGCONT)
	case "run":
		return vm.bmc.command(ctx, strings.Join(args[1:], " "))
	default:
		return "", fmt.Errorf("bmc %s: want stop, cont or run", args[0])
	}
}

// Hang suspends a blkdebug node's requests at an event, like "read_aio".
func (vm *VM) Hang(ctx context.Context, node, event string) (string, error) {
	return vm.QMP.HMP(ctx, fmt.Sprintf(`qemu-io %s "break %s %s%s"`, node, event, node, event))
}

// Resume lets suspended requests go on.
func (vm *VM) Resume(ctx context.Context, node, event string) (string, error) {
	return vm.QMP.HMP(ctx, fmt.Sprintf(`qemu-io %s "resume %s%s"`, node, node, event))
}

func (vm *VM) execute(ctx context.Context, command string, arguments any) (string, error) {
	raw, err := vm.QMP.Execute(ctx, command, arguments)
	return string(raw), err
}

func event(args []string) string {
	if len(args) > 1 {
		return args[1]
	}
	return "read_aio"
}

func qomPath(device string) string {
	if strings.HasPrefix(device, "/") {
		return device
	}
	return "/machine/peripheral/" + device
}
