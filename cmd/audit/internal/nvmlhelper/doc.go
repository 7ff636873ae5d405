// Package nvmlhelper starts audit-nvml and reads what it writes.
//
// The helper loads NVIDIA's library, which may crash or hang, also in the
// kernel where nothing can kill it. So the launcher waits for no process: it
// reads a pipe of its own with a deadline and leaves behind what does not end.
package nvmlhelper
