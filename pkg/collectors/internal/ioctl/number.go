// Package ioctl encodes ioctl request numbers and makes the one raw call the
// device transports need.
package ioctl

// Request number layout of asm-generic/ioctl.h, which amd64, arm64 and riscv64
// share: direction in bits 31:30, argument size in 29:16, type in 15:8, number
// in 7:0.
const (
	typeShift = 8
	sizeShift = 16
	dirShift  = 30

	dirWrite = 1 // user space writes, the kernel reads
	dirRead  = 2
)

// IO encodes a request without an argument (_IO).
func IO(kind, number uint8) uint32 {
	return uint32(kind)<<typeShift | uint32(number)
}

// IOR encodes a request whose argument of size bytes is filled by the kernel
// (_IOR).
func IOR(kind, number uint8, size uintptr) uint32 {
	return dirRead<<dirShift | sized(kind, number, size)
}

// IOW encodes a request whose argument of size bytes is read by the kernel
// (_IOW).
func IOW(kind, number uint8, size uintptr) uint32 {
	return dirWrite<<dirShift | sized(kind, number, size)
}

// IOWR encodes a request whose argument of size bytes goes both ways (_IOWR).
func IOWR(kind, number uint8, size uintptr) uint32 {
	return (dirRead|dirWrite)<<dirShift | sized(kind, number, size)
}

func sized(kind, number uint8, size uintptr) uint32 {
	return uint32(size)&0x3FFF<<sizeShift | IO(kind, number)
}
