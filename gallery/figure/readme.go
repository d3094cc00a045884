package figure

import "strings"

// Rows returns the rows of the table of commands in README.md that are on figures,
// in Markdown.
func Rows() string {
	var b strings.Builder
	for _, e := range All {
		b.WriteString("| `dcganviz " + e.Name + "` | " + strings.ToLower(e.About[:1]) + strings.TrimSuffix(e.About[1:], ".") + " |\n")
	}
	return b.String()
}
