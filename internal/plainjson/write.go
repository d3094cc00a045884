package plainjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
)

// An Undefined is a number that is written as null.
type Undefined struct {
	// Key leads to it from the outermost object: "trust.value"; "places[].x" for
	// any element of a list, or of a map by number.
	Key string `json:"key"`
	// Why says what there is instead of a number.
	Why string `json:"why"`
}

// Options say how JSON is laid out.
type Options struct {
	// Lines gives each value a line of its own, with two spaces for each level.
	Lines bool
	// PlainHTML leaves <, > and & as they are. They are \u escapes otherwise, as a
	// page needs them.
	PlainHTML bool
}

// Marshal returns the JSON of v. Its errors are of types that JSON cannot hold, never of
// numbers.
func Marshal(v any) ([]byte, error) { return marshal(v, Options{}) }

// Write writes the JSON of v and a line feed. Its errors are Marshal's and w's.
func Write(w io.Writer, v any, o Options) error {
	text, err := marshal(v, o)
	if err != nil {
		return err
	}
	if o.Lines {
		var out bytes.Buffer
		if err := json.Indent(&out, text, "", "  "); err != nil {
			return err
		}
		text = out.Bytes()
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func marshal(v any, o Options) ([]byte, error) {
	text, err := encode(v, o)
	if bad := (*json.UnsupportedValueError)(nil); errors.As(err, &bad) && bad.Value.CanFloat() {
		e := encoder{options: o, known: make(map[Undefined]bool)}
		text, err = e.outermost(reflect.ValueOf(v))
	}
	return escape(text), err
}

// encode is encoding/json's Marshal.
func encode(v any, o Options) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(!o.PlainHTML)
	err := enc.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}
