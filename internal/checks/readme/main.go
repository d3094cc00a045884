// Command readme writes the rows of figures into README.md: run it, in the folder
// of go.mod, after a change of the table of figures. A test of gallery/figure
// fails until then.
package main

import (
	"fmt"
	"os"
	"strings"

	"dcganviz/gallery/figure"
)

const (
	file  = "README.md"
	begin = "| --- | --- |\n"
	end   = "| `dcganviz figures` |"
)

func main() {
	text, err := os.ReadFile(file)
	if err == nil {
		before, rest, ok := strings.Cut(string(text), begin)
		_, after, found := strings.Cut(rest, end)
		if !ok || !found {
			err = fmt.Errorf("%s: no table of commands", file)
		} else {
			err = os.WriteFile(file, []byte(before+begin+figure.Rows()+end+after), 0o666)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "readme:", err)
		os.Exit(1)
	}
}
