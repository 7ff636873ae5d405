package cli

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"example.com/bee/cmd/internal/atomicfile"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/collectors/host/scrub"
	"example.com/bee/pkg/inventory"
)

const scrubLong = `scrub reads a recording and writes another one that does not tell which machine
it is of: serial numbers, asset tags, addresses, UUIDs and host names are
replaced by others of the same form, the same by the same everywhere, and
checksums are mended.

The result is replayed and searched before it is written. When a value is left,
or the report is not of the same shape, nothing is written and the exit code is 1.`

func newScrub(env Env) *cobra.Command {
	return &cobra.Command{
		Use:   "scrub FILE OUT",
		Short: "Take what names the machine out of a recording",
		Long:  scrubLong,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return exit(ExitUsage, "scrub wants a recording and the file to write")
			}
			f, err := os.Open(args[0])
			if err != nil {
				return exit(ExitUnreadable, "scrub: %w", err)
			}
			defer f.Close() //nolint:errcheck // nothing was written
			if _, err := replay.Load(f); err != nil {
				return exit(ExitUnreadable, "scrub %s: %w", args[0], err)
			}
			if _, err := f.Seek(0, 0); err != nil {
				return exit(ExitUnreadable, "scrub %s: %w", args[0], err)
			}
			var out bytes.Buffer
			s, err := scrub.Scrub(cmd.Context(), f, &out, env.scrubOptions())
			if err != nil {
				return exit(ExitUnwritten, "scrub %s: %w; nothing was written", args[0], err)
			}
			if err := atomicfile.Write(args[1], out.Bytes()); err != nil {
				return exit(ExitUnwritten, "scrub: writing %q: %w", args[1], err)
			}
			env.scrubbed(s)
			return nil
		},
	}
}

// scrubOptions replay with this program's collectors.
func (e Env) scrubOptions() scrub.Options {
	return scrub.Options{Collectors: func(h *host.Host, src *replay.Source) []inventory.Collector {
		lldp, _ := time.ParseDuration(src.Option(optionLLDP)) // zero when it was not listened
		return e.Collectors(h, Given{Replay: src, LLDP: lldp})
	}}
}

// scrubbed says what was done, on standard error.
func (e Env) scrubbed(s scrub.Summary) {
	text := fmt.Sprintf("audit: %d values replaced in %d places of the recording", s.Values, s.Places)
	if s.Left > 0 {
		text += fmt.Sprintf("; %d serial numbers are so short or plain that they were left", s.Left)
	}
	_, _ = fmt.Fprintln(e.Stderr, text) // nobody is left to be told
}
