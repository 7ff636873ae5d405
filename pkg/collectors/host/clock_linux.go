package host

import "golang.org/x/sys/unix"

// ClockSynchronized asks the kernel whether its clock is disciplined. A call
// of adjtimex(2) with no modes changes nothing.
func (t *tree) ClockSynchronized() *bool {
	if !t.devices {
		return nil
	}
	var tx unix.Timex
	state, err := unix.Adjtimex(&tx)
	if err != nil {
		return nil
	}
	const timeError = 5 // TIME_ERROR: not synchronised
	return new(state != timeError)
}
