// Package tpm asks a TPM 2.0 what it is: one command, TPM2_GetCapability, of
// TPM 2.0 Library Part 3 section 30.2, through the kernel's resource manager.
// Numbers are big-endian throughout.
package tpm
