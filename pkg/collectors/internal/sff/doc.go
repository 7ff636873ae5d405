// Package sff decodes the memory of pluggable transceivers and cables.
//
//	SFF-8472   SFP, SFP+, SFP28: two memories, at A0h and A2h
//	SFF-8636   QSFP+, QSFP28: a lower half, and pages above it
//	OIF-CMIS   QSFP-DD, OSFP, and later forms
//	SFF-8024   the codes they share
//
// Flags that a module latches until they are read are not decoded, and must
// not be read: whoever reads them takes them from the one who watches for
// them. Readings and limits, which can be compared by anybody, say the same.
// The functions therefore take the spans [SFP], [QSFP] and [CMIS] consist of,
// which leave those bytes out.
package sff
