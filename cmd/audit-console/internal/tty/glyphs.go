package tty

import (
	"os"
	"runtime"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// gioUnimap is GIO_UNIMAP of the kernel's linux/kd.h: which characters the
// console's font has.
const gioUnimap = 0x4b66

type unipair struct{ unicode, _ uint16 } // the second is a position in the font

type unimapdesc struct {
	count uint16
	_     [6]byte
	pairs *unipair
}

// HalfBlocks says whether the terminal shows the characters of [Blocks]. The
// kernel's console is asked for its font; others are taken to, where the locale
// says that they take UTF-8.
func (t *Terminal) HalfBlocks(name string, getenv func(string) string) bool {
	if !KindOf(name).Cursor {
		return false
	}
	if has, known := fontHas(t.out, []rune(Blocks)); known {
		return has
	}
	for _, v := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if l := strings.ToUpper(getenv(v)); l != "" {
			return strings.Contains(l, "UTF-8") || strings.Contains(l, "UTF8")
		}
	}
	return false
}

func fontHas(f *os.File, want []rune) (has, known bool) {
	pairs := make([]unipair, 65535)
	d := unimapdesc{count: uint16(len(pairs)), pairs: &pairs[0]}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), gioUnimap, uintptr(unsafe.Pointer(&d)))
	runtime.KeepAlive(pairs)
	if errno != 0 || int(d.count) > len(pairs) {
		return false, false
	}
	found := map[rune]bool{}
	for _, p := range pairs[:d.count] {
		found[rune(p.unicode)] = true
	}
	for _, r := range want {
		if !found[r] {
			return false, true
		}
	}
	return true, true
}
