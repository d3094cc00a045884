package quotes

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	section = regexp.MustCompile(`(?s)<section id="figure-\d+".*?</section>`)
	image   = regexp.MustCompile(`<img src="\./([^"]+)"`)
	said    = regexp.MustCompile(`(?s)(?:<dt>(What was found|The number|The control)</dt><dd>|<summary>(All numbers)</summary>)(.*?)(?:</dd>|</details>)`)
	tag     = regexp.MustCompile(`<[^>]*>`)
)

// constants are what sentences say of how a number is meant: levels of intervals, what
// chance gives by definition, the tile after one that the JSON names, the sum of two lists' lengths.
var constants = regexp.MustCompile(`95% interval|97\.5% of shuffles|places at random have 0\.5|tile \d+ to \d+|\d+ other exemplars|of at most 2\b`)

// TestPageSaysWhatItsFiguresSay: in a folder of figures, each number that the page gives as
// a figure's finding or its control is in the figure's own JSON.
func TestPageSaysWhatItsFiguresSay(t *testing.T) {
	if *folder == "" {
		t.Skip("no -folder of figures")
	}
	page, err := os.ReadFile(filepath.Join(*folder, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := section.FindAllString(string(page), -1)
	if len(blocks) < 5 {
		t.Fatalf("%d figures on the page", len(blocks))
	}
	for _, block := range blocks {
		file := image.FindStringSubmatch(block)
		if file == nil {
			continue
		}
		name := strings.TrimSuffix(file[1], filepath.Ext(file[1])) + ".json"
		text, err := os.ReadFile(filepath.Join(*folder, name))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, complaint := range unfounded(block, text) {
			t.Errorf("%s: %s", name, complaint)
		}
	}
}

// unfounded returns the numbers of a block of the page that its figure's JSON does not have.
func unfounded(block string, text []byte) (complaints []string) {
	v, err := decode(text)
	if err != nil {
		return []string{err.Error()}
	}
	has := allNumbers(v)
	for _, m := range said.FindAllStringSubmatch(block, -1) {
		words := html.UnescapeString(tag.ReplaceAllString(m[3], " "))
		words = constants.ReplaceAllString(words, " ")
		for _, printed := range numbersIn(words) {
			percent := strings.Contains(words, printed+"%")
			if !slices.ContainsFunc(has, func(x float64) bool {
				return same(printed, x) || same(printed, -x) || (same(printed, 100*x) || same(printed, -100*x)) && (percent || strings.Contains(words, "%"))
			}) {
				complaints = append(complaints, fmt.Sprintf("%s: %s is no number of the JSON: %s", m[1]+m[2], printed, words))
			}
		}
	}
	return complaints
}

// TestUnfoundedNumbersAreFound: a sentence whose number is not in its JSON is named.
func TestUnfoundedNumbersAreFound(t *testing.T) {
	const block = `<dt>The number</dt><dd>It removes <b>80%</b> (78 to 83) at an RMSE of 0.049.</dd><dt>What was done</dt><dd>7</dd>`
	if got := unfounded(block, []byte(`{"removed":{"mean":0.801,"lo":0.779,"hi":0.83},"rmse":0.0493}`)); got != nil {
		t.Error(got)
	}
	if got := unfounded(block, []byte(`{"removed":{"mean":0.801,"lo":0.779,"hi":0.83},"rmse":0.0593}`)); len(got) != 1 {
		t.Errorf("%q, want one complaint", got)
	}
	if got := unfounded(`<dt>What was found</dt><dd>About 9.</dd><details><summary>All numbers</summary><p>8 of 4</p><p>7</p></details>`, []byte(`{"x":4}`)); len(got) != 3 {
		t.Errorf("%q, want 9, 8 and 7", got)
	}
	if got := unfounded(block, []byte(`{"removed":0.801}`)); len(got) != 3 {
		t.Errorf("%q, want three complaints", got)
	}
}
