package nvmlhelper

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"example.com/bee/cmd/audit/internal/beside"
)

// Variable is the environment variable that names the helper.
const Variable = "BEE_AUDIT_NVML"

// name is the helper's file name beside audit.
const name = "audit-nvml"

// Find returns the helper's path: the override when there is one (a flag),
// else what the environment says, else the file beside this program.
func Find(override string) (string, error) {
	if override == "" {
		override = os.Getenv(Variable)
	}
	if override != "" {
		return override, beside.Executable(override) // the operator names it
	}
	return beside.Find(name)
}

// A system is where loaders are looked for; tests replace the root.
type system struct {
	root string // "/" but for tests
	arch string // GOARCH
}

// ErrNoLoader says that nothing on this machine can start a program that is linked
// dynamically.
var ErrNoLoader = errors.New("no dynamic loader for the NVML helper")

// commands are the ways to start the helper, the best first:
//
//  1. A glibc put beside the helper for this purpose (folder "glibc", with its
//     loader), which suits NVIDIA's library best.
//  2. The helper itself, where the system has the loader it names.
//  3. musl's loader with gcompat, which supplies what musl lacks of glibc.
//
// Where gcompat also installs itself under glibc's loader's name, 2 would run
// its stub, which does the same as 3; 3 is preferred then because it does not
// depend on /proc/self/exe.
func (s system) commands(helper string) ([][]string, error) {
	glibc, musl, err := s.loaders()
	if err != nil {
		return nil, err
	}
	var all [][]string
	private := filepath.Join(filepath.Dir(helper), "glibc")
	if loader := filepath.Join(private, filepath.Base(glibc)); s.is(loader, false) {
		paths := private + ":/usr/lib:/usr/lib64:/usr/local/lib/nvidia"
		all = append(all, []string{loader, "--library-path", paths, helper})
	}
	gcompat := s.compat(musl)
	if s.is(glibc, true) && gcompat == nil {
		all = append(all, []string{helper})
	}
	if gcompat != nil {
		all = append(all, append(gcompat, helper))
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: neither %s nor gcompat is there", ErrNoLoader, glibc)
	}
	return all, nil
}

// loaders are the names of both C libraries' loaders.
func (s system) loaders() (glibc, musl string, err error) {
	switch s.arch {
	case "amd64":
		return "/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1", nil
	case "arm64":
		return "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-aarch64.so.1", nil
	default:
		return "", "", fmt.Errorf("%w: not known for %s", ErrNoLoader, s.arch)
	}
}

// compat is how musl's loader is started with gcompat; nil without it.
func (s system) compat(musl string) []string {
	if !s.is(musl, true) {
		return nil
	}
	for _, lib := range []string{"/lib/libgcompat.so.0", "/usr/lib/libgcompat.so.0"} {
		if s.is(lib, true) {
			return []string{musl, "--preload", lib}
		}
	}
	return nil
}

// is reports whether a file is there, below the root when it is the system's.
func (s system) is(path string, ofSystem bool) bool {
	if ofSystem {
		path = filepath.Join(s.root, path)
	}
	st, err := os.Stat(path)
	return err == nil && !st.IsDir()
}

// environment is what the helper is given: nothing that changes how its
// loader or the Go runtime work, save what says where the library is.
func environment() []string {
	env := []string{"GOTRACEBACK=none", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"}
	keep := []string{"BEE_NVML_LIBRARY", "LD_LIBRARY_PATH"}
	for _, key := range keep {
		if v, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+v)
		}
	}
	return slices.Clip(env)
}
