package nvidia_test

import (
	"testing"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/nvidia"
	"example.com/bee/pkg/inventory"
	nvmlmock "example.com/bee/test/nvml"
)

func TestContract(t *testing.T) {
	t.Parallel()
	bareMachine := gpusAmong(2, 3)
	delete(bareMachine.Files, "/proc/driver/nvidia/version")
	collectortest.Run(t, func(h *host.Host) inventory.Collector {
		return nvidia.Collector(h, source(nvmlmock.H100s(2)))
	}, collectortest.OnMachine("two H100", gpusAmong(2, 3)), collectortest.OnMachine("no driver", bareMachine))
}
