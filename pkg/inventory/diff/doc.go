// Package diff compares two reports of one machine, by what the parts are and
// not by where they stand in a list:
//
//	result, err := diff.Compare(older, newer) // two reports as JSON
//	for _, d := range result.Differences {
//		fmt.Println(d.Text)
//	}
//
// Parts are matched by what identifies them (serial number, WWN, UUID, MAC
// address) and then by their place; [Keys] is the table. What moves by itself
// (temperatures, hours, counters) is told apart by [Mask]; everything that is
// not in that table is a difference, also fields and sections this version
// does not know. What could not be read in one of the reports is never
// "removed": it is listed as not comparable.
//
// The comparison is pure and works on the JSON form. Strings of devices stand
// in the texts as they are; a program that prints them makes them safe first.
package diff
