// Package export writes reports in the forms of other programs: Prometheus,
// NDJSON, CSV, Redfish. docs/formats.md describes them.
package export
