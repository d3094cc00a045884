package checks

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestImportsRule(t *testing.T) {
	for _, c := range []struct {
		from, to   string
		code, test bool // allowed in code, in tests
	}{
		{"dcganviz/internal/kernel", "dcganviz/internal/half", false, true},
		{"dcganviz/internal/kernel", "golang.org/x/sys/cpu", true, true},
		{"dcganviz/model/dataset", "dcganviz/internal/fileio", true, true},
		{"dcganviz/model/dataset", "dcganviz/viz", false, false},
		{"dcganviz/internal/kernel", "gorgonia.org/tensor", false, false},
		{"dcganviz/model", "dcganviz/internal/kernel", true, true},
		{"dcganviz/model", "gorgonia.org/gorgonia", true, true},
		{"dcganviz/model", "dcganviz/internal/safetensors", false, true},
		{"dcganviz/model", "dcganviz/internal/pth", false, true},
		{"dcganviz/model", "dcganviz/internal/theano", false, true},
		{"dcganviz/model", "dcganviz/internal/fileio", false, true},
		{"dcganviz/model/checkpoint", "dcganviz/internal/pth", true, true},
		{"dcganviz/model/checkpoint", "dcganviz/model", true, true},
		{"dcganviz/model/checkpoint", "dcganviz/model/checkpoint/internal/infer", true, true},
		{"dcganviz/model/checkpoint", "dcganviz/model/train", false, true},
		{"dcganviz/model/checkpoint/internal/infer", "dcganviz/model", true, true},
		{"dcganviz/model/checkpoint/internal/infer", "dcganviz/internal/enum", true, true},
		{"dcganviz/model/checkpoint/internal/infer", "dcganviz/internal/kernel", true, true},
		{"dcganviz/model/checkpoint/internal/infer", "dcganviz/internal/pth", false, true},
		{"dcganviz/model/checkpoint/internal/infer", "dcganviz/model/zoo", false, true},
		{"dcganviz/model/train", "dcganviz/model/checkpoint", true, true},
		{"dcganviz/model/train", "gorgonia.org/gorgonia", false, false},
		{"dcganviz/model/train", "dcganviz/model", true, true},
		{"dcganviz/model/train/run", "dcganviz/model/train", true, true},
		{"dcganviz/model/train/run", "dcganviz/internal/fileio", true, true},
		{"dcganviz/model/train/run", "dcganviz/model/dataset", false, true},
		{"dcganviz/model/train/run", "dcganviz/model/zoo", false, true},
		{"dcganviz/model/train/run", "dcganviz/viz", false, false},
		{"dcganviz/model/train/run", "dcganviz/cmd/dcganviz/internal/progress", false, false},
		{"dcganviz/model", "dcganviz/probe", false, false},
		{"dcganviz/model/zoo", "dcganviz/gallery/paper", false, false},
		{"dcganviz/model/zoo", "dcganviz/probe/concept", true, true},
		{"dcganviz/model/zoo", "dcganviz/probe/kid", false, true},
		{"dcganviz/model/train", "dcganviz/probe/concept", false, false},
		{"dcganviz/internal/checks/digests", "dcganviz/viz", true, true},
		{"dcganviz/internal/fileio", "dcganviz/viz", false, false},
		{"dcganviz/probe", "dcganviz/model", true, true},
		{"dcganviz/probe", "dcganviz/viz", false, false},
		{"dcganviz/probes", "dcganviz/viz", true, true},
		{"dcganviz/viz", "dcganviz/probe", false, false},
		{"dcganviz/viz", "dcganviz/model", false, false},
		{"dcganviz/viz", "dcganviz/internal/fileio", false, true},
		{"dcganviz/viz", "dcganviz/internal/golden", false, true},
		{"dcganviz/viz", "dcganviz/viz", true, true},
		{"dcganviz/gallery", "dcganviz/viz", true, true},
		{"dcganviz/gallery", "dcganviz/internal/golden", false, true},
		{"dcganviz/gallery", "dcganviz/cmd/dcganviz", false, false},
		{"dcganviz/cmd/dcganviz", "dcganviz/gallery", true, true},
		{"dcganviz/cmd/dcganviz", "dcganviz/cmd/dcganviz/internal/complete", true, true},
		{"dcganviz/cmd/dcganviz/internal/complete", "dcganviz/cmd/dcganviz/internal/manual", false, false},
		{"dcganviz/cmd/dcganviz/internal/complete", "dcganviz/cmd/dcganviz", false, false},
		{"dcganviz/cmd/dcganviz/internal/complete", "dcganviz/model", false, true},
		{"dcganviz/cmd/dcganviz/internal/progress", "dcganviz/model/train", true, true},
		{"dcganviz/cmd/other", "dcganviz/cmd/dcganviz/internal/complete", false, false},
		{"dcganviz/gallery", "dcganviz/cmd/dcganviz/internal/manual", false, false},
		{"dcganviz/model", "dcganviz/cmd/dcganviz/internal/manual", false, false},
	} {
		if got := len(Imports(Package{ImportPath: c.from, Imports: []string{c.to}})) == 0; got != c.code {
			t.Errorf("%s importing %s: allowed %v, want %v", c.from, c.to, got, c.code)
		}
		for _, p := range []Package{
			{ImportPath: c.from, TestImports: []string{c.to}},
			{ImportPath: c.from, XTestImports: []string{c.to}},
		} {
			if got := len(Imports(p)) == 0; got != c.test {
				t.Errorf("tests of %s importing %s: allowed %v, want %v", c.from, c.to, got, c.test)
			}
		}
	}
}

