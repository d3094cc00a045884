package manual

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

// columns is the length of the lines of the source.
const columns = 78

// layout aligns text to the left and divides no word: a name that was divided
// would be copied with a hyphen in it.
const layout = ".nh\n.ad l\n"

// specials are the characters that troff takes for its own or prints as others:
// - as a hyphen, which nobody can copy into a shell.
var specials = map[rune]string{'\\': `\e`, '-': `\-`, '\'': `\(aq`, '"': `\(dq`, '`': `\(ga`, '^': `\(ha`, '~': `\(ti`}

// escape returns what troff prints as text.
func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch s := specials[r]; {
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
		r.WriteString(` "` + escape(a) + `"`)
	}
	r.WriteString("\n")
	r.headed = name == "SH" || name == "SS"
}

// begin begins a paragraph. A heading begins one by itself.
func (r *roff) begin() {
	if !r.headed {
		r.macro("PP")
	}
}

// line writes a line of escaped text, in which \fB and the like may stand.
// Without \&, a . at its beginning would be a request.
func (r *roff) line(text string) {
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	r.WriteString(text + "\n")
	r.headed = false
}

// text writes text in lines of the source.
func (r *roff) text(text string) {
	for _, line := range Wrap(escape(text), columns) {
		r.line(line)
	}
}

// Wrap breaks text between words into lines of at most width characters. A longer
// word has a line of its own.
func Wrap(text string, width int) (lines []string) {
	for _, word := range strings.Fields(text) {
		if last := len(lines) - 1; last >= 0 && len(lines[last])+1+len(word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

func (r *roff) paragraph(text string) {
	r.begin()
	r.text(text)
}

// item writes an entry of a list. head is escaped, as line takes it.
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
		r.line(escape(l))
	}
	r.macro("EE")
	r.macro("RE")
}

// prose writes text in which empty lines divide paragraphs, and indented lines
// are literal. Of an empty text it writes nothing.
func (r *roff) prose(text string) {
	if text == "" {
		return
	}
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

func bold(text string) string { return `\fB` + escape(text) + `\fR` }

func italic(text string) string { return `\fI` + escape(text) + `\fR` }
