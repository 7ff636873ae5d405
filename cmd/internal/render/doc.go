// Package render writes reports as JSON, YAML and text. Whatever a device put
// into a string is inert in all of them: no control character, no escape
// sequence and no mark that turns the direction of writing reaches a terminal.
package render
