package checks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Module is the import path of this repository's root.
const Module = "dcganviz"

// Package is what the rules need to know of a package, as `go list -json`
// prints it.
type Package struct {
	ImportPath   string
	Name         string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
	// Export is the file of its export data, in answers to List with -export.
	Export string
	// Module is nil for the standard library.
	Module *struct{ Path string }
}

// List runs `go list -json` in dir with the given flags and patterns.
func List(dir string, args ...string) ([]Package, error) {
	cmd := exec.Command("go", append([]string{"list", "-json"}, args...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("checks: go list %s: %w\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	var all []Package
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("checks: go list %s: %w", strings.Join(args, " "), err)
		}
		all = append(all, p)
	}
}

// within reports whether the import path is one of roots or below one of them.
// Both are relative to Module, or both are full paths.
func within(path string, roots ...string) bool {
	for _, r := range roots {
		if path == r || strings.HasPrefix(path, r+"/") {
			return true
		}
	}
	return false
}

// local returns an import path relative to Module, and whether it is one of
// this repository's.
func local(path string) (string, bool) {
	if path == Module {
		return "", true
	}
	return strings.CutPrefix(path, Module+"/")
}
