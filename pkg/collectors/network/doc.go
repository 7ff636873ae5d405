// Package network collects physical network interfaces: what they are, what
// their link does, what is in their cage, and, when asked to listen, which
// switch port they are plugged into.
//
// Interfaces come from /sys/class/net, RDMA ports from /sys/class/infiniband
// (Documentation/ABI/testing/sysfs-class-net, sysfs-class-infiniband and
// stable/sysfs-class-infiniband of the kernel); the rest from the kernel's
// ethtool interface.
package network
