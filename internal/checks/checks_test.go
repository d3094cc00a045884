package checks

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the directory of go.mod, seen from this package.
const root = "../.."

func tree(t *testing.T) []Package {
	t.Helper()
	all, err := List(root, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 5 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}

func report(t *testing.T, lines []string, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
	for _, l := range lines {
		t.Error(l)
	}
}

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range tree(t) {
		report(t, Imports(p), nil)
	}
}

func TestForeignAndInternalTypesStayOutOfTheAPI(t *testing.T) {
	all, err := List(root, "-export", "-deps", "./...")
	if err != nil {
		t.Fatal(err)
	}
	from := Importer(all)
	for _, p := range all {
		if _, ours := local(p.ImportPath); !ours || p.Name == "main" || internal(p.ImportPath) {
			continue
		}
		pkg, err := from.Import(p.ImportPath)
		if err != nil {
			t.Fatal(err)
		}
		report(t, Leaks(pkg, "gorgonia.org"), nil)
		report(t, InternalLeaks(pkg), nil)
	}
}

func TestFilesAreShort(t *testing.T) {
	long, err := LongFiles(root)
	report(t, long, err)
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, p := range tree(t) {
		missing, err := Undocumented(p)
		report(t, missing, err)
	}
}

func TestLibraryIsQuiet(t *testing.T) {
	for _, p := range tree(t) {
		path, _ := local(p.ImportPath)
		if p.Name == "main" || within(path, "internal/golden", "internal/checks") {
			continue
		}
		found, err := Loud(p)
		report(t, found, err)
	}
}

// writesJSON is what only internal/plainjson calls, which fails on no NaN and lets no
// character steer a terminal.
var writesJSON = regexp.MustCompile(`\bjson\.(Marshal|MarshalIndent|NewEncoder)\(`)

func TestJSONHasOneWriter(t *testing.T) {
	eachSource(t, []string{"internal/checks", "internal/plainjson"}, func(file string, text []byte) {
		if found := writesJSON.Find(text); found != nil {
			t.Errorf("%s calls %s...): want internal/plainjson", file, found)
		}
	})
}

func TestLicencesAreListed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "LICENSES.md"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := List(root, "-deps", "./...")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{Module: true}
	for _, p := range all {
		if p.Module == nil || seen[p.Module.Path] {
			continue
		}
		seen[p.Module.Path] = true
		if !strings.Contains(string(text), "| "+p.Module.Path+" |") {
			t.Errorf("LICENSES.md has no row for %s, which %s is part of", p.Module.Path, p.ImportPath)
		}
	}
}

// TestModulesAreJudged: SECURITY.md says of each module that go.mod requires directly
// whether a file reaches it.
func TestModulesAreJudged(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllSubmatch(mod, -1)
	if len(direct) < 10 {
		t.Fatalf("go.mod names %d modules", len(direct))
	}
	for _, m := range direct {
		if !strings.Contains(string(text), string(m[1])) {
			t.Errorf("SECURITY.md says nothing of %s", m[1])
		}
	}
}

// anyFormat are calls that decode whatever format a linked module has registered: TIFF
// among them, which imaging does not survive (CVE-2023-36308).
var anyFormat = regexp.MustCompile(`\bimage\.Decode\(|\bimaging\.(Open|Decode|Grayscale)\b|x/image/(tiff|bmp)"`)

func TestNoCallDecodesEveryFormat(t *testing.T) {
	eachSource(t, []string{"internal/checks", "internal/golden"}, func(file string, text []byte) {
		if found := anyFormat.Find(text); found != nil {
			t.Errorf("%s uses %s: want the decoder of one format", file, found)
		}
	})
}

// eachSource calls f for each file of the program, but for those of some packages.
func eachSource(t *testing.T, without []string, f func(file string, text []byte)) {
	t.Helper()
	for _, p := range tree(t) {
		if path, _ := local(p.ImportPath); within(path, without...) {
			continue
		}
		for _, name := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			f(p.ImportPath+"/"+name, text)
		}
	}
}

// TestCommandsAreThin: what computes or draws is in a library.
func TestCommandsAreThin(t *testing.T) {
	for _, p := range tree(t) {
		if path, _ := local(p.ImportPath); within(path, "cmd") {
			found, err := Thick(p)
			report(t, found, err)
		}
	}
}
