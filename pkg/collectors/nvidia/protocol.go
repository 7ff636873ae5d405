package nvidia

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// Protocol is the version of the line protocol between a helper that has
// loaded NVML and the program that started it.
//
// A helper writes lines of JSON, each an object with one key that says what
// the line is:
//
//	{"hello":{"protocol":1,"version":"1.0","pid":4711}}
//	{"note":{"kind":"library","detail":"/usr/lib/libnvidia-ml.so.1"}}
//	{"call":{"fn":"nvmlDeviceGetName","gpu":0}}
//	{"read":{"fn":"nvmlDeviceGetName","gpu":0,"ret":0,"text":"NVIDIA H100"}}
//	{"complete":{"gpu":0}}
//	{"done":{}}
//
// The hello line comes first and says that the helper has started. A call line
// is written before every call into the library, a read line after it; a call
// line that no read line follows is where the helper crashed or hangs. One
// call may bring several read lines. "args" are the further inputs of the
// function, "num" its numbers as unsigned 64-bit integers (readers that hold
// numbers as floating point lose digits of large ones), "text" its string;
// "mig" is the index of a MIG device. A helper that has asked all it wants of
// a GPU writes complete, and done at its end.
//
// Readers ignore lines and keys they do not know: within a protocol version
// only additions are made.
const Protocol = 1

// Limits on what is read. They are far above what NVML can say.
const (
	// MaxLine is the longest line in bytes.
	MaxLine      = 16 << 10
	maxLines     = 1 << 20
	maxGPUs      = 256
	maxInstances = 64
	maxReadings  = 2048
	maxNotes     = 64
	maxNumbers   = 32
	maxArgs      = 64
	maxText      = 1 << 10
)

func errTooMuch(of string) error {
	return fmt.Errorf("too many %s: %w", of, inventory.ErrMalformed)
}

// The lines as they are written.
type (
	wireLine struct {
		Hello    *wireHello    `json:"hello,omitempty"`
		Note     *wireNote     `json:"note,omitempty"`
		Call     *wireReading  `json:"call,omitempty"`
		Read     *wireReading  `json:"read,omitempty"`
		Complete *wireComplete `json:"complete,omitempty"`
		Done     *struct{}     `json:"done,omitempty"`
	}
	wireHello struct {
		Protocol int    `json:"protocol"`
		Version  string `json:"version,omitempty"`
		PID      int    `json:"pid,omitempty"`
	}
	wireNote struct {
		Kind   NoteKind `json:"kind"`
		Detail string   `json:"detail,omitempty"`
	}
	wireReading struct {
		Function Function `json:"fn"`
		GPU      *int     `json:"gpu,omitempty"`
		Instance *int     `json:"mig,omitempty"`
		Args     []uint32 `json:"args,omitempty"`
		Return   *Return  `json:"ret,omitempty"`
		Numbers  []uint64 `json:"num,omitempty"`
		Text     string   `json:"text,omitempty"`
	}
	wireComplete struct {
		GPU int `json:"gpu"`
	}
)
