package samples

import (
	"encoding/json"
	"reflect"
	"time"

	"example.com/bee/pkg/inventory"
)

// Filled is a report with every field set, every string to text: whatever is
// added to the model is in it.
func Filled(text string) *inventory.Report {
	r := &inventory.Report{}
	fill(reflect.ValueOf(r).Elem(), text)
	data, err := json.Marshal(map[string]string{"k": text})
	if err == nil {
		r.Extensions = map[string]json.RawMessage{"acme.example/x": data}
	}
	return r
}

func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		e := reflect.New(v.Type().Elem()).Elem()
		fill(e, text)
		v.SetMapIndex(reflect.ValueOf(text), e)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "Extensions" {
				fill(v.Field(i), text)
			}
		}
	case reflect.String:
		v.SetString(text)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(101)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(201)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(123456.75)
	default:
	}
}
