package policy_test

import (
	"encoding/json"
	"os"
	"testing"

	"example.com/bee/pkg/inventory"
	"example.com/bee/pkg/inventory/policy"
)

// FuzzParse: a policy or an error, and every policy can be checked.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"gpu-server", "storage-server"} {
		data, err := os.ReadFile("../../../docs/examples/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(rules("- {parts: gpus.nvlinks, where: {link: {at_most: 1e9}}, count: {at_most: 2}}")))
	machine := storageServer()
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := policy.Parse(data)
		if (err == nil) != (p != nil) {
			t.Fatalf("%v, %v", p, err)
		}
		if p == nil {
			return
		}
		v := check(t, p, machine)
		if len(v.Results) != v.Passed+v.Failed+v.Unknown {
			t.Errorf("%+v", v)
		}
		// Nothing is known of an empty report: nothing passes.
		if v := check(t, p, &inventory.Report{}); v.Passed > 0 {
			t.Errorf("an empty report passes: %v", v.Lines(true))
		}
	})
}

// FuzzFrom: the policy of any report can be parsed and is passed by it.
func FuzzFrom(f *testing.F) {
	for _, r := range []*inventory.Report{gpuServer(), storageServer()} {
		data, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, small := range []string{
		`{"collectors":[{"name":"cpu","sections":["cpus"],"status":"ok"}],"cpus":[{"id":"cpu:1","model":"a*\n\"b","microcode":"0x1"},{"model":"","cores":0}]}`,
		`{"collectors":[{"name":"s","sections":["storage"],"status":"partial"}],"storage":[{"id":"d","model":"m","firmware":"A1","size_bytes":18446744073709551615},{"model":"m","firmware":"B2"}],"issues":[{"component_id":"d","field":"firmware","collector":"s"}]}`,
		`{"collectors":[{"name":"p","sections":["pcie_devices"],"status":"ok"}],"pcie_devices":[{"address":"x","vendor_id":"1","device_id":"2","class_id":"01","pcie_link":{"current_width":4,"current_speed_gts":2.5}}],"findings":[{"code":"\u0000","severity":"critical"}]}`,
	} {
		f.Add([]byte(small))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &inventory.Report{}
		if json.Unmarshal(data, r) != nil {
			return
		}
		text, err := policy.From(r, policy.WithSerials())
		if err != nil {
			return
		}
		p, err := policy.Parse(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if v := check(t, p, r); v.Status != policy.Pass {
			t.Fatalf("%v\n%s", v.Lines(false), text)
		}
	})
}
