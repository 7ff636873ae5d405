package cpu

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

const cpuDir = "/sys/devices/system/cpu"

// topology is what the kernel knows of the processors (kernel:
// Documentation/ABI/stable/sysfs-devices-system-cpu).
type topology struct {
	packages        []*physicalPackage // ascending by id
	offline         []int              // present but offline
	vulnerabilities map[string]string
}

// physicalPackage is one package as the kernel numbers it.
type physicalPackage struct {
	id       int
	cpus     []int // online threads
	cores    map[string]bool
	nodes    []int
	caches   []inventory.Cache
	throttle *inventory.Throttle
}

// readTopology reads sysfs; nil without one.
func readTopology(ctx context.Context, h *host.Host) (*topology, error) {
	names, err := h.ReadDir(ctx, cpuDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &inventory.PartError{Field: "cpus", Source: cpuDir, Err: sysfs.Cause(err)}
	}
	r := &topologyReader{h: h, byID: map[int]*physicalPackage{}, covered: map[cacheKey]bool{}, seen: map[oneCache]bool{}}
	for _, n := range names {
		if cpu, err := strconv.Atoi(strings.TrimPrefix(n, "cpu")); err == nil && strings.HasPrefix(n, "cpu") {
			r.cpus = append(r.cpus, cpu)
		}
	}
	slices.Sort(r.cpus)
	t := &topology{}
	online := r.lists(ctx, t)
	if online != nil {
		r.cpus = slices.DeleteFunc(r.cpus, func(n int) bool { return !has(online, n) })
	}
	r.readCPUs(ctx)
	for _, p := range r.byID {
		slices.SortFunc(p.caches, func(a, b inventory.Cache) int {
			return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Type, b.Type), cmp.Compare(a.SizeBytes, b.SizeBytes))
		})
		t.packages = append(t.packages, p)
	}
	slices.SortFunc(t.packages, func(a, b *physicalPackage) int { return a.id - b.id })
	r.readNodes(ctx, t)
	t.vulnerabilities = r.readVulnerabilities(ctx)
	return t, errors.Join(r.errs...)
}

// has looks a number up in an ascending list.
func has(list []int, n int) bool {
	_, ok := slices.BinarySearch(list, n)
	return ok
}

type topologyReader struct {
	h       *host.Host
	cpus    []int
	byID    map[int]*physicalPackage
	covered map[cacheKey]bool
	seen    map[oneCache]bool
	errs    []error
}

// lists reads which processors are online; nil when the kernel does not say.
func (r *topologyReader) lists(ctx context.Context, t *topology) []int {
	a := sysfs.Read(ctx, r.h, "", cpuDir, "online", "offline", "present")
	defer func() { r.errs = append(r.errs, a.Err()) }()
	list := func(name string) []int {
		s := a.Text(name, "cpus")
		if s == "" {
			return nil
		}
		l, err := sysfs.List(s)
		if err != nil {
			a.Fail(name, "cpus", err)
		}
		return l
	}
	present := list("present")
	for _, n := range list("offline") { // it also lists what could be plugged in
		if has(present, n) {
			t.offline = append(t.offline, n)
		}
	}
	return list("online")
}

// What is read side by side; a machine may have hundreds of processors.
const (
	sideBySide   = 4
	cpusTogether = 16
	readDeadline = 30 * time.Second // far above that of each attribute
)

// readCPUs reads the processors side by side, and takes them in their order.
func (r *topologyReader) readCPUs(ctx context.Context) {
	var mu sync.Mutex // a reader that is given up may still be at work
	read := map[int]*sysfs.Attrs{}
	groups := slices.Collect(slices.Chunk(r.cpus, cpusTogether))
	errs := inventory.Each(ctx, sideBySide, inventory.DeviceDeadline(ctx, readDeadline), groups, func(ctx context.Context, group []int) error {
		var names []string
		for _, n := range group {
			names = append(names, inCPU(n, packageID), inCPU(n, siblings), inCPU(n, packageThrottle), inCPU(n, coreThrottle))
		}
		a := sysfs.Read(ctx, r.h, "", cpuDir, names...)
		mu.Lock()
		defer mu.Unlock()
		read[group[0]] = a
		return nil
	})
	mu.Lock()
	read = maps.Clone(read)
	mu.Unlock()
	for i, group := range groups {
		a := read[group[0]]
		if a == nil {
			r.errs = append(r.errs, &inventory.PartError{Field: "cpus", Source: path.Join(cpuDir, inCPU(group[0], "")), Err: errs[i]})
			continue
		}
		for _, n := range group {
			r.place(ctx, n, a)
		}
		r.errs = append(r.errs, a.Err())
	}
}

