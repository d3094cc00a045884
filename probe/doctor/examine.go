package doctor

import (
	"cmp"
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/probe"
)

// Options say how a model is examined. The zero value is the default.
type Options struct {
	// Settings: the seed decides the latents, and what is noise or in random order.
	probe.Settings
	// Samples is how many latents G is run on; 0 means 128, fewer of large
	// nets. Below 16 figures scatter.
	Samples int
	// Real are real pictures of the sort that the model was trained on, [M, size,
	// size, channels] in [-1, 1], to hold samples against; a nil Shape means none.
	Real model.Tensor
	// Exhibits is how many images each exhibit has, at most MostExhibits; 0
	// means 10.
	Exhibits int
	// OneRun says that G and D are of one training run, as its folder tells. That D's
	// statistics are of other images then means that it tells real ones from G's.
	OneRun bool
}

// MostExhibits is how many images each exhibit can have, however large the model is.
const MostExhibits = leastSamples

const (
	// defaultExhibits is a row that fits on a screen.
	defaultExhibits = 10
	// mostSamples is enough for every figure to repeat to a few hundredths with
	// other latents.
	mostSamples = 128
	// leastSamples is how many images the statistics need, even if they are slow.
	leastSamples = 16
	// mostActivations bounds the memory that one run of G's layers is kept in,
	// as float32.
	mostActivations = 1 << 25
)

// A patient is a model under examination, and what several checks look at.
type patient struct {
	*checkpoint.Checkpoint
	pool *model.Pool
	seed uint64
	one  bool         // OneRun
	real model.Tensor // pictures; nil Data: no pictures were given

	z      model.Tensor // latents of the model's law
	images model.Tensor // drawn from z as the model is meant to be run
	units  []units      // of each ReLU layer of G, in that run
	loaded []spread     // of G's layers on z, see spreadsIn
	// stored are the running statistics of G's layers; nil where there is no
	// batch norm, or nobody gathered any.
	stored []*spread

	// turnedG is G with its kernels turned around; turned and turnedImages are its
	// spreads and images. otherwise is G's images with the batch norm statistics that
	// are not meant to be used. The checks that need them make them.
	turnedG                 *model.G
	turned                  []spread
	turnedImages, otherwise model.Tensor
}

// checks are all that is looked for, in the order of a report. The first ones
// find what would make the others pointless.
var checks = []struct {
	name string
	// needs says what a check needs besides the checkpoint.
	needs need
	run   func(context.Context, *patient, *Finding) error
}{
	{"file", nothing, checkFile},
	{"finite", nothing, checkFinite},
	{"layers", foreign, checkLayers},
	{"kernels", finiteG, checkKernels},
	{"latents", finiteG, checkLatents},
	{"batchnorm", finiteG, checkBatchNorm},
	{"range", finiteG, checkRange},
	{"units", finiteG, checkUnits},
	{"samples", finiteG, checkSamples},
	{"pair", finiteG, checkPair},
	{"spectrum", finiteG, checkSpectrum},
}

type need uint8

const (
	nothing need = iota
	// finiteG is a G whose weights, activations and images are all numbers.
	finiteG
	// foreign is a net of another program; without it a check is left out.
	foreign
)

// Examine runs every check on a checkpoint, which is not changed. It needs G, D
// or both; what cannot be checked is NotApplicable. Running the
// nets may fail, and ctx may end it. Of run the Pool counts: batch norm uses the
// statistics that the checkpoint says.
func Examine(ctx context.Context, c *checkpoint.Checkpoint, run model.RunOptions, opt Options) (*Report, error) {
	if c.G == nil && c.D == nil {
		return nil, fmt.Errorf("doctor: neither G nor D to examine")
	}
	if opt.Samples < 0 || opt.Exhibits < 0 || opt.Exhibits > MostExhibits {
		return nil, fmt.Errorf("doctor: %d samples and %d exhibits, want 0 or more, and 0 to %d", opt.Samples, opt.Exhibits, MostExhibits)
	}
	if c.G != nil && c.D != nil {
		pair := *c
		pair.D = c.D.Like(c.G)
		c = &pair
	}
	p := &patient{Checkpoint: c, pool: run.Pool, seed: opt.Seed, one: opt.OneRun, real: opt.Real}
	if err := p.draw(opt.Samples); err != nil {
		return nil, err
	}
	r := &Report{}
	sick := false
	for i, k := range checks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if k.needs == foreign && !c.Told.Foreign {
			continue
		}
		opt.Say(k.name, i, len(checks))
		f := Finding{Check: k.name}
		switch {
		case k.needs == finiteG && c.G == nil:
			f.conclude(NotApplicable, "", "there is no G")
		case k.needs == finiteG && sick:
			f.conclude(NotApplicable, "", "numbers are not finite: see that finding first")
		default:
			if err := k.run(ctx, p, &f); err != nil {
				return nil, fmt.Errorf("doctor: %s: %w", k.name, err)
			}
		}
		sick = sick || k.name == "finite" && f.Verdict == Wrong
		r.Findings = append(r.Findings, f)
		r.Verdict = max(r.Verdict, f.Verdict)
	}
	var err error
	r.Exhibits, err = p.exhibits(cmp.Or(opt.Exhibits, defaultExhibits))
	return r, err
}

// draw runs G as the model is meant to be run, and once for the spreads: what
// most checks look at. n is how many latents; 0 leaves it to samples.
func (p *patient) draw(n int) error {
	if p.G == nil {
		return nil
	}
	layers := p.G.Layers()
	n = cmp.Or(n, samples(layers))
	p.z = p.G.Latents(p.seed, 0, n)
	points := []model.Point{{Layer: layers[len(layers)-1].Name}}
	for _, l := range layers {
		if l.Activation == "relu" {
			points = append(points, model.Point{Layer: l.Name})
		}
	}
	acts, err := p.G.Activations(p.z, points, p.running())
	if err != nil {
		return err
	}
	p.images = acts[0]
	for i, a := range acts[1:] {
		p.units = append(p.units, units{points[i+1].Layer, dead(a), a.Shape[3]})
	}
	p.loaded, err = spreadsIn(p.G, p.z, p.pool)
	p.stored = storedSpreads(p.G.State(), p.G.Specs(), p.G.HasRunningStats())
	return err
}

// samples returns how many latents G is run on.
func samples(layers []model.LayerInfo) int {
	each := 0
	for _, l := range layers {
		each += l.Height * l.Width * l.Channels
	}
	return max(leastSamples, min(mostSamples, mostActivations/max(each, 1)))
}

// running returns how the model's nets are meant to be run.
func (p *patient) running() model.RunOptions {
	return model.RunOptions{Pool: p.pool, BatchStats: p.Meta.BN == checkpoint.BatchStats}
}
