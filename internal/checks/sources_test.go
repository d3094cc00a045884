package checks

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// MaxLines is the longest that a file may be that a person wrote.
const MaxLines = 500

// LongFiles returns one line for each Go file below dir of more than MaxLines
// lines, except generated ones.
func LongFiles(dir string) ([]string, error) {
	var long []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && strings.HasPrefix(e.Name(), ".") && path != dir {
			return fs.SkipDir
		}
		if e.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if n := bytes.Count(src, []byte("\n")); n > MaxLines && !generated(src) {
			long = append(long, fmt.Sprintf("%s has %d lines, want at most %d", path, n, MaxLines))
		}
		return nil
	})
	return long, err
}

// generated reports whether src carries the mark of golang.org/s/generatedcode
// before its package clause.
func generated(src []byte) bool {
	for s := bufio.NewScanner(bytes.NewReader(src)); s.Scan(); {
		line := s.Text()
		if strings.HasPrefix(line, "// Code generated ") && strings.HasSuffix(line, " DO NOT EDIT.") {
			return true
		}
		if strings.HasPrefix(line, "package ") {
			return false
		}
	}
	return false
}

// Undocumented returns one line for each exported name of p without a doc
// comment, and one if p has no package comment in a file doc.go (a command:
// main.go). Methods String and Error need none: fmt says what they do.
func Undocumented(p Package) ([]string, error) {
	var missing []string
	home := "doc.go"
	if p.Name == "main" {
		home = "main.go"
	}
	described := false
	fset, files, err := parse(p)
	if err != nil {
		return nil, err
	}
	say := func(n ast.Node, name string) {
		missing = append(missing, fmt.Sprintf("%s: %s has no doc comment", fset.Position(n.Pos()), name))
	}
	for _, f := range files {
		if f.Doc != nil && filepath.Base(fset.File(f.Pos()).Name()) == home {
			described = true
		}
		if ast.IsGenerated(f) || p.Name == "main" {
			continue
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Doc == nil && undocumentedFunc(d) {
					say(d, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if name, ok := undocumented(d, s); ok {
						say(s, name)
					}
				}
			}
		}
	}
	if !described {
		missing = append(missing, fmt.Sprintf("%s: no package comment in %s", p.ImportPath, home))
	}
	return missing, nil
}

// undocumented returns an exported name that s declares, if neither s nor its
// group d has a comment.
func undocumented(d *ast.GenDecl, s ast.Spec) (string, bool) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return s.Name.Name, s.Name.IsExported() && s.Doc == nil && d.Doc == nil
	case *ast.ValueSpec:
		i := slices.IndexFunc(s.Names, (*ast.Ident).IsExported)
		return s.Names[max(i, 0)].Name, i >= 0 && s.Doc == nil && s.Comment == nil && d.Doc == nil
	}
	return "", false
}

// undocumentedFunc reports whether d, a function or method without a comment,
// should have one.
func undocumentedFunc(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return d.Name.IsExported()
	}
	name := d.Name.Name
	return d.Name.IsExported() && ast.IsExported(receiver(d)) && name != "String" && name != "Error"
}

// receiver returns the name of the type that d is a method of.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// loud names what library code must not use, by import path: it is told where
// to write, how long to go on and where its random numbers come from. A nil
// list stands for the whole package.
var loud = map[string][]string{
	"flag":      nil,
	"log":       nil,
	"log/slog":  nil,
	"math/rand": nil,
	"fmt":       {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"os":        {"Args", "Exit", "Stderr", "Stdin", "Stdout"},
	"time":      {"Now", "Since", "Until"},
	// Its top-level functions draw from a source that nobody seeded.
	"math/rand/v2": {
		"ExpFloat64", "Float32", "Float64", "Int", "Int32", "Int32N", "Int64", "Int64N", "IntN", "N",
		"NormFloat64", "Perm", "Shuffle", "Uint", "Uint32", "Uint32N", "Uint64", "Uint64N", "UintN",
	},
}

// Loud returns one line for each use in p, outside its tests, of what library
// code must not use.
func Loud(p Package) ([]string, error) {
	fset, files, err := parse(p)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, f := range files {
		banned := map[string][]string{} // by the name in this file
		for _, imp := range f.Imports {
			path, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return nil, fmt.Errorf("checks: %s: %w", fset.Position(imp.Pos()), err)
			}
			names, ok := loud[path]
			if !ok {
				continue
			}
			if names == nil {
				found = append(found, fmt.Sprintf("%s: library code imports %s", fset.Position(imp.Pos()), path))
				continue
			}
			name := strings.TrimSuffix(path, "/v2")
			name = name[strings.LastIndex(name, "/")+1:]
			if imp.Name != nil {
				name = imp.Name.Name
			}
			banned[name] = names
		}
		ast.Inspect(f, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			// A resolved identifier is a variable that hides the package.
			if x, ok := sel.X.(*ast.Ident); ok && x.Obj == nil && slices.Contains(banned[x.Name], sel.Sel.Name) {
				found = append(found, fmt.Sprintf("%s: library code uses %s.%s", fset.Position(sel.Pos()), x.Name, sel.Sel.Name))
			}
			return true
		})
	}
	return found, nil
}

// parse reads the files of p that are no tests.
func parse(p Package) (*token.FileSet, []*ast.File, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, nil, fmt.Errorf("checks: %w", err)
		}
		files = append(files, f)
	}
	return fset, files, nil
}
