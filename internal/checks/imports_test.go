package checks

import "fmt"

// direction forbids the packages below from to import those below to. Paths
// are relative to Module; those in except do not count as below to.
type direction struct {
	from, to []string
	except   []string
	// exempt packages below from may import those below to.
	exempt []string
	why    string
}

// top lists the parts of the repository from the lowest to the highest.
var (
	aboveModel = []string{"model/checkpoint", "model/dataset", "model/train", "model/zoo"}
	formats    = []string{"internal/fileio", "internal/npy", "internal/pth", "internal/safetensors", "internal/theano"}
	everything = []string{"internal", "model", "probe", "viz", "gallery", "cmd"}
	directions = []direction{
		{from: []string{"internal/kernel", "viz"}, to: everything, why: "stands alone"},
		{from: []string{"internal"}, to: []string{"model", "probe", "viz", "gallery", "cmd"}, exempt: []string{"internal/checks"}, why: "internal is below them"},
		{from: []string{"model"}, to: []string{"viz", "gallery", "cmd"}, why: "model is below them"},
		{from: []string{"model"}, to: []string{"probe"}, exempt: []string{"model/zoo"}, why: "model is below it"},
		{from: []string{"model"}, exempt: aboveModel, to: append(formats, aboveModel...), why: "model knows no file format"},
		{from: []string{"model/checkpoint/internal/infer"}, to: everything, except: []string{"model", "internal/enum", "internal/kernel", "internal/refuse"}, why: "it reads no file"},
		{from: []string{"model/checkpoint"}, to: []string{"model/dataset", "model/train", "model/zoo"}, why: "model/checkpoint is below them"},
		{from: []string{"model/zoo"}, to: []string{"probe"}, except: []string{"probe/concept"}, why: "the zoo knows concept files, and no experiment"},
		{from: []string{"model/train"}, to: []string{"model/dataset", "model/zoo"}, why: "it trains on any train.Source"},
		{from: []string{"probe"}, to: []string{"viz", "gallery", "cmd"}, why: "probe returns numbers, never pictures"},
		{from: []string{"gallery"}, to: []string{"cmd"}, why: "cmd is on top"},
		{from: []string{"cmd/dcganviz/internal/complete", "cmd/dcganviz/internal/manual"}, to: everything, why: "knows parsers, not this program"},
		{from: []string{"cmd"}, to: []string{"cmd"}, why: "a command imports only what is below it in cmd"},
		{from: []string{""}, to: []string{"internal/golden", "internal/checks", "internal/hostile", "internal/faults", "internal/reference"}, why: "it is for tests"},
	}
)

// testDirections replaces directions for the imports of test files, which may
// read reference files and compare pictures.
var testDirections = []direction{
	{from: []string{"internal/kernel", "viz"}, to: everything, except: []string{"internal"}, why: "its tests stand alone, but for internal"},
	{from: []string{"internal"}, to: []string{"model", "probe", "viz", "gallery", "cmd"}, exempt: []string{"internal/checks"}, why: "internal is below them"},
	{from: []string{"model"}, to: []string{"viz", "gallery", "cmd"}, why: "model is below them"},
	{from: []string{"model"}, to: []string{"probe"}, exempt: []string{"model/zoo"}, why: "model is below it"},
	{from: []string{"probe"}, to: []string{"viz", "gallery", "cmd"}, why: "probe returns numbers, never pictures"},
	{from: []string{"gallery"}, to: []string{"cmd"}, why: "cmd is on top"},
	{from: []string{"cmd"}, to: []string{"cmd"}, why: "a command imports only what is below it in cmd"},
}

// Imports returns one line for each import of p that points the wrong way.
//
// A package may always import those below itself, except that only package
// model, and nothing below it, imports gorgonia.
func Imports(p Package) []string {
	var wrong []string
	wrong = append(wrong, misdirected(p, p.Imports, directions)...)
	wrong = append(wrong, misdirected(p, p.TestImports, testDirections)...)
	return append(wrong, misdirected(p, p.XTestImports, testDirections)...)
}

func misdirected(p Package, imports []string, rules []direction) []string {
	from, ok := local(p.ImportPath)
	if !ok {
		return nil
	}
	var wrong []string
	for _, path := range imports {
		if within(path, "gorgonia.org") && from != "model" {
			wrong = append(wrong, fmt.Sprintf("%s imports %s: only model may, so that it stays replaceable", from, path))
		}
		to, ok := local(path)
		if !ok || within(path, p.ImportPath) {
			continue
		}
		for _, r := range rules {
			if (r.from[0] == "" || within(from, r.from...)) && !within(from, r.exempt...) && within(to, r.to...) && !within(to, r.except...) {
				wrong = append(wrong, fmt.Sprintf("%s imports %s: %s", from, to, r.why))
				break
			}
		}
	}
	return wrong
}
