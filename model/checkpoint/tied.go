package checkpoint

import (
	"fmt"
	"slices"
	"strings"

	"dcganviz/model"
)

const (
	// comparedOn is on how many latents G is drawn with either activation.
	comparedOn = 8
	// visible is a difference of pixels in [-1, 1] that can be seen: a level of 255.
	visible = 2.0 / 255
)

// tied says what difference activations make that the statistics do not tell apart, if it
// can be seen.
func (o *openState) tied(c *Checkpoint) error {
	if o.g == nil || o.g.tied == nil || o.opt.ByFamily {
		return nil
	}
	cfg := c.G.Config()
	cfg.Arch, cfg.GWidth, cfg.DWidth, cfg.DStack, cfg.DCondition = model.Custom, 0, 0, model.Stack{}, model.Condition{}
	var err error
	if cfg.GStack, err = model.NewStack(o.g.tied...); err != nil {
		return err
	}
	other, err := load(o.g, "G", cfg, model.NewGFrom)
	if err != nil {
		return err
	}
	const seed = 1
	z, run := c.G.Latents(seed, 0, comparedOn), c.RunOptions(nil)
	x, err := c.G.Generate(z, run)
	if err != nil {
		return err
	}
	y, err := other.Generate(z, run)
	if err != nil {
		return err
	}
	most := float32(0)
	for i, v := range x.Data {
		most = max(most, v-y.Data[i], y.Data[i]-v)
	}
	if !(most > visible) {
		return nil
	}
	var slopes []string // as the option has them
	for _, s := range o.g.tied[:len(o.g.tied)-1] {
		slope := map[model.Activation]float64{model.LeakyReLU: s.Slope, model.NoActivation: 1}[s.Activation]
		slopes = append(slopes, fmt.Sprint(slope))
	}
	if one := slices.Compact(slices.Clone(slopes)); len(one) == 1 {
		slopes = one
	}
	o.told.Readings = append(o.told.Readings, Reading{
		Text: fmt.Sprintf("G: the statistics do not tell ReLU from a leaky one of slope 0.01: ReLU is taken; with slopes of %s, pixels would differ by up to %.0f levels of 255",
			strings.Join(slopes, ","), most*255/2),
		Options: []string{"G.Slope"}, Likely: true,
	})
	return nil
}
