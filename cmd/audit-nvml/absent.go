package main

import "strings"

// absent recognizes "no such file" in the words of both loaders (glibc:
// "cannot open shared object file: No such file or directory", musl: "Error
// loading shared library X: No such file or directory"); dlerror has no code.
func absent(err error) bool {
	return strings.Contains(err.Error(), "No such file")
}
