package hdf5

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/refuse"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// An object is what h5py reads of one. Its values are null where they are neither text
// nor floating-point numbers.
type object struct {
	Attributes map[string][]any
	Members    []string
	Shape      []int
	Values     []any
}

// TestReadsWhatH5pyReads compares every group, attribute and array of every file.
func TestReadsWhatH5pyReads(t *testing.T) {
	var all map[string]map[string]object
	if err := json.Unmarshal(file(t, "expected.json"), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 8 {
		t.Fatalf("%d files", len(all))
	}
	for name, objects := range all {
		t.Run(name, func(t *testing.T) {
			f, err := Parse(file(t, name))
			if err != nil {
				t.Fatal(err)
			}
			nodes := 0
			walk(f.Root, func(n *Node) {
				nodes++
				want, ok := objects[n.Path]
				if !ok {
					t.Errorf("%q is not there for h5py", n.Path)
					return
				}
				if len(n.attributes) != len(want.Attributes) {
					t.Errorf("%q has %d attributes, want %d", n.Path, len(n.attributes), len(want.Attributes))
				}
				for name, values := range want.Attributes {
					if a := n.Attribute(name); a == nil {
						t.Errorf("%q has no attribute %q", n.Path, name)
					} else {
						compare(t, n.Path+"@"+name, a, values)
					}
				}
				if n.Data == nil {
					if names := slices.Sorted(slices.Values(n.Names())); !slices.Equal(names, want.Members) {
						t.Errorf("%q has members %q, want %q", n.Path, names, want.Members)
					}
					return
				}
				if !slices.Equal(n.Data.Shape, want.Shape) {
					t.Errorf("%q has shape %v, want %v", n.Path, n.Data.Shape, want.Shape)
				}
				compare(t, n.Path, n.Data, want.Values)
			})
			if nodes != len(objects) {
				t.Errorf("%d objects, want %d", nodes, len(objects))
			}
		})
	}
}

func walk(n *Node, f func(*Node)) {
	f(n)
	for _, name := range n.Names() {
		walk(n.Find(name), f)
	}
}

// compare holds values against those of h5py.
func compare(t *testing.T, name string, a *Array, want []any) {
	t.Helper()
	if len(want) == 0 {
		if want == nil {
			if _, err := a.Float32s(); err == nil && a.elements() > 0 {
				t.Errorf("%s: floats, want them refused", name)
			}
		}
		return
	}
	if _, text := want[0].(string); text {
		got, err := a.Texts()
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %q, %v, want %q", name, got, err, want)
			return
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: element %d is %q, want %q", name, i, got[i], want[i])
			}
		}
		return
	}
	got, err := a.Float32s()
	if err != nil || len(got) != len(want) {
		t.Errorf("%s: %d elements, %v, want %d", name, len(got), err, len(want))
		return
	}
	for i := range got {
		if float64(got[i]) != want[i].(float64) {
			t.Errorf("%s: element %d is %v, want %v", name, i, got[i], want[i])
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"odd_soft.h5":      {refuse.ErrUnsupported, "another name"},
		"odd_external.h5":  {refuse.ErrUnsupported, `"a"`},
		"odd_hard.h5":      {refuse.ErrCorrupt, "two names"},
		"odd_lzf.h5":       {refuse.ErrUnsupported, "lzf"},
		"odd_block.h5":     {refuse.ErrCorrupt, "signature"},
		"odd_index.h5":     {refuse.ErrUnsupported, "index"},
		"odd_unwritten.h5": {refuse.ErrUnsupported, "never written"},
		"odd_bomb.h5":      {refuse.ErrTooLarge, "67108864"},
	} {
		_, err := Parse(file(t, name))
		if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %v with %q", name, err, c.err, c.says)
		}
	}
	if _, err := Parse([]byte("GIF89a")); !errors.Is(err, refuse.ErrCorrupt) {
		t.Errorf("a GIF: %v", err)
	}
	var none *Array
	if _, err := none.Text(); err == nil {
		t.Error("no attribute, no error")
	}
	if _, err := none.Float32s(); err == nil {
		t.Error("no array, no error")
	}
}

