// Package kmsg reads records of the kernel's log from /dev/kmsg (kernel:
// Documentation/ABI/testing/dev-kmsg). Only records that hold a given text are
// handed over: the rest of the log, such as the command line of the kernel, is
// nobody's business.
package kmsg
