package complete

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// grammar is a command line with each kind of value.
type grammar struct {
	Draw struct {
		Animal string            `arg:"" complete:"animals"`
		To     string            `help:"Where. More."`
		Dir    string            `placeholder:"DIR"`
		Style  string            `choices:"ink,oil"`
		Size   string            `enum:"small,large" default:"small"`
		Parts  []string          `choices:"head,tail"`
		Marks  string            `choices:"dots,stripes,none" alone:"none"`
		Box    []string          `sep:"none" choices:"a,b"`
		Title  string            `complete:"text"`
		Files  map[string]string `complete:"animals"`
		Times  int
		Unread string `complete:"no-such-source"`
	} `cmd:""`
}

var testSources = map[string]Source{
	"text": {},
	"animals": {Files: true, Offer: func(l *Line) []Candidate {
		return []Candidate{{"cat", "A pet. It purrs."}, {Word: "gnu:" + l.Value("style")}, {Word: "red\x1b[31m"}}
	}},
}

func newParser(t testing.TB) *kong.Node {
	k, err := kong.New(new(grammar), kong.Writers(io.Discard, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	return k.Model.Node
}

// TestTagsSayWhatIsOffered asks fish's way: action, prefix, candidates.
func TestTagsSayWhatIsOffered(t *testing.T) {
	app := newParser(t)
	for line, want := range map[string]string{
		"draw |":                  "files||cat\tA pet|gnu:\t",
		"draw --style=oil|":       "values|--style=|--style=ink\t|--style=oil\t",
		"draw --style oil|":       "values||ink\t|oil\t",
		"draw --style oil |":      "files||cat\tA pet|gnu:oil\t",
		"draw --to |":             "files|",
		"draw --to=x|":            "files|--to=",
		"draw --dir |":            "folders|",
		"draw --size |":           "values||small\t|large\t",
		"draw --parts |":          "values||head\t|tail\t",
		"draw --parts head,|":     "values|head,|head,tail\t",
		"draw --marks |":          "values||dots\t|stripes\t|none\t",
		"draw --marks=dots,str|":  "values|--marks=dots,|--marks=dots,stripes\t",
		"draw --box a,|":          "values||a\t|b\t",
		"draw --title |":          "values|",
		"draw --times |":          "values|",
		"draw --unread |":         "files|",
		"draw --files |":          "open||cat=\tA pet|gnu:=\t",
		"draw --files cat=a|":     "files|cat=",
		"draw --files=cat=a|":     "files|--files=cat=",
		"draw --style oil a --s|": "words||--help\tShow context-sensitive help|-h\tShow context-sensitive help",
	} {
		var out strings.Builder
		words := strings.Split(strings.TrimSuffix(line, "|"), " ")
		Answer(&out, app, testSources, append([]string{"fish"}, words...))
		got := strings.ReplaceAll(strings.TrimSuffix(out.String(), "\n"), "\n", "|")
		if strings.HasPrefix(want, "words") {
			got = got[:min(len(got), len(want))]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestScriptNamesItsProgram(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		script := Script(shell, "zoo")
		if !strings.Contains(script, "zoo completion --help") || !strings.Contains(script, Command+" "+shell) || strings.Contains(script, "PROGRAM") {
			t.Errorf("%s:\n%s", shell, script)
		}
	}
	if s := Script("tcsh", "zoo"); s != "" {
		t.Errorf("a script for tcsh: %q", s)
	}
}

func ExampleAnswer() {
	var line struct {
		Draw struct {
			Style string `choices:"ink,oil"`
		} `cmd:"" help:"Draw an animal."`
	}
	parser := kong.Must(&line)
	Answer(os.Stdout, parser.Model.Node, nil, []string{"zsh", ""})
	Answer(os.Stdout, parser.Model.Node, nil, []string{"zsh", "draw", "--style", ""})
	// Output:
	// words
	//
	// draw:Draw an animal
	// values
	//
	// ink
	// oil
}
