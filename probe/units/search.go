package units

import (
	"cmp"
	"context"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// SearchOptions say where Search looks. The zero value looks at all hidden layers.
type SearchOptions struct {
	// Settings: the seed decides the samples, the bootstrap and the shuffles.
	probe.Settings
	// Layers to search; none means all hidden ones.
	Layers []string
	// Samples to test on, the first of Seed: 0 means 100. As many others choose: those
	// from After on.
	Samples int
	// After is the number of the first sample that chooses. 0 means Samples.
	After int
	// Quantile is as in Options.
	Quantile float64
}

const searchSamples = 100

// A Search is for the unit whose area overlaps most with a concept. Some samples choose
// it, others test it.
type Search struct {
	// Layers were searched, of Units units in all.
	Layers []string `json:"layers"`
	Units  int      `json:"units"`
	// Samples chose, from number After on, and as many tested, from 0 on.
	Samples int `json:"samples"`
	After   int `json:"after"`
	// Layer and Unit say which unit overlapped most where it was chosen, by the IoU
	// Chosen. That flatters it: it is the largest of many.
	Layer  string  `json:"layer"`
	Unit   int     `json:"unit"`
	Chosen float64 `json:"iou_chosen"`
	// IoU is the same where it was tested. AtMost is what an area of its size could have:
	// one that lies in the concept as far as the concept goes.
	IoU    stats.Interval `json:"iou"`
	AtMost float64        `json:"iou_at_most"`
	// Within is the share of its area that shows the concept, and Area the share of the
	// whole image.
	Within stats.Interval `json:"within"`
	Area   float64        `json:"concept_area"`
	// Chance is the largest IoU of all units with the concept's areas of other samples,
	// over Shuffles of the samples that test: the mean and the middle 95%. P is the share
	// of them, the samples as they are counted as one, in which it is no less than IoU.
	Chance   stats.Interval `json:"chance"`
	Shuffles int            `json:"shuffles"`
	P        float64        `json:"p"`
}

// A searched unit is one of a layer.
type searched struct {
	layer, unit int
	threshold   float32
	chosen      float64 // IoU
	areas       []area  // in the samples that test
	pixels      int     // of them
}

// Find searches the layers of the subject's G for the unit whose area overlaps most with
// what its Viewer sees. The subject is not changed; ctx is heeded between batches. Without
// a Viewer, or in samples in which it sees nothing, there is none: nil.
func Find(ctx context.Context, s Subject, run model.RunOptions, opt SearchOptions) (*Search, error) {
	opt.Samples = cmp.Or(opt.Samples, searchSamples)
	opt.After = cmp.Or(opt.After, opt.Samples)
	opt.Quantile = cmp.Or(opt.Quantile, defaultQuantile)
	layers := s.G.Layers()
	hidden := layers[:len(layers)-1]
	if len(opt.Layers) > 0 {
		hidden = nil
		for _, name := range opt.Layers {
			l, err := probe.HiddenLayer(s.G, name)
			if err != nil {
				return nil, err
			}
			hidden = append(hidden, l)
		}
	}
	if opt.Samples < 2 || opt.After < opt.Samples || !(opt.Quantile > 0 && opt.Quantile < 1) {
		return nil, probe.Input("units: %d samples to test on, others from %d on and quantile %v, want 2 or more, no common ones, and between 0 and 1", opt.Samples, opt.After, opt.Quantile)
	}
	if s.Viewer == nil || len(hidden) == 0 {
		return nil, nil
	}
	find := &finder{Subject: s, run: model.RunOptions{Pool: run.Pool, BatchStats: run.BatchStats}, opt: opt, layers: hidden}
	return find.search(ctx)
}

// A finder is at work.
type finder struct {
	Subject
	run    model.RunOptions
	opt    SearchOptions
	layers []model.LayerInfo
	units  []searched
}

// look draws samples from a number on, and returns the layers' activations and where the
// concept is.
func (f *finder) look(ctx context.Context, first int) ([]model.Tensor, *conceptAreas, error) {
	h, w, channels := f.G.Config().Dims()
	n := f.opt.Samples
	x := model.NewTensor(n, h, w, channels)
	points := make([]model.Point, len(f.layers), len(f.layers)+1)
	act := make([]model.Tensor, len(f.layers))
	for i, l := range f.layers {
		points[i], act[i] = model.Point{Layer: l.Name}, model.NewTensor(n, l.Height, l.Width, l.Channels)
	}
	layers := f.G.Layers()
	points = append(points, model.Point{Layer: layers[len(layers)-1].Name})
	z := f.G.Latents(f.opt.Seed, first, n)
	step := batch
	if f.run.BatchStats {
		step = n
	}
	err := probe.InParts(ctx, n, step, func(from, to int) error {
		f.opt.Say("searching the layers", from, n)
		found, err := f.G.Activations(z.Slice(from, to), points, f.run)
		if err != nil {
			return err
		}
		for i := range act {
			copy(act[i].Slice(from, to).Data, found[i].Data)
		}
		copy(x.Slice(from, to).Data, found[len(act)].Data)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	areas, err := areasSeen(f.Viewer, x, f.run)
	return act, areas, err
}

// each calls do for every unit, on the threads of the pool.
func (f *finder) each(do func(u *searched, up *upsampler)) {
	h, w, _ := f.G.Config().Dims()
	up := make([]*upsampler, len(f.layers))
	for i, l := range f.layers {
		up[i] = newUpsampler(l.Height, l.Width, h, w)
	}
	f.run.Pool.Run(len(f.units), func(k, _ int) { do(&f.units[k], up[f.units[k].layer]) })
}

func (f *finder) search(ctx context.Context) (*Search, error) {
	for i, l := range f.layers {
		for u := range l.Channels {
			f.units = append(f.units, searched{layer: i, unit: u})
		}
	}
	act, concept, err := f.look(ctx, f.opt.After)
	if err != nil {
		return nil, err
	}
	f.each(func(u *searched, up *upsampler) {
		a := act[u.layer]
		c := a.Shape[3]
		values := make([]float32, 0, len(a.Data)/c)
		for at := u.unit; at < len(a.Data); at += c {
			values = append(values, a.Data[at])
		}
		slices.Sort(values)
		u.threshold = values[len(values)-1-int(f.opt.Quantile*float64(len(values)))]
		common, own := 0, 0
		for i := range a.Len() {
			area := up.over(a.Row(i)[u.unit:], c, u.threshold)
			common, own = common+area.common(concept.areas[i]), own+area.count()
		}
		u.chosen = overlapOf(common, own, concept.pixels)
	})
	best := slices.MaxFunc(f.units, func(a, b searched) int { return cmp.Compare(a.chosen, b.chosen) })
	if best.chosen == 0 {
		return nil, nil
	}
	if act, concept, err = f.look(ctx, 0); err != nil || concept.pixels == 0 {
		return nil, err
	}
	f.each(func(u *searched, up *upsampler) {
		a := act[u.layer]
		for i := range a.Len() {
			area := up.over(a.Row(i)[u.unit:], a.Shape[3], u.threshold)
			u.areas, u.pixels = append(u.areas, area), u.pixels+area.count()
		}
	})
	return f.test(best, concept), nil
}

// test measures the unit that was chosen, and what the best of all would be by chance.
func (f *finder) test(best searched, concept *conceptAreas) *Search {
	s := &Search{Units: len(f.units), Samples: f.opt.Samples, After: f.opt.After, Layer: f.layers[best.layer].Name, Unit: best.unit, Chosen: best.chosen, Shuffles: conceptShuffles}
	for _, l := range f.layers {
		s.Layers = append(s.Layers, l.Name)
	}
	h, w, _ := f.G.Config().Dims()
	s.Area = float64(concept.pixels) / float64(f.opt.Samples*h*w)
	unit := &f.units[slices.IndexFunc(f.units, func(u searched) bool { return u.layer == best.layer && u.unit == best.unit })]
	common, own, theirs := concept.columns(unit.areas)
	sums := draws(f.opt.Seed, f.opt.Samples).Sums(common, own, theirs)
	if iou := sums.Interval(iouOf); iou != nil {
		s.IoU = *iou
	}
	if within := sums.Interval(func(v []float64) float64 { return v[0] / v[1] }); within != nil {
		s.Within = *within
	}
	if most := max(unit.pixels, concept.pixels); most > 0 {
		s.AtMost = float64(min(unit.pixels, concept.pixels)) / float64(most)
	}
	mixed := shuffles(f.opt.Seed, f.opt.Samples, conceptShuffles)
	largest := make([]float64, len(mixed))
	f.run.Pool.Run(len(mixed), func(k, _ int) {
		for i := range f.units {
			u, both := &f.units[i], 0
			for n, a := range u.areas {
				both += a.common(concept.areas[mixed[k][n]])
			}
			largest[k] = max(largest[k], overlapOf(both, u.pixels, concept.pixels))
		}
	})
	asLarge := 1
	for _, v := range largest {
		if v >= s.IoU.Mean {
			asLarge++
		}
	}
	s.Chance = stats.Percentiles(stats.SpreadOf(largest).Mean, largest)
	s.P = float64(asLarge) / float64(1+len(mixed))
	return s
}

// overlapOf is the IoU of areas of so many pixels; 0 of none.
func overlapOf(common, a, b int) float64 {
	if a+b == 0 {
		return 0
	}
	return float64(common) / float64(a+b-common)
}
