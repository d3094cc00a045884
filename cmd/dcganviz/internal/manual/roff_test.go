package manual

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// printed runs a program on a page and returns what it prints.
func printed(t *testing.T, page string, argv ...string) string {
	t.Helper()
	if _, err := exec.LookPath(argv[0]); err != nil {
		t.Skipf("no %s here: the page is not checked by it", argv[0])
	}
	path := filepath.Join(t.TempDir(), "page.1")
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
			page := regexp.MustCompile(".\b").ReplaceAllString(printed(t, r.String(), argv...), "")
			if !strings.Contains(page, `a "b" \c 'd`) {
				t.Errorf("no heading in\n%s", page)
			}
			for _, text := range texts {
				if n := strings.Count(page, text); n < 5 {
					t.Errorf("%d times %s, want 5 in\n%s", n, text, page)
				}
			}
		})
	}
}
