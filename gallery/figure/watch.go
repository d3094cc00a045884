package figure

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"

	"dcganviz/gallery"
	"dcganviz/internal/shell"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
	"dcganviz/probe/doctor"
)

const (
	// watchMost and watchLeast bound how long a page waits until it is loaded again, and
	// watchStale is how long it waits for a save that does not come.
	watchLeast, watchMost = 10 * time.Second, time.Minute
	watchStale            = 30 * time.Minute
	// tableRows is how many measures the page lists.
	tableRows = 100
	// Of more than fewMeasures the first ones are left out of the curve while they are above
	// beyondTop times the middle one: the others would lie on the ground.
	fewMeasures, beyondTop = 4, 5
	// lessRecall is how much less recall of the best state than of the last is told.
	lessRecall = 0.1
)

// TrainingPage makes the page of a run in a folder. holdout is nil without pictures that
// were kept out.
func TrainingPage(folder string, r *training.Report, holdout *Holdout) ([]byte, error) {
	cfg, data := r.Trainer.Config(), r.Trainer.Data()
	height, width, _ := cfg.Dims()
	w := &gallery.Watch{
		Title: filepath.Base(folder), Step: r.Trainer.Steps(), Steps: r.Plan.Steps, Written: r.Written, Status: watchStatus(r),
		Film: "Samples of the same latents after each of these steps: leaf through them, or play them.",
		Notes: []string{fmt.Sprintf("A DCGAN of %dx%d pixels, width %d and %d, learns from %d pictures (%s), %d a step, seed %d.",
			width, height, cfg.GWidth, cfg.DWidth, data.Images, r.Plan.About, r.Trainer.Options().Batch, r.Trainer.Options().Seed)},
	}
	if n := cfg.DCondition.Classes; n > 0 {
		w.Notes = append(w.Notes, fmt.Sprintf("Both nets are told of which of %d classes a picture is, in each layer; a row of the samples is of one class, and all rows are of the same noise.", n))
	}
	if r.Status == training.Running {
		w.Reload, w.Stale = min(max(r.Next/2, watchLeast), watchMost), max(3*r.Next, watchStale)
	}
	watchVerdict(w, r)
	for _, step := range r.Sheets {
		w.Frames = append(w.Frames, gallery.Frame{File: filepath.ToSlash(training.SheetFile(step)), Name: fmt.Sprintf("Step %d", step)})
	}
	w.Curves = lossCurves(r.Losses)
	if holdout != nil {
		w.Notes = append(w.Notes, bestState(r.Measures, holdout))
		w.Curves = append(w.Curves, heldCurves(r.Measures, holdout)...)
		w.Table = heldTable(r.Measures)
	}
	w.Commands = watchCommands(folder, r)
	return gallery.WatchPage(w)
}

// watchStatus says how far a run is.
func watchStatus(r *training.Report) string {
	at := fmt.Sprintf("step %d of %d", r.Trainer.Steps(), r.Plan.Steps)
	switch {
	case r.Status == training.Finished:
		return fmt.Sprintf("Finished: all %d steps are made.", r.Plan.Steps)
	case r.Status == training.Stopped:
		return "Stopped at " + at + "; it can go on."
	case r.Status == training.Diverged:
		return fmt.Sprintf("Ended at %s; saved is step %d.", at, r.Saved)
	case r.Left > 0:
		return fmt.Sprintf("Training: %s, about %s left.", at, training.About(r.Left))
	}
	return "Training: " + at + "."
}

