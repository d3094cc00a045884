package train

import (
	"fmt"
	"math"
	"strings"
)

// A Diverged error means that a loss or a gradient stopped being a number that
// training can go on from. That net was not updated, so that no weight is lost,
// but the step was made in part: the Trainer neither goes on nor saves, and the
// run's folder keeps its last checkpoint.
type Diverged struct {
	// Step is the step that failed, 1 for the first.
	Step int
	// Net is "D" or "G", and What what went wrong in it, as in "loss on real
	// pictures".
	Net, What string
	// Value is what What came to: NaN, infinite or 1e18 and more.
	Value float64
	// Picture is the data set's index of the first picture of the batch that
	// holds a NaN or an infinity, -1 if all are clean.
	Picture int
	// Last are the figures of up to eight steps before, oldest first.
	Last []Stats

	rate float64
}

// keep is how many steps' figures a Diverged can show.
const keep = 8

// runaway is from where on a value counts as lost: a gradient of 1e19 squares
// to more than a float32 holds, and would poison Adam's second moment for ever.
const runaway = 1e18

// Error is one line: what, where, the losses before, and Advice.
func (e *Diverged) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "train: step %d: %s's %s is %.4g", e.Step, e.Net, e.What, e.Value)
	if n := len(e.Last); n > 0 {
		s := e.Last[n-1]
		fmt.Fprintf(&b, " (step %d: loss D %.3g, G %.3g, gradient D %.3g, G %.3g)",
			s.Step, s.LossD, s.LossG, s.GradNormD, s.GradNormG)
	}
	fmt.Fprintf(&b, ": %s", e.Advice())
	return b.String()
}

// Advice is what to do about it, in one clause.
func (e *Diverged) Advice() string {
	if e.Picture >= 0 {
		return fmt.Sprintf("picture %d of the data holds a NaN or an infinity, leave it out", e.Picture)
	}
	if n := len(e.Last); n > 0 && e.Last[n-1].LossD < wonLoss {
		return "D had won and left G no gradient to follow: train on more pictures, or with the small-data preset"
	}
	return fmt.Sprintf("train again with a lower learning rate than %g, or another seed", e.rate)
}

// wonLoss is the loss below which D is all but certain of every picture.
const wonLoss = 0.02

// watched is one figure of a step.
type watched struct {
	what  string
	value float64
}

// check returns a Diverged for the first figure that is lost, or nil.
func (t *Trainer) check(net string, real []float32, rate float64, figures ...watched) error {
	for _, f := range figures {
		if math.Abs(f.value) < runaway {
			continue
		}
		return &Diverged{
			Step: t.step + 1, Net: net, What: f.what, Value: f.value, rate: rate,
			Picture: t.firstBad(real), Last: append([]Stats(nil), t.last...),
		}
	}
	return nil
}

// firstBad returns the index in the data of the first picture of this step's
// batch that is not finite, or -1.
func (t *Trainer) firstBad(real []float32) int {
	for i, v := range real {
		if v-v != 0 { // NaN and infinities
			indices := make([]int, t.opt.Batch)
			newOrder(t.opt.Seed, t.data.Images).Batch(indices, t.step)
			return indices[i/t.shape.floats()]
		}
	}
	return -1
}
