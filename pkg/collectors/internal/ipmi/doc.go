// Package ipmi talks to baseboard management controllers in band: the
// transport to /dev/ipmiN, a client that copes with how they really answer,
// and decoders for what they say.
//
// It has three layers, each usable without the one above:
//
//   - [Open] gives a [device.Device] on the kernel's message interface. It
//     sends nothing that [Allowed] refuses.
//   - [Client] turns commands into exchanges: it retries what is worth
//     retrying and reads FRU and SDR data in pieces the controller accepts.
//     [Session] adds memory, so that several collectors share one SDR read.
//   - Decode functions are pure functions of []byte.
//
// Sources: IPMI Specification Second Generation v2.0 rev 1.1 ("IPMI"),
// Platform Management FRU Information Storage Definition v1.0 rev 1.3
// ("FRU"), Data Center Manageability Interface 1.5 ("DCMI"), and the kernel's
// include/uapi/linux/ipmi.h.
package ipmi
