// Package inventory is the model of a server: what it is made of, how each
// part is, and what could not be found out.
//
// It knows no source of data. Collectors, which do, hand their components to
// [Collect] one by one; what comes out is a [Report]:
//
//	h, err := host.Live()
//	report := inventory.Collect(ctx, collectors.Default(h))
//
// # Absence
//
// Optional values are pointers, or empty strings and nil slices where a
// reading can not be empty: missing means the device did not say. A zero is a
// reading. A list that is nil was not looked at or has no interface to look
// at; one that is empty was looked at and held nothing. When something should
// have been readable and was not, an [Issue] says which part, which field and
// why. Missing without an issue is the device's own silence.
//
// # Stages
//
// [Collect] runs collectors side by side with deadlines and classifies how
// each ended. [Report.Join] then puts together what several collectors know of
// one part, and [Report.Assess] derives findings. Both need nothing but the
// report, so that stored reports can be judged by newer rules.
//
// The package imports the standard library only, keeps no state, prints and
// executes nothing.
package inventory
