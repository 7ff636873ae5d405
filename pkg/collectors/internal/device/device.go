// Package device defines the one shape every exchange with a hardware device
// has, whatever the protocol: a request that can be written down, and an
// answer that can be written down. Protocol packages (nvme, scsi, ipmi, ...)
// encode into it and decode from it; the host records, replays, quarantines
// and filters it without knowing what the bytes mean.
package device

import (
	"context"
	"time"
)

// A Protocol names the command set a device is asked in. It is part of the
// key under which an exchange is recorded.
type Protocol string

// The protocols bee speaks.
const (
	// NVMeAdmin is NVMe admin commands through NVME_IOCTL_ADMIN_CMD on
	// /dev/nvmeN. Command is the 40-byte encoding of nvme.Command.
	NVMeAdmin Protocol = "nvme-admin"
	// SCSI is SG_IO on /dev/sdX, /dev/sgN. Command is the CDB; ATA commands
	// travel inside it (SAT). Status is one status byte, then sense data.
	SCSI Protocol = "scsi"
	// MegaRAID is MEGASAS_IOC_FIRMWARE on /dev/megaraid_sas_ioctl_node.
	MegaRAID Protocol = "megaraid"
	// IPMI is the in-band message interface on /dev/ipmiN. Command is
	// channel, target address, LUN, network function and command; Data the
	// request bytes; Status the completion code.
	IPMI Protocol = "ipmi"
	// Ethtool asks the kernel about the network interface that is named by its
	// directory, /sys/class/net/NAME: by generic netlink or SIOCETHTOOL.
	// Command is the way and the command's code; Status the errno.
	Ethtool Protocol = "ethtool"
	// LLDP listens, and only that, for LLDP frames on interfaces of
	// /sys/class/net; Data names them, Status is the one that heard a frame.
	LLDP Protocol = "lldp"
	// TPM is TPM 2.0 commands on /dev/tpmrmN. Command is the command as the
	// TPM takes it, Data of the answer the response; Status is unused.
	TPM Protocol = "tpm"
	// KernelLog searches the kernel's log, /dev/kmsg. Command is the text a
	// record must hold, Data of the answer those that do, a line each; Status
	// is unused.
	KernelLog Protocol = "kmsg"
	// PCIConfig reads the configuration space of a PCI function,
	// /sys/bus/pci/devices/ADDRESS/config, as far as it is decoded. Command is
	// one byte, Data of the answer the pieces that were read; Status is unused.
	PCIConfig Protocol = "pci-config"
)

// A Request is one exchange. Everything that decides the answer is in
// Command, Data and ReadLen, so that (device, protocol, Command, Data,
// ReadLen) can serve as the key of a recording.
type Request struct {
	Command []byte        // protocol-defined encoding of the command
	Data    []byte        // bytes sent with it; nil for most
	ReadLen int           // how many bytes may come back
	Timeout time.Duration // given to the kernel; zero is the protocol's default
}

// A Response is the device's answer. A device that answers "no" has
// answered: that is a Response whose Status says so, not an error.
type Response struct {
	Status []byte // protocol-defined: completion code, SCSI status and sense, ...
	Data   []byte // bytes read, at most ReadLen
}

// A Device is an open device. Exchange may be called from several goroutines.
// Its error is of the way to the device (open, ioctl, deadline), never of the
// device's answer.
type Device interface {
	Exchange(ctx context.Context, req Request) (Response, error)
	Close() error
}
