package tty_test

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"example.com/bee/cmd/audit-console/internal/tty"
)

// TestFont asks a console of the kernel, where there is one; nothing is
// written to it.
func TestFont(t *testing.T) {
	t.Parallel()
	f, err := os.OpenFile("/dev/tty1", os.O_RDONLY|syscall.O_NOCTTY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ENXIO) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	has, known := tty.FontHas(f, []rune(tty.Blocks))
	if !known {
		t.Skip("no console of the kernel")
	}
	t.Logf("blocks: %t", has)
	if has, _ := tty.FontHas(f, []rune("aZ0")); !has {
		t.Error("no letters")
	}
	if has, _ := tty.FontHas(f, []rune{'a', '\ue123'}); has {
		t.Error("a character that no font has")
	}
}

// TestNoFont: what is no console does not say.
func TestNoFont(t *testing.T) {
	t.Parallel()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if has, known := tty.FontHas(f, []rune(tty.Blocks)); has || known {
		t.Error(has, known)
	}
}
