package doctor

import (
	"fmt"

	"dcganviz/model/train"
)

const (
	// courseSteps is over how many steps losses are judged: single steps scatter.
	courseSteps = 100
	// lostLoss is a loss of G that no training under way keeps: D scores half of what G
	// draws below e^-10, 0.00005. knownLoss is D's loss on drawn images then, below which it
	// learns nothing from them.
	lostLoss, knownLoss = 10, 0.01
	// nothingLoss is a loss of D with which it tells all pictures with certainty, real and
	// drawn, whatever G's loss above aheadLoss is. Above that, and with a loss of D on drawn
	// images below aheadKnown, D is far ahead, and training may recover.
	nothingLoss           = 0.002
	aheadLoss, aheadKnown = 5, 0.05
)

// A Course is how a training run went, by the losses of its steps.
type Course struct {
	// Steps is the last step.
	Steps int
	// Won is the first step of those, up to the last, through which D had won: it tells
	// every drawn image with certainty, and its gradient says nothing but that. 0: it has
	// not.
	Won int
	// Ahead says that D is far ahead in the last steps, and has not won.
	Ahead bool
	// LossD and LossG are medians over the last steps, at most 100.
	LossD, LossG float64
	// Short says that there are too few steps to judge.
	Short bool
}

// Follow judges the losses of a run, in the order of its steps, all or evenly chosen ones.
// D has won at the end of a run if through 100 rows or more G's median loss is above 10 and
// D's on drawn images below 0.01, or G's is above 5 and D's in all below 0.002.
func Follow(losses []train.Stats) Course {
	var c Course
	if len(losses) == 0 {
		return Course{Short: true}
	}
	last := losses[max(0, len(losses)-courseSteps):]
	c.Steps, c.Short = losses[len(losses)-1].Step, len(losses) < courseSteps
	c.LossD, c.LossG = medianOf(last, func(s *train.Stats) float64 { return s.LossD }), medianOf(last, func(s *train.Stats) float64 { return s.LossG })
	since := len(losses)
	for end := len(losses); end >= courseSteps; end -= courseSteps {
		part := losses[end-courseSteps : end]
		g := medianOf(part, func(s *train.Stats) float64 { return s.LossG })
		fake := medianOf(part, func(s *train.Stats) float64 { return s.LossDFake })
		d := medianOf(part, func(s *train.Stats) float64 { return s.LossD })
		if !lost(g, fake, d) {
			c.Ahead = end == len(losses) && g > aheadLoss && fake < aheadKnown
			break
		}
		since = end - courseSteps
	}
	if since == len(losses) {
		return c
	}
	// It began somewhere within this part, or the one before.
	for since < len(losses)-1 && !lost(losses[since].LossG, losses[since].LossDFake, losses[since].LossD) {
		since++
	}
	for since > 0 && lost(losses[since-1].LossG, losses[since-1].LossDFake, losses[since-1].LossD) {
		since--
	}
	c.Won = losses[since].Step
	return c
}

// lost reports whether D has won by G's loss and D's, on drawn images and in all.
func lost(g, fake, d float64) bool {
	return g > lostLoss && fake < knownLoss || g > aheadLoss && d < nothingLoss
}

func medianOf(rows []train.Stats, of func(*train.Stats) float64) float64 {
	x := make([]float64, len(rows))
	for i := range rows {
		x[i] = of(&rows[i])
	}
	return median(x)
}

// WonAdvice is what to do where D has won.
const WonAdvice = "take a state from before; then a smaller --lr or --dwidth, --smooth 0.1, or --preset small-data, which lets D see its pictures augmented"

// Finding says what the course comes to.
func (c Course) Finding() Finding {
	f := Finding{Check: "training"}
	f.figure(float64(c.Steps), "steps")
	f.figure(c.LossD, "median loss of D")
	f.against(lostLoss, c.LossG, "median loss of G")
	last := fmt.Sprintf("median losses of the last steps: D %.3f, G %.3g", c.LossD, c.LossG)
	switch {
	case c.Steps == 0:
		f.conclude(NotApplicable, "", "there is no table of losses")
	case c.Won > 0:
		f.against(0, float64(c.Won), "step at which D had won")
		f.conclude(Wrong, WonAdvice, "D has won since step %d of %d: it tells every drawn image, and G learns nothing more; %s", c.Won, c.Steps, last)
	case c.Short:
		f.conclude(NotApplicable, "", "%d steps are too few to judge; %s", c.Steps, last)
	case c.Ahead:
		f.conclude(Doubtful, "look whether samples still change; if not: "+WonAdvice, "D is far ahead at step %d (G's loss above %d, D's on drawn images below %.2f): %s", c.Steps, aheadLoss, aheadKnown, last)
	default:
		f.conclude(OK, "", "still learning at step %d: neither net has won; %s", c.Steps, last)
	}
	return f
}
