package train

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// A Trainer is a training run. Its methods are for one goroutine at a time.
type Trainer struct {
	cfg   model.Config
	opt   Options // with its defaults put in
	data  Data
	shape dims
	pool  *model.Pool

	g   *model.G
	d   *model.D
	ema *model.G // nil without
	// settled is the step after which ema last got its statistics, plus 1.
	settled int
	nets    *model.Step
	optG    *Adam
	optD    *Adam

	labels  []int    // of the pictures; nil for nets that are told no class
	sums    []uint64 // of the pictures that steps have seen; 0: of others
	loader  *loader
	augment *augmenter // nil without
	adapt   Adaptation // zero without
	z       []float32
	seen    []float32 // what D sees in place of real or drawn pictures

	step int     // steps made
	last []Stats // of the latest steps
	err  error   // that ended the run
}

// Data identifies the pictures of a run.
type Data struct {
	// Images is how many there are.
	Images int `json:"images"`
	// Fingerprint is the Source's own, if it has a method
	//
	//	Fingerprint() string
	//
	// and otherwise a digest of 16 pictures spread over it.
	Fingerprint string `json:"fingerprint"`
	// Labels is a digest of the classes of all pictures; empty if the nets are told none.
	Labels string `json:"labels,omitempty"`
}

// New begins a run on pool with nets drawn from the seed. The pool is not
// closed by the Trainer.
//
// A source with a method Dims() (h, w, c int) must give pictures of cfg's size. For nets
// that are told a class (model.Config.Conditional) it must be a Labelled.
func New(cfg model.Config, src Source, opt Options, pool *model.Pool) (*Trainer, error) {
	t, err := prepare(cfg, src, opt, pool)
	if err != nil {
		return nil, err
	}
	if t.g, err = model.NewG(cfg, derive(opt.Seed, forWeightsG)); err != nil {
		return nil, err
	}
	if t.d, err = model.NewD(cfg, derive(opt.Seed, forWeightsD)); err != nil {
		return nil, err
	}
	if opt.EMA > 0 {
		t.ema = t.g.Clone()
	}
	t.sums = make([]uint64, t.data.Images)
	t.optimisers()
	if err := t.assemble(src); err != nil {
		return nil, err
	}
	return t, nil
}

// prepare checks what a run is made of, and makes a Trainer without nets.
func prepare(cfg model.Config, src Source, opt Options, pool *model.Pool) (*Trainer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	opt, err := opt.filled()
	if err != nil {
		return nil, err
	}
	if src.Len() < 1 {
		return nil, errors.New("train: the data hold no pictures, want at least 1")
	}
	h, w, c := cfg.Dims()
	shape := dims{h, w, c}
	if s, ok := src.(interface{ Dims() (h, w, c int) }); ok {
		if h, w, c := s.Dims(); (dims{h, w, c}) != shape {
			return nil, fmt.Errorf("train: pictures of %dx%dx%d, want %dx%dx%d as the nets", h, w, c, shape.h, shape.w, shape.c)
		}
	}
	t := &Trainer{cfg: cfg, opt: opt, pool: pool, shape: shape}
	if t.data, err = identify(src, t.shape); err != nil {
		return nil, err
	}
	if n := cfg.DCondition.Classes; n > 0 {
		if t.labels, err = labelsOf(src, n); err != nil {
			return nil, err
		}
		t.data.Labels = digestOf(t.labels)
	}
	return t, nil
}

// optimisers makes the optimisers of both nets.
func (t *Trainer) optimisers() {
	t.optG = NewAdam(t.g.Params(), t.opt.Rate, t.opt)
	t.optD = NewAdam(t.d.Params(), t.opt.RateD, t.opt)
}

// assemble makes everything else that training needs, for batches of the run's size.
func (t *Trainer) assemble(src Source) (err error) {
	if t.nets, err = model.NewStep(t.g, t.d, t.opt.Batch, t.pool); err != nil {
		return err
	}
	t.z = make([]float32, t.opt.Batch*t.cfg.LatentDim)
	if t.opt.Augment != 0 {
		t.augment = newAugmenter(t.opt.Augment, t.opt.Batch, t.shape, t.pool)
		if t.opt.Brightness > 0 {
			t.augment.dim = float32(t.opt.Brightness / usualBrightness)
		}
		t.augment.border = float32(t.opt.Border)
		t.seen = make([]float32, t.opt.Batch*t.shape.floats())
	}
	t.loader = newLoader(src, t.opt.Seed, t.opt.Flips, t.opt.Batch, t.shape)
	return nil
}

