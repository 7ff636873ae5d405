// Package ethtool asks the kernel about network interfaces: by generic
// netlink where it can, by the older ioctl where it must.
//
// A device is an interface, named by its directory, /sys/class/net/NAME. Only
// commands that get something are known; see [Allowed].
//
// Sources: include/uapi/linux/ethtool.h, ethtool_netlink.h, genetlink.h and
// Documentation/networking/ethtool-netlink.rst of the kernel.
package ethtool
