package checks

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"slices"
	"strings"
)

// Importer returns an importer that reads the export data of packages, which
// List found with -export and -deps.
func Importer(packages []Package) types.Importer {
	files := map[string]string{}
	for _, p := range packages {
		files[p.ImportPath] = p.Export
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, fmt.Errorf("checks: no export data for %s", path)
		}
		return os.Open(files[path])
	})
}

// Leaks returns one line for each exported name of pkg through which a caller
// gets to see a type of a package below root: by a signature, an exported
// field or method, or those of a type of ours that it shows.
func Leaks(pkg *types.Package, root string) []string {
	return leaks(pkg, leakWalk{hidden: func(path string) bool { return within(path, root) }})
}

// InternalLeaks is Leaks for our internal packages, whose names a caller cannot
// write. A type that a public package of ours names by an alias is fine where it
// is shown by that name.
func InternalLeaks(pkg *types.Package) []string {
	return leaks(pkg, leakWalk{hidden: internal, aliases: true})
}

// internal reports whether path is of a package of ours that callers cannot import.
func internal(path string) bool {
	rest, ours := local(path)
	return ours && slices.Contains(strings.Split(rest, "/"), "internal")
}

func leaks(pkg *types.Package, w leakWalk) []string {
	w.seen = map[types.Type]bool{}
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			w.visit(pkg.Path()+"."+name, obj.Type())
		}
	}
	return w.found
}

type leakWalk struct {
	hidden  func(path string) bool
	aliases bool // of public packages are fine
	seen    map[types.Type]bool
	found   []string
}

// visit follows what t shows to a caller that reached it by the path at.
func (w *leakWalk) visit(at string, t types.Type) {
	if a, ok := t.(*types.Alias); ok && w.aliases && a.Obj().Exported() && a.Obj().Pkg() != nil && !internal(a.Obj().Pkg().Path()) {
		return
	}
	t = types.Unalias(t)
	if w.seen[t] {
		return
	}
	// Only named types can be cyclic or worth reporting once.
	switch t := t.(type) {
	case *types.Named:
		w.named(at, t)
	case *types.Pointer:
		w.visit(at, t.Elem())
	case *types.Slice:
		w.visit(at, t.Elem())
	case *types.Array:
		w.visit(at, t.Elem())
	case *types.Chan:
		w.visit(at, t.Elem())
	case *types.Map:
		w.visit(at, t.Key())
		w.visit(at, t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			w.visit(at, v.Type())
		}
	case *types.Signature:
		w.visit(at, t.Params())
		w.visit(at, t.Results())
		for p := range t.TypeParams().TypeParams() {
			w.visit(at, p.Constraint())
		}
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() || f.Embedded() {
				w.visit(at+"."+f.Name(), f.Type())
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if m.Exported() {
				w.visit(at+"."+m.Name(), m.Type())
			}
		}
		for e := range t.EmbeddedTypes() {
			w.visit(at, e)
		}
	case *types.Union:
		for term := range t.Terms() {
			w.visit(at, term.Type())
		}
	}
}

func (w *leakWalk) named(at string, t *types.Named) {
	for a := range t.TypeArgs().Types() {
		w.visit(at, a)
	}
	pkg := t.Obj().Pkg()
	if pkg == nil {
		return
	}
	if w.hidden(pkg.Path()) {
		w.found = append(w.found, fmt.Sprintf("%s shows %s", at, t))
		return
	}
	if _, ours := local(pkg.Path()); !ours {
		return
	}
	w.seen[t] = true
	w.visit(at, t.Underlying())
	methods := types.NewMethodSet(types.NewPointer(t))
	for m := range methods.Methods() {
		if m.Obj().Exported() {
			w.visit(at+"."+m.Obj().Name(), m.Type())
		}
	}
}
