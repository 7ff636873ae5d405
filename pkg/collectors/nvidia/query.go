package nvidia

import (
	"slices"
	"strconv"
	"strings"
)

// A Function is the name of an NVML function as exported by the library, with
// the version suffix it has there.
type Function string

// The functions [Ask] uses. Dlopen stands for loading the library, which runs
// its constructors and can fail like any call.
const (
	Dlopen                    Function = "dlopen"
	FnInitWithFlags           Function = "nvmlInitWithFlags"
	FnInit                    Function = "nvmlInit_v2"
	FnDriverVersion           Function = "nvmlSystemGetDriverVersion"
	FnNVMLVersion             Function = "nvmlSystemGetNVMLVersion"
	FnCUDAVersion             Function = "nvmlSystemGetCudaDriverVersion_v2"
	FnCount                   Function = "nvmlDeviceGetCount_v2"
	FnHandle                  Function = "nvmlDeviceGetHandleByIndex_v2"
	FnPCIInfo                 Function = "nvmlDeviceGetPciInfo_v3"
	FnUUID                    Function = "nvmlDeviceGetUUID"
	FnName                    Function = "nvmlDeviceGetName"
	FnSerial                  Function = "nvmlDeviceGetSerial"
	FnBoardPartNumber         Function = "nvmlDeviceGetBoardPartNumber"
	FnVBIOS                   Function = "nvmlDeviceGetVbiosVersion"
	FnInfoROMImage            Function = "nvmlDeviceGetInforomImageVersion"
	FnInfoROM                 Function = "nvmlDeviceGetInforomVersion"
	FnGSPFirmware             Function = "nvmlDeviceGetGspFirmwareVersion"
	FnMinor                   Function = "nvmlDeviceGetMinorNumber"
	FnBoardID                 Function = "nvmlDeviceGetBoardId"
	FnArchitecture            Function = "nvmlDeviceGetArchitecture"
	FnMemoryV2                Function = "nvmlDeviceGetMemoryInfo_v2"
	FnMemory                  Function = "nvmlDeviceGetMemoryInfo"
	FnECCMode                 Function = "nvmlDeviceGetEccMode"
	FnECCTotal                Function = "nvmlDeviceGetTotalEccErrors"
	FnECCLocation             Function = "nvmlDeviceGetMemoryErrorCounter"
	FnRetiredPages            Function = "nvmlDeviceGetRetiredPages"
	FnRetiredPending          Function = "nvmlDeviceGetRetiredPagesPendingStatus"
	FnRemappedRows            Function = "nvmlDeviceGetRemappedRows"
	FnFieldValues             Function = "nvmlDeviceGetFieldValues"
	FnPCIeGeneration          Function = "nvmlDeviceGetCurrPcieLinkGeneration"
	FnPCIeWidth               Function = "nvmlDeviceGetCurrPcieLinkWidth"
	FnPCIeMaxGeneration       Function = "nvmlDeviceGetMaxPcieLinkGeneration"
	FnPCIeMaxWidth            Function = "nvmlDeviceGetMaxPcieLinkWidth"
	FnPCIeDeviceMaxGeneration Function = "nvmlDeviceGetGpuMaxPcieLinkGeneration"
	FnPCIeReplays             Function = "nvmlDeviceGetPcieReplayCounter"
	FnTemperature             Function = "nvmlDeviceGetTemperature"
	FnTemperatureThreshold    Function = "nvmlDeviceGetTemperatureThreshold"
	FnTemperatureMargin       Function = "nvmlDeviceGetMarginTemperature"
	FnPowerUsage              Function = "nvmlDeviceGetPowerUsage"
	FnPowerLimit              Function = "nvmlDeviceGetEnforcedPowerLimit"
	FnPowerDefaultLimit       Function = "nvmlDeviceGetPowerManagementDefaultLimit"
	FnPowerConstraints        Function = "nvmlDeviceGetPowerManagementLimitConstraints"
	FnClock                   Function = "nvmlDeviceGetClockInfo"
	FnMaxClock                Function = "nvmlDeviceGetMaxClockInfo"
	FnEventReasons            Function = "nvmlDeviceGetCurrentClocksEventReasons"
	FnThrottleReasons         Function = "nvmlDeviceGetCurrentClocksThrottleReasons"
	FnPerformanceState        Function = "nvmlDeviceGetPerformanceState"
	FnFanSpeed                Function = "nvmlDeviceGetFanSpeed"
	FnPersistence             Function = "nvmlDeviceGetPersistenceMode"
	FnComputeMode             Function = "nvmlDeviceGetComputeMode"
	FnMIGMode                 Function = "nvmlDeviceGetMigMode"
	FnMIGMax                  Function = "nvmlDeviceGetMaxMigDeviceCount"
	FnMIGHandle               Function = "nvmlDeviceGetMigDeviceHandleByIndex"
	FnMIGAttributes           Function = "nvmlDeviceGetAttributes_v2"
	FnGPUInstanceID           Function = "nvmlDeviceGetGpuInstanceId"
	FnComputeInstanceID       Function = "nvmlDeviceGetComputeInstanceId"
	FnNVLinkState             Function = "nvmlDeviceGetNvLinkState"
	FnNVLinkVersion           Function = "nvmlDeviceGetNvLinkVersion"
	FnNVLinkErrors            Function = "nvmlDeviceGetNvLinkErrorCounter"
	FnNVLinkRemotePCI         Function = "nvmlDeviceGetNvLinkRemotePciInfo_v2"
	FnNVLinkRemoteType        Function = "nvmlDeviceGetNvLinkRemoteDeviceType"
)

