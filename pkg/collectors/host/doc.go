// Package host is the one seam between a collector and a machine.
//
// A collector never touches /sys, /dev or a system call. It is given a [Host]
// and cannot tell whether that is the machine it runs on ([Live]), a machine
// whose root is mounted elsewhere ([LiveUnder]), a captured tree ([Static]) or
// a test's own ([New]).
//
// A Host is long-lived: keep one for the life of an agent. It remembers which
// devices hang. While a call is stuck in the kernel, further calls to the same
// file or device return [StuckError] at once and without a system call, and
// the number of threads left behind is bounded, so collecting a thousand times
// from a machine with a dead drive costs no more than once.
//
// It reads only. Devices are asked with commands from an allow-list of
// read-only ones; files are opened for reading.
package host