// watchVerdict says in plain words how the training goes, by what doctor measures.
func watchVerdict(w *gallery.Watch, r *training.Report) {
	course := doctor.Follow(r.Losses)
	w.Good = true
	for _, warning := range r.Warnings {
		if warning.Cause == collapsedCause {
			w.Good, w.Verdict = false, fmt.Sprintf("G has collapsed, seen since step %d: its samples are nearly one picture.", warning.Since)
			w.Advice = "Take a state from before, or train anew with another balance of G and D."
		}
	}
	switch last := fmt.Sprintf("median losses of the last steps: D %.3f, G %.3g", course.LossD, course.LossG); {
	case r.Status == training.Diverged:
		w.Good, w.Verdict, w.Advice = false, "It diverged: a loss or a gradient is no longer finite.", "Train anew with a smaller --lr."
	case course.Won > 0:
		w.Good, w.Verdict = false, fmt.Sprintf("D has won since step %d: it tells every drawn picture, and G learns nothing more (%s).", course.Won, last)
		w.Advice = "What to do: " + doctor.WonAdvice + "."
	case w.Verdict != "":
	case course.Short:
		w.Verdict = "Too early to say: fewer than 100 steps."
	case course.Ahead:
		w.Good, w.Verdict = false, fmt.Sprintf("D is far ahead (%s).", last)
		w.Advice = "See whether samples still change. If not: " + doctor.WonAdvice + "."
	case r.Status == training.Finished:
		w.Verdict = fmt.Sprintf("G could learn to the end: neither net has won (%s).", last)
	case r.Status == training.Stopped:
		w.Verdict = fmt.Sprintf("It was still learning: neither net has won (%s).", last)
	default:
		w.Verdict = fmt.Sprintf("Still learning: neither net has won (%s).", last)
	}
}

// lossCurves are the losses, and D's scores.
func lossCurves(losses []train.Stats) []*gallery.Curves {
	line := func(name string, of func(*train.Stats) float64) gallery.Line {
		l := gallery.Line{Name: name}
		for i := range losses {
			l.X, l.Y = append(l.X, float64(losses[i].Step)), append(l.Y, of(&losses[i]))
		}
		return l
	}
	return []*gallery.Curves{{
		Title: "Losses", Text: "Neither says how good samples are. If D's goes to 0 and G's climbs above 10, D has won.",
		Lines: []gallery.Line{
			line("of D", func(s *train.Stats) float64 { return s.LossD }),
			line("of G", func(s *train.Stats) float64 { return s.LossG }),
		},
	}, {
		Title: "D's scores", Text: "1 is what D takes for real, 0 for drawn. The nearer the lines, the less D can tell.",
		Lines: []gallery.Line{
			line("of real pictures", func(s *train.Stats) float64 { return s.ScoreReal }),
			line("of drawn ones", func(s *train.Stats) float64 { return s.ScoreFake }),
		},
	}}
}

// heldCurves are the measures.
func heldCurves(measures []training.Measure, h *Holdout) []*gallery.Curves {
	shown := measures
	for len(shown) > fewMeasures && shown[0].Judged.Value > beyondTop*shown[len(shown)/2].Judged.Value {
		shown = shown[1:]
	}
	distance, recall, coverage := gallery.Line{Name: "KID", Errors: []float64{}}, gallery.Line{Name: "recall"}, gallery.Line{Name: "coverage"}
	for _, m := range measures {
		x := float64(m.Step)
		recall.X, recall.Y = append(recall.X, x), append(recall.Y, m.Recall)
		coverage.X, coverage.Y = append(coverage.X, x), append(coverage.Y, m.Coverage)
	}
	for _, m := range shown {
		distance.X, distance.Y, distance.Errors = append(distance.X, float64(m.Step)), append(distance.Y, m.Judged.Value), append(distance.Errors, m.Judged.SE)
	}
	beyond := ""
	if n := len(measures) - len(shown); n > 0 {
		beyond = fmt.Sprintf(" Steps up to %d are left out: the first, %d, had %.3g.", measures[n-1].Step, measures[0].Step, measures[0].Judged.Value)
	}
	return []*gallery.Curves{{
		Title: "How far samples are from pictures kept out", Lines: []gallery.Line{distance},
		Text: fmt.Sprintf("KID on features of a random net, with a standard error: %d samples and %d pictures that G has not seen and that choose no state. Lower is better, and perfect samples are as near as the band.%s", h.judges.Len(), h.judges.Len(), beyond),
		Band: "halves of the real pictures", Low: h.Control.Value - h.Control.SE, Top: h.Control.Value + h.Control.SE,
	}, {
		Title: "How many of those pictures it could draw", Lines: []gallery.Line{recall, coverage},
		Text: "Recall falls where G draws less and less variety, also while single samples look better.",
	}}
}

