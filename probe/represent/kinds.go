package represent

import (
	"context"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe/features"
	"dcganviz/probe/kmeans"
)

// A Kind is what the features of a row are.
type Kind string

// The kinds.
const (
	Trained Kind = "d"      // D as it was trained
	Layer   Kind = "layer"  // one of its layers
	Random  Kind = "random" // the same net with random weights
	Pixels  Kind = "pixels" // the pictures themselves
	KMeans  Kind = "kmeans" // K-means on patches
)

const (
	// someOf is how many pictures a random net's statistics and K-means see at most.
	someOf = 2048
	// fewestCentres and mostCentres bound those of K-means where the options say nothing.
	fewestCentres, mostCentres = 16, 1600
)

// extract returns the features of pictures with these numbers, [n, width].
func extract(ctx context.Context, p *Pictures, numbers []int, of func(x model.Tensor) (model.Tensor, error)) (model.Tensor, error) {
	var all model.Tensor
	err := p.each(ctx, numbers, func(from, to int, x model.Tensor) error {
		f, err := of(x)
		if err != nil {
			return err
		}
		if from == 0 {
			all = model.NewTensor(len(numbers), f.Shape[1])
		}
		copy(all.Slice(from, to).Data, f.Data)
		return nil
	})
	return all, err
}

// pixels returns pictures as rows.
func pixels(x model.Tensor) (model.Tensor, error) {
	return model.Tensor{Shape: []int{x.Len(), len(x.Data) / x.Len()}, Data: x.Data}, nil
}

// some returns at most someOf training pictures, whatever their classes are.
func (s *study) some(ctx context.Context) (model.Tensor, error) {
	numbers := s.split.order[:min(someOf, len(s.split.order))]
	var all model.Tensor
	err := s.train.each(ctx, numbers, func(from, to int, x model.Tensor) error {
		if from == 0 {
			all = model.NewTensor(append([]int{len(numbers)}, x.Shape[1:]...)...)
		}
		copy(all.Slice(from, to).Data, x.Data)
		return nil
	})
	return all, err
}

// untrained returns D with random weights, and batch norm's statistics as training
// pictures have them.
func (s *study) untrained(seed uint64, pictures model.Tensor) (*model.D, error) {
	cfg := s.d.Config()
	d, err := model.NewD(cfg, seed)
	if err != nil {
		return nil, err
	}
	batch := min(64, pictures.Len())
	whole := pictures.Len() / batch * batch
	if err := d.EstimateStatistics(pictures.Slice(0, whole), batch, s.run.Pool); err != nil {
		return nil, err
	}
	if class := s.d.Class(); class >= 0 {
		return d.OfClass(class)
	}
	return d, nil
}

// ofNet returns the features of a net.
func (s *study) ofNet(ctx context.Context, d *model.D, run model.RunOptions) func(x model.Tensor) (model.Tensor, error) {
	return func(x model.Tensor) (model.Tensor, error) { return features.Of(ctx, d, x, run) }
}

// encoder learns the K-means of a seed.
func (s *study) encoder(ctx context.Context, seed uint64, pictures model.Tensor) (*kmeans.Encoder, error) {
	set := s.opt.Settings
	set.Seed = seed
	return kmeans.Learn(ctx, pictures, s.run, kmeans.LearnOptions{Settings: set, Centres: s.centres()})
}

// centres is how many K-means has: as many features as D, unless the options say.
func (s *study) centres() int {
	if s.opt.Centres > 0 {
		return s.opt.Centres
	}
	return min(max(features.Width(s.d)/4, fewestCentres), mostCentres)
}

// seedOf is the seed of random net or encoder i.
func (s *study) seedOf(i int) uint64 {
	return random.At(s.opt.Seed, random.RepresentNets, i).Uint64()
}

// columnsOf copies the columns from to to-1 of x.
func columnsOf(x model.Tensor, from, to int) model.Tensor {
	out := model.NewTensor(x.Len(), to-from)
	for i := range x.Len() {
		copy(out.Row(i), x.Row(i)[from:to])
	}
	return out
}
