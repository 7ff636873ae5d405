package ipmi

import (
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// ErrNotAllowed is what a request gets that is not known to only read.
var ErrNotAllowed = errors.New("not a read-only command")

// Allowed returns nil for the requests bee may send: commands that read, with
// data of the length they take. Everything else (writes, resets, set and
// clear commands, messages wrapped in Send Message, unknown commands, the LAN
// community string) is refused with [ErrNotAllowed].
//
// The two Reserve commands hand out a number and change nothing stored.
func Allowed(req device.Request) error {
	c, err := ParseRequest(req)
	if err != nil {
		return errors.Join(ErrNotAllowed, err)
	}
	if !allowedTarget(c.Target) || !allowedCommand(c) {
		return fmt.Errorf("ipmi netfn %02xh command %02xh to %s: %w", uint8(c.NetFn), c.Code, c.Target, ErrNotAllowed)
	}
	return nil
}

func allowedTarget(t Target) bool {
	if t.LUN > 3 {
		return false
	}
	if t.Channel == channelSystem {
		return t.Addr == addrBMC
	}
	// Address 0 is the broadcast.
	return t.Channel < 0x0C && t.Addr != 0 && t.Addr&1 == 0
}

func allowedCommand(c Command) bool {
	n := len(c.Data)
	switch c.NetFn {
	case NetFnChassis:
		return allowedChassis(c.Code) && n == 0
	case NetFnApp:
		return allowedApp(c.Code, n)
	case NetFnSensor:
		return allowedSensor(c.Code, n)
	case NetFnStorage:
		return allowedStorage(c.Code, n)
	case NetFnTransport:
		return c.Code == cmdGetLAN && n == 4 && allowedLAN(c.Data[1])
	case NetFnGroup:
		return n > 0 && allowedGroup(c.Data[0], c.Code, n)
	}
	return false
}

func allowedChassis(code uint8) bool {
	switch code {
	case cmdGetChassisCapabilities, cmdGetChassisStatus, cmdGetRestartCause:
		return true
	}
	return false
}

func allowedApp(code uint8, n int) bool {
	switch code {
	case cmdGetDeviceID, cmdGetSelfTest, cmdGetDeviceGUID, cmdGetSystemGUID, cmdGetWatchdog:
		return n == 0
	case cmdGetChannelInfo:
		return n == 1
	case cmdGetSystemInfo:
		return n == 4
	}
	return false
}

func allowedSensor(code uint8, n int) bool {
	switch code {
	case cmdGetDeviceSDRInfo:
		return n <= 1
	case cmdGetDeviceSDR:
		return n == 6
	case cmdReserveDeviceSDR:
		return n == 0
	case cmdGetReadingFactors, cmdGetHysteresis:
		return n == 2
	case cmdGetThresholds, cmdGetEventEnable, cmdGetEventStatus, cmdGetReading, cmdGetSensorType:
		return n == 1
	}
	return false
}

func allowedStorage(code uint8, n int) bool {
	switch code {
	case cmdGetFRUInfo:
		return n == 1
	case cmdReadFRU:
		return n == 4
	case cmdGetSDR, cmdGetSELEntry:
		return n == 6
	case cmdGetSDRInfo, cmdGetSDRAllocInfo, cmdReserveSDR, cmdGetSDRTime,
		cmdGetSELInfo, cmdGetSELAllocInfo, cmdReserveSEL, cmdGetSELTime:
		return n == 0
	}
	return false
}

// allowedLAN lists the LAN configuration parameters that hold no secret (IPMI
// table 23-4). Parameter 16 is the community string.
func allowedLAN(param uint8) bool {
	switch param {
	case lanIP, lanIPSource, lanMAC, lanNetmask, lanGateway, lanGatewayMAC, lanBackupGateway,
		lanVLANID, lanVLANPriority:
		return true
	}
	return false
}

func allowedGroup(group, code uint8, n int) bool {
	switch group {
	case groupPICMG:
		return code == cmdPICMGProperties && n == 1
	case groupDCMI:
		switch code {
		case cmdDCMICapabilities:
			return n == 2
		case cmdDCMIPowerReading:
			return n == 4
		case cmdDCMIAssetTag, cmdDCMIControllerTag:
			return n == 3
		}
	}
	return false
}
