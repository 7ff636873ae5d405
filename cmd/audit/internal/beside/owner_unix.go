//go:build unix

package beside

import (
	"io/fs"
	"syscall"
)

// ownerOf is a file's owner; root's where the system does not say.
func ownerOf(st fs.FileInfo) int {
	if s, ok := st.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid)
	}
	return 0
}
