package lab

import (
	"bufio"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// entry is one file of an archive: data, a file of the host, or a link.
type entry struct {
	mode uint32 // As in stat: type and permissions.
	data []byte
	from string
}

const (
	modeDir  = 0o040755
	modeLink = 0o120777
	modeFile = 0o100644
	modeExec = 0o100755
)

// archive is an initramfs in the making: path (no leading slash) to entry.
type archive map[string]entry

// put adds an entry and the folders above it.
func (a archive) put(name string, e entry) {
	name = path.Clean(strings.TrimPrefix(name, "/"))
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if _, ok := a[dir]; ok {
			break
		}
		a[dir] = entry{mode: modeDir}
	}
	a[name] = e
}

// file adds a file of the host with its own permission to run.
func (a archive) file(name, from string) error {
	st, err := os.Stat(from)
	if err != nil {
		return err
	}
	mode := uint32(modeFile)
	if st.Mode()&0o111 != 0 {
		mode = modeExec
	}
	a.put(name, entry{mode: mode, from: from})
	return nil
}

// dir adds a folder of the host and all below it.
func (a archive) dir(name, from string) error {
	return filepath.WalkDir(from, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		to := path.Join(name, filepath.ToSlash(rel))
		if d.IsDir() {
			a.put(to, entry{mode: modeDir})
			return nil
		}
		if _, err := os.Stat(p); err != nil {
			return nil //nolint:nilerr // A dangling link is nothing to carry.
		}
		return a.file(to, p)
	})
}

// write writes the archive as "newc" cpio, sorted, owned by root and without
// times: the same content gives the same bytes.
func (a archive) write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<20)
	names := make([]string, 0, len(a))
	for n := range a {
		names = append(names, n)
	}
	slices.Sort(names)
	for i, n := range append(names, "TRAILER!!!") {
		if err := writeEntry(out, n, i+1, a[n]); err != nil {
			return fmt.Errorf("initramfs: %s: %w", n, err)
		}
	}
	return out.Flush()
}

func writeEntry(out *bufio.Writer, name string, inode int, e entry) error {
	data := e.data
	if e.from != "" {
		var err error
		if data, err = os.ReadFile(e.from); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(out, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
		inode, e.mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name)+1, 0, name); err != nil {
		return err
	}
	if err := pad4(out, 110+len(name)+1); err != nil {
		return err
	}
	if _, err := out.Write(data); err != nil {
		return err
	}
	return pad4(out, len(data))
}

func pad4(out *bufio.Writer, n int) error {
	_, err := out.Write(make([]byte, -n&3))
	return err
}

// neededLibraries are the DT_NEEDED names of an ELF file; none for others.
func neededLibraries(file string) []string {
	f, err := elf.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // Only read.
	libs, err := f.ImportedLibraries()
	if err != nil {
		return nil
	}
	return libs
}
