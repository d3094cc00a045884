package forget

import (
	"cmp"

	"dcganviz/model"
	"dcganviz/probe/score"
)

// A Subject is a generator and those who look at what it draws. Nothing here
// is changed by the package.
type Subject struct {
	G *model.G
	// D tells how far an intervention leaves what D takes for real, and lends
	// its features to measure damage. Without it those figures are missing.
	D *model.D
	// Scorer finds the concept for the methods.
	Scorer score.Viewer
	// Guide shows FillSeen where the concept is, in place of the scorer; nil is
	// the scorer.
	Guide score.Viewer
	// Judge measures, and must not know the scorer and the guide: a method that
	// is guided by one viewer can fool it.
	Judge score.Viewer
	// Photographs are real images, [N, Size, Size, Channels], that show the
	// concept: with these a Recolouring is measured, on as many as there are
	// samples at most.
	Photographs model.Tensor

	run model.RunOptions // of G
}

// guide shows where the concept is in images.
func (s *Subject) guide() score.Viewer { return cmp.Or(s.Guide, s.Scorer) }

// batch is how many samples are in work at a time, between two looks at the
// context.
const batch = 50

// generate draws z, edited.
func (s *Subject) generate(z model.Tensor, edits edits) (model.Tensor, error) {
	return s.G.Generate(z, model.RunOptions{Pool: s.run.Pool, BatchStats: s.run.BatchStats, Edits: edits})
}

// viewing is how those who look are run.
func (s *Subject) viewing() model.RunOptions { return model.RunOptions{Pool: s.run.Pool} }

// latents returns samples first to first+n-1 of a seed.
func (s *Subject) latents(seed uint64, first, n int) model.Tensor {
	return s.G.Latents(seed, first, n)
}

// edits are what model.RunOptions takes.
type edits = map[string]func(first int, act model.Tensor) error
