package host

// Ways of paths, for tests.
var (
	Within = within
	Split  = split
)
