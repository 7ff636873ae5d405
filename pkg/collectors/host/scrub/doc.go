// Package scrub makes a recording fit to be shown: it replaces what tells one
// machine from another of its kind (serial numbers, addresses, UUIDs, names of
// hosts) by something of the same form and length, the same value by the same
// everywhere, in every encoding that a decoder of the project knows, and mends
// the checksums over it.
//
// What is sought is what the recording's own report calls by such a name, and
// what looks like an address in files. The result is replayed: its report must
// have the same shape, states and findings, and none of the values may be left;
// else there is an error and no result.
package scrub
