package nvmlhelper

import "time"

// Hasten replaces the deadlines.
func (l *Launcher) Hasten(base, perGPU, stall time.Duration) {
	l.base, l.perGPU, l.stall = base, perGPU, stall
}

// Immortal makes killing do nothing, as with a process that hangs in the
// kernel, and returns what ends it after all.
func (l *Launcher) Immortal() (end func()) {
	kill := l.kill
	var pids []int
	l.kill = func(pid int) { pids = append(pids, pid) }
	return func() {
		for _, pid := range pids {
			kill(pid)
		}
		l.kill = kill
	}
}

// Commands are the ways to start a helper on a system below root.
func Commands(root, arch, helper string) ([][]string, error) {
	return system{root: root, arch: arch}.commands(helper)
}
