package nvidia

// Field identifiers for nvmlDeviceGetFieldValues (NVML_FI_DEV_* in nvml.h).
const (
	fieldMemoryTemp        uint32 = 82
	fieldNVLinkSpeedCommon uint32 = 90
	fieldNVLinkCount       uint32 = 91
	fieldReplayRollover    uint32 = 95
	fieldPowerAverage      uint32 = 185
	fieldPowerInstant      uint32 = 186
	fieldTLimitShutdown    uint32 = 193
	fieldTLimitSlowdown    uint32 = 194
	fieldTLimitMemoryMax   uint32 = 195
	fieldTLimitGPUMax      uint32 = 196
	fieldNVLinkRcvErrors   uint32 = 208
	fieldNVLinkIntegrity   uint32 = 211
	fieldNVLinkRecoveries  uint32 = 215
	fieldNVLinkSymbolErrs  uint32 = 221
	fieldRecoveryAction    uint32 = 230
)

// deviceFields are asked of every GPU in one call, with scope 0.
func deviceFields() []uint32 {
	return []uint32{
		fieldMemoryTemp, 0,
		fieldNVLinkCount, 0,
		fieldNVLinkSpeedCommon, 0,
		fieldReplayRollover, 0,
		fieldPowerAverage, 0,
		fieldPowerInstant, 0,
		fieldTLimitShutdown, 0,
		fieldTLimitSlowdown, 0,
		fieldTLimitMemoryMax, 0,
		fieldTLimitGPUMax, 0,
		fieldRecoveryAction, 0,
	}
}

// linkFields are the counters of one link on GPUs whose fifth generation of
// NVLink no longer answers nvmlDeviceGetNvLinkErrorCounter.
func linkFields(link uint32) []uint32 {
	return []uint32{
		fieldNVLinkRcvErrors, link,
		fieldNVLinkIntegrity, link,
		fieldNVLinkRecoveries, link,
		fieldNVLinkSymbolErrs, link,
	}
}

// Arguments of other functions.
const (
	flagNoGPUs uint32 = 1 // NVML_INIT_FLAG_NO_GPUS: no GPU is no error

	correctedErrors   uint32 = 0 // nvmlMemoryErrorType_t
	uncorrectedErrors uint32 = 1
	volatileECC       uint32 = 0 // nvmlEccCounterType_t: since the driver was loaded
	aggregateECC      uint32 = 1 // since the board was made
	locationDRAM      uint32 = 2 // nvmlMemoryLocation_t
	locationSRAM      uint32 = 7

	retiredSingleBit uint32 = 0 // nvmlPageRetirementCause_t
	retiredDoubleBit uint32 = 1

	infoROMOEM   uint32 = 0 // nvmlInforomObject_t
	infoROMECC   uint32 = 1
	infoROMPower uint32 = 2

	sensorGPU         uint32 = 0 // nvmlTemperatureSensors_t
	thresholdShutdown uint32 = 0 // nvmlTemperatureThresholds_t
	thresholdSlowdown uint32 = 1
	thresholdMemMax   uint32 = 2
	thresholdGPUMax   uint32 = 3

	clockGraphics uint32 = 0 // nvmlClockType_t
	clockSM       uint32 = 1
	clockMemory   uint32 = 2
	clockVideo    uint32 = 3

	linkReplay   uint32 = 0 // nvmlNvLinkErrorCounter_t
	linkRecovery uint32 = 1
	linkCRCFlit  uint32 = 2
	linkCRCData  uint32 = 3
	linkECCData  uint32 = 4
)
