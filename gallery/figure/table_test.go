package figure

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dcganviz/gallery"
	"dcganviz/model/checkpoint"
	"dcganviz/model/zoo"
)

// fresh are the rows without committed figures, with options that make one quickly.
var fresh = map[string][]string{"doctor": {"--n=2"}, "spectrum": {"--samples=40"}, "film": {"--steps=4"},
	"represent": {"--centres=16", "--nets=1", "--labels-per-class=20", "--draws=2"}}

// known are what committed returned first: fresh figures take a while.
var known map[string][][]byte

// committed are the numbers of the committed figures and of fresh ones, by the rows
// of the table.
func committed(t *testing.T) map[string][][]byte {
	t.Helper()
	if known != nil {
		return known
	}
	files, err := filepath.Glob("../paper/*.json")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][][]byte{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var head struct{ Command string }
		if err := json.Unmarshal(text, &head); err != nil {
			t.Fatal(err)
		}
		if head.Command == "" {
			head.Command = "walk" // whose numbers have none
		}
		out[head.Command] = append(out[head.Command], text)
	}
	lab := &Lab{Model: facades(t), Name: zoo.Default}
	for name, args := range fresh {
		f := New(name)
		if err := Fill(f, args); err != nil {
			t.Fatal(err)
		}
		d, err := Make(t.Context(), lab, f, name+".png")
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := writeJSON(&text, d.Result); err != nil {
			t.Fatal(err)
		}
		out[name] = append(out[name], text.Bytes())
	}
	known = out
	return out
}

func facades(t *testing.T) *checkpoint.Checkpoint {
	t.Helper()
	c, err := zoo.Open(zoo.Default)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var printedNumber = regexp.MustCompile(`[-+]?[0-9]+(\.[0-9]+)?`)

// TestTerminalAndPageSayTheSameNumbers, for every row of the table: both read them
// from the type that wrote the JSON.
func TestTerminalAndPageSayTheSameNumbers(t *testing.T) {
	all := committed(t)
	for _, e := range All {
		if len(all[e.Name]) == 0 {
			t.Errorf("%s: no numbers, neither committed nor fresh", e.Name)
		}
		for _, text := range all[e.Name] {
			r, err := e.Read(text)
			if err != nil {
				t.Errorf("%s: %v", e.Name, err)
				continue
			}
			b := &Block{Block: &gallery.Block{}, Picture: Picture{Command: e.Name}}
			if err := r.Describe(b); err != nil {
				t.Errorf("%s: %v", e.Name, err)
				continue
			}
			page := strings.Join(append([]string{b.Verdict, b.Number, b.Control}, b.More...), " ")
			said := printedNumber.FindAllString(strings.Join(r.Words().Lines(true), " "), -1)
			if len(said) == 0 {
				t.Errorf("%s says no number: %q", e.Name, page)
			}
			if shown := printedNumber.FindAllString(page, -1); !slices.Equal(said, shown) {
				t.Errorf("%s: the terminal says %v, the page %v", e.Name, said, shown)
			}
			if b.Verdict == "" {
				t.Errorf("%s has no verdict", e.Name)
			}
		}
	}
}

// TestReadKeepsTheNumbers: what a row reads and writes again is what it read.
func TestReadKeepsTheNumbers(t *testing.T) {
	for name, texts := range committed(t) {
		e, ok := Lookup(name)
		if !ok {
			t.Errorf("no row %q", name)
			continue
		}
		for _, text := range texts {
			r, err := e.Read(text)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			var again bytes.Buffer
			if err := writeJSON(&again, r); err != nil {
				t.Fatal(err)
			}
			var want, got any
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(again.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if path := differ("", want, got); path != "" {
				t.Errorf("%s: %s is lost or another", name, path)
			}
		}
	}
}

// differ returns the path to the first thing of a that b has otherwise.
func differ(path string, a, b any) string {
	switch a := a.(type) {
	case map[string]any:
		m, _ := b.(map[string]any)
		for k, v := range a {
			if p := differ(path+"/"+k, v, m[k]); p != "" {
				return p
			}
		}
		return ""
	case []any:
		l, _ := b.([]any)
		if len(l) != len(a) {
			return path
		}
		for i, v := range a {
			if p := differ(path, v, l[i]); p != "" {
				return p
			}
		}
		return ""
	}
	if !reflect.DeepEqual(a, b) {
		return path
	}
	return ""
}

// TestRowsAreWhole: every row has what help, page and README take from it, and
// settings that stand their own check.
func TestRowsAreWhole(t *testing.T) {
	names := map[string]bool{}
	for _, e := range All {
		if names[e.Name] || e.Name == "" || e.Title == "" || len(e.Examples) == 0 || !strings.HasSuffix(e.About, ".") {
			t.Errorf("row %q: title %q, about %q, %d examples", e.Name, e.Title, e.About, len(e.Examples))
		}
		names[e.Name] = true
		f := e.New()
		if err := check(f); err != nil {
			t.Errorf("%s: its defaults are refused: %v", e.Name, err)
		}
		if entryOf(f).Name != e.Name {
			t.Errorf("%s: its settings are taken for those of %s", e.Name, entryOf(f).Name)
		}
		for _, p := range e.Paper {
			if err := Fill(e.New(), p.Args); err != nil {
				t.Errorf("%s: figure %s: %v", e.Name, p.Number, err)
			}
		}
		for _, line := range e.Examples {
			if !strings.HasPrefix(line, "dcganviz "+e.Name) {
				t.Errorf("%s: example %q", e.Name, line)
			}
		}
	}
}

var update = flag.Bool("update", false, "write the rows of figures into README.md")

// TestReadmeHasTheTable: its rows of figures are made from All, which -update does.
func TestReadmeHasTheTable(t *testing.T) {
	const (
		file  = "../../README.md"
		begin = "| --- | --- |\n"
		end   = "| `dcganviz figures` |"
	)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	rows, after, found := strings.Cut(rest, end)
	if !ok || !found {
		t.Fatalf("%s: no table of commands", file)
	}
	var want strings.Builder
	for _, e := range All {
		want.WriteString("| `dcganviz " + e.Name + "` | " + strings.ToLower(e.About[:1]) + strings.TrimSuffix(e.About[1:], ".") + " |\n")
	}
	if rows == want.String() {
		return
	}
	if !*update {
		t.Fatal("README.md has other rows: make generate")
	}
	if err := os.WriteFile(file, []byte(before+begin+want.String()+end+after), 0o666); err != nil {
		t.Fatal(err)
	}
}
