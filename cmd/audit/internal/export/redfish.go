package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// Redfish is the report under the names of DMTF's Redfish schemas, as one
// document: collections are written out in place. Only what the schemas have a
// property for is in it; docs/formats.md lists what comes from where.
func Redfish(r *inventory.Report) ([]byte, error) {
	worst := map[string]inventory.Severity{}
	for _, f := range r.Findings { // the worst stands first
		if _, found := worst[f.ComponentID]; !found && f.Severity != inventory.SeverityInfo {
			worst[f.ComponentID] = f.Severity
		}
	}
	x := redfish{r: r, worst: worst}
	root := object{
		"Id": "RootService", "Name": r.Tool.Name, "@odata.id": "/redfish/v1/", "@odata.type": "#ServiceRoot.ServiceRoot",
		"Systems": collection("/redfish/v1/Systems", "ComputerSystem", x.system()),
		"Chassis": collection("/redfish/v1/Chassis", "Chassis", x.chassis()),
	}
	if r.BMC != nil {
		root["Managers"] = collection("/redfish/v1/Managers", "Manager", x.manager())
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		return nil, fmt.Errorf("report as Redfish: %w", err)
	}
	return render.Inert(b.Bytes()), nil
}

type redfish struct {
	r     *inventory.Report
	worst map[string]inventory.Severity
}

// object is one resource or part of one.
type object map[string]any

// put sets a property unless the value is not known.
func (o object) put(key string, value any) {
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
		value = v.Interface()
	} else if !v.IsValid() || v.IsZero() || v.Kind() == reflect.Map && v.Len() == 0 {
		return
	}
	o[key] = value
}

// collection holds its members in place. A member's path is its number: ids of
// components are not fit for paths.
func collection(path, kind string, members ...object) object {
	for i, m := range members {
		if m["Id"] == nil {
			m["Id"] = fmt.Sprint(i)
		}
		m["@odata.id"] = fmt.Sprintf("%s/%v", path, m["Id"])
		m["@odata.type"] = "#" + kind + "." + kind
		if m["Name"] == nil {
			m["Name"] = fmt.Sprintf("%s %d", kind, i)
		}
	}
	return object{
		"@odata.id": path, "@odata.type": fmt.Sprintf("#%sCollection.%sCollection", kind, kind), "Name": kind + " Collection",
		"Members": orEmpty(members), "Members@odata.count": len(members),
	}
}

func orEmpty(list []object) []object {
	if list == nil {
		return []object{}
	}
	return list
}

// putCollection sets a collection where the report could look; an empty one
// says that there was nothing.
func putCollection[T any](o object, key, path, kind string, list []T, member func(*T) object) {
	if list == nil {
		return
	}
	members := make([]object, len(list))
	for i := range list {
		members[i] = member(&list[i])
	}
	o[key] = collection(path, kind, members...)
}

// status is Redfish's Status: Enabled, Disabled or Absent, and the worse of
// the part's own verdict and of the findings about it.
func (x redfish) status(id string, present *bool, own inventory.Health) object {
	if present != nil && !*present {
		return object{"State": "Absent"}
	}
	s := object{"State": "Enabled"}
	switch {
	case own == inventory.HealthCritical || x.worst[id] == inventory.SeverityCritical:
		s["Health"] = "Critical"
	case own == inventory.HealthWarning || x.worst[id] == inventory.SeverityWarning:
		s["Health"] = "Warning"
	case own == inventory.HealthOK:
		s["Health"] = "OK"
	}
	return s
}

func id(o object, m inventory.Meta, name string) object {
	o.put("Name", either(name, m.ID))
	o["Oem"] = object{"Bee": object{"ComponentId": m.ID}}
	return o
}

// enum finds a report's word in a list of "word=Redfish word".
func enum(word string, pairs ...string) string {
	for _, p := range pairs {
		if k, v, _ := strings.Cut(p, "="); k == word {
			return v
		}
	}
	return ""
}

func hex(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}
