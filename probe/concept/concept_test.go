package concept

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
	"dcganviz/internal/refuse"
)

const sound = `about = "by eye"
seed = 7
model = "ab"

[scores.windows]
scorer = "judge"
chooser = "guide"
least = 0.05

[scores.light]
measure = "brightness"

[scores.smile]
scorer = "smiles.safetensors"

[concepts."light façade"]
exemplars = [3, 17, 40, 41]
shows = ["light", "windows"]

[concepts.wall]
exemplars = [5]
lacks = ["windows"]

[concepts.any]

[[arithmetic]]
formula = "light façade - wall + 1, 2 = any"

[[turn]]
from = "wall"
to = "8,9"
score = "light"
`

// TestDocumentedFormIsRead reads every key that there is.
func TestDocumentedFormIsRead(t *testing.T) {
	f, err := Parse("x", []byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	if f.Seed != 7 || f.Model != "ab" || f.About != "by eye" {
		t.Errorf("seed %d, model %q, about %q", f.Seed, f.Model, f.About)
	}
	for name, least := range map[string]float64{"windows": .05, "light": 0, "smile": .5} {
		if got := *f.Scores[name].Least; got != least {
			t.Errorf("%s: least %v, want %v", name, got, least)
		}
	}
	if s := f.Scores["windows"]; s.Scorer != "judge" || s.Chooser != "guide" || f.Scores["smile"].Chooser != "" {
		t.Errorf("scores %+v", f.Scores)
	}
	got, err := f.Formula(f.Arithmetic[0].Formula)
	want := Formula{Samples{"light façade", []int{3, 17, 40, 41}, true}, Samples{"wall", []int{5}, true}, Samples{"1, 2", []int{1, 2}, false}, "any"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("formula %+v, %v, want %+v", got, err, want)
	}
	if again, err := f.Formula(got.String()); err != nil || !reflect.DeepEqual(again, want) {
		t.Errorf("%s reads as %+v, %v", got, again, err)
	}
	if f.Turns[0] != (Turn{"wall", "8,9", "light"}) {
		t.Errorf("turn %+v", f.Turns[0])
	}
}

// TestFormulaWithoutAFile takes sample numbers alone.
func TestFormulaWithoutAFile(t *testing.T) {
	var none File
	got, err := none.Formula("1 - 2,3 + 4")
	if err != nil || got.A.Numbers[0] != 1 || len(got.B.Numbers) != 2 || got.C.Numbers[0] != 4 || got.Gives != "" {
		t.Errorf("%+v, %v", got, err)
	}
	if short, err := none.Formula("1-2,3+4"); err != nil || !reflect.DeepEqual(short.B.Numbers, got.B.Numbers) {
		t.Errorf("without spaces %+v, %v", short, err)
	}
	for text, says := range map[string]string{
		"1 - 2":            "no plus, want A - B + C",
		"wall + 2":         "no minus",
		"1 + 2 - 3":        "adds before it subtracts",
		"wall - + 2":       "nothing beside it",
		"1 - 2 + 3 =":      "no concept behind =",
		"1-2+3 = any = 2":  "more than one =",
		"1, - 2 + 3":       "commas between",
		"wall-2+3":         "want A - B + C",
		"":                 "want A - B + C",
		"1 - wall + 2":     `no concept "wall"`,
		"1 - 2 + 3 = wall": `no concept "wall"`,
		"1 - 2,2 + 3":      "exemplar 2 twice",
		"1 - 2 + -3":       "exemplar -3",
		"1 - 99999999 + 3": "exemplar 99999999",
	} {
		if _, err := none.Formula(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q in it", text, err, says)
		}
	}
}

// TestBadFilesAreRefused: one line that names the file and the place.
func TestBadFilesAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ from, to, says string }{
		"no TOML":      {`seed = 7`, `seed = `, "line 2"},
		"unknown key":  {`about`, `abuot`, `no such key as "abuot"`},
		"inner key":    {`least = 0.05`, `last = 0.05`, "last"},
		"another type": {`seed = 7`, `seed = "x"`, "line 2"},
		"no scorer": {`scorer = "judge"
chooser = "guide"`, ``, "either scorer or measure"},
		"chooser alone": {`measure = "brightness"`, `measure = "brightness"
chooser = "guide"`, "another scorer beside scorer"},
		"its own chooser": {`"guide"`, `"judge"`, "another scorer beside scorer"},
		"both":            {`measure =`, "scorer = \"a\"\nmeasure =", "either scorer or measure"},
		"another measure": {`"brightness"`, `"hue"`, `measure "hue"`},
		"least":           {`0.05`, `nan`, "least NaN"},
		"unknown score":   {`["windows"]`, `["doors"]`, `no score "doors"`},
		"shows and lacks": {`lacks = ["windows"]`, `lacks = ["windows"]` + "\n" + `shows = ["windows"]`, "both shows and lacks"},
		"exemplar":        {`[5]`, `[-5]`, "exemplar -5"},
		"twice":           {`[5]`, `[5, 5]`, "exemplar 5 twice"},
		"formula":         {`- wall`, `- gate`, `arithmetic 1: no concept "gate"`},
		"no exemplars":    {`- wall`, `- any`, "has no exemplars"},
		"gives":           {`= any"`, `= none"`, `no concept "none"`},
		"turn":            {`from = "wall"`, `from = "x"`, "turn 1: from"},
		"turn's score":    {`score = "light"`, `score = "x"`, "turn 1: no score"},
		"name":            {`concepts.any`, `concepts."a - b"`, "could not name it"},
		"number":          {`concepts.any`, `concepts.12`, "could not name it"},
	} {
		text := strings.Replace(sound, c.from, c.to, 1)
		if text == sound {
			t.Fatalf("%s changes nothing", name)
		}
		_, err := Parse("my.toml", []byte(text))
		if !errors.Is(err, refuse.ErrCorrupt) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "my.toml") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q on one line", name, err, c.says)
		}
	}
}

