package cpu

import (
	"context"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// cacheKey is one cache seen from one processor.
type cacheKey struct{ cpu, index int }

// oneCache is one cache by what it is and the first processor that uses it.
type oneCache struct {
	cpu   int
	level uint64
	typ   string
}

// maxIndex bounds the cache indices asked for; real ones have up to 5.
const maxIndex = 10

// usualCaches is how many caches a processor has in most machines: they are
// asked for together.
const usualCaches = 4

// readCaches reads the caches of one processor that no other has shown yet.
func (r *topologyReader) readCaches(ctx context.Context, p *physicalPackage, n int, dir string) {
	var usual []int
	for index := range usualCaches {
		if !r.covered[cacheKey{n, index}] {
			usual = append(usual, index)
		}
	}
	if !r.readTogether(ctx, p, n, dir, usual) {
		return
	}
	for index := usualCaches; index < maxIndex; index++ {
		if r.covered[cacheKey{n, index}] {
			continue
		}
		level := cachePrefix(index) + "level"
		if sysfs.Read(ctx, r.h, "", dir, level).Absent(level) {
			return
		}
		if !r.readTogether(ctx, p, n, dir, []int{index}) {
			return
		}
	}
}

func cachePrefix(index int) string { return "cache/index" + strconv.Itoa(index) + "/" }

// readTogether reads some caches of one processor; false: there are no more.
func (r *topologyReader) readTogether(ctx context.Context, p *physicalPackage, n int, dir string, indices []int) bool {
	if len(indices) == 0 {
		return true
	}
	names := make([]string, 0, 4*len(indices))
	for _, index := range indices {
		prefix := cachePrefix(index)
		names = append(names, prefix+"level", prefix+"type", prefix+"size", prefix+"shared_cpu_map")
	}
	a := sysfs.Read(ctx, r.h, "", dir, names...)
	defer func() { r.errs = append(r.errs, a.Err()) }()
	for _, index := range indices {
		name := cachePrefix(index) + "level"
		if a.Absent(name) {
			return false
		}
		if level := a.Uint(name, "caches", 10, 8); level != nil {
			r.addCache(ctx, p, a, cacheKey{n, index}, *level, dir)
		}
	}
	return true
}

// cacheType is one of the kernel's three words (include/linux/cacheinfo.h), else
// not known.
func cacheType(s string) string {
	switch s = strings.ToLower(s); s {
	case "data", "instruction", "unified":
		return s
	}
	return ""
}

// addCache counts one cache, unless another processor has shown it.
func (r *topologyReader) addCache(ctx context.Context, p *physicalPackage, a *sysfs.Attrs, key cacheKey, level uint64, dir string) {
	prefix := cachePrefix(key.index)
	typ := cacheType(a.Text(prefix+"type", "caches"))
	first := key.cpu
	for i, c := range r.shared(ctx, a, dir, prefix) {
		r.covered[cacheKey{c, key.index}] = true
		if i == 0 {
			first = c
		}
	}
	// Hypervisors have been seen to list one cache under two indices.
	one := oneCache{first, level, typ}
	if r.seen[one] {
		return
	}
	r.seen[one] = true
	s := a.Text(prefix+"size", "caches")
	if s == "" {
		return
	}
	size, err := sysfs.Size(s)
	if err != nil {
		a.Fail(prefix+"size", "caches", err)
		return
	}
	c := inventory.Cache{Level: uint8(level), Type: typ, SizeBytes: size}
	if size > 0 && !p.countCache(c) {
		r.errs = append(r.errs, r.shape(ctx, &c, dir, prefix))
		p.caches = append(p.caches, c)
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
