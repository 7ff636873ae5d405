// Package nvidia reports NVIDIA GPUs.
//
// What a GPU is and how it is doing is known to the vendor's management
// library, NVML (libnvidia-ml.so.1), which comes with the driver. That library
// is never loaded into the process that collects: it may crash, abort, hang or
// call for symbols that are not there. Whoever loads it answers through a
// [Source]. There are two ready-made ones:
//
//   - a helper process that writes the line protocol of this package
//     ([Encoder]) and is read by [DecodeHelper]. A crash costs what the helper
//     had not written yet.
//   - package gonvml, for programs that are linked with cgo against glibc and
//     hold an nvml.Interface of github.com/NVIDIA/go-nvml already.
//
// Both are driven by [Ask], which holds the one list of questions, and yield
// [Data]: readings as the library gave them, with the return code of each
// function, so that "not supported", "no permission" and "the GPU is lost"
// stay apart. [Translate] makes [inventory.GPU] of them.
//
// Without a Source, or when it fails, GPUs are reported from PCI and from
// /proc/driver/nvidia.
package nvidia
