package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"dcganviz/model"
	"dcganviz/model/train"
)

// A plan is what a training run is to do. Its exported fields are kept in the
// run's folder; the nets and the recipe are in its state file.
type plan struct {
	Data        string `json:"data"` // as it was given
	List        string `json:"list,omitempty"`
	Strict      bool   `json:"strict,omitempty"`
	About       string `json:"about"`
	Steps       int    `json:"steps"`
	SampleEvery int    `json:"sample_every"`
	SaveEvery   int    `json:"save_every"`
	KeepEpochs  []int  `json:"keep_epochs,omitempty"`

	folder string
	resume bool
	epochs int // to be turned into Steps; 0 if Steps holds
	cfg    model.Config
	opt    train.Options
}

// plan works out what the flags, which checkFlags has seen, ask for.
func (c *trainCmd) plan() (*plan, error) {
	p := &plan{folder: filepath.Clean(c.Out), resume: c.Resume, Steps: 10000, SampleEvery: 500, SaveEvery: 500}
	if c.Resume {
		if err := p.read(); err != nil {
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

// checkFlags refuses values that would be taken for defaults, or that nothing
// else looks at.
func (c *trainCmd) checkFlags() error {
	if c.Resume && c.Force {
		return usageError("--resume and --force exclude each other: one goes on with the run in %s, one replaces it", c.Out)
	}
	for _, f := range []struct {
		flag string
		v    *int
		low  int
	}{
		{"steps", c.Steps, 1}, {"epochs", c.Epochs, 1}, {"batch", c.Batch, 2},
		{"sample-every", c.SampleEvery, 0}, {"save-every", c.SaveEvery, 0},
	} {
		if f.v != nil && *f.v < f.low {
			return usageError("--%s is %d, want at least %d", f.flag, *f.v, f.low)
		}
	}
	if c.Steps != nil && *c.Steps > train.MaxSteps {
		return usageError("--steps is %d, want at most %d", *c.Steps, int64(train.MaxSteps))
	}
	if v := c.LR; v != nil && !(*v > 0 && *v < 1) {
		return usageError("--lr is %g, want above 0 and below 1", *v)
	}
	if v := c.Beta1; v != nil && !(*v >= 0 && *v < 1) {
		return usageError("--beta1 is %g, want at least 0 and below 1", *v)
	}
	if c.KeepEpochs != nil {
		for _, n := range *c.KeepEpochs {
			if n < 1 {
				return usageError("--keep-epochs names epoch %d, want 1 or later", n)
			}
		}
	}
	if c.MaxTime != nil && *c.MaxTime <= 0 {
		return usageError("--max-time is %v, want a time above 0 such as 90m", *c.MaxTime)
	}
	return checkThreads(c.Threads)
}

// stepsOf returns how many steps the trainer makes in all until the pictures
// were seen so many times.
func stepsOf(epochs int, t *train.Trainer) (int, error) {
	images, batch := t.Data().Images, t.Options().Batch
	if most := train.MaxSteps * batch / images; epochs > most {
		return 0, fmt.Errorf("%d times through %d pictures, want at most %d", epochs, images, most)
	}
	return (epochs*images + batch - 1) / batch, nil
}

// checkKept refuses epochs to be kept that this run will not come to.
func (p *plan) checkKept(t *train.Trainer) error {
	for _, epoch := range p.KeepEpochs {
		end, err := stepsOf(epoch, t)
		if err != nil {
			return usageError("--keep-epochs: %w", err)
		}
		if end > p.Steps {
			return usageError("--keep-epochs names epoch %d, which ends at step %d, but there are %d steps", epoch, end, p.Steps)
		}
		_, err = os.Stat(filepath.Join(p.folder, fmt.Sprintf(epochName, epoch)))
		if end <= t.Steps() && err != nil && p.resume {
			return usageError("--keep-epochs names epoch %d, which ended at step %d and was not kept: the run is at step %d", epoch, end, t.Steps())
		}
	}
	return nil
}

// inside reports whether path is folder or lies in it, wherever links lead.
func inside(path, folder string) bool {
	info, err := os.Stat(folder)
	if err != nil || !info.IsDir() {
		return false
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if path, err = filepath.Abs(path); err != nil {
		return false
	}
	for ; ; path = filepath.Dir(path) {
		// Comparing files sees through links to folder, and through case.
		if here, err := os.Stat(path); err == nil && os.SameFile(here, info) {
			return true
		}
		if path == filepath.Dir(path) {
			return false
		}
	}
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
	if c.Data != "" {
		p.Data = c.Data
	}
	if c.List != "" {
		p.List = c.List
	}
	if c.About != "" {
		p.About = c.About
	}
	if c.Strict != nil {
		p.Strict = *c.Strict
	}
	for _, f := range []struct{ from, to *int }{{c.Steps, &p.Steps}, {c.SampleEvery, &p.SampleEvery}, {c.SaveEvery, &p.SaveEvery}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if c.Epochs != nil {
		p.epochs = *c.Epochs
	}
	if c.KeepEpochs != nil {
		p.KeepEpochs = slices.Clone(*c.KeepEpochs)
	}
	// The flags after a preset or --width refine it.
	preset, err := c.preset()
	if err != nil {
		return err
	}
	if c.Beta1 != nil && !p.resume {
		p.opt.NoMomentum = *c.Beta1 == 0
	}
	return errors.Join(
		parsed(p, "arch", c.Arch, model.ParseArch, &p.cfg.Arch),
		given(p, "size", c.Size, &p.cfg.Size),
		given(p, "channels", c.Channels, &p.cfg.Channels),
		given(p, "nz", c.NZ, &p.cfg.LatentDim),
		given(p, "gwidth", first(c.GWidth, c.Width), &p.cfg.GWidth),
		given(p, "dwidth", first(c.DWidth, c.Width), &p.cfg.DWidth),
		parsed(p, "law", c.Law, model.ParseLaw, &p.cfg.Law),
		given(p, "seed", c.Seed, &p.opt.Seed),
		given(p, "batch", c.Batch, &p.opt.Batch),
		given(p, "lr", c.LR, &p.opt.Rate),
		given(p, "beta1", c.Beta1, &p.opt.Beta1),
		given(p, "weight-decay", c.WeightDecay, &p.opt.WeightDecay),
		given(p, "flip", c.Flip, &p.opt.Flips),
		given(p, "smooth", first(c.Smooth, preset.smooth), &p.opt.LabelSmoothing),
		given(p, "ema", first(c.EMA, preset.ema), &p.opt.EMA),
		parsed(p, "augment", first(c.Augment, preset.augment), train.ParseAugment, &p.opt.Augment),
	)
}

// A preset is flags that one name stands for.
type preset struct {
	smooth, ema *float64
	augment     *string
}

func (c *trainCmd) preset() (preset, error) {
	if c.Preset == nil {
		return preset{}, nil
	}
	var o train.Options
	switch *c.Preset {
	case "paper":
	case "small-data":
		o = train.SmallData()
	default:
		return preset{}, usageError("--preset is %q, want paper or small-data", *c.Preset)
	}
	augment := o.Augment.String()
	return preset{&o.LabelSmoothing, &o.EMA, &augment}, nil
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
func (p *plan) read() error {
	run, err := train.ReadRun(p.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return noRun(p.folder, err)
	} else if err != nil {
		return err
	}
	p.cfg, p.opt = run.Config, run.Options
	path := filepath.Join(p.folder, planFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // all of it can be given again
	} else if err != nil {
		return err
	}
	if err := json.Unmarshal(text, p); err != nil {
		return &coded{fmt.Errorf("%s: %w: remove the file and give --data and --steps again", path, err), exitRefused}
	}
	return nil
}

// write keeps the plan in the folder.
func (p *plan) write() error {
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(p.folder, planFile), append(text, '\n'))
}
