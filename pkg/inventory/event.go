package inventory

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// An Event is one thing that happened during a run: a collector began
// (Component and Outcome nil), handed over a component, or ended.
//
// [EncodeEvent] and [DecodeEvent] carry events from one process to another, an
// [Assembly] makes a report of them.
type Event struct {
	Collector string
	Component Component
	Outcome   *Outcome
	// Issues are what the collector could not read; they come with its Outcome.
	Issues []Issue
	// Found comes with the Outcome: the collector found its interface, so that
	// a section it put nothing into is empty, not unknown.
	Found bool
}

// wireEvent is the written form of an event.
type wireEvent struct {
	Collector string   `json:"collector"`
	Kind      string   `json:"kind,omitzero"`
	Outcome   *Outcome `json:"outcome,omitzero"`
	Issues    []Issue  `json:"issues,omitzero"`
	Found     bool     `json:"found,omitzero"`
}

// A tab stands between an event and its component. Within JSON it is white
// space or written as \t, so that neither has to be read to find it.
const tab = '\t'

// EncodeEvent writes an event as one line, its end included: the event as JSON
// and, when it has a component, that as JSON after a tab. It fails only when
// the component cannot be written as JSON.
func EncodeEvent(e Event) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // what comes back must be what went
	w := wireEvent{Collector: e.Collector, Outcome: e.Outcome, Issues: e.Issues, Found: e.Found}
	if e.Component != nil {
		w.Kind = e.Component.Kind()
	}
	if err := enc.Encode(w); err != nil { // it holds strings and numbers
		return nil, fmt.Errorf("%s: %w", e.Collector, err)
	}
	if e.Component != nil {
		b.Bytes()[b.Len()-1] = tab
		if err := enc.Encode(e.Component); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", e.Collector, w.Kind, err)
		}
	}
	return b.Bytes(), nil
}

// DecodeEvent reads what [EncodeEvent] wrote. It believes nothing: an error
// means that the line is no event of this version. How long a line may be is
// for the caller to bound.
func DecodeEvent(line []byte) (Event, error) {
	head, component, has := bytes.Cut(line, []byte{tab})
	var w wireEvent
	if err := json.Unmarshal(head, &w); err != nil {
		return Event{}, fmt.Errorf("event: %w: %w", ErrMalformed, err)
	}
	if w.Collector == "" || has && w.Outcome != nil || has != (w.Kind != "") {
		return Event{}, fmt.Errorf("event: %w: of no collector, or two in one", ErrMalformed)
	}
	e := Event{Collector: w.Collector, Outcome: w.Outcome, Issues: w.Issues, Found: w.Found}
	if !has {
		return e, nil
	}
	e.Component = newComponent(w.Kind)
	if e.Component == nil {
		return Event{}, fmt.Errorf("event: %w: component of kind %q", ErrMalformed, w.Kind)
	}
	if err := json.Unmarshal(component, e.Component); err != nil {
		return Event{}, fmt.Errorf("event: %w: %s: %w", ErrMalformed, w.Kind, err)
	}
	return e, nil
}

// newComponent makes an empty component of a kind; nil: there is no such kind.
func newComponent(kind string) Component {
	switch kind {
	case "clock":
		return new(Clock)
	case "host":
		return new(Host)
	case "board":
		return new(Board)
	case "cpu":
		return new(CPU)
	case "memory":
		return new(Memory)
	case "drive":
		return new(Drive)
	case "storage_controller":
		return new(StorageController)
	case "logical_drive":
		return new(LogicalDrive)
	case "pcie_device":
		return new(PCIeDevice)
	case "power_supply":
		return new(PowerSupply)
	case "gpu":
		return new(GPU)
	case "cxl_device":
		return new(CXLDevice)
	case "nic":
		return new(NIC)
	case "sensor":
		return new(HostSensor)
	case "trust":
		return new(Trust)
	case "firmware_resource":
		return new(FirmwareResource)
	case "bmc":
		return new(BMC)
	case "extension":
		return new(Extension)
	default:
		return nil
	}
}