// Functions lists the functions [Ask] may call.
func Functions() []Function {
	return []Function{
		FnInitWithFlags, FnInit, FnDriverVersion, FnNVMLVersion, FnCUDAVersion, FnCount, FnHandle,
		FnPCIInfo, FnUUID, FnName, FnSerial, FnBoardPartNumber, FnVBIOS, FnInfoROMImage, FnInfoROM,
		FnGSPFirmware, FnMinor, FnBoardID, FnArchitecture, FnMemoryV2, FnMemory, FnECCMode, FnECCTotal,
		FnECCLocation, FnRetiredPages, FnRetiredPending, FnRemappedRows, FnFieldValues, FnPCIeGeneration,
		FnPCIeWidth, FnPCIeMaxGeneration, FnPCIeMaxWidth, FnPCIeDeviceMaxGeneration, FnPCIeReplays,
		FnTemperature, FnTemperatureThreshold, FnTemperatureMargin, FnPowerUsage, FnPowerLimit,
		FnPowerDefaultLimit, FnPowerConstraints, FnClock, FnMaxClock, FnEventReasons, FnThrottleReasons,
		FnPerformanceState, FnFanSpeed, FnPersistence, FnComputeMode, FnMIGMode, FnMIGMax, FnMIGHandle,
		FnMIGAttributes, FnGPUInstanceID, FnComputeInstanceID, FnNVLinkState, FnNVLinkVersion,
		FnNVLinkErrors, FnNVLinkRemotePCI, FnNVLinkRemoteType,
	}
}

// Whole is the GPU or Instance of a [Query] that is about the system as a
// whole, or about the GPU itself.
const Whole = -1

// A Query is one call of an NVML function.
type Query struct {
	Function Function
	// GPU is the index of the GPU; [Whole] for the system.
	GPU int
	// Instance is the index of the MIG device in the GPU; [Whole] for the GPU.
	Instance int
	// Args are the other inputs, in the order of the C parameters: which
	// sensor, link, counter. For FnFieldValues: pairs of field id and scope.
	Args []uint32
}

// String names the call as people look for it: "nvmlDeviceGetSerial, GPU 1".
func (q Query) String() string {
	var b strings.Builder
	b.WriteString(string(q.Function))
	if len(q.Args) > 0 && q.Function != FnFieldValues {
		b.WriteByte('(')
		for i, a := range q.Args {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.FormatUint(uint64(a), 10))
		}
		b.WriteByte(')')
	}
	if q.GPU >= 0 {
		b.WriteString(", GPU " + strconv.Itoa(q.GPU))
	}
	if q.Instance >= 0 {
		b.WriteString(", MIG device " + strconv.Itoa(q.Instance))
	}
	return b.String()
}

func (q Query) is(fn Function, args []uint32) bool {
	return q.Function == fn && slices.Equal(q.Args, args)
}

// A Reading is what one call brought.
type Reading struct {
	Query
	Return Return
	// Numbers are the numeric outputs in the order of the C parameters or
	// structure members, as raw bits: nothing is scaled, sentinels are still
	// there, a negative number is the two's complement of its C type. For a
	// field value (one Reading per field): nvmlValueType_t, then 64 raw bits.
	Numbers []uint64
	// Text is a string output up to its NUL; of structures that hold strings,
	// the one that identifies (the bus id in nvmlPciInfo_t). It is not checked
	// nor trimmed.
	Text string
}

// Err is the error the return code means; nil on success.
func (r Reading) Err() error { return r.Return.Err(r.Query) }