// bestState says which state is the best, by what chose it, and what it is worth, by what
// did not.
func bestState(measures []training.Measure, h *Holdout) string {
	control := fmt.Sprintf("Two halves of the real pictures, as near as any samples can come: KID %s.", spelled(training.Estimate(h.Control)))
	if len(measures) == 0 {
		return "No state was measured yet. " + control
	}
	states := statesOf(measures)
	b, last := &states[bestOf(states)], &states[len(states)-1]
	if b.collapsed() {
		return "All states that were measured have collapsed."
	}
	said := fmt.Sprintf("The best state so far is that of step %d, kept in %s: KID %s, recall %.2f, coverage %.2f.", b.Step, training.BestFile, spelled(training.Estimate(b.KID)), b.Recall, b.Coverage)
	if b.Variety != nil {
		said += " Half of the pictures kept out chose it: among states whose recall and coverage are no more than chance below the highest, it is the nearest by KID. These numbers are by the other half."
	}
	if gain, within := last.KID.Value-b.KID.Value, 2*math.Hypot(last.KID.SE, b.KID.SE); b != last {
		says := fmt.Sprintf("farther by %.2f", gain)
		if gain < 0 {
			says = fmt.Sprintf("nearer by %.2f to the pictures that did not choose", -gain)
		}
		chance := "no more than chance"
		if math.Abs(gain) > within {
			chance = "more than chance"
		}
		said += fmt.Sprintf(" The last measured, of step %d, is %s, which is %s (two standard errors: %.2f).", last.Step, says, chance, within)
		if last.lacks(b.Variety) {
			said += fmt.Sprintf(" It draws less variety: its recall is %.2f, its coverage %.2f.", last.Recall, last.Coverage)
		}
		// The half that judges may see what the other did not.
		if last.Recall-b.Recall > lessRecall {
			said += fmt.Sprintf(" But the best could draw fewer of the pictures: its recall is %.2f, that of the last %.2f. Look at the samples of both.", b.Recall, last.Recall)
		}
	}
	return said + " " + control
}

func spelled(e training.Estimate) string { return plusMinus(e.Value, e.SE) }

// heldTable lists measures, the latest first.
func heldTable(measures []training.Measure) *gallery.Table {
	if len(measures) == 0 {
		return nil
	}
	t := &gallery.Table{Caption: "What was measured, the latest first", Columns: []gallery.Column{
		{Name: "Step"}, {Name: "KID", Hint: "from pictures that did not choose"}, {Name: "KID", Hint: "from those that choose"}, {Name: "Recall"}, {Name: "Coverage"}, {Name: "Apart", Hint: "of samples, by a move of a pixel"}, {Name: "Best"},
	}}
	for _, m := range slices.Backward(measures[max(0, len(measures)-tableRows):]) {
		apart, best := "-", ""
		if m.Apart != nil {
			apart = fmt.Sprintf("%.1f", *m.Apart)
		}
		if m.Best {
			best = "up to then"
		}
		row := []gallery.Cell{{Text: fmt.Sprint(m.Step)}}
		for _, text := range []string{spelled(m.Judged), spelled(m.Chosen), fmt.Sprintf("%.2f", m.Recall), fmt.Sprintf("%.2f", m.Coverage), apart, best} {
			row = append(row, gallery.Cell{Text: text})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// watchCommands are what to do next.
func watchCommands(folder string, r *training.Report) (all []gallery.Command) {
	add := func(what string, words ...string) {
		all = append(all, gallery.Command{What: what, Line: shell.Join(append([]string{"dcganviz"}, words...)...)})
	}
	run := shell.File(folder)
	switch r.Status {
	case training.Running:
		add("Go on after Ctrl-C, a crash or a power cut", "train", "--out", run, "--resume")
	case training.Stopped:
		add("Go on", "train", "--out", run, "--resume")
	case training.Finished:
		add("Train on", "train", "--out", run, "--resume", "--steps", fmt.Sprint(2*r.Plan.Steps))
	}
	if len(r.Measures) > 0 {
		add("Draw samples of the best state", "sample", shell.File(filepath.Join(folder, training.BestFile)))
	}
	add("Draw samples of the last save", "sample", run)
	add("Look for what is wrong", "doctor", run)
	return all
}
