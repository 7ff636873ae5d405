// Package replay is a host's source that answers from a recording:
//
//	src, err := replay.Load(f)
//	h := host.New(src)
//	report := inventory.Collect(ctx, collectors.Default(h), inventory.WithTimekeeper(src))
//
// The report is the one of the recorded run, on any system that Go builds for.
// Nothing of the machine the program runs on is read, and no time passes: what
// hung then is given up at once.
//
// Each answer is given once. What was not recorded, or not as often, is
// [ErrNotRecorded], never an answer to something else. docs/recording.md says
// what a replay gives back to the letter and what not.
package replay
