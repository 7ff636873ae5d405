// Package gonvml lets programs that are linked with cgo against glibc read
// GPUs through an nvml.Interface of github.com/NVIDIA/go-nvml, in their own
// process. It exists only in builds with cgo.
//
// What go-nvml cannot protect from, this package cannot either: a crash or
// abort inside the library ends the process, and a program built so does not
// start on systems with musl. The helper process audit-nvml has neither
// problem.
package gonvml
