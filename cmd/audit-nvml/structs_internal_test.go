package main

import (
	"testing"
	"unsafe"
)

// The sizes are those gcc gives the structures of nvml.h on 64-bit Linux; a
// versioned one carries its size in its version, so these are what the
// library compares.
func TestStructSizes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ got, want uintptr }{
		"nvmlMemory_t":                  {unsafe.Sizeof(memoryV1{}), 24},
		"nvmlMemory_v2_t":               {unsafe.Sizeof(memoryV2{}), 40},
		"nvmlMemory_v2_t.total":         {unsafe.Offsetof(memoryV2{}.total), 8},
		"nvmlPciInfo_t":                 {unsafe.Sizeof(pciInfo{}), 68},
		"nvmlPciInfo_t.domain":          {unsafe.Offsetof(pciInfo{}.domain), 16},
		"nvmlPciInfo_t.busId":           {unsafe.Offsetof(pciInfo{}.busID), 36},
		"nvmlDeviceAttributes_t":        {unsafe.Sizeof(attributes{}), 40},
		"nvmlDeviceAttributes_t.memory": {unsafe.Offsetof(attributes{}.memoryMiB), 32},
		"nvmlMarginTemperature_v1_t":    {unsafe.Sizeof(margin{}), 8},
		"nvmlFieldValue_t":              {unsafe.Sizeof(fieldValue{}), 40},
		"nvmlFieldValue_t.valueType":    {unsafe.Offsetof(fieldValue{}.valueType), 24},
		"nvmlFieldValue_t.nvmlReturn":   {unsafe.Offsetof(fieldValue{}.ret), 28},
		"nvmlFieldValue_t.value":        {unsafe.Offsetof(fieldValue{}.value), 32},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
	if v := versioned[memoryV2](2); v != 0x02000028 {
		t.Errorf("nvmlMemory_v2: %#x", v)
	}
	if v := versioned[margin](1); v != 0x01000008 {
		t.Errorf("nvmlMarginTemperature_v1: %#x", v)
	}
}
