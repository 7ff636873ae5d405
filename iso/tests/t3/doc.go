// Package t3 boots the overlay of the live image on a userland of Debian's
// packages, in emulated servers: the same apkovl that the real image carries,
// a hybrid ISO, BIOS, UEFI and PXE. What stands in for Alpine's own service
// scripts and initramfs is below standin; it is never shipped, and loads,
// creates and mounts nothing that the overlay does not ask for.
package t3
