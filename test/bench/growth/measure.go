package growth

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"example.com/bee/pkg/collectors"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// Point is one machine, measured: medians of several audits, each with its
// report written as JSON.
type Point struct {
	Size      int
	Wall, CPU time.Duration
	AllocKiB  int64 // Allocated during one audit.
	ReportKiB int
	Found     int // Components of that kind in the report.
	Statuses  string
}

// Dimension is what grows.
type Dimension struct {
	Name  string
	Sizes []int
	with  func(n int) Machine
	count func(*inventory.Report) int
}

// Dimensions are those of issue: drives, PCI functions, modules, sensors and
// events.
func Dimensions() []Dimension {
	grow := func(set func(*Machine, int)) func(int) Machine {
		return func(n int) Machine {
			m := Typical()
			set(&m, n)
			return m
		}
	}
	return []Dimension{
		{"drives", []int{2, 10, 30, 100, 300}, grow(func(m *Machine, n int) { m.Drives = n }), func(r *inventory.Report) int { return len(r.Storage) }},
		{"PCI functions", []int{16, 64, 256, 1024, 4096}, grow(func(m *Machine, n int) { m.Functions = n }), func(r *inventory.Report) int { return len(r.PCIeDevices) }},
		{"DIMMs", []int{8, 16, 32, 64, 128}, grow(func(m *Machine, n int) { m.DIMMs = n }), func(r *inventory.Report) int {
			if r.Memory == nil {
				return 0
			}
			return len(r.Memory.Modules)
		}},
		{"sensors", []int{10, 30, 100, 300, 1000}, grow(func(m *Machine, n int) { m.Sensors = n }), func(r *inventory.Report) int {
			if r.BMC == nil {
				return 0
			}
			return len(r.BMC.Sensors)
		}},
		{"SEL entries", []int{0, 10, 100, 1000, 10000}, grow(func(m *Machine, n int) { m.Events = n }), func(r *inventory.Report) int {
			if r.BMC == nil || r.BMC.SEL == nil || r.BMC.SEL.Entries == nil {
				return 0
			}
			return *r.BMC.SEL.Entries
		}},
	}
}

// Measure audits machines of all sizes.
func (d Dimension) Measure(ctx context.Context, runs int) ([]Point, error) {
	var out []Point
	for _, n := range d.Sizes {
		src, err := d.with(n).Source()
		if err != nil {
			return nil, fmt.Errorf("%s %d: %w", d.Name, n, err)
		}
		p := Point{Size: n}
		var walls, cpus, allocs []int64
		for run := range runs + 1 {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			cpu, start := processTime(), time.Now()
			r := inventory.Collect(ctx, collectors.Default(host.New(src)))
			doc, err := json.Marshal(r)
			if err != nil {
				return nil, err
			}
			wall := time.Since(start)
			used := processTime() - cpu
			runtime.ReadMemStats(&after)
			if run == 0 {
				continue
			}
			walls, cpus = append(walls, int64(wall)), append(cpus, int64(used))
			allocs = append(allocs, int64(after.TotalAlloc-before.TotalAlloc))
			p.Found, p.ReportKiB = d.count(r), len(doc)/1024
			p.Statuses = statuses(r)
		}
		p.Wall, p.CPU, p.AllocKiB = time.Duration(median(walls)), time.Duration(median(cpus)), median(allocs)/1024
		out = append(out, p)
	}
	return out, nil
}

func statuses(r *inventory.Report) string {
	var out []string
	for _, c := range r.Collectors {
		if c.Status != inventory.StatusOK && c.Status != inventory.StatusAbsent {
			out = append(out, c.Name+" "+string(c.Status))
		}
	}
	return strings.Join(out, ", ")
}

func processTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(v []int64) int64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// Exponent is e where cost grows like size to the power of e, between the two
// largest sizes and beyond what the smallest machine costs: 1 is linear. It is 0
// where the largest does not cost twice as much as the smallest.
func Exponent(points []Point, cost func(Point) float64) float64 {
	if len(points) < 3 {
		return math.NaN()
	}
	base := cost(points[0])
	last, prior := points[len(points)-1], points[len(points)-2]
	a, b := cost(last)-base, cost(prior)-base
	if a <= base || b <= 0 { // Not even twice the smallest: what differs is noise.
		return 0
	}
	return math.Log(a/b) / math.Log(float64(last.Size-points[0].Size)/float64(prior.Size-points[0].Size))
}
