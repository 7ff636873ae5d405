// Package collectortest is the contract every collector keeps, as a test.
//
//	func TestContract(t *testing.T) {
//		collectortest.Run(t, acme.RAID, collectortest.OnMachine(machine()))
//	}
//
// A collector that passes may stand in one report with bee's own. The contract
// holds on an empty machine, on one where every access is denied, fails or
// hangs, and on each machine given with [OnMachine] or [OnTree]:
//
//   - With nothing there it says absent: no component, no error.
//   - With everything denied or failing it says so; it is never absent, and
//     never ok.
//   - It comes back when its context ends, also when every file hangs.
//   - Two runs give the same bytes.
//   - Every component has an id of its own and names its sources, and stands in
//     a section the collector announced.
//   - It writes nothing.
//   - Whatever the files it reads may hold, it does not panic.
//
// The package lies beside the hosts, not beside package inventory, because the
// faults are injected there and package inventory knows no host.
package collectortest
