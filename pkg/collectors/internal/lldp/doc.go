// Package lldp listens for what switches say of themselves (IEEE 802.1AB).
//
// Nothing is sent. While it listens, the adapter takes frames to the three
// LLDP group addresses, as the kernel arranges for any program that asks for
// them; that ends with the socket. An interface that is down stays down.
package lldp
