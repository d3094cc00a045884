package theano

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/internal/npy"
)

const tiny = "testdata/tiny"

// spell lists names and shapes.
func spell(all []Array) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, a.Name+strings.ReplaceAll(fmt.Sprint(a.Shape), " ", ","))
	}
	return strings.Join(parts, " ")
}

const (
	tinyG = "w[3,16] gain[16] bias[16] w2[4,2,5,3] gain2[2] bias2[2] wx[2,3,5,3]"
	tinyD = "w[2,3,5,3] w2[4,2,5,3] gain2[4] bias2[4] wy[16,1]"
)

// Read reads the arrays at path.
func Read(path string) (*Nets, error) {
	p, err := Find(path)
	if err != nil {
		return nil, err
	}
	return p.Read()
}

func TestReadTakesWhatNumpyWrote(t *testing.T) {
	for _, path := range []string{tiny, tiny + "/7_gen_params.jl", tiny + "/7_discrim_params.jl_02.npy"} {
		n, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		if spell(n.G) != tinyG || spell(n.D) != tinyD || n.Stem != "7_" {
			t.Errorf("%s: %q\n%s, want\n%s\n%s, want\n%s", path, n.Stem, spell(n.G), tinyG, spell(n.D), tinyD)
		}
		for _, all := range [][]Array{n.G, n.D} {
			for k, a := range all {
				for i, v := range a.Data {
					if v != float32(100*(k+1)+i) {
						t.Fatalf("%s[%d] = %v, want %d", a.Name, i, v, 100*(k+1)+i)
					}
				}
			}
		}
	}
}

