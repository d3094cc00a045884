package figure

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"dcganviz/gallery"
	"dcganviz/internal/plainjson"
)

// fillFloats gives every float that JSON shows of v the value x, with two elements in each list
// and map.
func fillFloats(v reflect.Value, x float64) {
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		v.SetFloat(x)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillFloats(v.Elem(), x)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fillFloats(v.Index(i), x)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			if key.CanInt() {
				key.SetInt(int64(i))
			} else {
				key.SetString(strings.Repeat("k", i))
			}
			fillFloats(value, x)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				fillFloats(v.Field(i), x)
			}
		}
	}
}

// Any number of any figure may be none: its JSON is then the JSON with null there, the
// list of undefined numbers behind it, and is read back as it was written.
func TestEveryNumberOfAFigureMayBeNone(t *testing.T) {
	const mark = 123456.75
	for _, e := range All {
		for name, none := range map[string]float64{"NaN": math.NaN(), "Inf": math.Inf(-1)} {
			t.Run(e.Name+" "+name, func(t *testing.T) {
				r := must[Result](t)(e.Read([]byte("{}")))
				fillFloats(reflect.ValueOf(r).Elem(), mark)
				want := strings.ReplaceAll(string(must[[]byte](t)(json.Marshal(r))), "123456.75", "null")
				fillFloats(reflect.ValueOf(r).Elem(), none)
				text := must[[]byte](t)(plainjson.Marshal(r))
				got, _, listed := strings.Cut(string(text), `,"undefined":[{`)
				if got+"}" != want || !listed || !json.Valid(text) {
					t.Fatalf("got\n%s\nwant\n%s\nand a list of undefined numbers", text, want)
				}
				back := must[Result](t)(e.Read(text))
				again := must[[]byte](t)(plainjson.Marshal(back))
				if got, _, _ = strings.Cut(string(again), `,"undefined":[{`); got+"}" != want {
					t.Errorf("read back and written again:\n%s\nwant\n%s", again, want)
				}
				// The page says what it can; where it cannot, it says so.
				page, err := Page([]Picture{{File: "x.png", Width: 8, Height: 8, Command: e.Name, Numbers: bytes.Replace(text, []byte(`"image":""`), []byte(`"image":"x.png"`), 1)}}, gallery.Options{})
				if err != nil || !bytes.Contains(page, []byte("x.png")) {
					t.Errorf("page: %v", err)
				}
			})
		}
	}
}
