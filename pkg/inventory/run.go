package inventory

import "sync"

// A Run is one call of [Collect]. What collectors share for its length, such
// as a parsed SMBIOS table, hangs on it.
type Run struct {
	mu     sync.Mutex
	values map[any]*onceValue
	ends   []func()
	over   bool
}

type onceValue struct {
	once  sync.Once
	value any
}

// Once returns the value kept under key, made by the first caller; others wait
// for it, callers of other keys do not.
func (r *Run) Once(key any, make func() any) any {
	v := r.slot(key)
	v.once.Do(func() { v.value = make() })
	return v.value
}

func (r *Run) slot(key any) *onceValue {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.values[key]
	if v == nil {
		if r.values == nil {
			r.values = map[any]*onceValue{}
		}
		v = &onceValue{}
		r.values[key] = v
	}
	return v
}

// Finally has f called when the run is over and its report is made. f must not
// block: collectors left behind at their deadline may still be using what it
// closes. When the run is over already, f is called at once: one that was left
// behind made what nobody else would close.
func (r *Run) Finally(f func()) {
	r.mu.Lock()
	over := r.over
	if !over {
		r.ends = append(r.ends, f)
	}
	r.mu.Unlock()
	if over {
		f()
	}
}

func (r *Run) finish() {
	r.mu.Lock()
	ends := r.ends
	r.ends, r.over = nil, true
	r.mu.Unlock()
	for _, f := range ends {
		f()
	}
}
