package lab

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Machine is what [Boot] starts: a profile that boots from media of its own.
type Machine struct {
	Profile Profile
	// Arguments are further QEMU arguments: media, serial ports, networks.
	// RunDir is replaced as in Profile.Arguments.
	Arguments []string
	OutDir    string // Receives logs and the command line.
	DiskDir   string // Where the disks are; empty is a folder that goes with the machine.
}

// Boot starts a machine that brings its own system. End it with Stop.
func Boot(ctx context.Context, m Machine, log io.Writer) (_ *VM, err error) {
	built, err := Build(ctx, log)
	if err != nil {
		return nil, err
	}
	vm := &VM{Profile: m.Profile, out: m.OutDir}
	if vm.dir, err = os.MkdirTemp("", "lab-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			vm.stop()
		}
	}()
	disks := or(m.DiskDir, vm.dir)
	if err := makeDisks(disks, m.Profile.Disks); err != nil {
		return nil, err
	}
	args, err := vm.machineArguments(ctx, m.Profile, built, disks)
	if err != nil {
		return nil, err
	}
	for _, a := range m.Arguments {
		args = append(args, strings.ReplaceAll(a, RunDir, commas(disks)))
	}
	if err := os.WriteFile(filepath.Join(m.OutDir, "qemu.cmd"), []byte(quoteAll(args)+"\n"), 0o644); err != nil {
		return nil, err
	}
	return vm, vm.boot(ctx, args, false)
}

// Stop ends the machine by force; once more does nothing.
func (vm *VM) Stop() {
	if vm.stopped {
		return
	}
	vm.stopped = true
	vm.qemu.kill()
	vm.stop()
}

// Done is closed when QEMU ended.
func (vm *VM) Done() <-chan struct{} { return vm.qemu.done }

// Since is how long the machine runs.
func (vm *VM) Since() time.Duration { return time.Since(vm.started) }

// Fault carries out a verb of labsync, see README.md.
func (vm *VM) Fault(ctx context.Context, verb string, args ...string) (string, error) {
	return vm.fault(ctx, verb, args)
}

// Cached returns the folder NAME-KEY of the cache, made by build if it is not
// there. The key is a hash of parts.
func Cached(ctx context.Context, log io.Writer, name string, parts []string, build func(dst string) error) (string, error) {
	c, err := openCache(log)
	if err != nil {
		return "", err
	}
	unlock, err := c.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	return c.step(ctx, name, keyOf(parts...), build)
}

// Tree is a file system in the making, filled from unpacked Debian packages.
type Tree struct {
	files archive
	root  string
}

// NewTree unpacks the closure of packages into the cache, and starts a tree.
func NewTree(ctx context.Context, log io.Writer, name string, packages []string) (*Tree, error) {
	c, err := openCache(log)
	if err != nil {
		return nil, err
	}
	unlock, err := c.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	root, err := c.rootfs(ctx, name, packages)
	if err != nil {
		return nil, err
	}
	return &Tree{archive{}, root}, nil
}

// Root is the folder of the unpacked packages.
func (t *Tree) Root() string { return t.root }

// Empty is a tree of the same packages with nothing in it.
func (t *Tree) Empty() *Tree { return &Tree{archive{}, t.root} }

// Folder adds an empty folder with permissions.
func (t *Tree) Folder(name string, perm uint32) {
	t.files.put(name, entry{mode: modeDir&^0o7777 | perm})
}

// Text adds a file with permissions.
func (t *Tree) Text(name, text string, perm uint32) {
	t.files.put(name, entry{mode: modeFile&^0o7777 | perm, data: []byte(text)})
}

// Link adds a symbolic link.
func (t *Tree) Link(name, target string) {
	t.files.put(name, entry{mode: modeLink, data: []byte(target)})
}

// Mode changes the permissions of a file.
func (t *Tree) Mode(name string, perm uint32) {
	e := t.files[name]
	e.mode = e.mode&^0o7777 | perm
	t.files[name] = e
}

// Has says whether the name is taken.
func (t *Tree) Has(name string) bool {
	_, ok := t.files[name]
	return ok
}

// Copy adds a file or folder of the host under a name.
func (t *Tree) Copy(name, from string) error {
	st, err := os.Stat(from)
	if err != nil {
		return err
	}
	if st.IsDir() {
		return t.files.dir(name, from)
	}
	return t.files.file(name, from)
}

// File adds a file of the packages under a name, with its libraries.
func (t *Tree) File(name, rel string) error {
	from, err := findInRoot(t.root, rel)
	if err != nil {
		return err
	}
	return addFile(t.files, t.root, name, from)
}

// Programs adds programs of the packages to usr/bin, with their libraries.
func (t *Tree) Programs(names ...string) error {
	for _, n := range names {
		var err error
		for _, dir := range []string{"usr/sbin", "usr/bin"} {
			if err = t.File("usr/bin/"+n, dir+"/"+n); err == nil {
				break
			}
		}
		if err != nil {
			return fmt.Errorf("program %s: %w", n, err)
		}
	}
	return nil
}

// Modules adds kernel modules of the lab's kernel, with what they need, and
// their index, below usr/lib/modules/VERSION. Unknown ones are left out.
func (t *Tree) Modules(ctx context.Context, names []string) error {
	k, err := findKernel()
	if err != nil {
		return err
	}
	return addModules(ctx, t.files, "", k, names)
}

// Write writes the tree as "newc" cpio: an initramfs, or for cpio -i.
func (t *Tree) Write(to string) error { return writeArchive(t.files, to) }

// WriteDir lays the tree out below a folder of the host; devices and owners
// are not set.
func (t *Tree) WriteDir(to string) error {
	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		e := t.files[name]
		full := filepath.Join(to, name)
		perm := os.FileMode(e.mode & 0o777)
		var err error
		switch {
		case e.mode&0o170000 == 0o040000:
			err = os.MkdirAll(full, perm)
		case e.mode&0o170000 == 0o120000:
			err = os.Symlink(string(e.data), full)
		case e.from != "":
			err = copyFile(e.from, full)
		default:
			err = os.WriteFile(full, e.data, perm)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// OVMF is the UEFI firmware's file.
func OVMF() (string, error) { return ovmf() }
