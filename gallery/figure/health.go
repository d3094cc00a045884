package figure

import (
	"fmt"

	"dcganviz/model"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
	"dcganviz/probe/doctor"
)

const (
	// healthTiles is how many samples are enough to see that G has collapsed.
	healthTiles = 64
	// hardlyTrained is for how many steps G's samples may be alike: all nets begin so.
	hardlyTrained = 300
	// collapsedCause is training.Warning.Cause of a G that has collapsed.
	collapsedCause = "collapsed"
)

// TrainingHealth says what is wrong with a run, as Doctor does: that D has won, or that
// G has collapsed.
func TrainingHealth(t *train.Trainer, losses []train.Stats, pool *model.Pool) (all []training.Warning, err error) {
	if c := doctor.Follow(losses); c.Won > 0 {
		all = append(all, training.Warning{Cause: "won", Text: fmt.Sprintf("D has won since step %d: its loss is %.3f and G's %.3g, and G learns nothing more; %s",
			c.Won, c.LossD, c.LossG, doctor.WonAdvice)})
	}
	if t.Steps() < hardlyTrained {
		return all, nil
	}
	z := t.Generator().Latents(t.Options().Seed, 0, healthTiles)
	var x model.Tensor
	for i := 0; i < healthTiles; i += drawnAtOnce {
		some, err := t.Generator().Generate(z.Slice(i, i+drawnAtOnce), model.RunOptions{Pool: pool})
		if err != nil {
			return nil, err
		}
		if x.Data == nil {
			x = model.NewTensor(append([]int{healthTiles}, some.Shape[1:]...)...)
		}
		copy(x.Slice(i, i+drawnAtOnce).Data, some.Data)
	}
	if apart := doctor.Apart(x); doctor.Collapsed(apart) {
		all = append(all, training.Warning{Cause: collapsedCause, Text: fmt.Sprintf("G has collapsed: two samples differ %.2f times as much as a sample and itself moved by a pixel; "+
			"take a state from before, or train anew with another balance of G and D", apart)})
	}
	return all, nil
}
