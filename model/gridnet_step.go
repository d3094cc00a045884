package model

import (
	"fmt"

	"gorgonia.org/gorgonia"
)

// A GridNetStep holds the compiled program that a training step of a GridNet at
// one batch size is made of. It is for one goroutine.
type GridNetStep struct {
	net     *netGraph
	last    activationAt
	batch   int
	targets []float32
	grad    *program
}

// NewGridNetStep compiles the program for batches of that size, to run on pool,
// and gives each Param of m its Grad. Batch norm uses the batch's statistics
// and moves the running ones.
func NewGridNetStep(m *GridNet, batch int, pool *Pool) (*GridNetStep, error) {
	if batch < 1 {
		return nil, fmt.Errorf("model: step: a batch of %d", batch)
	}
	m.makeGrads()
	s := &GridNetStep{batch: batch, last: m.last()}
	var err error
	if s.net, err = m.build(trainingGraph(batch), 0, s.last); err != nil {
		return nil, err
	}
	s.net.run = settings{pool: pool, n: batch, batchStats: true, move: true, reduce: true}
	h, w := m.Grid()
	s.targets = make([]float32, batch*h*w)
	loss, grads, err := s.net.lossGradients(s.last, s.targets, s.net.weights...)
	if err != nil {
		return nil, err
	}
	s.grad, err = s.net.compile(append(gorgonia.Nodes{loss}, grads...)...)
	return s, err
}

// Grad runs the mapper on images x, [batch, size, size, channels], and sets the
// Grad of its Params to the gradient of the loss: the mean binary cross-entropy
// of the scores with targets, [batch, H, W] in [0, 1], over all locations whose
// target is not NaN. logits, [batch, H, W], are good until the next run.
func (s *GridNetStep) Grad(x, targets []float32) (loss float64, logits []float32, err error) {
	if err := checkBatch("images", len(x), len(s.net.x)); err != nil {
		return 0, nil, err
	}
	if err := checkBatch("targets", len(targets), len(s.targets)); err != nil {
		return 0, nil, err
	}
	copy(s.net.x, x)
	copy(s.targets, targets)
	if err := s.grad.exec(); err != nil {
		return 0, nil, err
	}
	return s.net.run.loss, s.net.values(s.last), nil
}
