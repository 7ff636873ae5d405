package host

// Within is within, for tests.
func Within(dir, name string) string { return within(dir, name) }

// Split is split, for tests.
func Split(name string) (dir, base string) { return split(name) }
