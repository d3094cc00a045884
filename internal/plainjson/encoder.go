package plainjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
)

// An encoder writes a value that holds a NaN or an infinity, which encoding/json
// refuses.
type encoder struct {
	options   Options
	out       bytes.Buffer
	undefined []Undefined
	known     map[Undefined]bool // of undefined
}

// outermost returns the JSON of v, with the list of what is undefined if v is an object.
func (e *encoder) outermost(v reflect.Value) ([]byte, error) {
	if err := e.value(v, "", ""); err != nil {
		return nil, err
	}
	text := e.out.Bytes()
	if object, ok := bytes.CutSuffix(text, []byte("}")); ok {
		list, err := encode(e.undefined, e.options)
		if err != nil {
			return nil, err
		}
		text = slices.Concat(object, []byte(`,"undefined":`), list, []byte("}"))
	}
	return text, nil
}

// value writes v, to which key leads. why is what the tag says of it.
func (e *encoder) value(v reflect.Value, key, why string) error {
	switch {
	case !v.IsValid():
	case v.CanFloat() && math.IsNaN(v.Float()):
		e.null(key, why, "not a number: too few values, all alike, or too large on the way")
		return nil
	case v.CanFloat() && math.IsInf(v.Float(), 0):
		e.null(key, why, "too large for a number")
		return nil
	case encodesItself(v.Type()):
	case (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && !v.IsNil():
		return e.value(v.Elem(), key, why)
	case v.Kind() == reflect.Struct:
		return e.object(v, key)
	case v.Kind() == reflect.Map && !v.IsNil():
		return e.mapping(v, key, why)
	case v.Kind() == reflect.Array, v.Kind() == reflect.Slice && !v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8:
		e.out.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				e.out.WriteByte(',')
			}
			if err := e.value(v.Index(i), key+"[]", why); err != nil {
				return err
			}
		}
		e.out.WriteByte(']')
		return nil
	}
	return e.leaf(v)
}

// null writes null for a number, and remembers why; once for all elements of a list.
func (e *encoder) null(key, why, otherwise string) {
	e.out.WriteString("null")
	if why == "" {
		why = otherwise
	}
	if u := (Undefined{key, why}); !e.known[u] {
		e.known[u] = true
		e.undefined = append(e.undefined, u)
	}
}

// leaf writes what encoding/json writes.
func (e *encoder) leaf(v reflect.Value) error {
	var x any
	if v.IsValid() {
		x = v.Interface()
	}
	text, err := encode(x, e.options)
	e.out.Write(text)
	return err
}

func (e *encoder) object(v reflect.Value, key string) error {
	var all []member
	for _, f := range fieldsOf(v.Type()) {
		x, ok := f.within(v)
		if !ok || f.omitEmpty && empty(x) || f.omitZero && x.IsZero() {
			continue
		}
		all = append(all, member{f.name, below(key, f.name), f.why, x})
	}
	return e.members(all)
}

// mapping writes a map, in the order of encoding/json: by the text of its keys.
func (e *encoder) mapping(v reflect.Value, key, why string) error {
	var all []member
	for each := v.MapRange(); each.Next(); {
		name, err := keyText(each.Key())
		if err != nil {
			return err
		}
		at := key + "[]"
		if each.Key().Kind() == reflect.String {
			at = below(key, name)
		}
		all = append(all, member{name, at, why, each.Value()})
	}
	slices.SortFunc(all, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return e.members(all)
}

func below(key, name string) string { return strings.TrimPrefix(key+"."+name, ".") }

// A member is a value of an object.
type member struct {
	name, key, why string
	value          reflect.Value
}

func (e *encoder) members(all []member) error {
	e.out.WriteByte('{')
	for i, m := range all {
		if i > 0 {
			e.out.WriteByte(',')
		}
		if err := e.leaf(reflect.ValueOf(m.name)); err != nil {
			return err
		}
		e.out.WriteByte(':')
		if err := e.value(m.value, m.key, m.why); err != nil {
			return err
		}
	}
	e.out.WriteByte('}')
	return nil
}

// keyText is a map's key as JSON has it.
func keyText(k reflect.Value) (string, error) {
	if k.Kind() == reflect.String {
		return k.String(), nil
	}
	if t, ok := k.Interface().(encoding.TextMarshaler); ok {
		text, err := t.MarshalText()
		return string(text), err
	}
	return fmt.Sprint(k.Interface()), nil
}

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// encodesItself reports whether values of a type have a JSON of their own.
func encodesItself(t reflect.Type) bool {
	return t.Implements(marshaler) || t.Implements(textMarshaler)
}

// empty reports whether omitempty leaves v out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
