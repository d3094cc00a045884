package figure

import (
	"context"
	"path/filepath"

	"dcganviz/model"
	"dcganviz/probe/kid"
)

// LikenessOptions say what is compared.
type LikenessOptions struct {
	PhotoOptions
	Samples    int `group:"Comparison" placeholder:"N" help:"Samples to draw (default: as many as there are pictures)."`
	Neighbours int `group:"Comparison" default:"5" placeholder:"K" help:"Precision and recall by balls out to the K-th nearest neighbour (default: ${default})."`
}

// A Likeness is how near a model's samples come to real pictures.
type Likeness struct {
	// Images is the name of the pictures.
	Images string
	*kid.Report

	pictures *photos
}

// Check reports settings that make no sense.
func (o *LikenessOptions) Check() error {
	switch {
	case o.Samples < 0 || o.Samples > kid.MostImages:
		return usage("--samples is %d, want 1 to %d, or 0 for as many as there are pictures", o.Samples, kid.MostImages)
	case o.Neighbours < 1:
		return usage("--neighbours is %d, want 1 or more", o.Neighbours)
	}
	return nil
}

// Measure compares the model's samples with real pictures. seed decides the
// samples, the halves of the pictures and the noise.
func (o *LikenessOptions) Measure(ctx context.Context, lab *Lab, seed uint64) (*Likeness, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	g, err := lab.Generator()
	if err != nil {
		return nil, err
	}
	net, err := kid.NewNet(g.Config().Dims())
	if err != nil {
		return nil, unsupported("%s: %w", lab.Model.Title, err)
	}
	real, err := lab.photos(ctx, o.PhotoOptions, "heldout", kid.MostImages)
	if err != nil {
		return nil, err
	}
	n := o.Samples
	if n == 0 {
		n = real.Len()
	}
	// Each half of the pictures, and as many samples, need more than this many.
	if least := max(3, o.Neighbours+1); real.Len() < 2*least || n < least {
		return nil, usage("%d pictures in %s and %d samples, want %d and %d or more for --neighbours %d", real.Len(), real.title, n, 2*least, least, o.Neighbours)
	}
	if err := lab.checkBatch(n, false); err != nil {
		return nil, err
	}
	samples, err := lab.sampleFeatures(ctx, g, net, seed, n)
	if err != nil {
		return nil, err
	}
	r, err := kid.Study(ctx, net, samples, real.Tensor, model.RunOptions{Pool: lab.Pool}, kid.Options{Neighbours: o.Neighbours, Settings: lab.settings(seed)})
	if err != nil {
		return nil, err
	}
	return &Likeness{Images: filepath.Base(real.title), Report: r, pictures: real}, nil
}

// sampleFeatures draws n samples a part at a time, so that no more of them are in
// memory, and returns what net sees in them.
func (l *Lab) sampleFeatures(ctx context.Context, g *model.G, net *kid.Net, seed uint64, n int) (model.Tensor, error) {
	z := g.Latents(seed, 0, n)
	return l.gather(ctx, "samples drawn", n, func(from, to int, run model.RunOptions) (model.Tensor, error) {
		x, err := g.Generate(z.Slice(from, to), run)
		if err == nil {
			err = l.checkImages(x, z.Slice(from, to), from)
		}
		if err != nil {
			return x, err
		}
		return net.Features(x, model.RunOptions{Pool: l.Pool})
	})
}
