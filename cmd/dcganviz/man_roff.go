package main

import (
	"fmt"
	"strings"
)

// A roff is a page in the language of troff's man macros, as groff and mandoc
// both know them.
type roff struct {
	strings.Builder
	headed bool // a heading was written last
}

// roffColumns is where lines of the source end, which nobody sees.
const roffColumns = 78

// roffSpecials are the characters that troff would take for its own, or print as
// others: - as a hyphen, which nobody can copy into a shell.
var roffSpecials = map[rune]string{
	'\\': `\e`, '-': `\-`, '\'': `\(aq`, '"': `\(dq`, '`': `\(ga`, '^': `\(ha`, '~': `\(ti`,
}

// roffText returns text so that troff prints it as it is, wherever it stands.
func roffText(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch s := roffSpecials[r]; {
		case s != "":
			b.WriteString(s)
		case r > 0x7e:
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// macro writes a request with its arguments, which are text.
func (r *roff) macro(name string, args ...string) {
	r.WriteString("." + name)
	for _, a := range args {
		r.WriteString(` "` + roffText(a) + `"`)
	}
	r.WriteString("\n")
	r.headed = name == "SH" || name == "SS"
}

// begin begins a paragraph. Behind a heading there is one.
func (r *roff) begin() {
	if !r.headed {
		r.macro("PP")
	}
}

// line writes what troff is to print as it is; \fB and the like may be in it.
// A . at the beginning would be a request.
func (r *roff) line(text string) {
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	r.WriteString(text + "\n")
	r.headed = false
}

// text writes a paragraph's text.
func (r *roff) text(text string) {
	line := ""
	for _, word := range strings.Fields(roffText(text)) {
		if line != "" && len(line)+1+len(word) > roffColumns {
			r.line(line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	if line != "" {
		r.line(line)
	}
}

func (r *roff) paragraph(text string) {
	r.begin()
	r.text(text)
}

// item writes an entry of a list. Its head is what line takes.
func (r *roff) item(head, text string) {
	r.macro("TP")
	r.line(head)
	r.text(text)
}

// literal writes lines that are not filled, such as commands.
func (r *roff) literal(lines ...string) {
	r.begin()
	r.macro("RS", "4")
	r.macro("EX")
	for _, l := range lines {
		r.line(roffText(l))
	}
	r.macro("EE")
	r.macro("RE")
}

// prose writes text in which empty lines divide paragraphs, and indented lines
// are literal.
func (r *roff) prose(text string) {
	for _, part := range strings.Split(strings.TrimSpace(text), "\n\n") {
		var filled, literal []string
		for _, l := range strings.Split(part, "\n") {
			if cut := strings.TrimLeft(l, " "); cut != l {
				literal = append(literal, cut)
			} else {
				filled = append(filled, l)
			}
		}
		if filled != nil {
			r.paragraph(strings.Join(filled, " "))
		}
		if literal != nil {
			r.literal(literal...)
		}
	}
}

func bold(text string) string { return `\fB` + roffText(text) + `\fR` }

func italic(text string) string { return `\fI` + roffText(text) + `\fR` }
