package cpu

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

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

// maxIndex bounds the cache indices asked for; real ones have up to 5.
const maxIndex = 10

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
	for _, n := range r.cpus {
		if online == nil || has(online, n) {
			r.readCPU(ctx, n)
		}
	}
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

// cacheKey is one cache seen from one processor.
type cacheKey struct{ cpu, index int }

// oneCache is one cache by what it is and the first processor that uses it.
type oneCache struct {
	cpu   int
	level uint64
	typ   string
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

func (r *topologyReader) readCPU(ctx context.Context, n int) {
	dir := path.Join(cpuDir, "cpu"+strconv.Itoa(n))
	a := sysfs.Read(ctx, r.h, "", dir, "topology/physical_package_id", "topology/thread_siblings",
		"thermal_throttle/package_throttle_count", "thermal_throttle/core_throttle_count")
	id := 0
	if p := a.Int("topology/physical_package_id", "package_id"); p != nil && *p >= 0 {
		id = *p // -1: the platform does not say; one package then
	}
	p := r.byID[id]
	if p == nil {
		p = &physicalPackage{id: id, cores: map[string]bool{}}
		r.byID[id] = p
	}
	p.cpus = append(p.cpus, n)
	core := a.Text("topology/thread_siblings", "cores") // only compared, so the mask will do
	firstThread := core == "" || !p.cores[core]
	if core != "" {
		p.cores[core] = true
	}
	p.addThrottle(a, firstThread)
	r.errs = append(r.errs, a.Err())
	r.readCaches(ctx, p, n, dir)
}

// addThrottle counts the package once and every core once: the kernel shows
// the package's counter, and the core's, on each of their threads.
func (p *physicalPackage) addThrottle(a *sysfs.Attrs, firstThread bool) {
	pkg := a.Uint("thermal_throttle/package_throttle_count", "throttle", 10, 64)
	core := a.Uint("thermal_throttle/core_throttle_count", "throttle", 10, 64)
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

// readCaches reads the caches of one processor that no other has shown yet.
func (r *topologyReader) readCaches(ctx context.Context, p *physicalPackage, n int, dir string) {
	for index := range maxIndex {
		if r.covered[cacheKey{n, index}] {
			continue
		}
		prefix := fmt.Sprintf("cache/index%d/", index)
		a := sysfs.Read(ctx, r.h, "", dir, prefix+"level", prefix+"type", prefix+"size", prefix+"shared_cpu_map")
		level := a.Uint(prefix+"level", "caches", 10, 8)
		if level == nil {
			if err := a.Err(); err != nil {
				r.errs = append(r.errs, err)
				continue
			}
			return
		}
		typ := strings.ToLower(a.Text(prefix+"type", "caches"))
		first := n
		for i, c := range r.shared(ctx, a, dir, prefix) {
			r.covered[cacheKey{c, index}] = true
			if i == 0 {
				first = c
			}
		}
		// Hypervisors have been seen to list one cache under two indices.
		one := oneCache{first, *level, typ}
		if r.seen[one] {
			continue
		}
		r.seen[one] = true
		if s := a.Text(prefix+"size", "caches"); s != "" {
			size, err := sysfs.Size(s)
			if err != nil {
				a.Fail(prefix+"size", "caches", err)
			} else if size > 0 {
				c := inventory.Cache{Level: uint8(*level), Type: typ, SizeBytes: size}
				if !p.countCache(c) {
					r.errs = append(r.errs, r.shape(ctx, &c, dir, prefix))
					p.caches = append(p.caches, c)
				}
			}
		}
		r.errs = append(r.errs, a.Err())
	}
}

// count is a number of which zero means that the kernel does not know.
func count(a *sysfs.Attrs, name string) *uint32 {
	v := a.Uint(name, "caches", 10, 32)
	if v == nil || *v == 0 {
		return nil
	}
	return new(uint32(*v))
}

// shape reads how a cache of a new kind is built.
func (r *topologyReader) shape(ctx context.Context, c *inventory.Cache, dir, prefix string) error {
	a := sysfs.Read(ctx, r.h, "", dir, prefix+"ways_of_associativity", prefix+"coherency_line_size")
	c.Count = new(uint32(1))
	c.Ways = count(a, prefix+"ways_of_associativity")
	c.LineBytes = count(a, prefix+"coherency_line_size")
	return a.Err()
}

// shared lists the processors of a cache. The mask is the kernel's own form;
// the list stands in for it.
func (r *topologyReader) shared(ctx context.Context, a *sysfs.Attrs, dir, prefix string) []int {
	name, parse := prefix+"shared_cpu_map", sysfs.Mask
	s := a.Text(name, "caches")
	if s == "" {
		name, parse = prefix+"shared_cpu_list", sysfs.List
		a = sysfs.Read(ctx, r.h, "", dir, name)
		s = a.Text(name, "caches")
	}
	if s == "" {
		return nil
	}
	l, err := parse(s)
	if err != nil {
		a.Fail(name, "caches", err)
		r.errs = append(r.errs, a.Err())
	}
	return l
}

// countCache counts another cache of a kind the package is known to have.
func (p *physicalPackage) countCache(c inventory.Cache) bool {
	for i := range p.caches {
		have := &p.caches[i]
		if have.Level == c.Level && have.Type == c.Type && have.SizeBytes == c.SizeBytes {
			*have.Count++
			return true
		}
	}
	return false
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
