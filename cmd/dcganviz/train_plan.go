package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"dcganviz/gallery/figure"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/dataset"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// A plan is what the flags say, and the folder if a run goes on.
type plan struct {
	training.Plan
	folder string
	resume bool
	before string // class of the kernels that the run was made by so far, empty if unknown
	epochs int    // to be turned into Steps; 0 if Steps holds
	cfg    model.Config
	opt    train.Options
}

// plan works out what the flags, which checkFlags has seen, ask for. began is the
// folder of a run that is to go on.
func (c *trainCmd) plan(began *training.Folder) (*plan, error) {
	p := &plan{folder: filepath.Clean(c.Out), resume: c.Resume, Plan: training.Plan{Steps: 10000, SampleEvery: 500, SaveEvery: 500}}
	if c.Resume {
		if err := p.read(began); err != nil {
			return nil, err
		}
	} else if err := c.defaults(p); err != nil {
		return nil, err
	}
	if err := c.override(p); err != nil {
		return nil, err
	}
	if p.Data == "" {
		return nil, usageError("no pictures: give --data PHOTOS (see dcganviz train --help)")
	}
	if inside(p.folder, p.Data) {
		return nil, usageError("--out %s lies in --data %s: the sheets of the run would become its pictures; give another --out", p.folder, p.Data)
	}
	if err := p.cfg.Validate(); err != nil {
		return nil, usageError("%w", err)
	}
	p.opt.Dataset = p.About
	return p, nil
}

// defaults fills in the plan of a new run.
func (c *trainCmd) defaults(p *plan) error {
	p.cfg = model.Config{Arch: model.PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64, Law: model.Normal}
	p.opt = train.Options{Seed: 1}
	if c.Arch != nil {
		arch, err := model.ParseArch(*c.Arch)
		if err != nil {
			return usageError("--arch: %w", err)
		}
		if arch == model.Paper {
			p.cfg.Arch, p.cfg.GWidth, p.cfg.DWidth, p.cfg.Law = arch, 128, 128, model.Uniform
		}
	}
	p.About = filepath.Base(filepath.Clean(c.Data))
	if c.List != "" {
		p.About += " (" + filepath.Base(c.List) + ")"
	}
	return nil
}

// override puts the flags that were given into the plan.
func (c *trainCmd) override(p *plan) error {
	p.Data, p.List, p.About = cmp.Or(c.Data, p.Data), cmp.Or(c.List, p.List), cmp.Or(c.About, p.About)
	// The flags after a preset or --width refine it.
	preset, err := c.preset()
	if err != nil {
		return err
	}
	p.Strict, p.epochs = *first(c.Strict, &p.Strict), *first(c.Epochs, &p.epochs)
	p.Steps, p.KeepEpochs = *first(c.Steps, preset.steps, &p.Steps), *first(c.KeepEpochs, &p.KeepEpochs)
	p.SampleEvery, p.SaveEvery = *first(c.SampleEvery, preset.every, &p.SampleEvery), *first(c.SaveEvery, preset.every, &p.SaveEvery)
	if c.Beta1 != nil && !p.resume {
		p.opt.NoMomentum = *c.Beta1 == 0
	}
	h, w, _ := p.cfg.Dims()
	size, noise := figure.Pixels{Height: h, Width: w}, p.cfg.NoiseDim()
	err = errors.Join(
		parsed(p, "arch", c.Arch, model.ParseArch, &p.cfg.Arch),
		given(p, "holdout", c.Holdout, &p.Holdout),
		parsed(p, "size", first(c.Size, preset.size), figure.ParsePixels, &size),
		given(p, "channels", c.Channels, &p.cfg.Channels),
		given(p, "nz", c.NZ, &noise),
		given(p, "hidden", c.Hidden, &p.cfg.Hidden),
		given(p, "gwidth", first(c.GWidth, c.Width, preset.width), &p.cfg.GWidth),
		given(p, "dwidth", first(c.DWidth, c.Width, preset.width), &p.cfg.DWidth),
		parsed(p, "law", c.Law, model.ParseLaw, &p.cfg.Law),
		given(p, "seed", c.Seed, &p.opt.Seed),
		given(p, "batch", first(c.Batch, preset.batch), &p.opt.Batch),
		given(p, "lr", c.LR, &p.opt.Rate),
		given(p, "beta1", c.Beta1, &p.opt.Beta1),
		given(p, "weight-decay", c.WeightDecay, &p.opt.WeightDecay),
		given(p, "flip", c.Flip, &p.opt.Flips),
		given(p, "smooth", first(c.Smooth, preset.smooth), &p.opt.LabelSmoothing),
		given(p, "ema", first(c.EMA, preset.ema), &p.opt.EMA),
		parsed(p, "augment", first(c.Augment, preset.augment), train.ParseAugment, &p.opt.Augment),
		given(p, "augment-chance", c.Chance, &p.opt.AugmentChance),
		given(p, "augment-target", c.Target, &p.opt.AugmentTarget),
		given(p, "brightness", c.Brightness, &p.opt.Brightness),
		given(p, "border", c.Border, &p.opt.Border),
		c.fall(p),
	)
	p.cfg.LatentDim += noise - p.cfg.NoiseDim()
	p.cfg = p.cfg.Sized(size.Height, size.Width)
	return err
}

