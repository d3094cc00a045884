package model

import (
	"fmt"

	"gorgonia.org/gorgonia"
)

// A Step holds the compiled programs that a training step of one G and one D
// at one batch size is made of. It is for one goroutine.
//
// Strict alternation, as in the paper and pytorch/examples, is
//
//	fake := Generate(z)
//	DiscriminatorGrad(real, 1, false)
//	DiscriminatorGrad(fake, 0, true)
//	// optimiser's step on D.Params()
//	dx := InputGrad(fake, 1)
//	GeneratorGrad(dx)
//	// optimiser's step on G.Params()
//
// D of classes is told before which ones the images are of: see Tell.
//
// Every forward pass normalises by its batch and moves the running statistics.
type Step struct {
	g, d  *net
	batch int

	gen                   *netGraph
	genForward, genGrad   *program
	dout                  []float32 // gradient of the images
	drawn                 bool      // Generate has run
	dis                   *netGraph
	targets               []float32
	weightGrad, inputGrad *program
	dx                    *op
	told                  bool // D knows its images' classes, or is to be told none
}

// NewStep compiles the programs for batches of that size, to run on pool, and
// gives each Param of g and d its Grad. g and d must be of one Config.
func NewStep(g *G, d *D, batch int, pool *Pool) (*Step, error) {
	if batch < 1 {
		return nil, fmt.Errorf("model: step: a batch of %d", batch)
	}
	if !g.cfg.SameImages(d.cfg) {
		return nil, fmt.Errorf("model: step: G draws images of %v, D scores images of %v", g.cfg.image(), d.cfg.image())
	}
	if c := g.cfg.Condition; c.Classes != d.cfg.DCondition.Classes {
		return nil, fmt.Errorf("model: step: G draws %d classes, D is told %d", c.Classes, d.cfg.DCondition.Classes)
	} else if c.Module != "" || d.cfg.DCondition.Module != "" {
		return nil, fmt.Errorf("model: step: classes of trained rows, which nothing trains here")
	}
	s := &Step{g: g.net, d: d.net, batch: batch, told: d.cfg.DCondition.Classes == 0}
	for _, n := range []*net{s.g, s.d} {
		n.makeGrads()
	}
	for _, p := range s.g.params {
		if p.filter != nil {
			p.filter.Lean = true // G runs forward once and backward once a step
		}
	}
	if err := s.compileG(); err != nil {
		return nil, err
	}
	if err := s.compileD(); err != nil {
		return nil, err
	}
	for _, graph := range []*netGraph{s.gen, s.dis} {
		graph.run = settings{pool: pool, n: batch, batchStats: true, move: true}
	}
	return s, nil
}

// makeGrads gives each Param its Grad.
func (n *net) makeGrads() {
	for _, p := range n.params {
		if p.Grad == nil {
			p.Grad = make([]float32, len(p.W))
		}
	}
}

func trainingGraph(batch int) *graph {
	g := newGraph(newWorkspace(), batch)
	g.train = true
	return g
}

func (s *Step) compileG() (err error) {
	if s.gen, err = s.g.build(trainingGraph(s.batch), 0, s.g.last()); err != nil {
		return err
	}
	out := s.gen.node(s.g.last())
	s.dout = make([]float32, volume(out.Shape()))
	dout, err := s.gen.graph.input("gradient of the images", out.Shape(), s.dout)
	if err != nil {
		return err
	}
	grads, err := s.gen.gradients(out, dout, s.gen.weights...)
	if err != nil {
		return err
	}
	if s.genForward, err = s.gen.compile(out); err != nil {
		return err
	}
	s.genGrad, err = s.gen.compile(grads...)
	return err
}

func (s *Step) compileD() (err error) {
	if s.dis, err = s.d.build(trainingGraph(s.batch), 0, s.d.last()); err != nil {
		return err
	}
	s.targets = make([]float32, s.batch)
	loss, grads, err := s.dis.lossGradients(s.d.last(), s.targets, append(gorgonia.Nodes{s.dis.in}, s.dis.weights...)...)
	if err != nil {
		return err
	}
	s.dx = grads[0].Op().(*op)
	if s.inputGrad, err = s.dis.compile(loss, grads[0]); err != nil {
		return err
	}
	s.weightGrad, err = s.dis.compile(append(gorgonia.Nodes{loss}, grads[1:]...)...)
	return err
}

// Tell says of which classes the images are that D is run on from now on, one for each of
// the batch. Latents hold their own.
func (s *Step) Tell(classes []int) error {
	rows, err := s.d.told(0, s.batch, &RunOptions{Classes: classes})
	if err == nil {
		s.told = true
		copy(s.dis.rows, rows)
	}
	return err
}

// Generate draws images from latents z, [batch, LatentDim]: [batch, H, W, C],
// good until the next Generate.
func (s *Step) Generate(z []float32) ([]float32, error) {
	if err := checkBatch("latents", len(z), len(s.gen.x)); err != nil {
		return nil, err
	}
	copy(s.gen.x, z)
	s.gen.run.replay = false
	s.drawn = false
	if err := s.genForward.exec(); err != nil {
		return nil, err
	}
	s.drawn = true
	return s.gen.values(s.g.last()), nil
}

// GeneratorGrad takes the gradient dx of the images of the latest Generate
// back to G's weights: it sets the Grad of G's Params. G's weights must not
// have changed since.
func (s *Step) GeneratorGrad(dx []float32) error {
	if err := checkBatch("gradients", len(dx), len(s.dout)); err != nil {
		return err
	}
	if !s.drawn {
		return fmt.Errorf("model: step: GeneratorGrad without Generate")
	}
	copy(s.dout, dx)
	s.gen.run.replay, s.gen.run.reduce = true, true
	return s.genGrad.exec()
}

// DiscriminatorGrad runs D on images x, [batch, H, W, C], and sets the Grad of
// D's Params, or adds to it, to the gradient of the loss: the mean binary
// cross-entropy of D's scores with target, in [0, 1]. logits are good until the
// next run of D.
func (s *Step) DiscriminatorGrad(x []float32, target float32, accumulate bool) (loss float64, logits []float32, err error) {
	return s.runD(s.weightGrad, x, target, accumulate)
}

// InputGrad runs D on images x and returns the gradient of the loss with
// respect to them, [batch, H, W, C]. dx and logits are good until the next run
// of D. Params are left as they are.
func (s *Step) InputGrad(x []float32, target float32) (loss float64, logits, dx []float32, err error) {
	loss, logits, err = s.runD(s.inputGrad, x, target, false)
	if err != nil {
		return 0, nil, nil, err
	}
	return loss, logits, s.dx.result, nil
}

func (s *Step) runD(p *program, x []float32, target float32, accumulate bool) (float64, []float32, error) {
	if err := checkBatch("images", len(x), len(s.dis.x)); err != nil {
		return 0, nil, err
	}
	if !s.told {
		return 0, nil, fmt.Errorf("model: step: D scores images of %d classes: %w", s.d.cfg.DCondition.Classes, ErrNoClass)
	}
	copy(s.dis.x, x)
	for i := range s.targets {
		s.targets[i] = target
	}
	s.dis.run.accumulate, s.dis.run.reduce = accumulate, p == s.weightGrad
	if err := p.exec(); err != nil {
		return 0, nil, err
	}
	return s.dis.run.loss, s.dis.values(s.d.last()), nil
}

func checkBatch(what string, got, want int) error {
	if got != want {
		return fmt.Errorf("model: step: %d numbers of %s, want %d", got, what, want)
	}
	return nil
}
