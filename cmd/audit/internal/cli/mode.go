package cli

import (
	"fmt"
	"io/fs"
	"strconv"

	"example.com/bee/cmd/internal/atomicfile"
)

// fileMode is --mode: who may read the files that are written. The zero value
// is for the owner alone.
type fileMode fs.FileMode

// mode is what a file is given.
func (m fileMode) mode() fs.FileMode {
	if m == 0 {
		return atomicfile.Private
	}
	return fs.FileMode(m)
}

// String implements [pflag.Value].
func (m *fileMode) String() string { return fmt.Sprintf("%04o", uint32(m.mode())) }

// Type implements [pflag.Value].
func (*fileMode) Type() string { return "MODE" }

// Set implements [pflag.Value].
func (m *fileMode) Set(s string) error {
	n, err := strconv.ParseUint(s, 8, 32)
	if err != nil || n&^0o666 != 0 || n&0o600 != 0o600 {
		return fmt.Errorf("want an octal mode that lets the owner read and write and nobody execute, such as 0640")
	}
	*m = fileMode(n)
	return nil
}

// checkMode refuses a mode for nothing.
func (o *collectOptions) checkMode() error {
	if o.mode != 0 && o.output == "" && o.record == "" {
		return exit(ExitUsage, "--mode is for the files that --output and --record name")
	}
	return nil
}
