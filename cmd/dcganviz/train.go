package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"dcganviz/internal/memory"
	"dcganviz/internal/shell"
	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// trainCmd trains a DCGAN. A flag that is nil was not given: a new run takes its default,
// and a resumed run the value that it began with.
type trainCmd struct {
	Data   string `group:"Pictures" placeholder:"PHOTOS" help:"Folder, .zip or .tar(.gz) of pictures, IDX file or CIFAR batches."`
	List   string `group:"Pictures" placeholder:"FILE" help:"Use only the pictures that this file names, one a line."`
	Strict *bool  `group:"Pictures" help:"Stop at a picture that cannot be decoded, instead of leaving it out."`
	About  string `group:"Pictures" placeholder:"TEXT" complete:"text" help:"What the pictures are, for the model file (default: the names of --data and --list)."`

	Out     string         `group:"Run" required:"" placeholder:"DIR" help:"Folder of the run: model, samples, losses, a page to watch in a browser (index.html) and what --resume needs."`
	Resume  bool           `group:"Run" help:"Go on with the run in --out, bit for bit as if it had not stopped."`
	Force   bool           `group:"Run" help:"Replace a run that is in --out."`
	Steps   *int           `group:"Run" placeholder:"N" xor:"length" help:"Steps to train in all (default: 10000)."`
	Epochs  *int           `group:"Run" placeholder:"N" xor:"length" help:"Times to go through the pictures in all, in place of --steps."`
	MaxTime *time.Duration `group:"Run" placeholder:"TIME" help:"Save and stop after a time such as 90m, whatever the step."`
	Threads int            `group:"Run" placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
	Seed    *uint64        `group:"Run" placeholder:"N" help:"Decides every random number (default: 1)."`

	Holdout     *int   `group:"Run" placeholder:"N" help:"Keep N pictures, spread over all, out of training, and measure G by them: the page shows KID and recall, and the best state is kept in best.safetensors (default: 0)."`
	SampleEvery *int   `group:"Run" placeholder:"N" help:"Steps between sample sheets and loss plots, of which the first come earlier; 0: at the end only (default: 500)."`
	SaveEvery   *int   `group:"Run" placeholder:"N" help:"Steps between saves; 0: every ten minutes, which holds anyway, and at the end (default: 500)."`
	KeepEpochs  *[]int `group:"Run" placeholder:"1,5" help:"Keep G, half precision, as it is after these epochs."`

	Size     *string `group:"Nets" placeholder:"N" choices:"28,32,48,64,96x128,128,256" help:"Side of the pictures, or HEIGHTxWIDTH: 3 to 8 times a power of two, at most 256 (default: 64)."`
	Channels *int    `group:"Nets" placeholder:"N" choices:"1,3" help:"3 for colour, 1 for grey (default: 3)."`
	Arch     *string `group:"Nets" placeholder:"NAME" choices:"pytorch,paper" help:"pytorch (4x4 kernels, as pytorch/examples) or paper (5x5) (default: pytorch)."`
	Width    *int    `group:"Nets" placeholder:"N" help:"Maps of the widest-picture layer of G and D (default: 64; 128 for paper)."`
	GWidth   *int    `group:"Nets" name:"gwidth" placeholder:"N" help:"--width of G alone."`
	DWidth   *int    `group:"Nets" name:"dwidth" placeholder:"N" help:"--width of D alone."`
	NZ       *int    `group:"Nets" name:"nz" placeholder:"N" help:"Numbers in a latent (default: 100)."`
	Hidden   *int    `group:"Nets" placeholder:"N" help:"Units of a linear layer between the latent and G's first maps, and of one before D's logit (default: 0; the authors' nets for MNIST have 1024)."`
	Law      *string `group:"Nets" placeholder:"NAME" choices:"normal,uniform" help:"What latents are drawn from: normal or uniform (default: normal; uniform for paper)."`

	Conditional *bool `group:"Nets" help:"Tell both nets the class of each picture in every layer: --class then chooses what G draws. Classes are the folders in --data, or the labels of IDX files and CIFAR."`

	Preset      *string  `group:"Recipe" placeholder:"NAME" choices:"paper,small-data,quick" help:"paper; small-data for a few thousand pictures: --augment color,translation --smooth 0.1 --ema 0.999; or quick, small-data in 15 to 30 minutes on two cores: --size 32 --width 32 --batch 64 --steps 12000 --sample-every 200 --save-every 200 (default: paper)."`
	Batch       *int     `group:"Recipe" placeholder:"N" help:"Pictures a step (default: 128)."`
	LR          *float64 `group:"Recipe" name:"lr" placeholder:"X" help:"Learning rate of Adam (default: 0.0002)."`
	Beta1       *float64 `group:"Recipe" name:"beta1" placeholder:"X" help:"First decay of Adam; 0: no momentum (default: 0.5)."`
	WeightDecay *float64 `group:"Recipe" placeholder:"X" help:"L2 penalty on the weights (default: 0)."`
	Flip        *bool    `group:"Recipe" negatable:"" help:"Mirror every second picture, at random."`
	Smooth      *float64 `group:"Recipe" placeholder:"X" help:"Take this from the target 1 of real pictures (default: 0)."`
	Augment     *string  `group:"Recipe" placeholder:"LIST" choices:"none,color,translation,cutout" alone:"none" help:"What D sees pictures through: none, or some of color,translation,cutout (default: none)."`
	Chance      *float64 `group:"Recipe" name:"augment-chance" placeholder:"P" xor:"chance" help:"Probability of each change that --augment names (default: 1)."`
	Target      *float64 `group:"Recipe" name:"augment-target" placeholder:"X" xor:"chance" help:"Let that probability follow D (ADA, which takes 0.6): it starts at 0, and rises while the mean sign of D's logits of real pictures is above X."`
	Brightness  *float64 `group:"Recipe" placeholder:"X" help:"How much --augment color makes a picture brighter or darker at most, where black is -1 and white 1 (default: 0.5)."`
	Border      *float64 `group:"Recipe" placeholder:"X" help:"What --augment translation lets in and cutout cuts out, from -1, black, to 1, white (default: 0)."`
	Fall        *int     `group:"Recipe" placeholder:"N" help:"Let the learning rate fall to 0 in a straight line over the last N steps. May be given with --resume before it falls."`
	EMA         *float64 `group:"Recipe" name:"ema" placeholder:"X" help:"Decay of the average of G's weights that becomes the model; 0: G itself (default: 0)."`
}

func (*trainCmd) examples() []string {
	return []string{"dcganviz train --data photos --out runs/mine --preset quick --holdout 200", "dcganviz train --data photos --out runs/mine --preset small-data --flip", "dcganviz train --out runs/mine --resume"}
}

// gcPercent is how much garbage train lets pile up, of the memory in use.
const gcPercent = 5

func (c *trainCmd) Run(e *env) error {
	if err := c.checkFlags(); err != nil {
		return err
	}
	folder, release, err := c.claim(e)
	if err != nil {
		return err
	}
	defer release()
	p, err := c.plan(folder)
	if err != nil {
		return err
	}
	pool := model.NewPool(c.Threads)
	defer pool.Close()
	room, err := p.checkMemory(pool.Threads(), memory.Left())
	if err != nil {
		return err
	}
	set, err := dataset.Open(p.Data, dataset.Options{Holdout: p.Holdout, HoldoutSeed: p.opt.Seed, MemoryLimit: room, Size: p.cfg.Size, Width: p.cfg.Width, Channels: p.cfg.Channels, List: p.List, Strict: p.Strict, Workers: c.Threads})
	if err != nil {
		return err
	}
	defer set.Close()
	// Training holds nearly all its memory from first to last and makes little
	// garbage. Go's default would let as much again pile up. Before, while the set is
	// read, there is little memory and much garbage.
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	}
	if p.Strict && set.Cached() {
		// Found now, a bad picture costs no training.
		if err := set.Check(e.ctx, nil); err != nil {
			return err
		}
	}
	if err := c.classes(p, set); err != nil {
		return err
	}
	if _, err := p.checkMemory(pool.Threads(), memory.Left()); err != nil {
		return err
	}
	noteKernels(e, pool)
	if class := pool.Class(); p.before != "" && p.before != class {
		e.note("the run was trained by %s kernels and goes on with %s ones: its weights will differ in their last bits from those of a run by one kind alone", asWord(p.before, 40), class)
	}
	t, err := folder.Trainer(p.cfg, set, p.opt, pool)
	if err != nil {
		if !p.resume && exitCode(err) == exitFailed {
			// The pictures are there, so an option is out of range.
			return usageError("%w", err)
		}
		return err
	}
	defer t.Close()
	if p.epochs > 0 {
		if p.Steps, err = training.StepsOf(p.epochs, t); err != nil {
			return usageError("--epochs: %w", err)
		}
	}
	if c.KeepEpochs != nil {
		if err := p.checkKept(t); err != nil {
			return err
		}
	}
	options, err := p.options(e, pool, set, t)
	if err != nil {
		return err
	}
	var s *training.Session
	err = e.halt.during(func() (err error) {
		s, err = folder.Start(e.ctx, t, options)
		return ofOut(err)
	})
	if err != nil {
		return err
	}
	defer s.Close()
	for _, n := range set.Notes() {
		e.note("%s: %s", p.Data, n)
	}
	if s.Finished() {
		e.note("%s has its %d steps: train on with --steps N", p.folder, t.Steps())
		err = e.halt.during(func() error { return s.Train(e.ctx) })
	} else {
		if err = c.train(e, p.folder, s); err == nil && s.Finished() && (len(p.KeepEpochs) > 0 || p.Holdout > 0) {
			sayBest(e, p, pool)
		}
	}
	if bad := e.halt.during(func() error { return reportBad(e, p, folder, set) }); err == nil {
		err = bad
	}
	return err
}

// train trains until the last step, Ctrl-C or --max-time.
func (c *trainCmd) train(e *env, folder string, s *training.Session) error {
	ctx := e.ctx
	if c.MaxTime != nil {
		limited, cancel := context.WithTimeout(ctx, *c.MaxTime)
		defer cancel()
		ctx = limited
	}
	err := e.halt.during(func() error { return s.Train(ctx) })
	goOn := "go on with " + shell.Join("dcganviz", "train", "--out", shell.File(folder), "--resume")
	switch {
	case err == nil:
		e.printf("%s", filepath.Join(folder, train.ModelFile))
		if page := s.PageError(); page != nil {
			return fail(exitPartly, "the run is whole, but its page was not written: %v", page)
		}
	case errors.Is(err, context.DeadlineExceeded):
		e.note("%v: %s", err, goOn)
		return nil
	case errors.Is(err, context.Canceled):
		// Not %w: of an error that is context.Canceled only "interrupted" is printed.
		err = fail(exitInterrupted, "%v: %s", err, goOn)
		e.halt.because(err)
	}
	return err
}