// classes makes the nets of a new run conditional if that is asked for, and names the
// classes.
func (c *trainCmd) classes(p *plan, set *dataset.Set) error {
	told := p.cfg.DCondition.Classes > 0
	if err := given(p, "conditional", c.Conditional, &told); err != nil || !told {
		return err
	}
	names := set.Classes()
	if len(names) < 2 {
		return usageError("--conditional: %s has no classes: want a folder in it for each, or an IDX file or CIFAR batches with labels", p.Data)
	}
	for i := range set.Len() {
		if set.Label(i) < 0 {
			return usageError("--conditional: %s: %.200q is of no class", p.Data, set.Name(i))
		}
	}
	if !p.resume {
		p.cfg = p.cfg.Conditional(len(names))
		if err := p.cfg.Validate(); err != nil {
			return usageError("--conditional: %w", err)
		}
	}
	for i, name := range names {
		names[i] = strings.ReplaceAll(name, ",", ";")
	}
	p.opt.ClassNames = strings.Join(names, ",")
	return nil
}

// fall puts the last steps, in which the learning rate falls, into the plan. Whether a
// run that resumes may still be given them, train.Resume knows.
func (c *trainCmd) fall(p *plan) error {
	switch {
	case c.Fall == nil && p.opt.FallTo > 0 && p.Steps > p.opt.FallTo:
		return usageError("--steps is %d, but the learning rate of the run in %s falls to 0 after step %d", p.Steps, p.folder, p.opt.FallTo)
	case c.Fall == nil:
	case p.epochs > 0:
		return usageError("--fall goes with --steps, not with --epochs")
	case *c.Fall > p.Steps:
		return usageError("--fall is %d, but there are %d steps", *c.Fall, p.Steps)
	default:
		p.opt.FallFrom, p.opt.FallTo = p.Steps-*c.Fall, p.Steps
	}
	return nil
}

// A preset is flags that one name stands for.
type preset struct {
	smooth, ema *float64
	augment     *string
	// Of quick alone.
	size                       *string
	width, batch, steps, every *int
}

const presetPaper, presetSmallData, presetQuick = "paper", "small-data", "quick"

var presets = []string{presetPaper, presetSmallData, presetQuick}

func (c *trainCmd) preset() (preset, error) {
	if c.Preset == nil {
		return preset{}, nil
	}
	var o train.Options
	var p preset
	switch *c.Preset {
	case presetPaper:
	case presetSmallData:
		o = train.SmallData()
	case presetQuick:
		o = train.SmallData()
		p = preset{size: new("32"), width: new(32), batch: new(64), steps: new(12000), every: new(200)}
		if c.Resume {
			p.steps, p.every = nil, nil // the run's own
		}
	default:
		return preset{}, usageError("--preset is %q, want %s", *c.Preset, strings.Join(presets, ", "))
	}
	augment := o.Augment.String()
	p.smooth, p.ema, p.augment = &o.LabelSmoothing, &o.EMA, &augment
	return p, nil
}

// first returns the first pointer that is not nil.
func first[T any](pointers ...*T) *T {
	for _, p := range pointers {
		if p != nil {
			return p
		}
	}
	return nil
}

// given sets one value of the nets or the recipe by its flag. A resumed run
// keeps what it began with.
func given[T comparable](p *plan, flag string, v *T, to *T) error {
	if v == nil || *v == *to {
		return nil
	}
	if p.resume {
		return usageError("--%s is %v, but the run in %s began with %v: leave the flag out, or begin a run in another --out", flag, *v, p.folder, *to)
	}
	*to = *v
	return nil
}

// parsed is given for a flag whose text stands for a value.
func parsed[T comparable](p *plan, flag string, text *string, parse func(string) (T, error), to *T) error {
	if text == nil {
		return nil
	}
	v, err := parse(*text)
	if err != nil {
		return usageError("--%s: %w", flag, err)
	}
	return given(p, flag, &v, to)
}

// read takes the plan from the folder of a run.
func (p *plan) read(began *training.Folder) error {
	r, err := train.ReadRun(p.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return noRun(p.folder, err)
	} else if err != nil {
		return err
	}
	p.cfg, p.opt, p.before = r.Config, r.Options, r.Kernels
	if err = began.ReadPlan(&p.Plan); errors.Is(err, checkpoint.ErrRefused) {
		return fmt.Errorf("%w: remove the file and give --data and --steps again", err)
	}
	return err
}
