package plainjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

var nan, inf = math.NaN(), math.Inf(1)

type base struct {
	Seed  int     `json:"seed"`
	Value float64 `json:"value"` // below all's
}

type Inner struct {
	X float64  `json:"x"`
	Y *float64 `json:"y,omitempty"`
	n int
}

type all struct {
	base
	*Inner
	Named  base `json:"named"`
	Value  float64
	Shadow float32 `json:"value" undefined:"of one class"`
	Names  []string
	None   []float64 `json:"none"`
	Left   []float64 `json:"left,omitempty"`
	Pairs  [2]float64
	Each   []Inner           `json:"each"`
	ByName map[string]Inner  `json:"by_name"`
	ByInt  map[int]float64   `json:"by_int"`
	Bytes  []byte            `json:"bytes"`
	Raw    json.RawMessage   `json:"raw"`
	Any    any               `json:"any"`
	Texts  map[string]string `json:"texts"`
	Hidden float64           `json:"-"`
	Zero   float64           `json:",omitzero"`
}

func example(x float64) *all {
	return &all{
		base: base{7, x}, Inner: &Inner{X: x, n: 1}, Named: base{8, x}, Value: x, Shadow: float32(x), Names: []string{"<a>", "b&"},
		Pairs: [2]float64{x, 1}, Each: []Inner{{X: x}, {X: 2, Y: &x}}, ByName: map[string]Inner{"p": {X: x}, "n": {X: -1}},
		ByInt: map[int]float64{12: x, 3: .5, -1: 1e21}, Bytes: []byte("abc"), Raw: json.RawMessage(` { "k" : [1] } `),
		Any: map[string]any{"v": x, "nil": nil}, Hidden: x,
	}
}

// The encoder for values with a NaN gives encoding/json's bytes for those without.
func TestEncoderGivesTheBytesOfEncodingJSON(t *testing.T) {
	for _, v := range []any{example(.1), *example(1e-9), &all{}, all{Zero: 3}, []any{1, "two", nil, 3.5}, map[int]base{2: {}, 10: {}}, (*all)(nil), "text", 5} {
		for _, o := range []Options{{}, {PlainHTML: true}} {
			want, err := encode(v, o)
			if err != nil {
				t.Fatal(err)
			}
			e := encoder{options: o}
			if err := e.value(reflect.ValueOf(v), "", ""); err != nil || !bytes.Equal(e.out.Bytes(), want) {
				t.Errorf("%T %+v:\n got %s (%v)\nwant %s", v, o, e.out.Bytes(), err, want)
			}
		}
	}
}

func TestNoNumberIsNullWithAReason(t *testing.T) {
	for name, c := range map[string]struct {
		v    any
		want string
	}{
		"NaN":          {base{1, nan}, `{"seed":1,"value":null,"undefined":[{"key":"value","why":"not a number: too few values, all alike, or too large on the way"}]}`},
		"Inf":          {base{1, -inf}, `{"seed":1,"value":null,"undefined":[{"key":"value","why":"too large for a number"}]}`},
		"alone":        {nan, `null`},
		"of list":      {[]float64{1, nan}, `[1,null]`},
		"list in map":  {map[string]any{"a": []float64{nan, 1, nan}}, `{"a":[null,1,null],"undefined":[{"key":"a[]","why":"not a number: too few values, all alike, or too large on the way"}]}`},
		"only NaN":     {struct{ Inner }{Inner{X: nan}}, `{"x":null,"undefined":[{"key":"x","why":"not a number: too few values, all alike, or too large on the way"}]}`},
		"as interface": {map[string]any{"v": float32(nan)}, `{"v":null,"undefined":[{"key":"v","why":"not a number: too few values, all alike, or too large on the way"}]}`},
	} {
		got, err := Marshal(c.v)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s (%v), want %s", name, got, err, c.want)
		}
	}
	text, err := Marshal(example(nan))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"key":"value","why":"of one class"}`, `{"key":"named.value",`, `{"key":"each[].x",`, `{"key":"each[].y",`,
		`{"key":"by_name.p.x",`, `{"key":"by_int[]",`, `{"key":"any.v",`, `{"key":"Pairs[]",`, `{"key":"x",`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s", text, want)
		}
	}
}

// What Unmarshal reads, Marshal writes again: no null turns into 0.
func TestNullIsReadAsNaN(t *testing.T) {
	for _, x := range []float64{1.5, nan, inf} {
		text, err := Marshal(example(x))
		if err != nil {
			t.Fatal(err)
		}
		back := new(all)
		if err := Unmarshal(text, back); err != nil {
			t.Fatal(err)
		}
		if x != 1.5 && (!math.IsNaN(back.Each[0].X) || !math.IsNaN(back.ByInt[12]) || !math.IsNaN(back.ByName["p"].X) || back.Each[1].X != 2 || !math.IsNaN(back.Inner.X)) {
			t.Errorf("%g was read as %+v", x, back)
		}
		if x == 1.5 && back.Each[0].X != x {
			t.Errorf("got %g, want %g", back.Each[0].X, x)
		}
	}
	// A null that we did not write.
	b := base{Value: 3}
	if err := Unmarshal([]byte(`{"value":null,"undefined":7}`), &b); err != nil || !math.IsNaN(b.Value) {
		t.Errorf("got %g, %v", b.Value, err)
	}
	if err := Unmarshal([]byte(`{"undefined":[`+strings.Repeat("0,", mostValues)+`0]}`), &b); err == nil || !strings.Contains(err.Error(), "want at most") {
		t.Errorf("many values: %v", err)
	}
	if Unmarshal([]byte(`{"value":"x"}`), &b) == nil || Unmarshal([]byte(`{`), &b) == nil {
		t.Error("no error")
	}
}

func TestNoCharacterSteersATerminal(t *testing.T) {
	var s strings.Builder
	for r := rune(0); r < 0x3000; r++ {
		s.WriteRune(r)
	}
	raw, _ := json.Marshal("\u202e" + "\u0085")
	text, err := Marshal(map[string]any{s.String(): s.String(), "raw": json.RawMessage(raw), "nan": nan})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range string(text) {
		if r < ' ' || steers(r) {
			t.Errorf("U+%04X stands as it is", r)
		}
	}
	for _, r := range "\u007f\u0080\u009f\u061c\u200e\u200f\u202a\u202e\u2066\u2069\u2028\u2029" {
		if want := fmt.Sprintf(`\u%04x`, r); !strings.Contains(string(text), want) {
			t.Errorf("no %s", want)
		}
	}
	var back map[string]any
	if err := json.Unmarshal(text, &back); err != nil || back[s.String()] != s.String() || back["raw"] != "\u202e\u0085" {
		t.Errorf("read back otherwise: %v", err)
	}
}

func TestWriteLaysOut(t *testing.T) {
	var out bytes.Buffer
	if err := Write(&out, map[string]string{"a": "<b>"}, Options{Lines: true, PlainHTML: true}); err != nil || out.String() != "{\n  \"a\": \"<b>\"\n}\n" {
		t.Errorf("got %q, %v", out.String(), err)
	}
	if err := Write(&out, func() {}, Options{}); err == nil {
		t.Error("a function was written")
	}
}
