// Package html writes a report as one page that needs nothing but a browser:
// styles, script and the report itself are in it, and it opens no connection.
//
// Everything a device said reaches the page through two functions only: text
// and attribute of [writer]. Style and script never hold a report's values; the
// embedded JSON is data to the browser. The page's Content-Security-Policy
// allows the one style sheet and the one script by their hashes and nothing
// else.
package html
