package doctor

import (
	"context"
	"strings"

	"dcganviz/model/checkpoint"
)

// shownHypotheses is how many hypotheses of each batch norm a finding lists.
const shownHypotheses = 4

// checkLayers tells how far what a file of another program does not say of its layers,
// such as activations and the law of latents, was told by its statistics: see
// checkpoint.Told. Its lines are the table of hypotheses.
func checkLayers(_ context.Context, p *patient, f *Finding) error {
	told := &p.Told
	fits, worst := 0, 0.0
	for i := range told.Evidence {
		e := &told.Evidence[i]
		if h := &e.Hypotheses[e.Taken]; e.Fits {
			fits++
			worst = max(worst, h.Error)
			f.figure(h.Error, "error of what was taken at %s's %s", e.Net, e.Norm)
		}
		f.Lines = append(f.Lines, tableOf(e)...)
	}
	var readings []string
	unsaid := false
	for _, r := range told.Readings {
		readings = append(readings, r.Text)
		unsaid = unsaid || len(r.Options) > 0 && !r.Likely
	}
	evidence := sprintf("of %d batch norms with statistics %d fit what was taken, with an error of at most %.4f", len(told.Evidence), fits, worst)
	if len(told.Evidence) == 0 {
		evidence = "no batch norm has statistics that would tell what the file does not say"
	}
	if len(readings) > 0 {
		evidence += "; " + strings.Join(readings, "; ")
	}
	const advice = "say what you know: the slopes of the activations (--g-slope, --d-slope; 0 is ReLU, 1 none), the order (--g-norm-order), the norms (--g-norm), the law (--law)"
	switch {
	case unsaid:
		f.conclude(Doubtful, advice, "not all was told: %s", evidence)
	default:
		f.conclude(OK, "", "the statistics tell what the file does not say: %s", evidence)
	}
	return nil
}

// tableOf lists a batch norm's best hypotheses, and marks the one that was taken.
func tableOf(e *checkpoint.Evidence) []string {
	lines := []string{sprintf("%s's %s", e.Net, e.Norm)}
	line := func(k int) {
		mark := " "
		if k == e.Taken {
			mark = "*"
		}
		says := e.Hypotheses[k].Says
		if says == "" {
			says = "as usual"
		}
		lines = append(lines, sprintf("%s %8.4f  %s", mark, max(e.Hypotheses[k].Error, 0), says))
	}
	for k := range min(shownHypotheses, len(e.Hypotheses)) {
		line(k)
	}
	if e.Taken >= shownHypotheses {
		line(e.Taken)
	}
	return lines
}

// told reports whether G's statistics were asked, and all of them fit.
func (p *patient) told() bool {
	asked := false
	for _, e := range p.Told.Evidence {
		if e.Net == "G" {
			if asked = true; !e.Fits {
				return false
			}
		}
	}
	return asked
}
