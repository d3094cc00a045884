package plainjson

import (
	"reflect"
	"slices"
	"strings"
)

// A field is one of a struct, or of a struct embedded in it, as encoding/json has it.
type field struct {
	name      string
	index     []int
	omitEmpty bool
	omitZero  bool
	why       string // the tag undefined: why the number may be none
}

// fieldsOf returns the fields that encoding/json writes, in its order. Of one name the
// least deep counts.
func fieldsOf(t reflect.Type) []field {
	var all []field
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		embedded := f.Anonymous && name == "" && structOf(f.Type)
		if tag == "-" || embedded || !f.IsExported() || hidden(t, f.Index) {
			continue
		}
		if name == "" {
			name = f.Name
		}
		one := field{name, f.Index, strings.Contains(options, "omitempty"), strings.Contains(options, "omitzero"), f.Tag.Get("undefined")}
		if i := slices.IndexFunc(all, func(g field) bool { return g.name == name }); i < 0 {
			all = append(all, one)
		} else if len(f.Index) < len(all[i].index) {
			all = append(slices.Delete(all, i, i+1), one)
		}
	}
	return all
}

func structOf(t reflect.Type) bool {
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
}

// hidden reports whether a field is within one that has a name of its own in JSON, or
// none.
func hidden(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		f := t.Field(i)
		if tag := f.Tag.Get("json"); tag != "" && !strings.HasPrefix(tag, ",") {
			return true
		}
		t = f.Type
	}
	return false
}

// within returns a field's value; ok is false within an embedded pointer that is nil.
func (f field) within(v reflect.Value) (_ reflect.Value, ok bool) {
	v, err := v.FieldByIndexErr(f.index)
	return v, err == nil
}
