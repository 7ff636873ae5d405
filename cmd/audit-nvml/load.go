package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/ebitengine/purego"

	"example.com/bee/pkg/collectors/nvidia"
)

const soname = "libnvidia-ml.so.1"

// candidates are the places where NVML may be, in the order of trying. By its
// name alone the loader's own search applies, which under musl with gcompat
// leaves out the folders glibc would search.
func candidates(override string) []string {
	if override != "" {
		return []string{override}
	}
	list := []string{"/usr/lib/" + soname, soname}
	for _, dir := range []string{
		"/usr/lib/x86_64-linux-gnu",
		"/usr/lib/aarch64-linux-gnu",
		"/usr/lib64",
		"/usr/lib/x86_64-linux-gnu/nvidia/current",
		"/usr/lib/nvidia/current",
		"/usr/lib/nvidia",
		"/usr/lib64/nvidia",
		"/usr/local/lib/nvidia",
		"/run/opengl-driver/lib",
		"/run/nvidia/driver/usr/lib/x86_64-linux-gnu",
		"/run/nvidia/driver/usr/lib64",
		"/opt/bin/nvidia/lib64",
		"/home/kubernetes/bin/nvidia/lib64",
		"/usr/lib/wsl/lib",
	} {
		list = append(list, filepath.Join(dir, soname))
	}
	return list
}

// load opens the first candidate that can be opened. All its symbols are bound
// at once: one that is missing then is an error here and not the end of the
// process at the first call.
func load(to nvidia.Sink, paths []string) (*library, error) {
	var all []error
	for _, path := range paths {
		if err := to.Calling(nvidia.Query{Function: nvidia.Dlopen, GPU: nvidia.Whole, Instance: nvidia.Whole}); err != nil {
			return nil, err
		}
		handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
		if err != nil {
			all = append(all, err)
			continue
		}
		return newLibrary(handle), to.Say(nvidia.Note{Kind: nvidia.NoteLibrary, Detail: path})
	}
	return nil, summary(all)
}

// summary keeps what is worth reading of a dozen errors: not those that only
// say that there is no such file, unless there are no others.
func summary(all []error) error {
	var telling []error
	for _, err := range all {
		if !absent(err) {
			telling = append(telling, err)
		}
	}
	if len(telling) == 0 {
		return fmt.Errorf("%s is in none of %d places", soname, len(all))
	}
	return errors.Join(telling...)
}
