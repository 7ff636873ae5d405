package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"example.com/bee/cmd/internal/atomicfile"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/record"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/inventory"
)

// Names of the options that a recording keeps.
const (
	optionOnly = "only"
	optionSkip = "skip"
	optionLLDP = "lldp"
)

// machine is what collectors are run on.
type machine struct {
	host *host.Host
	opts []inventory.Option
	rec  *record.Recorder // nil: nothing is recorded
}

// machine opens what the flags name, with a recorder before it when one is
// wanted.
func (o *collectOptions) machine() (*machine, error) {
	if o.replayed != nil {
		o.given.Replay = o.replayed
		return &machine{host: host.New(o.replayed), opts: []inventory.Option{inventory.WithTimekeeper(o.replayed)}}, nil
	}
	h, err := o.open()
	if err != nil {
		return nil, err
	}
	if o.recording == nil {
		return &machine{host: h, opts: []inventory.Option{inventory.WithClock(h.Now)}}, nil
	}
	tool := o.tool()
	rec, err := record.New(h.Source(), o.recording, record.Info{
		Tool: tool.Version, Commit: tool.Commit,
		Options: []archive.Option{
			{Name: optionOnly, Value: strings.Join(o.only, ",")},
			{Name: optionSkip, Value: strings.Join(o.skip, ",")},
			{Name: optionLLDP, Value: o.given.LLDP.String()},
		},
	})
	if err != nil { // the run goes on without
		return &machine{host: h, opts: []inventory.Option{inventory.WithClock(h.Now)}}, nil
	}
	o.given.Recorder = rec
	return &machine{host: host.New(rec), opts: []inventory.Option{inventory.WithTimekeeper(rec)}, rec: rec}, nil
}

// close ends the recording, too.
func (m *machine) close() error {
	if m.rec == nil {
		return m.host.Close()
	}
	return errors.Join(m.rec.CloseFor(""), m.host.Close())
}

// openReplay reads the recording, and takes from it the options of the run that
// were not given anew.
func (o *collectOptions) openReplay(flags *pflag.FlagSet) error {
	f, err := os.Open(o.replay)
	if err != nil {
		return exit(ExitUnreadable, "--replay: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	src, err := replay.Load(f)
	if err != nil {
		return exit(ExitUnreadable, "--replay %s: %w", o.replay, err)
	}
	o.replayed = src
	known := collectorNames(o.env)()
	list := func(name string, to *[]string) {
		if v := src.Option(name); v != "" && !flags.Changed(name) {
			for _, c := range strings.Split(v, ",") {
				for _, k := range known { // one that this version lacks is not run anyway
					if c == k {
						*to = append(*to, c)
					}
				}
			}
		}
	}
	list(optionOnly, &o.only)
	list(optionSkip, &o.skip)
	if d, err := time.ParseDuration(src.Option(optionLLDP)); err == nil && !flags.Changed(optionLLDP) && d > 0 && d < o.timeout {
		o.given.LLDP = d
	}
	if err := src.Damage(); err != nil {
		o.env.say(fmt.Errorf("--replay %s: %w; what it holds is used", o.replay, err))
	}
	return nil
}

// issue tells a reader of the report that the recording behind it is damaged.
func (o *collectOptions) issue(r *inventory.Report) {
	if o.replayed == nil {
		return
	}
	if err := o.replayed.Damage(); errors.Is(err, archive.ErrMalformed) || errors.Is(err, archive.ErrCut) {
		r.Issues = append(r.Issues, inventory.Issue{Kind: inventory.KindMalformed, Source: "recording", Detail: err.Error()})
	}
}

// recordingFile collects the frames of a run and is written when it is over.
type recordingFile struct {
	name string
	mode fs.FileMode
	out  bytes.Buffer
	zip  *archive.Writer
}

// maxRecording bounds a compressed recording.
const maxRecording = 64 << 20

var errRecordingTooLarge = errors.New("the recording is too large")

// Write bounds what is kept.
func (f *recordingFile) Write(p []byte) (int, error) {
	if f.out.Len() > maxRecording {
		return 0, errRecordingTooLarge
	}
	return f.zip.Write(p)
}

// checkRecording refuses what makes no sense together.
func (o *collectOptions) checkRecording() error {
	if o.scrub && o.record == "" {
		return exit(ExitUsage, "--scrub is for --record; a recording that is there is scrubbed by: audit scrub FILE OUT")
	}
	return nil
}

// startRecording prepares the file that --record names.
func (o *collectOptions) startRecording() (*recordingFile, error) {
	if st, err := os.Lstat(o.record); err == nil && !st.Mode().IsRegular() && st.Mode()&fs.ModeSymlink == 0 {
		return nil, exit(ExitUsage, "--record %s: not a file", o.record)
	}
	f := &recordingFile{name: o.record, mode: o.mode.mode()}
	zip, err := archive.NewWriter(&f.out)
	if err != nil {
		return nil, exit(ExitUnwritten, "--record: %w", err)
	}
	f.zip, o.recording = zip, f
	return f, nil
}

// finish writes the recording; scrub, if not nil, replaces names first.
func (f *recordingFile) finish(scrub func(in io.Reader, out io.Writer) error) error {
	closeErr := f.zip.Close("the collecting process did not come to its end") // unless it did
	data := f.out.Bytes()
	if closeErr != nil && !errors.Is(closeErr, archive.ErrMalformed) {
		return exit(ExitUnwritten, "recording: %w", closeErr)
	}
	if scrub != nil {
		var out bytes.Buffer
		if err := scrub(bytes.NewReader(data), &out); err != nil {
			return exit(ExitUnwritten, "scrubbing the recording: %w; nothing was written", err)
		}
		data = out.Bytes()
	}
	if err := atomicfile.WriteMode(f.name, data, f.mode); err != nil {
		return exit(ExitUnwritten, "writing the recording to %q: %w", f.name, err)
	}
	if closeErr != nil {
		return exit(ExitUnwritten, "the recording in %q is not whole: %w", f.name, closeErr)
	}
	return nil
}
