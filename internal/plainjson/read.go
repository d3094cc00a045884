package plainjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
)

// mostValues is more than any figure has: t-SNE of 70,000 points has half a million.
const mostValues = 1 << 21

// Unmarshal reads JSON into v, a pointer. A float that the text has as null becomes NaN.
// Its errors are encoding/json's, and one about more than two million values with null
// among them.
func Unmarshal(text []byte, v any) error {
	if err := json.Unmarshal(text, v); err != nil {
		return err
	}
	if !bytes.Contains(text, []byte(`"undefined"`)) {
		return nil
	}
	// The tree takes some 50 bytes a value, and a hostile value two of the text.
	if n := bytes.Count(text, []byte(",")) + bytes.Count(text, []byte("[")) + bytes.Count(text, []byte("{")); n > mostValues {
		return fmt.Errorf("plainjson: %d values, some of them undefined, want at most %d", n, mostValues)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return err
	}
	fill(reflect.ValueOf(v), tree)
	return nil
}

// fill puts NaN into the floats of v that are null in the tree.
func fill(v reflect.Value, tree any) {
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		if tree == nil && v.CanSet() {
			v.SetFloat(math.NaN())
		}
	case reflect.Pointer:
		if !v.IsNil() {
			fill(v.Elem(), tree)
		}
	case reflect.Struct:
		values, _ := tree.(map[string]any)
		for _, f := range fieldsOf(v.Type()) {
			if x, ok := f.within(v); ok {
				value, there := values[f.name]
				if there && f.omitEmpty && x.Type() == reflect.TypeFor[*float64]() && x.IsNil() {
					x.Set(reflect.ValueOf(new(float64))) // null of nothing would have been left out
				}
				if there {
					fill(x, value)
				}
			}
		}
	case reflect.Slice, reflect.Array:
		values, _ := tree.([]any)
		for i := range min(len(values), v.Len()) {
			fill(v.Index(i), values[i])
		}
	case reflect.Map:
		values, _ := tree.(map[string]any)
		for each := v.MapRange(); each.Next(); {
			name, err := keyText(each.Key())
			if value, there := values[name]; err == nil && there {
				x := reflect.New(v.Type().Elem()).Elem()
				x.Set(each.Value())
				fill(x, value)
				v.SetMapIndex(each.Key(), x)
			}
		}
	}
}
