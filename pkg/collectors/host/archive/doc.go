// Package archive is the written form of a recording: what a host asked of a
// machine, and what came back. docs/recording.md describes it byte by byte.
//
// A recording is a stream of frames, each written whole and none ever changed,
// so that what is there when a process is lost can be used. [Append] writes a
// frame, [Writer] puts a stream of them into a file, [Reader] takes one out and
// bounds what a file can make it hold.
//
// The package knows nothing of hosts: record and replay beside it do.
package archive