// leaky shows a type of package hash in each way that Leaks has to see, and
// hides it in ways that are fine.
const leaky = `package leaky

import "hash"

type fields struct{ Sum hash.Hash; quiet hash.Hash }

type Quiet struct{ h hash.Hash }

func (q *Quiet) String() string   { return "" }
func (q *Quiet) inner() hash.Hash { return q.h }

type ByField struct{ F []hash.Hash32 }
type ByMap map[string]*[2]hash.Hash
type ByInterface interface{ M() hash.Hash; m() }
type ByEmbedding struct{ fields }
type ByPromotion struct{ *promoted }
type promoted struct{ hidden hash.Hash }
func (promoted) Method(chan hash.Hash) {}
type ByMethod struct{ n int }
func (b *ByMethod) Get() (h hash.Hash64, err error) { return nil, nil }
type Alias = hash.Hash
type Pair[T any] struct{ V T }
var ByTypeArgument Pair[hash.Hash]
func ByConstraint[T interface{ hash.Hash }](t T) {}
func ByParameter(f func(hash.Hash)) {}
func ByResult() fields { return fields{} }
func unexported() hash.Hash { return nil }
type Cycle struct{ Next *Cycle; Q Quiet }
`

func TestLeaksRule(t *testing.T) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "leaky.go", leaky, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := conf.Check(Module+"/leaky", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{ // whether it shows the foreign type
		"Quiet": false, "Cycle": false, "Pair": false,
		"ByField": true, "ByMap": true, "ByInterface": true, "ByEmbedding": true, "ByPromotion": true, "ByMethod": true, "Alias": true,
		"ByTypeArgument": true, "ByConstraint": true, "ByParameter": true, "ByResult": false, // its type was reported at ByEmbedding
	}
	for _, name := range pkg.Scope().Names() {
		if shown, ok := want[name]; ok {
			var hit string
			for _, l := range Leaks(pkg, "hash") {
				if strings.HasPrefix(l, Module+"/leaky."+name+" ") || strings.HasPrefix(l, Module+"/leaky."+name+".") {
					hit = l
				}
			}
			if (hit != "") != shown {
				t.Errorf("%s: found %q, want a leak: %v", name, hit, shown)
			}
		}
	}
	if l := Leaks(pkg, "hash/none"); len(l) != 0 {
		t.Errorf("leaks of a package that is not used: %v", l)
	}
}

// hiding is an internal package, and showing a public one that shows its type by
// the name of an alias and without.
const (
	hiding  = `package hiding; type T struct{ N int }; type U struct{ N int }`
	showing = `package showing

import "dcganviz/model/internal/hiding"

type Named = hiding.T

func ByAlias(x Named) []*Named { return nil }
func Bare(x hiding.T)          {}
func Other() map[string]hiding.U { return nil }

type Field struct{ F *hiding.U }
type Fine struct{ F *Named; quiet hiding.U }
`
)

