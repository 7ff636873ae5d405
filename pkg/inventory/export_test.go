package inventory

// Attempt is what Collect does with a step that may panic.
func (r *Report) Attempt(what string, f func()) { r.attempt(what, f) }
