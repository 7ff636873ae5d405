// Package arch holds the rules of the architecture that no ready-made linter
// has; its tests check them over the whole tree.
package arch
