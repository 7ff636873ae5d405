package ipmi

import "fmt"

// commandName says in words what is asked, for errors.
func commandName(netFn NetFn, code uint8, data []byte) string {
	name := ""
	switch netFn {
	case NetFnChassis:
		name = chassisName(code)
	case NetFnApp:
		name = appName(code)
	case NetFnSensor:
		name = sensorCommandName(code)
	case NetFnStorage:
		name = storageName(code)
	case NetFnTransport:
		name = "get lan configuration"
	case NetFnGroup:
		name = "group command"
		if len(data) > 0 && data[0] == groupDCMI {
			name = "dcmi command"
		}
		name = fmt.Sprintf("%s %02xh", name, code)
	}
	if name == "" {
		return fmt.Sprintf("netfn %02xh command %02xh", uint8(netFn), code)
	}
	return name
}

func chassisName(code uint8) string {
	switch code {
	case cmdGetChassisCapabilities:
		return "get chassis capabilities"
	case cmdGetChassisStatus:
		return "get chassis status"
	case cmdGetRestartCause:
		return "get system restart cause"
	}
	return ""
}

func appName(code uint8) string {
	switch code {
	case cmdGetDeviceID:
		return "get device id"
	case cmdGetSelfTest:
		return "get self test results"
	case cmdGetDeviceGUID:
		return "get device guid"
	case cmdGetSystemGUID:
		return "get system guid"
	case cmdGetWatchdog:
		return "get watchdog timer"
	case cmdGetChannelInfo:
		return "get channel info"
	case cmdGetSystemInfo:
		return "get system info parameters"
	}
	return ""
}

func sensorCommandName(code uint8) string {
	switch code {
	case cmdGetDeviceSDR:
		return "get device sdr"
	case cmdReserveDeviceSDR:
		return "reserve device sdr repository"
	case cmdGetReadingFactors:
		return "get sensor reading factors"
	case cmdGetHysteresis:
		return "get sensor hysteresis"
	case cmdGetThresholds:
		return "get sensor thresholds"
	case cmdGetReading:
		return "get sensor reading"
	}
	return ""
}

func storageName(code uint8) string {
	switch code {
	case cmdGetFRUInfo:
		return "get fru inventory area info"
	case cmdReadFRU:
		return "read fru data"
	case cmdGetSDRInfo:
		return "get sdr repository info"
	case cmdReserveSDR:
		return "reserve sdr repository"
	case cmdGetSDR:
		return "get sdr"
	case cmdGetSELInfo:
		return "get sel info"
	case cmdReserveSEL:
		return "reserve sel"
	case cmdGetSELEntry:
		return "get sel entry"
	case cmdGetSELTime:
		return "get sel time"
	}
	return ""
}