// Close stops loading pictures. The nets stay usable; the Trainer does not.
func (t *Trainer) Close() {
	t.loader.close()
	if t.err == nil {
		t.err = errors.New("train: the run is closed")
	}
}

// Steps returns how many steps the run has made, over all its sessions.
func (t *Trainer) Steps() int { return t.step }

// AugmentChance returns the probability of each change of the next step's
// augmentation: 0 without one.
func (t *Trainer) AugmentChance() float64 {
	switch {
	case t.opt.Augment == 0:
		return 0
	case t.opt.AugmentTarget > 0:
		return t.adapt.Chance
	}
	return cmp.Or(t.opt.AugmentChance, 1)
}

// Config returns what the nets are like.
func (t *Trainer) Config() model.Config { return t.cfg }

// Options returns the run's options, with their defaults put in.
func (t *Trainer) Options() Options { return t.opt }

// Data returns what identifies the run's pictures.
func (t *Trainer) Data() Data { return t.data }

// Generator returns the generator that the run is for: the moving average if
// there is one, else G itself. It is the run's own: it may be used between
// steps, and changes with each.
func (t *Trainer) Generator() *model.G {
	if t.ema == nil {
		return t.g
	}
	t.settle()
	return t.ema
}

// The latents that give the moving average its statistics. Their batches need little
// memory compared with training.
const (
	settleBatch   = 16
	settleBatches = 64
)

// settle gives the moving average, once a step at most, batch norm statistics
// to draw with: see model.G.CentreStatistics. They are a function of both nets
// and the run's seed alone, so a run that resumes finds the same. A failure,
// which nothing in a file or in the pictures can cause, ends the run.
func (t *Trainer) settle() {
	if t.settled == t.step+1 || t.err != nil {
		return
	}
	z := t.g.Latents(derive(t.opt.Seed, forStatistics), 0, settleBatch*settleBatches)
	if err := t.ema.CentreStatistics(t.g, z, settleBatch, t.pool); err != nil {
		t.err = fmt.Errorf("train: statistics of the moving average: %w", err)
	}
	t.settled = t.step + 1
}

// Discriminator returns D. It is the run's own, as Generator's result is.
func (t *Trainer) Discriminator() *model.D { return t.d }

// Checkpoint returns Generator and Discriminator with their Meta. The nets are the
// run's own.
func (t *Trainer) Checkpoint() *checkpoint.Checkpoint {
	return &checkpoint.Checkpoint{G: t.Generator(), D: t.d, Meta: checkpoint.Meta{
		Config: t.cfg, Step: t.step, Batch: t.opt.Batch, Seed: t.opt.Seed,
		Dataset: t.opt.Dataset, ClassNames: t.opt.ClassNames, Images: t.data.Images, Fingerprint: t.data.Fingerprint, EMA: t.opt.EMA,
	}}
}

// Step makes one step of D and one of G.
//
// It heeds ctx until the pictures are there; from then on the step is made.
// After an error of ctx or of the Source the run is where it was, and Step may
// be called again. Any other error ends the run: every later Step and Save
// returns it. If a loss or a gradient is lost it is a *Diverged.
func (t *Trainer) Step(ctx context.Context) (Stats, error) {
	if t.err != nil {
		return Stats{}, t.err
	}
	if t.opt.FallTo > 0 && t.step >= t.opt.FallTo {
		return Stats{}, fmt.Errorf("train: the learning rate has fallen to 0 after step %d", t.step)
	}
	real, err := t.loader.take(ctx, t.step)
	if err == nil {
		err = t.checkSums(t.loader.taken)
	}
	if err != nil {
		return Stats{}, fmt.Errorf("train: step %d: %w", t.step+1, err)
	}
	if err := t.drawLatents(t.loader.taken.indices); err != nil {
		return Stats{}, err
	}
	s, err := t.update(real, t.z)
	if err != nil {
		t.err = err
		return Stats{}, err
	}
	return s, nil
}