// copied returns a copy of the tiny nets that a test may break.
func copied(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(tiny)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// put writes an array of zeros.
func put(t *testing.T, path string, shape ...int) {
	t.Helper()
	n := 1
	for _, d := range shape {
		n *= d
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := npy.Write(f, shape, make([]float32, n)); err != nil {
		t.Fatal(err)
	}
}

func TestDeeperNetsAreNamed(t *testing.T) {
	dir := t.TempDir()
	g := [][]int{{2, 64}, {64}, {64}, {4, 3, 5, 5}, {3}, {3}, {3, 2, 5, 5}, {2}, {2}, {2, 1, 5, 5}}
	d := [][]int{{2, 1, 5, 5}, {3, 2, 5, 5}, {3}, {3}, {4, 3, 5, 5}, {4}, {4}, {64, 1}}
	for k, shape := range g {
		put(t, filepath.Join(dir, fmt.Sprintf("gen_params.jl_%02d.npy", k+1)), shape...)
	}
	for k, shape := range d {
		put(t, filepath.Join(dir, fmt.Sprintf("discrim_params.jl_%02d.npy", k+1)), shape...)
	}
	n, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := spell(n.G) + " " + spell(n.D); !strings.Contains(got, "w3[3,2,5,5] gain3[2] bias3[2] wx[2,1,5,5]") || !strings.Contains(got, "w3[4,3,5,5] gain3[4] bias3[4] wy[64,1]") {
		t.Error(got)
	}
}

func TestOneNetAlone(t *testing.T) {
	dir := copied(t)
	all, err := filepath.Glob(filepath.Join(dir, "*discrim*"))
	if err != nil || len(all) != 6 {
		t.Fatalf("%q (%v)", all, err)
	}
	for _, path := range all {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	n, err := Read(dir)
	if err != nil || spell(n.G) != tinyG || n.D != nil {
		t.Errorf("%+v (%v)", n, err)
	}
}

func TestReadRefuses(t *testing.T) {
	g := func(k int) string { return fmt.Sprintf("7_gen_params.jl_%02d.npy", k) }
	d := func(k int) string { return fmt.Sprintf("7_discrim_params.jl_%02d.npy", k) }
	for name, c := range map[string]struct {
		change func(dir string)
		want   error
		text   string
	}{
		"first missing":    {func(dir string) { os.Remove(filepath.Join(dir, g(1))) }, ErrCorrupt, "7_gen_params.jl_01.npy of 6 arrays"},
		"one missing":      {func(dir string) { os.Remove(filepath.Join(dir, d(3))) }, ErrCorrupt, "7_discrim_params.jl_03.npy of 4 arrays"},
		"last missing":     {func(dir string) { os.Remove(filepath.Join(dir, g(7))) }, ErrUnsupported, "6 arrays"},
		"D's last missing": {func(dir string) { os.Remove(filepath.Join(dir, d(5))) }, ErrUnsupported, "4 arrays"},
		"number twice":     {func(dir string) { put(t, filepath.Join(dir, "7_gen_params.jl_1.npy"), 3, 16) }, ErrCorrupt, "have one number"},
		"cut short":        {func(dir string) { os.Truncate(filepath.Join(dir, g(4)), 300) }, ErrCorrupt, g(4)},
		"a directory":      {func(dir string) { os.Remove(filepath.Join(dir, g(4))); os.Mkdir(filepath.Join(dir, g(4)), 0o700) }, ErrUnsupported, g(4)},
		"nz of 0":          {func(dir string) { put(t, filepath.Join(dir, g(1)), 0, 16) }, ErrUnsupported, "array 1 of shape [0 16]"},
		"no square maps":   {func(dir string) { put(t, filepath.Join(dir, g(1)), 3, 12) }, ErrUnsupported, "array 1 of shape [3 12]"},
		"gain of a map":    {func(dir string) { put(t, filepath.Join(dir, g(2)), 4) }, ErrUnsupported, "array 2 of shape [4]"},
		"bias":             {func(dir string) { put(t, filepath.Join(dir, g(6)), 2, 1) }, ErrUnsupported, "array 6 of shape [2 1]"},
		"maps between":     {func(dir string) { put(t, filepath.Join(dir, g(7)), 3, 3, 5, 3) }, ErrUnsupported, "array 7 of shape [3 3 5 3]"},
		"kernel of 0":      {func(dir string) { put(t, filepath.Join(dir, g(7)), 2, 3, 0, 3) }, ErrUnsupported, "array 7 of shape [2 3 0 3]"},
		"five axes":        {func(dir string) { put(t, filepath.Join(dir, g(7)), 2, 3, 5, 3, 1) }, ErrUnsupported, "more than 4 axes"},
		"D between":        {func(dir string) { put(t, filepath.Join(dir, d(2)), 4, 3, 5, 3) }, ErrUnsupported, "array 2 of shape [4 3 5 3]"},
		"D's gain":         {func(dir string) { put(t, filepath.Join(dir, d(3)), 2) }, ErrUnsupported, "array 3 of shape [2]"},
		"two logits":       {func(dir string) { put(t, filepath.Join(dir, d(5)), 16, 2) }, ErrUnsupported, "array 5 of shape [16 2]"},
		"D's maps":         {func(dir string) { put(t, filepath.Join(dir, d(5)), 12, 1) }, ErrUnsupported, "array 5 of shape [12 1]"},
		"other net too":    {func(dir string) { put(t, filepath.Join(dir, "9_gen_params.jl_01.npy"), 3, 16) }, ErrAmbiguous, `["7_" "9_"], want a file of one, such as 7_gen_params.jl`},
		"too many": {func(dir string) {
			for k := range 70 {
				put(t, filepath.Join(dir, g(k+1)), 1)
			}
		}, ErrTooLarge, "70 arrays"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copied(t)
			c.change(dir)
			n, err := Read(dir)
			if !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.text) || n != nil {
				t.Errorf("%v, want %q: %v", err, c.text, c.want)
			}
		})
	}
	empty := t.TempDir()
	for path, want := range map[string]error{
		empty: ErrNone, filepath.Join(empty, "none"): os.ErrNotExist, "read.go": ErrNone,
	} {
		if _, err := Read(path); !errors.Is(err, want) || Sniff(path) {
			t.Errorf("%s: %v and sniffed %v, want %v", path, err, Sniff(path), want)
		}
	}
}

func TestSniff(t *testing.T) {
	for path, want := range map[string]bool{
		tiny: true, tiny + "/7_gen_params.jl": true, tiny + "/7_gen_params.jl_01.npy": true, "testdata": false, "doc.go": false,
	} {
		if Sniff(path) != want {
			t.Errorf("%s: %v, want %v", path, !want, want)
		}
	}
}

// TestAuthorsNet reads the folder named by DCGANVIZ_THEANO, which holds the
// paper's SVHN net.
func TestAuthorsNet(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_THEANO")
	if dir == "" {
		t.Skip("DCGANVIZ_THEANO names no folder with the authors' SVHN net")
	}
	n, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	const g = "w[100,4096] gain[4096] bias[4096] w2[256,128,5,5] gain2[128] bias2[128] w3[128,64,5,5] gain3[64] bias3[64] wx[64,3,5,5]"
	const d = "w[64,3,5,5] w2[128,64,5,5] gain2[128] bias2[128] w3[256,128,5,5] gain3[256] bias3[256] wy[4096,1]"
	if spell(n.G) != g || spell(n.D) != d {
		t.Errorf("%s\n%s, want\n%s\n%s", spell(n.G), spell(n.D), g, d)
	}
}

// FuzzNames looks for panics, and for nets that are accepted without a name for
// every array: each byte is the length of an axis, 0xff ends a shape.
func FuzzNames(f *testing.F) {
	f.Add([]byte("\x03\x10\xff\x10\xff\x10\xff\x04\x02\x05\x03\xff\x02\xff\x02\xff\x02\x03\x05\x03\xff"))
	f.Add([]byte("\x02\x03\x05\x03\xff\x04\x02\x05\x03\xff\x04\xff\x04\xff\x10\x01\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, name := range []func([]Array) error{nameG, nameD} {
			var all []Array
			shape := []int{}
			for _, x := range b {
				if x == 0xff {
					all, shape = append(all, Array{Shape: shape}), []int{}
				} else {
					shape = append(shape, int(x))
				}
			}
			if err := name(all); err != nil {
				if !errors.Is(err, ErrUnsupported) {
					t.Fatal(err)
				}
				continue
			}
			seen := make(map[string]bool)
			for _, a := range all {
				if a.Name == "" || seen[a.Name] {
					t.Fatalf("names %s", spell(all))
				}
				seen[a.Name] = true
			}
		}
	})
}