// TestQuadraticFilesAreRefused: go-toml would take seconds to minutes over them.
func TestQuadraticFilesAreRefused(t *testing.T) {
	for name, key := range map[string]string{"keys": "b%d=1\n", "dotted": "a.b%d=1\n", "tables": "[b%d]\n", "arrays": "[[turn]]#%d\n", "inline": "a={b%d=1}\n", "lines": "\n\r\n#%d"} {
		var text []byte
		for i := 0; len(text) < maxFileBytes-20; i++ {
			text = fmt.Appendf(text, key, i)
		}
		if _, err := Parse("my.toml", text); !errors.Is(err, refuse.ErrTooLarge) || !strings.Contains(err.Error(), "want at most 4096") {
			t.Errorf("%s: %v, want ErrTooLarge", name, err)
		}
	}
	// As many concepts as anyone has found.
	text := sound
	for i := range 200 {
		text += fmt.Sprintf("\n[concepts.c%d]\nexemplars = [%d, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]\n", i, 100+i)
	}
	if _, err := Parse("my.toml", []byte(text)); err != nil {
		t.Error(err)
	}
}

// TestDamageIsNoPanic changes bytes at random.
func TestDamageIsNoPanic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		b := []byte(sound)
		for range 1 + r.IntN(4) {
			b[r.IntN(len(b))] = byte(r.IntN(256))
		}
		if f, err := Parse("x", b[:r.IntN(len(b)+1)]); (f == nil) == (err == nil) {
			t.Fatal("neither a file nor an error, or both")
		}
	}
}

func TestPathsAreChecked(t *testing.T) {
	hostile.CheckPaths(t, []byte(sound[:len(sound)-4]), func(path string) error {
		_, err := Read(path)
		return err
	})
	path := filepath.Join(t.TempDir(), "large.toml")
	if err := os.WriteFile(path, make([]byte, maxFileBytes+1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); !errors.Is(err, refuse.ErrTooLarge) {
		t.Errorf("a large file: %v", err)
	}
	if err := os.WriteFile(path, []byte(sound), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err != nil {
		t.Error(err)
	}
}