// readAll reads everything of a file.
func readAll(b []byte) (map[string][]float32, map[string][]string, error) {
	f, err := Parse(b)
	if err != nil {
		return nil, nil, err
	}
	numbers, texts := map[string][]float32{}, map[string][]string{}
	var first error
	read := func(name string, a *Array) {
		x, err := a.Float32s()
		s, err2 := a.Texts()
		for _, err := range []error{err, err2} { // a text is no number, which is no damage
			if err != nil && !errors.Is(err, refuse.ErrUnsupported) && first == nil {
				first = err
			}
		}
		numbers[name], texts[name] = x, s
	}
	walk(f.Root, func(n *Node) {
		for name, a := range n.attributes {
			read(n.Path+"@"+name, a)
		}
		if n.Data != nil {
			read(n.Path, n.Data)
		}
	})
	return numbers, texts, first
}

var kinds = []error{refuse.ErrCorrupt, refuse.ErrTooLarge, refuse.ErrUnsupported}

// TestEveryCutIsRefused: a file without its last bytes is never taken.
func TestEveryCutIsRefused(t *testing.T) {
	for _, name := range []string{"weights.h5", "weights_latest.h5", "one_latest.h5"} {
		b := file(t, name)
		for n := range len(b) {
			if _, err := Parse(b[:n:n]); !slices.ContainsFunc(kinds, func(k error) bool { return errors.Is(err, k) }) {
				t.Fatalf("%s cut to %d of %d bytes: %v", name, n, len(b), err)
			}
		}
	}
}

// TestEveryBitFlip: with any one bit of a file changed, reading it ends in an error with a
// cause, or in what differs in one place.
func TestEveryBitFlip(t *testing.T) {
	for _, name := range []string{"weights.h5", "weights_latest.h5", "chunked.h5"} {
		b := file(t, name)
		numbers, texts, err := readAll(b)
		if err != nil {
			t.Fatal(err)
		}
		stride := 11 // takes in each bit of a byte; every bit was tried when the reader was written
		if name == "chunked.h5" {
			stride = 101
		}
		for i := range len(b) * 8 {
			if i%stride != 0 {
				continue
			}
			b[i/8] ^= 1 << (i % 8)
			n, s, err := readAll(b)
			b[i/8] ^= 1 << (i % 8)
			if err != nil {
				if !slices.ContainsFunc(kinds, func(k error) bool { return errors.Is(err, k) }) {
					t.Fatalf("%s, bit %d: %v has no cause", name, i, err)
				}
				continue
			}
			changed := map[string]bool{}
			for k, want := range numbers {
				got, same := n[k], n[k] != nil == (want != nil) && len(n[k]) == len(want)
				for j := 0; same && j < len(want); j++ {
					same = math.Float32bits(got[j]) == math.Float32bits(want[j])
				}
				if !same {
					changed[k] = true
				}
			}
			for k, want := range texts {
				if !slices.Equal(s[k], want) {
					changed[k] = true
				}
			}
			// An object that is named otherwise takes with it what lies below it.
			if len(changed) > 1 && len(n) == len(numbers) && sameKeys(n, numbers) {
				t.Errorf("%s, bit %d: %d places changed", name, i, len(changed))
			}
		}
	}
}

func sameKeys(a, b map[string][]float32) bool {
	for k := range a {
		if _, ok := b[k]; !ok {
			return false
		}
	}
	return true
}

// FuzzParse looks for panics, errors without a cause, and time or memory without bound.
func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.h5")
	if err != nil || len(paths) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _, err := readAll(b)
		if err != nil && !slices.ContainsFunc(kinds, func(k error) bool { return errors.Is(err, k) }) {
			t.Errorf("%v has no cause", err)
		}
	})
}
