package filters

import (
	"cmp"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
)

// MaxUnits is how many units one study takes.
const MaxUnits = 64

// Options say what Look looks at. The zero value is the paper's figure.
type Options struct {
	// Settings: the seed decides the untrained nets and the intervals.
	probe.Settings
	// Layer of D; "" is the last convolution before the logit.
	Layer string
	// Units of it, without repetition, at most MaxUnits; none means the first 6.
	Units []int
	// Top is how many images are taken of each unit: those where its largest
	// response is largest. 0 means 5.
	Top int
	// Rule and Leak say how a response is taken back to the image.
	Rule Rule
	Leak Leak
	// Draws is how many untrained nets there are: controls themselves, and they lend
	// their layers to D, one net a draw. Each draw also swaps units. 0 means 3; at least
	// 2.
	Draws int
}

// A subject is D with the layer and the units in question.
type subject struct {
	d      *model.D
	layer  int
	point  model.Point
	info   model.LayerInfo
	units  []int
	run    model.RunOptions // of d
	opt    Options
	fields fields
}

func newSubject(d *model.D, run model.RunOptions, opt Options) (*subject, error) {
	if run.BatchStats {
		return nil, probe.Input("filters: batch statistics let images see each other, so that no map is one image's: estimate running ones first")
	}
	if len(run.Edits) > 0 {
		return nil, probe.Input("filters: edits of activations have no gradient")
	}
	opt.Top = cmp.Or(opt.Top, 5)
	opt.Draws = cmp.Or(opt.Draws, 3)
	if opt.Top < 0 || opt.Draws < 2 {
		return nil, probe.Input("filters: %d images a unit and %d draws, want at least 1 and 2", opt.Top, opt.Draws)
	}
	if int(opt.Rule) >= len(ruleNames) || int(opt.Leak) >= len(leakNames) {
		return nil, probe.Input("filters: unknown %v or %v", opt.Rule, opt.Leak)
	}
	s := &subject{d: d, run: run, opt: opt, fields: fieldsOf(d)}
	var err error
	if s.layer, err = s.fields.layer(opt.Layer); err != nil {
		return nil, err
	}
	s.info = s.fields.infos[s.layer]
	s.point = model.Point{Layer: s.info.Name}
	s.units, err = unitsOf(s.info, opt.Units)
	return s, err
}

// layer returns the number of the layer of that name.
func (f fields) layer(name string) (int, error) {
	if name == "" {
		for i := len(f.specs) - 2; i >= 0; i-- {
			if f.specs[i].Kind == model.Conv2D {
				return i, nil
			}
		}
		return 0, probe.Input("filters: D has no convolution before its logit")
	}
	var names []string
	for i, l := range f.infos {
		if l.Name == name {
			return i, nil
		}
		names = append(names, l.Name)
	}
	return 0, probe.Input("filters: no layer %.40q in D, want one of %q", name, names)
}

func unitsOf(l model.LayerInfo, units []int) ([]int, error) {
	if len(units) == 0 {
		return probe.Numbers(0, min(6, l.Channels)), nil
	}
	if len(units) > MaxUnits {
		return nil, probe.Input("filters: %d units, want at most %d", len(units), MaxUnits)
	}
	return slices.Clone(units), probe.CheckUnits(l, units)
}
