package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"dcganviz/cmd/dcganviz/internal/complete"
	"dcganviz/model/zoo"
)

// A home is a home folder, a folder to work in, and dcganviz on the PATH: this
// test, which completes, but does not run what is typed; it writes the words
// that reach it to a log.
type home struct {
	t         *testing.T
	dir, work string
	shell     string
}

// newHome skips the test where there is no such shell, or not all else of tools.
func newHome(t *testing.T, shell string, tools ...string) home {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a test of Unix shells")
	}
	for _, tool := range append(tools, shell) {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no %s here: its completion is not tested", tool)
		}
	}
	if !slices.Contains(zoo.Names(), "digits") {
		t.Skip("no model is embedded in this build")
	}
	h := home{t: t, dir: t.TempDir(), work: t.TempDir(), shell: shell}
	h.write(filepath.Join(h.dir, "dcganviz"), 0o777, `#!/bin/sh
case $1 in
`+complete.Command+`|completion)
    `+asProgram+`=1 exec '`+os.Args[0]+`' "$@" ;;
esac
for word; do printf '<%s>' "$word"; done >> '`+h.log()+`'
echo >> '`+h.log()+`'
`)
	for _, file := range []string{"my photos/x y.png", "a:b c.png", "it's.png", "digest.txt"} {
		h.write(filepath.Join(h.work, file), 0o666, "")
	}
	return h
}

func (h home) log() string { return filepath.Join(h.dir, "log") }

func (h home) write(path string, mode os.FileMode, text string) {
	h.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		h.t.Fatal(err)
	}
}

// run runs a program in the home and returns what it prints.
func (h home) run(stdin string, argv ...string) string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 5*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Dir = h.work
	c.Env = []string{"HOME=" + h.dir, "PATH=" + h.dir + string(os.PathListSeparator) + os.Getenv("PATH"), "TERM=xterm", "LC_ALL=C.UTF-8", "SHELL=/bin/sh"}
	c.Stdin = strings.NewReader(stdin)
	out, err := c.CombinedOutput()
	if err != nil {
		h.t.Fatalf("%q: %v\n%s", argv, err, out)
	}
	return string(out)
}

// install follows the help of dcganviz completion.
func (h home) install() {
	h.t.Helper()
	help := must(h.t, "completion", "--help").stdout
	for _, line := range installs[h.shell] {
		if !strings.Contains(help, "\n    "+line+"\n") {
			h.t.Errorf("the help does not say %q:\n%s", line, help)
		}
		h.run("", h.shell, "-c", line)
	}
}

// typed types lines into a terminal in which the shell runs, and returns the words
// that reached the program from each.
func (h home) typed(lines ...string) []string {
	h.t.Helper()
	screen := h.run(strings.Join(lines, "\n")+"\nexit\n", "script", "-qec", h.shell+" -i", os.DevNull)
	log, err := os.ReadFile(h.log())
	if err != nil {
		h.t.Fatalf("nothing reached the program: %v\n%q", err, screen)
	}
	words := strings.Split(strings.TrimSuffix(string(log), "\n"), "\n")
	if len(words) != len(lines) {
		h.t.Fatalf("%d lines reached the program, want %d: %q\n%q", len(words), len(lines), words, screen)
	}
	return words
}

// typing are keys, and what the program then gets.
var typing = []struct{ keys, words string }{
	{"dcganviz wal\t", "<walk>"},
	{"dcganviz sco\tki\t", "<score><kid>"},
	{"dcganviz walk --mode sl\t", "<walk><--mode><slerp>"},
	{"dcganviz walk --mode=sl\t", "<walk><--mode=slerp>"},
	{"dcganviz walk --no-au\t--gi\t", "<walk><--no-audit><--gif>"},
	{"dcganviz walk digits\t", "<walk><digits>"},
	{"dcganviz walk --model=digi\t", "<walk><--model=digits>"},
	{"dcganviz walk -- digi\t", "<walk><--><digits>"},
	{"dcganviz forget --layer up1,pr\t", "<forget><--layer><up1,project>"},
	{"dcganviz recipe my\t\t", "<recipe><my photos/x y.png>"},
	{"dcganviz recipe a\t", "<recipe><a:b c.png>"},
	{"dcganviz recipe a:\t", "<recipe><a:b c.png>"},
	{"dcganviz recipe it\t", "<recipe><it's.png>"},
	{"dcganviz walk --z=my\t\t", "<walk><--z=my photos/x y.png>"},
	{"dcganviz train --out m\t", "<train><--out><my photos>"},
	{"dcganviz train --steps \t", "<train><--steps>"}, // not the file that there is
	{"dcganviz replay --input ima\tmy\t", "<replay><--input><images=my photos>"},
	{"~/dcganviz mode\t", "<models>"},
}

