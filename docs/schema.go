// Package docs carries the documents that the program prints.
package docs

import _ "embed" // for the schema

//go:generate go run ../pkg/inventory/internal/schemagen/cmd ../pkg/inventory .

// ReportSchema is the report's JSON Schema, 2020-12.
//
//go:embed report.schema.json
var ReportSchema string
