package lab

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// Built names what a machine is booted from.
type Built struct {
	Base, Tools, Kernel, Version, SeaBIOS string
	cache                                 *cache
}

// Build makes, or finds in the cache, everything that does not depend on a
// profile. Progress goes to log. It needs the packages of setup.sh.
func Build(ctx context.Context, log io.Writer) (Built, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return Built{}, fmt.Errorf("the lab runs on linux/amd64, not on %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	if err := need("qemu-system-x86_64", "qemu-system-x86"); err != nil {
		return Built{}, err
	}
	k, err := findKernel()
	if err != nil {
		return Built{}, err
	}
	c, err := openCache(log)
	if err != nil {
		return Built{}, err
	}
	unlock, err := c.lock()
	if err != nil {
		return Built{}, err
	}
	defer unlock()
	start := time.Now()
	l, err := c.layers(ctx, k)
	if err != nil {
		return Built{}, err
	}
	bios, err := c.seaBIOS(ctx)
	if err != nil {
		return Built{}, err
	}
	if d := time.Since(start); d > time.Second {
		say(log, "lab: built in %.1f s, kept in %s\n", d.Seconds(), c.dir)
	}
	return Built{l.base, l.tools, k.image, k.version, bios, c}, nil
}

// Clean removes everything that was built, and the runs kept there.
func Clean() error {
	dir, err := CacheDir()
	if err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
