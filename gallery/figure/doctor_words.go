package figure

import (
	"fmt"
	"strings"

	"dcganviz/gallery"
	"dcganviz/probe/doctor"
)

// evidenceWidth is the width of the evidence in the table, in characters.
const evidenceWidth = 90

// Words are the verdict, and what the checks say together.
func (a *DoctorResult) Words() Words {
	names := make(map[doctor.Verdict][]string)
	for _, x := range a.Findings {
		names[x.Verdict] = append(names[x.Verdict], x.Check)
	}
	var said []string
	for _, v := range verdicts {
		switch n := names[v]; {
		case len(n) == 0:
		case v == doctor.OK:
			said = append(said, fmt.Sprintf("%d ok", len(n)))
		default:
			said = append(said, fmt.Sprintf("%d %s (%s)", len(n), v.String(), strings.Join(n, ", ")))
		}
	}
	return Words{
		Verdict: a.Model + ": " + a.verdict() + ".",
		Number:  fmt.Sprintf("Of %s: %s.", plural(len(a.Findings), "check"), strings.Join(said, ", ")),
		Control: "Rows of the sheet below the first are the model run in ways that it is not meant for. Checks measure that, too, where they can. None says whether samples look like real pictures: compare does.",
	}
}

// List is a table of the findings, with what to do below those that ask for something.
// Unless all are to be shown, it is of those that are wrong or doubtful.
func (a *DoctorResult) List(all bool) (lines []string) {
	for _, f := range a.Findings {
		if !all && f.Verdict != doctor.Wrong && f.Verdict != doctor.Doubtful {
			continue
		}
		head := fmt.Sprintf("  %-10s %-15s", f.Check, f.Verdict)
		for _, line := range wrapped(f.Evidence, evidenceWidth) {
			lines = append(lines, head+line)
			head = strings.Repeat(" ", len(head))
		}
		for _, line := range f.Lines {
			lines = append(lines, strings.Repeat(" ", len(head))+line)
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

// verdicts are what a check can say, the gravest first.
var verdicts = []doctor.Verdict{doctor.Wrong, doctor.Doubtful, doctor.OK, doctor.NotApplicable}

// waysOf say what a row of the contact sheet shows, by how its label ends.
var waysOf = []struct{ label, text string }{
	{"as loaded", "As the file says that the model is to be run."},
	{"kernels turned", "With all kernels turned by half a circle, as files of some programs hold them."},
	{"batch statistics", "With the statistics of these images in the batch norms, not those that were kept from training."},
	{"running statistics", "Batch norm uses the statistics that it kept from training, not the statistics of these images."},
	{"latents", "From latents of the other law: normal ones in the place of uniform ones, or the other way about."},
}

// Describe says on the page what the examination found.
func (a *DoctorResult) Describe(b *Block) error {
	if len(a.Findings) == 0 || len(a.Shown) == 0 {
		return fmt.Errorf("no findings, or no rows")
	}
	b.Done = "The model's weights, its batch norms and its images were measured, and held against limits. The sheet shows images of the same seed, a row for each way in which the model might be meant to be run."
	b.Look = "The first row, which is the model as loaded, should be as good as any. If another one is clearly better, the file was read in the wrong way."
	b.Table = &gallery.Table{Caption: "What each check found", Columns: []gallery.Column{{Name: "Check"}, {Name: "Verdict"}, {Name: "Evidence"}, {Name: "What to do"}}}
	advised := false
	for _, x := range a.Findings {
		advised = advised || x.Advice != ""
		rank := len(verdicts)
		for i, v := range verdicts {
			if v == x.Verdict {
				rank = i
			}
		}
		verdict := gallery.Number(float64(-rank), "%.0f")
		verdict.Text = x.Verdict.String()
		b.Table.Rows = append(b.Table.Rows, []gallery.Cell{{Text: x.Check, Sort: x.Check}, verdict, {Text: x.Evidence}, {Text: x.Advice}})
	}
	if !advised {
		b.Table.Columns = b.Table.Columns[:3]
		for i, row := range b.Table.Rows {
			b.Table.Rows[i] = row[:3]
		}
	}
	b.say(a.Words())
	b.Alt = fmt.Sprintf("A contact sheet of a model's examination, rows of the same images: %s", strings.Join(a.Shown, ", "))
	if len(b.Block.Layout) == 0 || b.Block.Layout[0].Columns < 1 || b.Block.Layout[0].Columns > gallery.MostTiles {
		return nil
	}
	columns := b.Block.Layout[0].Columns
	g, ok := b.Group(0, columns*len(a.Shown))
	if !ok {
		return nil
	}
	for i := range g.Count {
		label, n := a.Shown[i/columns], i%columns
		text, command := "", ""
		for _, w := range waysOf {
			if strings.HasSuffix(label, w.label) {
				text = w.text
				break
			}
		}
		if i < columns {
			text, command = fmt.Sprintf("%s Drawn from latent number %d of seed %d.", text, n, a.Seed), b.draws(a.Seed, n, 1)
		}
		b.Add(g, i, fmt.Sprintf("Sample %d, %s", n, label), text, command)
	}
	return nil
}
