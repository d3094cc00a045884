package main

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/internal/kernel"
)

// readManPage returns the page with its texts as people read them, but in troff's
// lines and macros.
func readManPage(t *testing.T) string {
	t.Helper()
	page := regexp.MustCompile(`\\\[u([0-9A-F]{4,})\]`).ReplaceAllStringFunc(must(t, "man").stdout, func(s string) string {
		r, err := strconv.ParseInt(s[3:len(s)-1], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		return string(rune(r))
	})
	return strings.NewReplacer(`\fB`, "", `\fI`, "", `\fR`, "", `\&`, "", `\e`, `\`, `\-`, "-", `\(aq`, "'", `\(dq`, `"`, `\(ga`, "`", `\(ha`, "^", `\(ti`, "~").Replace(page)
}

// section returns the page from a heading to the next of its kind.
func section(t *testing.T, page, kind, title string) string {
	t.Helper()
	_, text, ok := strings.Cut(page, "\n."+kind+` "`+title+"\"\n")
	if !ok {
		t.Errorf("no %s %s", kind, title)
	}
	text, _, _ = strings.Cut(text, "\n.SH ")
	if kind == "SS" {
		text, _, _ = strings.Cut(text, "\n.SS ")
	}
	return text
}

// heads returns the entries of a section.
func heads(section string) (all []string) {
	for _, m := range regexp.MustCompile(`(?m)^\.TP\n(.*)$`).FindAllStringSubmatch(section, -1) {
		all = append(all, m[1])
	}
	return all
}

// TestManNamesEverything: each command has its place, with its arguments, its
// flags with what their help says of them, and its examples.
func TestManNamesEverything(t *testing.T) {
	page := readManPage(t)
	shared := heads(section(t, page, "SH", strings.ToUpper(figure.SourceGroup)))
	for _, n := range parser(t).Model.Leaves(true) {
		text := section(t, page, "SS", n.Path())
		own := heads(text)
		pointed := strings.Contains(text, "under FOREIGN CHECKPOINTS")
		for _, a := range n.Positional {
			if !slices.Contains(own, a.Name) {
				t.Errorf("%s: no argument %s", n.Path(), a.Name)
			}
		}
		for _, f := range n.Flags {
			head := f.String()
			if f.Tag.Negatable != "" {
				head = "--[no-]" + f.Name
			}
			if listed := slices.Contains(own, head); listed == f.Hidden && !(pointed && slices.Contains(shared, head)) {
				t.Errorf("%s: %s listed: %v", n.Path(), head, listed)
			}
			if !strings.Contains(flat(page), flat(f.Help)) {
				t.Errorf("%s %s: no %q", n.Path(), head, f.Help)
			}
		}
		for _, example := range examplesOf(n) {
			if !strings.Contains(text, "\n"+example+"\n") {
				t.Errorf("%s: no example %q", n.Path(), example)
			}
		}
	}
	if first := must(t, "man").stdout; first != must(t, "man").stdout {
		t.Error("two pages differ")
	}
}

// flat is text in one line.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestManExitStatus holds the table against the constants of exit.go.
func TestManExitStatus(t *testing.T) {
	file, err := goparser.ParseFile(token.NewFileSet(), "exit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(s.Names[0].Name, "exit") && len(s.Values) == 1 {
			want = append(want, s.Values[0].(*ast.BasicLit).Value)
		}
		return true
	})
	got := heads(section(t, readManPage(t), "SH", "EXIT STATUS"))
	if !slices.Equal(got, want) || len(want) < 9 {
		t.Errorf("the page has %q, exit.go %q", got, want)
	}
}

// TestManEnvironment finds the variables that the program's source reads.
func TestManEnvironment(t *testing.T) {
	named := heads(section(t, readManPage(t), "SH", "ENVIRONMENT"))
	read := regexp.MustCompile(`os\.(?:Getenv|LookupEnv)\(([^)]*)\)`)
	found := 0
	for _, top := range []string{"cmd", "gallery", "internal", "model", "probe", "viz"} {
		err := filepath.WalkDir(filepath.Join("..", "..", top), func(path string, e fs.DirEntry, err error) error {
			if e != nil && e.IsDir() && slices.Contains([]string{"checks", "reference", "faults"}, e.Name()) {
				return fs.SkipDir // programs of their own, and what only tests read
			}
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, m := range read.FindAllSubmatch(source, -1) {
				name, quoted := strconv.Unquote(string(m[1]))
				if string(m[1]) == "SIMD" {
					name, quoted = kernel.SIMD, nil
				}
				if quoted != nil || !slices.Contains(named, name) {
					t.Errorf("%s reads %s, of which the page says nothing", path, m[1])
				}
				found++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 3 {
		t.Errorf("%d variables are read", found)
	}
}

// lint runs a program on a page and returns what it complains of.
func lint(t *testing.T, page string, argv ...string) string {
	t.Helper()
	if _, err := exec.LookPath(argv[0]); err != nil {
		t.Skipf("no %s here: the page is not checked by it", argv[0])
	}
	path := filepath.Join(t.TempDir(), "dcganviz.1")
	if err := os.WriteFile(path, []byte(page), 0o666); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), argv[0], append(argv[1:], path)...)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANROFFSEQ=")
	out, err := c.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Fatalf("%q: %v", argv, err)
	}
	return strings.TrimSpace(strings.ReplaceAll(string(out), path, "page"))
}

// TestManIsSound asks those who read manual pages.
func TestManIsSound(t *testing.T) {
	page := must(t, "man").stdout
	for name, argv := range map[string][]string{
		"mandoc": {"mandoc", "-Tlint"},
		"groff":  {"groff", "-man", "-ww", "-z", "-Tutf8"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, line := range strings.Split(lint(t, page, argv...), "\n") {
				// A page without a date is what we want.
				if line != "" && !strings.Contains(line, "missing date") {
					t.Error(line)
				}
			}
		})
	}
}
