package collectortest_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/inventory"
)

// Licence is a third party's part of the report.
type Licence struct {
	Key string `json:"key"`
}

// LicenceCollector is a third party's collector.
func LicenceCollector(h *host.Host) inventory.Collector {
	return inventory.ExtensionOf("acme.example/licence", func(ctx context.Context) (*Licence, error) {
		data, err := h.ReadFile(ctx, "/etc/acme/licence")
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil // absent
		case err != nil:
			return nil, err
		}
		return &Licence{Key: strings.TrimSpace(string(data))}, nil
	})
}

// A collector's package runs the contract as one of its tests.
func Example() {
	TestContract := func(t *testing.T) {
		collectortest.Run(t, LicenceCollector, collectortest.OnMachine("licensed", &hosttest.Source{
			Files: map[string]string{"/etc/acme/licence": "1234\n"},
		}))
	}
	_ = TestContract
}

func TestExample(t *testing.T) {
	t.Parallel()
	collectortest.Run(t, LicenceCollector, collectortest.OnMachine("licensed", &hosttest.Source{
		Files: map[string]string{"/etc/acme/licence": "1234\n"},
	}))
}
