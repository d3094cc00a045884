package forget

import (
	"context"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/score"
)

// seen is what those who look say of each sample.
type seen struct {
	maps                  model.Tensor // of the judge
	judge, scorer, second sight
	logit                 []float64
	features              model.Tensor // of D
}

// sight is what a viewer says of each sample: the share of the image that it takes for
// the concept, and its mean score. Both are nil where there is no such viewer.
type sight struct{ area, score []float64 }

// first is the sight of the first n samples.
func (s sight) first(n int) sight {
	if s.area == nil {
		return s
	}
	return sight{s.area[:n], s.score[:n]}
}

func (s *sight) add(maps model.Tensor) {
	for i := range maps.Len() {
		s.area = append(s.area, areaOf(maps.Row(i)))
		s.score = append(s.score, meanOf(maps.Row(i)))
	}
}

// look asks the viewers and D about images.
func (b *Baseline) look(ctx context.Context, x model.Tensor) (*seen, error) {
	s, out := b.subject, &seen{}
	err := probe.InParts(ctx, x.Len(), batch, func(from, to int) error {
		part := x.Slice(from, to)
		maps, err := s.Judge.Scores(part, s.viewing())
		if err != nil {
			return err
		}
		out.maps = joined(out.maps, maps)
		out.judge.add(maps)
		if err := s.see(s.Scorer, part, &out.scorer); err != nil {
			return err
		}
		if err := s.see(s.Second, part, &out.second); err != nil {
			return err
		}
		if s.D != nil {
			// The second layer tells damage: its field of view is small enough to keep
			// windows and what is outside of them apart.
			layers := s.D.Layers()
			last := len(layers) - 1
			acts, err := s.D.Activations(part, []model.Point{{Layer: layers[min(1, last)].Name}, {Layer: layers[last].Name}}, s.viewing())
			if err != nil {
				return err
			}
			out.features = joined(out.features, acts[0])
			for _, v := range acts[1].Data {
				out.logit = append(out.logit, float64(v))
			}
		}
		return nil
	})
	return out, err
}

// see adds what a viewer says of images; nothing if there is no viewer.
func (s *Subject) see(v score.Viewer, x model.Tensor, into *sight) error {
	if v == nil {
		return nil
	}
	maps, err := v.Scores(x, s.viewing())
	into.add(maps)
	return err
}

func joined(a, b model.Tensor) model.Tensor {
	if a.Len() == 0 {
		return b
	}
	a.Shape = append([]int{a.Shape[0] + b.Shape[0]}, a.Shape[1:]...)
	a.Data = append(a.Data, b.Data...)
	return a
}

func areaOf(m []float32) float64 {
	n := 0
	for _, v := range m {
		if v >= present {
			n++
		}
	}
	return float64(n) / float64(len(m))
}

func meanOf(m []float32) (sum float64) {
	for _, v := range m {
		sum += float64(v)
	}
	return sum / float64(len(m))
}