// drawLatents draws this step's latents. Nets of classes are told those of the pictures
// of the step, which drawn ones have too.
func (t *Trainer) drawLatents(pictures []int) error {
	r := stream(t.opt.Seed, forLatents, t.step)
	noise := model.Tensor{Shape: []int{t.opt.Batch, t.cfg.NoiseDim()}, Data: t.z}
	if t.labels != nil {
		noise = model.NewTensor(noise.Shape...)
	}
	for i := range noise.Data {
		if t.cfg.Law == model.Uniform {
			noise.Data[i] = float32(2*r.Float64() - 1)
		} else {
			noise.Data[i] = float32(r.NormFloat64())
		}
	}
	if t.labels == nil {
		return nil
	}
	classes := make([]int, len(pictures))
	for i, picture := range pictures {
		classes[i] = t.labels[picture]
	}
	t.z = t.g.Told(noise, classes).Data
	return t.nets.Tell(classes)
}

// update makes a step with the given pictures and latents.
func (t *Trainer) update(real, z []float32) (Stats, error) {
	n := t.step + 1
	s := Stats{Step: n, Epoch: float64(n) * float64(t.opt.Batch) / float64(t.data.Images)}
	fall := t.opt.fall(n)
	t.optG.Rate, t.optD.Rate = t.opt.Rate*fall, t.opt.RateD*fall
	if t.augment != nil {
		t.augment.chance = t.AugmentChance()
	}
	fake, err := t.nets.Generate(z)
	if err != nil {
		return s, err
	}
	if err := t.turnD(&s, real, fake); err != nil {
		return s, err
	}
	if err := t.turnG(&s, real, fake); err != nil {
		return s, err
	}
	if t.ema != nil {
		Average(t.ema.Params(), t.g.Params(), t.opt.EMA, n, t.pool)
	}
	t.step = n
	if len(t.last) == keep {
		t.last = append(t.last[:0], t.last[1:]...)
	}
	t.last = append(t.last, s)
	return s, nil
}

// turnD improves D on a batch of real pictures and one of drawn ones.
func (t *Trainer) turnD(s *Stats, real, fake []float32) error {
	loss, logits, err := t.nets.DiscriminatorGrad(t.look(real, forAugmentReal), float32(1-t.opt.LabelSmoothing), false)
	if err != nil {
		return err
	}
	s.LossDReal, s.ScoreReal = loss, meanScore(logits)
	if t.opt.AugmentTarget > 0 {
		t.adapt.see(logits, s.Step, t.opt.AugmentTarget)
	}
	loss, logits, err = t.nets.DiscriminatorGrad(t.look(fake, forAugmentFake), 0, true)
	if err != nil {
		return err
	}
	s.LossDFake, s.ScoreFake = loss, meanScore(logits)
	s.LossD = s.LossDReal + s.LossDFake
	s.GradNormD = t.optD.gradNorm(t.pool)
	err = t.check("D", real, t.opt.RateD,
		watched{"loss on real pictures", s.LossDReal},
		watched{"loss on drawn pictures", s.LossDFake},
		watched{"gradient norm", s.GradNormD})
	if err != nil {
		return err
	}
	t.optD.Step(t.pool, s.Step)
	return nil
}

// turnG improves G on the same drawings.
func (t *Trainer) turnG(s *Stats, real, fake []float32) error {
	loss, logits, dx, err := t.nets.InputGrad(t.look(fake, forAugmentGen), 1)
	if err != nil {
		return err
	}
	s.LossG, s.ScoreG = loss, meanScore(logits)
	if t.augment != nil {
		t.augment.transpose(t.seen, dx)
		dx = t.seen
	}
	if err := t.nets.GeneratorGrad(dx); err != nil {
		return err
	}
	s.GradNormG = t.optG.gradNorm(t.pool)
	err = t.check("G", real, t.opt.Rate,
		watched{"loss", s.LossG},
		watched{"gradient norm", s.GradNormG})
	if err != nil {
		return err
	}
	t.optG.Step(t.pool, s.Step)
	return nil
}

// look returns what D sees of pictures.
func (t *Trainer) look(x []float32, what purpose) []float32 {
	if t.augment == nil {
		return x
	}
	t.augment.redraw(stream(t.opt.Seed, what, t.step))
	t.augment.apply(t.seen, x)
	return t.seen
}
