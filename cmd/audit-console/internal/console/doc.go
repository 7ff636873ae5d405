// Package console is the loop of the console: it reads a state every second or
// two, draws it, and does what keys ask for.
package console