// inFaces are of names with spaces, which come with a model that a build may lack.
var inFaces = []struct{ keys, words string }{
	{"dcganviz turn faces --from smi\t", "<turn><faces><--from><smiling woman>"},
	{"dcganviz turn faces --from 'smi\t", "<turn><faces><--from><smiling woman>"},
	{"dcganviz arithmetic faces --formula \"smi\t", "<arithmetic><faces><--formula><smiling woman - neutral woman + neutral man = smiling man>"},
}

func checkTyping(h home) {
	h.t.Helper()
	h.install()
	cases := typing
	if slices.Contains(zoo.ConceptFiles(), "faces") {
		cases = slices.Concat(cases, inFaces)
	}
	var lines []string
	for _, c := range cases {
		lines = append(lines, c.keys)
	}
	for i, words := range h.typed(lines...) {
		// zsh takes back the / that it put behind a folder, at the end of a line.
		if strings.ReplaceAll(words, "/>", ">") != cases[i].words {
			h.t.Errorf("%q: the program gets %s, want %s", cases[i].keys, words, cases[i].words)
		}
	}
}

// TestTypingInBash installs the completion as the help says, in a home folder of
// its own, and types.
func TestTypingInBash(t *testing.T) { checkTyping(newHome(t, "bash", "script")) }

func TestTypingInZsh(t *testing.T) { checkTyping(newHome(t, "zsh", "script")) }

// TestBashFunction calls the function as bash does, without compopt, which bash
// 3.2 lacks. The cursor is where "rest" begins, or at the end.
func TestBashFunction(t *testing.T) {
	h := newHome(t, "bash")
	calls := []struct{ line, want string }{
		{"dcganviz wal", "walk"},
		{"dcganviz walk --mode=sl", "slerp"},
		{"dcganviz walk --mode srest --loop open", "slerp"},
		{"dcganviz walk --model=dig", "digits|digest.txt"},
		{"dcganviz walk --model=", strings.Join(zoo.Names(), "|") + "|a:b c.png|digest.txt|it's.png|my photos"},
		{"dcganviz recipe a:b", "b c.png"},
		{"dcganviz recipe my", ""}, // bash completes it
		{"no-such-program wal", "walk"},
	}
	script := "source <(dcganviz completion bash)\nenable -n compopt\n"
	for _, c := range calls {
		before, _, _ := strings.Cut(c.line, "rest")
		program, _, _ := strings.Cut(c.line, " ")
		script += fmt.Sprintf("COMP_LINE=%q COMP_POINT=%d\n_dcganviz %s\n(IFS='|'; echo \"${COMPREPLY[*]}\")\n", c.line, len(before), program)
	}
	got := strings.Split(strings.TrimSuffix(h.run("", "bash", "--norc", "--noprofile", "-c", script), "\n"), "\n")
	if len(got) != len(calls) {
		t.Fatalf("%d answers to %d calls: %q", len(got), len(calls), got)
	}
	for i, c := range calls {
		have, want := strings.Split(got[i], "|"), strings.Split(c.want, "|")
		slices.Sort(have) // files are in the folder's order
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Errorf("%q: COMPREPLY %q, want %q", c.line, have, want)
		}
	}
}

// TestFish asks fish what it would offer, after an installation as the help says.
func TestFish(t *testing.T) {
	h := newHome(t, "fish")
	h.install()
	cases := []struct{ line, want string }{
		{"dcganviz wal", "walk\tWalk through latent space: images that turn into each other"},
		{"dcganviz walk --mode sl", "slerp"},
		{"dcganviz walk --mode=sl", "--mode=slerp"},
		{"dcganviz walk digits", "digits\thandwritten digits, 28x28, grey"},
		{"dcganviz walk --model=dige", "--model=digest.txt"},
		{"dcganviz walk -- digi", "digits\thandwritten digits, 28x28, grey"},
		{"dcganviz forget --layer up1,pr", "up1,project"},
		{"dcganviz recipe my", "my photos/"},
		{"dcganviz recipe my\\ photos/", "my photos/x y.png"},
		{"dcganviz recipe 'my photos/", "my photos/x y.png"},
		{"dcganviz recipe a:b", "a:b c.png"},
		{"dcganviz walk --z=my", "--z=my photos/"},
		{"dcganviz train --out m", "my photos/"},
		{"dcganviz train --out di", ""},
		{"dcganviz train --steps ", ""},
		{"dcganviz replay --input images=my", "images=my photos/"},
		{"dcganviz recipe ~/dcganv", "~/dcganviz"},
		{"~/dcganviz mode", "models\tList the models that are embedded in the program, or print a card"},
	}
	if slices.Contains(zoo.ConceptFiles(), "faces") {
		cases = append(cases, struct{ line, want string }{"dcganviz turn faces --from smi", "smiling woman"})
	}
	for _, c := range cases {
		got := strings.TrimSpace(h.run("", "fish", "-c", "complete -C $argv[1]", c.line))
		if got != c.want {
			t.Errorf("%q: offers %q, want %q", c.line, got, c.want)
		}
	}
}
