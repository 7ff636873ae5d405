package sensors_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/collectortest"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/sensors"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/fixture"
)

// input is how a file name says that it holds a reading.
var input = regexp.MustCompile(`^(temp|fan|in|curr|power|energy|humidity)([0-9]+)_input$`)

// TestCaptured compares with the files of a captured tree, read in the
// simplest way.
func TestCaptured(t *testing.T) {
	t.Parallel()
	root := fixture.Ttar(t, "prometheus-node-exporter", "sys.ttar")
	h, err := host.Static(root)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	all, err := sensors.Read(t.Context(), h)
	if err != nil {
		t.Error(err)
	}
	got := map[string]inventory.HostSensor{}
	for _, s := range all {
		got[s.Sources[0]+"/"+s.Channel] = s
	}
	dirs, err := filepath.Glob(filepath.Join(root, "sys/class/hwmon/*"))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir + "/")
		if err != nil {
			t.Logf("%s: %v", dir, err)
			continue
		}
		for _, e := range entries {
			m := input.FindStringSubmatch(e.Name())
			if m == nil {
				continue
			}
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			n, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
			if err != nil {
				t.Fatal(err)
			}
			want := n / map[string]float64{"temp": 1e3, "fan": 1, "in": 1e3, "curr": 1e3, "power": 1e6, "energy": 1e6, "humidity": 1e3}[m[1]]
			s := got[strings.TrimPrefix(dir, root)+"/"+m[1]+m[2]]
			if s.Value == nil || *s.Value != want {
				t.Errorf("%s/%s: %+v, want %g", dir, e.Name(), s, want)
			}
			compared++
		}
	}
	if compared < 15 {
		t.Errorf("only %d readings compared", compared)
	}
	t.Logf("%d readings compared, %d sensors", compared, len(all))
	for _, s := range all {
		t.Log(s.ID, s.Name, s.Thresholds, s.Alarms, s.Unavailable)
	}
	collectortest.Run(t, sensors.Collector, collectortest.OnTree("captured", root))
}
