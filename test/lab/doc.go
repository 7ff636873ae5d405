// Package lab runs programs in an emulated server and brings back what they
// wrote, together with what was plugged in. See README.md.
package lab
