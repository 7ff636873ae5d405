// Package screen lays out what the console shows. It is pure: a state, what
// the person is looking at and a size make rows of text. Every row fits the
// width; its text is ASCII, and the block characters of a QR code.
package screen
