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

	"dcganviz/internal/kernel"
)

// section returns the page from a heading to the next of its kind.
func section(t *testing.T, page, kind, title string) string {
	t.Helper()
	_, text, ok := strings.Cut(page, "."+kind+` "`+roffText(title)+"\"\n")
	if !ok {
		t.Errorf("no %s %s", kind, title)
	}
	text, _, _ = strings.Cut(text, "\n.SH ")
	if kind == "SS" {
		text, _, _ = strings.Cut(text, "\n.SS ")
	}
	return text
}

// heads are the entries of a section, as people read them.
func heads(section string) (all []string) {
	for _, m := range regexp.MustCompile(`(?m)^\.TP\n(.*)$`).FindAllStringSubmatch(section, -1) {
		all = append(all, unroff.Replace(m[1]))
	}
	return all
}

var unroff = strings.NewReplacer(`\fB`, "", `\fI`, "", `\fR`, "", `\-`, "-", `\&`, "")

// TestManNamesEverything: each command has its place, with its arguments, its
// flags with what their help says of them, and its examples.
func TestManNamesEverything(t *testing.T) {
	page := must(t, "man").stdout
	shared := heads(section(t, page, "SH", strings.ToUpper(foreignGroup)))
	for _, n := range parser(t).Model.Leaves(true) {
		text := section(t, page, "SS", commandOf(n))
		own := heads(text)
		pointed := strings.Contains(text, "under FOREIGN CHECKPOINTS")
		for _, a := range n.Positional {
			if !slices.Contains(own, a.Name) {
				t.Errorf("%s: no argument %s", commandOf(n), a.Name)
			}
		}
		for _, f := range n.Flags {
			head := f.String()
			if f.Tag.Negatable != "" {
				head = "--[no-]" + f.Name
			}
			if listed := slices.Contains(own, head); listed == f.Hidden && !(pointed && slices.Contains(shared, head)) {
				t.Errorf("%s: %s listed: %v", commandOf(n), head, listed)
			}
			if d := roffText(f.Help); !strings.Contains(flat(page), flat(d)) {
				t.Errorf("%s %s: no %q", commandOf(n), head, d)
			}
		}
		for _, example := range n.Target.Addr().Interface().(exampled).examples() {
			if !strings.Contains(text, "\n"+roffText(example)+"\n") {
				t.Errorf("%s: no example %q", commandOf(n), example)
			}
		}
	}
	if again := must(t, "man").stdout; again != page {
		t.Error("two pages differ")
	}
}

// flat is text in one line, without what protects a . at its beginning.
func flat(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, `\&`, "")), " ")
}

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
	got := heads(section(t, must(t, "man").stdout, "SH", "EXIT STATUS"))
	if !slices.Equal(got, want) || len(want) < 9 {
		t.Errorf("the page has %q, exit.go %q", got, want)
	}
}

// TestManEnvironment finds the variables that the program's source reads.
func TestManEnvironment(t *testing.T) {
	named := heads(section(t, must(t, "man").stdout, "SH", "ENVIRONMENT"))
	read := regexp.MustCompile(`os\.(?:Getenv|LookupEnv)\(([^)]*)\)`)
	found := 0
	for _, top := range []string{"cmd", "gallery", "internal", "model", "probe", "viz"} {
		err := filepath.WalkDir(filepath.Join("..", "..", top), func(path string, e fs.DirEntry, err error) error {
			if e != nil && e.IsDir() && (e.Name() == "checks" || e.Name() == "reference") {
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

// TestRoffPrintsText: whatever troff would take for its own comes out as it went
// in, by both programs.
func TestRoffPrintsText(t *testing.T) {
	r := new(roff)
	r.macro("TH", "X", "1", "", "x", "y")
	r.macro("SH", `a "b" \c 'd`)
	texts := []string{
		`.TH is no request`, `'nor this`, `\fBnot bold\fR \n(.x \(aq \\`, `--flag=-1 t-SNE a^b ~/x "quoted" 'single'`,
		"façade ± 5 ‘x’", "`ls`", `%wide $1 *s #c`, `...`,
	}
	for _, text := range texts {
		r.paragraph(text)
		r.literal(text, "  "+text)
		r.item(bold(text), text)
	}
	for _, argv := range [][]string{{"mandoc", "-Tutf8"}, {"groff", "-man", "-Tutf8", "-P-c", "-rLL=78n"}} {
		t.Run(argv[0], func(t *testing.T) {
			printed := regexp.MustCompile(".\b").ReplaceAllString(lint(t, r.String(), argv...), "")
			if !strings.Contains(printed, `a "b" \c 'd`) {
				t.Errorf("no heading in\n%s", printed)
			}
			for _, text := range texts {
				if n := strings.Count(printed, text); n < 5 {
					t.Errorf("%d times %s, want 5 in\n%s", n, text, printed)
				}
			}
		})
	}
}
