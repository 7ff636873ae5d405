// Package source reads what the console shows: files that other programs of
// the live system write, and what the kernel says of its network interfaces.
// Whatever they hold is bounded in size and cleaned before anybody sees it. A
// file that is missing, half written or full of rubbish costs what it would
// have told, nothing else. docs/console.md lists the files and their form.
package source
