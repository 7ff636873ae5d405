package worker

// Bounds, for tests.
const (
	MaxLine   = maxLine
	MaxEvents = maxEvents
)

// Starting replaces the program that is started.
func (o Options) Starting(program string) Options {
	o.program = program
	return o
}

// Immortal makes killing do nothing but tell of the process, as with one that
// hangs in the kernel.
func (o Options) Immortal(tell func(pid int)) Options {
	o.kill = tell
	return o
}
