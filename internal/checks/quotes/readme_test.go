package quotes

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

var (
	folder = flag.String("folder", "", "compare with the figures in this `folder`, an absolute path")
	update = flag.Bool("update", false, "store the numbers of the folder")
)

const (
	root   = "../../../"
	stored = root + "testdata/figures/numbers.json"
)

// A list is quotes.toml.
type list struct {
	// Documents are the texts whose numbers are all quotes.
	Documents []document
	// Besides are texts of these sections whose numbers come from elsewhere: names of
	// the paper's figures, sizes, sources.
	Besides []string
	Quote   []quote
}

// A document is a file, and the headings of those sections that are meant: none for all.
type document struct {
	File     string
	Sections []string
}

// meant returns the sections of a document, or all of it.
func (d document) meant(text string) (body string, complaints []string) {
	if d.Sections == nil {
		return text, nil
	}
	for _, heading := range d.Sections {
		_, below, ok := strings.Cut("\n"+text, "\n## "+heading+"\n")
		if !ok {
			complaints = append(complaints, fmt.Sprintf("%s has no section %q", d.File, heading))
		}
		below, _, _ = strings.Cut(below, "\n## ")
		body += below + "\n"
	}
	return body, complaints
}

func readList(t *testing.T) list {
	t.Helper()
	text, err := os.ReadFile("quotes.toml")
	if err != nil {
		t.Fatal(err)
	}
	var l list
	if err := toml.Unmarshal(text, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

// numbers are the values that quotes ask for: by figure, by place.
type numbers map[string]map[string]float64

// drawn returns the numbers that quotes ask for of a folder of figures.
func drawn(t *testing.T, l list, folder string) numbers {
	t.Helper()
	out, read := numbers{}, map[string]any{}
	for _, q := range l.Quote {
		for _, place := range q.Of {
			if place == "-" {
				continue
			}
			v, ok := read[q.Figure]
			if !ok {
				text, err := os.ReadFile(filepath.Join(folder, q.Figure))
				if err != nil {
					t.Fatal(err)
				}
				if v, err = decode(text); err != nil {
					t.Fatalf("%s: %v", q.Figure, err)
				}
				read[q.Figure], out[q.Figure] = v, map[string]float64{}
			}
			x, err := lookup(v, place)
			if err != nil {
				t.Errorf("%s: %v", q.Figure, err)
				continue
			}
			out[q.Figure][place] = x
		}
	}
	return out
}

// TestDocumentsSayWhatTheFiguresSay: every number of README's and the documentation's
// sections on figures is the one in the figure's JSON.
func TestDocumentsSayWhatTheFiguresSay(t *testing.T) {
	l := readList(t)
	var want numbers
	text, err := os.ReadFile(stored)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if err == nil {
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("%s: %v", stored, err)
		}
	}
	if *folder != "" {
		got := drawn(t, l, *folder)
		if *update {
			text, err := json.MarshalIndent(got, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(stored, append(text, '\n'), 0o666); err != nil {
				t.Fatal(err)
			}
			want = got
		}
		for figure, places := range got {
			for place, x := range places {
				if want[figure][place] != x {
					t.Errorf("%s %s: %v in %s, the figure has %v: run make digests", figure, place, want[figure][place], stored, x)
				}
			}
		}
	}
	var body string
	for _, d := range l.Documents {
		text, err := os.ReadFile(root + d.File)
		if err != nil {
			t.Fatal(err)
		}
		part, complaints := d.meant(string(text))
		for _, complaint := range complaints {
			t.Error(complaint)
		}
		body += part + "\n"
	}
	for _, complaint := range check(body, l, want) {
		t.Error(complaint)
	}
}

// TestQuotesCatchWhatIsWrong: a number that changes in README or in the figure, a sentence
// that is gone, and a number that nothing explains are all found.
func TestQuotesCatchWhatIsWrong(t *testing.T) {
	l := list{Besides: []string{"Fig. 4"}, Quote: []quote{
		{Says: "removes 80% (78 to 83)\nof 2 kinds", Figure: "f.json", Of: []string{"m * 100", "lo * 100", "hi * 100", "-"}}}}
	values := numbers{"f.json": {"m * 100": 80.2, "lo * 100": 78.4, "hi * 100": 82.6}}
	const good = "Fig. 4 removes 80%\n(78 to 83) of 2 kinds.\n"
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"good":          {good, 0},
		"number":        {strings.Replace(good, "83", "84", 1), 3}, // the quote is missing, and its numbers are unexplained
		"another":       {strings.Replace(good, "kinds.", "kinds. 12 more.", 1), 1},
		"an index only": {strings.Replace(good, "(78", "(77", 1), 3},
	} {
		got := check(c.text, l, values)
		if c.want == 0 && len(got) > 0 || c.want > 0 && len(got) == 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
	values["f.json"]["hi * 100"] = 83.6
	if got := check(good, l, values); len(got) != 1 {
		t.Errorf("another value: %q, want one complaint", got)
	}
	delete(values, "f.json")
	if got := check(good, l, values); len(got) != 3 {
		t.Errorf("no values: %q, want three complaints", got)
	}
}

// TestSectionsOfADocument: those that are named, without what stands elsewhere.
func TestSectionsOfADocument(t *testing.T) {
	d := document{File: "F.md", Sections: []string{"B", "D"}}
	body, complaints := d.meant("# T\n1\n## A\n2\n## B\n3\n## C\n4\n")
	if strings.Join(numbersIn(body), " ") != "3" || len(complaints) != 1 || !strings.Contains(complaints[0], `F.md has no section "D"`) {
		t.Errorf("%q, %q", body, complaints)
	}
}

var (
	code     = regexp.MustCompile("(?m)^    .*$|`[^`]*`")
	link     = regexp.MustCompile(`\]\([^)]*\)`)
	pictures = regexp.MustCompile(`!\[[^\]]*\]\([^)]*\)`)
)

// check returns what is wrong with the numbers of a text.
func check(text string, l list, values numbers) (complaints []string) {
	say := func(format string, a ...any) { complaints = append(complaints, fmt.Sprintf(format, a...)) }
	rest := code.ReplaceAllString(text, " ")
	rest = link.ReplaceAllString(pictures.ReplaceAllString(rest, " "), "]")
	rest = plain(rest)
	for _, q := range l.Quote {
		says := plain(q.Says)
		if !strings.Contains(rest, says) {
			say("no document says %q", says)
			continue
		}
		rest = strings.ReplaceAll(rest, says, " ")
		printed := numbersIn(says)
		if len(printed) != len(q.Of) {
			say("%q has %d numbers %q and %d places", says, len(printed), printed, len(q.Of))
			continue
		}
		for i, place := range q.Of {
			if place == "-" {
				continue
			}
			x, ok := values[q.Figure][place]
			if !ok {
				say("%s %s: not in %s: run make digests", q.Figure, place, filepath.Base(stored))
			} else if !same(printed[i], x) {
				say("%q: %s, but %s has %v at %s", says, printed[i], q.Figure, x, place)
			}
		}
	}
	for _, text := range l.Besides {
		if !strings.Contains(rest, plain(text)) {
			say("no document says %q", text)
		}
		rest = strings.ReplaceAll(rest, plain(text), " ")
	}
	for _, at := range number.FindAllStringIndex(rest, -1) {
		say("%s, near %q: no quote explains it", rest[at[0]:at[1]], rest[max(0, at[0]-60):min(len(rest), at[1]+40)])
	}
	return complaints
}

// plain puts single spaces for all white space.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }
