package figure

import (
	"fmt"
	"strings"

	"dcganviz/probe/doctor"
)

// evidenceWidth is the width of the evidence in the table, in characters.
const evidenceWidth = 90

// Summary is a table of the findings, with what to do below those that ask for
// something.
func (a *DoctorResult) Summary() []string {
	lines := []string{a.Model + ": " + a.verdict()}
	for _, f := range a.Findings {
		head := fmt.Sprintf("  %-10s %-15s", f.Check, f.Verdict)
		for _, line := range wrapped(f.Evidence, evidenceWidth) {
			lines = append(lines, head+line)
			head = strings.Repeat(" ", len(head))
		}
		mark := "-> "
		if f.Advice == "" {
			continue
		}
		for _, line := range wrapped(f.Advice, evidenceWidth-len(mark)) {
			lines = append(lines, head+mark+line)
			mark = "   "
		}
	}
	return lines
}

// verdict is the verdict in words.
func (a *DoctorResult) verdict() string {
	var parts []string
	for _, v := range []doctor.Verdict{doctor.Wrong, doctor.Doubtful} {
		if names := a.With(v); len(names) > 0 {
			parts = append(parts, v.String()+": "+strings.Join(names, ", "))
		}
	}
	if len(parts) == 0 {
		return "nothing wrong was found"
	}
	return strings.Join(parts, "; ")
}

// wrapped breaks text between words into lines of at most width characters,
// where words allow.
func wrapped(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
