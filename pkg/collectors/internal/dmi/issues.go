package dmi

import (
	"errors"

	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

// Issues sorts the error of [Read] for one collector: each problem of the
// tables that touches a structure of the given types, or that may have cost
// whole structures, becomes an error of its own. Other problems are the board
// collector's to report, which passes no types and gets all of them.
func Issues(err error, types ...uint8) error {
	var problems *smbios.Problems
	if !errors.As(err, &problems) {
		return err
	}
	errs := readErrors(err) // the tables' own problems follow
	for _, p := range problems.List {
		if len(types) == 0 || p.Concerns(types...) {
			errs = append(errs, &inventory.PartError{Source: TablePath, Err: p})
		}
	}
	return errors.Join(errs...)
}

// readErrors are the errors of reading the files, beside the tables' own.
func readErrors(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var errs []error
	for _, e := range joined.Unwrap() {
		var problems *smbios.Problems
		if !errors.As(e, &problems) {
			errs = append(errs, e)
		}
	}
	return errs
}