// Attributes of a processor.
const (
	packageID       = "topology/physical_package_id"
	siblings        = "topology/thread_siblings"
	packageThrottle = "thermal_throttle/package_throttle_count"
	coreThrottle    = "thermal_throttle/core_throttle_count"
)

func inCPU(n int, name string) string { return path.Join("cpu"+strconv.Itoa(n), name) }

// place gives one processor to its package.
func (r *topologyReader) place(ctx context.Context, n int, a *sysfs.Attrs) {
	id := 0
	if p := a.Int(inCPU(n, packageID), "package_id"); p != nil && *p >= 0 {
		id = *p // -1: the platform does not say; one package then
	}
	p := r.byID[id]
	if p == nil {
		p = &physicalPackage{id: id, cores: map[string]bool{}}
		r.byID[id] = p
	}
	p.cpus = append(p.cpus, n)
	core := a.Text(inCPU(n, siblings), "cores") // only compared, so the mask will do
	firstThread := core == "" || !p.cores[core]
	if core != "" {
		p.cores[core] = true
	}
	p.addThrottle(a, n, firstThread)
	r.readCaches(ctx, p, n, path.Join(cpuDir, inCPU(n, "")))
}

// addThrottle counts the package once and every core once: the kernel shows
// the package's counter, and the core's, on each of their threads.
func (p *physicalPackage) addThrottle(a *sysfs.Attrs, n int, firstThread bool) {
	pkg := a.Uint(inCPU(n, packageThrottle), "throttle", 10, 64)
	core := a.Uint(inCPU(n, coreThrottle), "throttle", 10, 64)
	if pkg == nil && core == nil {
		return
	}
	if p.throttle == nil {
		p.throttle = &inventory.Throttle{}
	}
	t := p.throttle
	if pkg != nil && (t.PackageCount == nil || *pkg > *t.PackageCount) {
		t.PackageCount = pkg
	}
	if core != nil && firstThread {
		sum := *core
		if t.CoreCount != nil {
			sum += *t.CoreCount
		}
		t.CoreCount = &sum
	}
}

const nodeDir = "/sys/devices/system/node"

// readNodes tells each package its memory nodes.
func (r *topologyReader) readNodes(ctx context.Context, t *topology) {
	names, err := r.h.ReadDir(ctx, nodeDir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.errs = append(r.errs, &inventory.PartError{Field: "numa_nodes", Source: nodeDir, Err: sysfs.Cause(err)})
		}
		return
	}
	for _, n := range names {
		node, err := strconv.Atoi(strings.TrimPrefix(n, "node"))
		if err != nil || !strings.HasPrefix(n, "node") {
			continue
		}
		a := sysfs.Read(ctx, r.h, "", path.Join(nodeDir, n), "cpulist", "cpumap")
		var cpus []int
		if s := a.Text("cpulist", "numa_nodes"); s != "" {
			cpus, err = sysfs.List(s)
		} else if s := a.Text("cpumap", "numa_nodes"); s != "" {
			cpus, err = sysfs.Mask(s)
		}
		if err != nil {
			a.Fail("cpulist", "numa_nodes", err)
		}
		r.errs = append(r.errs, a.Err())
		for _, p := range t.packages {
			if slices.ContainsFunc(cpus, func(c int) bool { return has(p.cpus, c) }) {
				p.nodes = append(p.nodes, node)
			}
		}
	}
	for _, p := range t.packages {
		slices.Sort(p.nodes)
	}
}

func (r *topologyReader) readVulnerabilities(ctx context.Context) map[string]string {
	dir := path.Join(cpuDir, "vulnerabilities")
	names, err := r.h.ReadDir(ctx, dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.errs = append(r.errs, &inventory.PartError{Field: "vulnerabilities", Source: dir, Err: sysfs.Cause(err)})
		}
		return nil
	}
	a := sysfs.Read(ctx, r.h, "", dir, names...)
	all := map[string]string{}
	for _, n := range names {
		if s := a.Text(n, "vulnerabilities"); s != "" {
			all[n] = s
		}
	}
	r.errs = append(r.errs, a.Err())
	return all
}
