// Package nvml makes stand-ins for the NVIDIA management library: a shared
// library that answers from a table, built by the tests with gcc, sound or
// misbehaving in a chosen way, and the table itself, written by hand or made
// of what nvidia-smi printed on a real machine.
package nvml
