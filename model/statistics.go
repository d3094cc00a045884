package model

import (
	"fmt"
	"slices"
)

// EstimateStatistics replaces the running statistics by the mean, over batches
// of the input x, of what batch norm finds in each: the standing statistics of
// Brock et al. 2019 (arXiv:1809.11096), appendix B. x is latents of G,
// [N, LatentDim], or images for D, [N, H, W, C], with N a multiple of batch.
//
// As in training a variance is the mean of the unbiased ones; num_batches_tracked
// becomes N/batch. Image i of a D that is told classes is of class i modulo their number,
// as G's latents are. After an error the statistics are as they were.
func (n *net) EstimateStatistics(x Tensor, batch int, pool *Pool) error {
	images, err := n.checkBatches(x, batch)
	if err != nil {
		return err
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
	program, err := m.upTo(m.forward, activationAt{layer: last})
	if err != nil {
		return err
	}
	opt := RunOptions{Pool: pool, BatchStats: true}
	if c := n.condition().Classes; n.image && c > 0 {
		for i := range images {
			opt.Classes = append(opt.Classes, i%c)
		}
	}
	rows, err := n.told(0, images, &opt)
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
		n.begin(m.forward, x, rows, from, from+batch, &opt, nil, nil)
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

// CentreStatistics gives a generator that is a moving average of from's weights
// the running statistics to draw with: from's variances, and the means of its own
// feature maps under these, layer by layer from z on. z is [N, LatentDim] with N
// a multiple of batch.
//
// The means of from, which change from step to step, would tint its images.
// Variances of its own, which EstimateStatistics would give it, would stretch the
// contrast: its feature maps vary less with z than from's, because its weights are
// averages. Batch norm would divide by less, and the images would have more contrast
// than the pictures that from was trained on.
//
// After an error the statistics are as they were.
func (g *G) CentreStatistics(from *G, z Tensor, batch int, pool *Pool) error {
	if from == g {
		return fmt.Errorf("model: statistics of a net from itself")
	}
	images, err := g.checkBatches(z, batch)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(g.blocks, from.blocks, sameStatistics) {
		return fmt.Errorf("model: statistics of a net with other layers")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	m, err := g.ready(batch)
	if err != nil {
		return err
	}
	before := make([]*bnStats, len(g.blocks))
	for i, b := range g.blocks {
		if b.stats != nil {
			before[i] = b.stats.clone()
			copy(b.stats.variance, from.blocks[i].stats.variance)
			b.stats.folded = false
		}
	}
	for layer, b := range g.blocks {
		if err == nil && b.stats != nil {
			err = g.centre(m, z, images, batch, layer, pool)
		}
	}
	for i, b := range g.blocks {
		if b.stats == nil {
			continue
		}
		b.stats.batches, b.stats.centring = before[i].batches, false
		if err != nil {
			*b.stats = *before[i]
		}
	}
	return err
}

// centre sets the running mean of one layer by all of z, batch for batch.
func (g *G) centre(m *executor, z Tensor, images, batch, layer int, pool *Pool) error {
	program, err := m.upTo(m.forward, activationAt{layer: layer})
	if err != nil {
		return err
	}
	stats := g.blocks[layer].stats
	stats.batches, stats.centring = 0, true
	for at := 0; at < images; at += batch {
		g.begin(m.forward, z, nil, at, at+batch, &RunOptions{Pool: pool}, nil, nil)
		m.forward.run.inPlace = true
		if err := program.exec(); err != nil {
			return err
		}
	}
	stats.centring = false
	return nil
}

// sameStatistics reports whether two blocks have as many statistics.
func sameStatistics(a, b *block) bool {
	if a.stats == nil || b.stats == nil {
		return a.stats == b.stats
	}
	return len(a.stats.variance) == len(b.stats.variance)
}

// checkBatches returns how many inputs x has, which are whole batches.
func (n *net) checkBatches(x Tensor, batch int) (int, error) {
	images, err := n.checkInput(x)
	if err != nil {
		return 0, err
	}
	if batch < 1 || images == 0 || images%batch != 0 {
		return 0, fmt.Errorf("model: statistics of %d inputs in batches of %d, want a multiple", images, batch)
	}
	return images, nil
}

// HasRunningStats reports whether the batch norms have running statistics other
// than a new net's. Checkpoints of some programs have none. It is true of a net
// without batch norm.
func (n *net) HasRunningStats() bool {
	norms := false
	for _, b := range n.blocks {
		if b.stats == nil {
			continue
		}
		norms = true
		for i, m := range b.stats.mean {
			if m != 0 || b.stats.variance[i] != 1 {
				return true
			}
		}
	}
	return !norms
}
