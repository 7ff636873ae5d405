package device

// Op is what a host does.
type Op byte

// The operations. Their letters are those of a recording.
const (
	OpRead     Op = 'r' // the content of a file
	OpReadDir  Op = 'd' // the names in a directory
	OpReadlink Op = 'l' // the text of a link
	OpOpen     Op = 'o' // opening a device
	OpExchange Op = 'x' // a request to an open device
	OpHelper   Op = 'h' // what a program beside this one was asked
	OpClock    Op = 'c' // whether the clock is synchronized
)
