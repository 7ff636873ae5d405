// Package tty talks to a terminal as simple as a VT100: it draws a screen by
// what changed, and tells which key was pressed. It uses neither colours nor
// the alternate screen.
package tty