func TestInternalLeaksRule(t *testing.T) {
	fset := token.NewFileSet()
	check := func(path, src string, from types.Importer) *types.Package {
		f, err := parser.ParseFile(fset, path+".go", src, 0)
		if err != nil {
			t.Fatal(err)
		}
		pkg, err := (&types.Config{Importer: from}).Check(path, fset, []*ast.File{f}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return pkg
	}
	hidden := check(Module+"/model/internal/hiding", hiding, nil)
	got := InternalLeaks(check(Module+"/model/showing", showing, only{hidden}))
	want := []string{"Bare", "Field.F", "Other"}
	for i, l := range got {
		got[i] = strings.TrimPrefix(l[:strings.Index(l, " shows ")], Module+"/model/showing.")
	}
	if !slices.Equal(got, want) {
		t.Errorf("leaks %q, want %q", got, want)
	}
}

// only imports one package.
type only struct{ pkg *types.Package }

func (o only) Import(string) (*types.Package, error) { return o.pkg, nil }

// write makes a package of one file in a temporary directory.
func write(t *testing.T, file, src string) Package {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	return Package{ImportPath: "p", Name: "p", Dir: dir, GoFiles: []string{file}}
}

func TestLoudRule(t *testing.T) {
	for src, want := range map[string]int{
		`import "log"`: 1,
		`import ("fmt"; "io"); func f(w io.Writer) { fmt.Fprintln(w) }`:                             0,
		`import "fmt"; func f() { fmt.Println() }`:                                                  1,
		`import t "time"; var a, b = t.Now, t.Second`:                                               1,
		`import "os"; func f() { os.Exit(1); os.Remove("") }`:                                       1,
		`import "math/rand/v2"; func f() int { return rand.IntN(2) }`:                               1,
		`import "math/rand/v2"; func f() int { return rand.New(rand.NewPCG(1, 2)).IntN(2) }`:        0,
		`import "math/rand/v2"; func f(rand *rand.Rand) int { return rand.IntN(2) }`:                0,
		`import "os"; type file struct{ Stdout int }; func f(os file) int { return os.Stdout }`:     0,
		`import "math/rand"; var r = rand.New(rand.NewSource(1))`:                                   1,
		`import "os"; var w = []*os.File{os.Stdout, os.Stderr}`:                                     2,
		`import "time"; func f() time.Duration { return time.Since(time.Now()) } // both are clock`: 2,
	} {
		got, err := Loud(write(t, "a.go", "package p\n"+src))
		if err != nil || len(got) != want {
			t.Errorf("%s: got %d %v (%v), want %d", src, len(got), got, err, want)
		}
	}
}

func TestThickRule(t *testing.T) {
	for src, want := range map[string]int{
		`import "gonum.org/v1/plot"; var p plot.Plot`:                                   1,
		`import "github.com/fogleman/gg"; var c gg.Context`:                             1,
		`import "dcganviz/viz"; var e = viz.ErrNoRecipe`:                                0,
		`import "dcganviz/viz"; func f() { viz.Sheet(nil, viz.SheetOptions{}) }`:        2,
		`import d "dcganviz/viz"; var draw = d.Stack`:                                   1,
		`import "dcganviz/probe/score"; var k, err = score.ParseKind("pixels")`:         0,
		`import "dcganviz/probe/score"; func f(o score.Options) { score.FitPixels(o) }`: 1,
		`import "dcganviz/probe/tsne"; var y = tsne.Embed(nil)`:                         1,
		`import "dcganviz/probe"; var e = probe.ErrInput`:                               0,
		`import "dcganviz/gallery/figure"; var f = figure.New("walk")`:                  0,
	} {
		got, err := Thick(write(t, "a.go", "package main\n"+src))
		if err != nil || len(got) != want {
			t.Errorf("%s: got %d %v (%v), want %d", src, len(got), got, err, want)
		}
	}
}

func TestUndocumentedRule(t *testing.T) {
	const good = "// Package p is described.\npackage p\n// A is a number.\nconst A = 1\nfunc f() {}\n" +
		"// G groups.\nconst (\nG = 1\nH = 2\n)\ntype t int\nfunc (t) M() {}\n// K is a kind.\ntype K int\nfunc (K) String() string { return \"\" }\nvar E = 1 // E is described at the end.\n"
	for _, c := range []struct {
		file, src string
		want      int
	}{
		{"doc.go", good, 0},
		{"doc.go", good + "const B = 1\n", 1},
		{"doc.go", good + "func F() {}\ntype T int\nfunc (*T) M() {}\nfunc (T) m() {}\n", 3},
		{"doc.go", good + "var (\n_ = 1\nx, Y = 1, 2\n)\n", 1},
		{"other.go", good, 1},
		{"doc.go", strings.TrimPrefix(good, "// Package p is described.\n"), 1},
	} {
		got, err := Undocumented(write(t, c.file, c.src))
		if err != nil || len(got) != c.want {
			t.Errorf("%s:\n%sgot %v (%v), want %d lines", c.file, c.src, got, err, c.want)
		}
	}
}

func TestLongFilesRule(t *testing.T) {
	dir := t.TempDir()
	lines := strings.Repeat("\n", MaxLines-1)
	for file, src := range map[string]string{
		"limit.go":             "package p\n" + lines,
		"long.go":              "package p\n\n" + lines,
		"sub/long.go":          "package p\n// Code generated late. DO NOT EDIT.\n" + lines,
		"generated.go":         "// Code generated by x. DO NOT EDIT.\n\npackage p\n" + lines,
		".hidden/long.go":      "package p\n\n" + lines,
		"sub/_asm/readable.md": "package p\n\n" + lines,
	} {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long, err := LongFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(long) != 2 || !strings.HasPrefix(long[0], filepath.Join(dir, "long.go")) || !strings.HasPrefix(long[1], filepath.Join(dir, "sub/long.go")) {
		t.Errorf("got %q, want long.go and sub/long.go", long)
	}
}
