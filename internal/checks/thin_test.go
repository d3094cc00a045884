package checks

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// carried are the names of package viz that a command line needs: it reads and
// copies pictures, and draws none.
var carried = []string{"ErrBadPicture", "ErrNoRecipe", "ReadRecipe"}

// Thick returns one line for each place in p, a package of a command, at which it
// does what a library is for: an import of gonum or imaging; a use of viz but for
// the names carried; a call of a function of probe, but to parse a name. Tests do
// not count.
//
// It looks at the source alone: a function that is handed on without being called
// is not seen.
func Thick(p Package) ([]string, error) {
	fset, files, err := parse(p)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, f := range files {
		viz, probes := "", map[string]bool{} // by the name in this file
		for _, imp := range f.Imports {
			path, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return nil, fmt.Errorf("checks: %s: %w", fset.Position(imp.Pos()), err)
			}
			name := path[strings.LastIndex(path, "/")+1:]
			if imp.Name != nil {
				name = imp.Name.Name
			}
			to, _ := local(path)
			switch {
			case within(path, "gonum.org", "github.com/fogleman/gg", "github.com/disintegration/imaging"):
				found = append(found, fmt.Sprintf("%s: a command imports %s: figures are drawn and fitted by gallery/figure", fset.Position(imp.Pos()), path))
			case to == "viz":
				viz = name
			case within(to, "probe"):
				probes[name] = true
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call := false
			if c, ok := n.(*ast.CallExpr); ok {
				n, call = c.Fun, true
			}
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok || x.Obj != nil { // a resolved identifier is a variable that hides the package
				return true
			}
			switch name := sel.Sel.Name; {
			case viz != "" && x.Name == viz && !call && !slices.Contains(carried, name):
				found = append(found, fmt.Sprintf("%s: a command uses viz.%s: gallery/figure draws", fset.Position(sel.Pos()), name))
			case call && probes[x.Name] && !strings.HasPrefix(name, "Parse"):
				found = append(found, fmt.Sprintf("%s: a command calls %s.%s: gallery/figure runs experiments", fset.Position(sel.Pos()), x.Name, name))
			}
			return true
		})
	}
	return found, nil
}
