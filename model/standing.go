package model

import (
	"fmt"

	"dcganviz/internal/kernel"
)

// EstimateStatistics replaces the running statistics by the mean, over batches
// of the input x, of what batch norm finds in each: the standing statistics of
// Brock et al. 2019 (arXiv:1809.11096), appendix B. x is latents of G,
// [N, LatentDim], or images for D, [N, H, W, C], with N a multiple of batch.
// Weights that no training step has run with, such as a moving average, have no
// statistics of their own: those of the weights they were averaged from tint
// its images.
//
// As in training a variance is the mean of the unbiased ones; num_batches_tracked
// becomes N/batch. After an error the statistics are as they were.
func (n *net) EstimateStatistics(x Tensor, batch int, pool *kernel.Pool) error {
	images, err := n.checkInput(x)
	if err != nil {
		return err
	}
	if batch < 1 || images == 0 || images%batch != 0 {
		return fmt.Errorf("model: statistics of %d inputs in batches of %d, want a multiple", images, batch)
	}
	last := len(n.layers) - 1
	for last >= 0 && !n.layers[last].bn {
		last--
	}
	if last < 0 {
		return nil // no batch norm, no statistics
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	m, err := n.ready(batch)
	if err != nil {
		return err
	}
	program, err := m.upTo(m.forward, place{layer: last})
	if err != nil {
		return err
	}
	var all, before []*bnStats
	for _, b := range n.blocks {
		if b.stats != nil {
			all, before = append(all, b.stats), append(before, b.stats.clone())
			b.stats.batches, b.stats.cumulative = 0, true
		}
	}
	for from := 0; from < images && err == nil; from += batch {
		n.begin(m.forward, x, from, from+batch, &RunOptions{Pool: pool, BatchStats: true}, nil, nil)
		m.forward.run.inPlace, m.forward.run.move = true, true
		err = program.exec()
	}
	for i, s := range all {
		s.cumulative = false
		if err != nil {
			*s = *before[i]
		}
	}
	return err
}
