// Package smbios decodes the SMBIOS structure table of a machine (DMTF
// DSP0134) from the two files the kernel shows of it:
// /sys/firmware/dmi/tables/smbios_entry_point and .../DMI. It does no I/O.
//
// Real tables are damaged in every way: no end-of-table structure, a last
// structure cut off, a structure of length zero, entry points that announce
// something else than is there. [Decode] keeps what can be read and names the
// rest in its error, as [Problems].
//
// # Views
//
// A [Table] hands out typed views ([MemoryDevice], [Processor], ...). A view
// is the undecoded bytes of one structure and its strings; each accessor reads
// one field and says whether the firmware gave it:
//
//   - numbers and flags come as (value, ok). ok is false when the structure is
//     too short to hold the field (an older version of the standard) or when
//     the field holds the standard's "unknown";
//   - text comes as a string; "" means that the firmware did not say. Padding
//     and placeholders such as "To Be Filled By O.E.M." do not leave this
//     package;
//   - enumerations come as lower_snake names of the standard's words. "" means
//     that the structure is too short; a code the standard does not define is
//     kept as unknown_0xNN. "unknown" and "other" are the firmware's own words.
//
// Sections cited are those of DSP0134 version 3.7 unless another is named.
package smbios
