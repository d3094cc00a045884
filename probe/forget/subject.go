package forget

import (
	"cmp"
	"maps"

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
	// Second is the second scorer of a Guide of two. It measures beside the judge, as
	// the scorer does; nil: there is none.
	Second score.Viewer
	// Judge measures, and must not know the scorer and the guide: a method that
	// is guided by one viewer can fool it.
	Judge score.Viewer
	// Batch is how many samples are drawn as one batch where G runs by the statistics of
	// its batch: samples 0 to 99, 100 to 199 and so on; the last batch has what is left.
	// 0 means 100.
	Batch int
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

// batch is how many samples are drawn at a time.
func (s *Subject) batch() int {
	if s.run.BatchStats {
		return cmp.Or(s.Batch, 100)
	}
	return batch
}

// whole returns how many samples the batches hold that n samples lie in, of all.
func (s *Subject) whole(n, all int) int {
	if s.run.BatchStats {
		n = (n + s.batch() - 1) / s.batch() * s.batch()
	}
	return min(n, all)
}

// generate draws z, edited.
func (s *Subject) generate(z model.Tensor, edits edits) (model.Tensor, error) {
	return s.G.Generate(z, model.RunOptions{Pool: s.run.Pool, BatchStats: s.run.BatchStats, Edits: edits})
}

// upTo returns the activations of a layer, of latents.
func (s *Subject) upTo(layer string, z model.Tensor) (model.Tensor, error) {
	acts, err := s.G.Activations(z, []model.Point{{Layer: layer}}, model.RunOptions{Pool: s.run.Pool, BatchStats: s.run.BatchStats})
	if err != nil {
		return model.Tensor{}, err
	}
	return acts[0], nil
}

// goOn draws what generate draws, edited, from act, the activations of a layer in which
// latents z came out and which is left as it is. No edit is of a layer below.
func (s *Subject) goOn(layer string, act, z model.Tensor, e edits) (model.Tensor, error) {
	if edit := e[layer]; edit != nil {
		act = act.Clone()
		if err := edit(0, act); err != nil {
			return act, err
		}
		e = maps.Clone(e)
		delete(e, layer)
	}
	layers := s.G.Layers()
	end := model.Point{Layer: layers[len(layers)-1].Name}
	out, err := s.G.Continue(layer, act, []model.Point{end}, model.RunOptions{Pool: s.run.Pool, BatchStats: s.run.BatchStats, Latents: z, Edits: e})
	if err != nil {
		return model.Tensor{}, err
	}
	return out[0], nil
}

// viewing is how those who look are run.
func (s *Subject) viewing() model.RunOptions { return model.RunOptions{Pool: s.run.Pool} }

// latents returns samples first to first+n-1 of a seed.
func (s *Subject) latents(seed uint64, first, n int) model.Tensor {
	return s.G.Latents(seed, first, n)
}

// edits are what model.RunOptions takes.
type edits = map[string]func(first int, act model.Tensor) error
