package kid

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// A Comparison is how sets of images compare with real ones.
type Comparison struct {
	Name   string `json:"name"`
	Sets   int    `json:"sets"`
	Images int    `json:"images"` // in each
	Real   int    `json:"real"`   // that it is compared with
	// KID is the distance by the polynomial kernel, Bounded by a Gaussian, which no single
	// image can carry: its values lie between 0 and 1.
	KID     Estimate `json:"kid"`
	Bounded Estimate `json:"bounded"`
	// Overlap is the mean over the sets, and SD their standard deviation.
	Overlap
	SD Overlap `json:"sd"`
}

// A Report is what Study found.
type Report struct {
	// Whole compares sets of samples with all real pictures.
	Whole Comparison `json:"whole"`
	// Halves compares equally large sets with one half of the real pictures, so that they
	// compare with each other: the samples, and the controls, which are made of the other
	// half. The samples come first, then the Controls in their order. The pictures are
	// halved as often as there are sets of samples.
	Halves     []Comparison `json:"halves"`
	Neighbours int          `json:"neighbours"`
	// Sources is how many photographs the real pictures are of. 0: nobody said, and each
	// was taken as one of its own.
	Sources int `json:"sources,omitempty"`
}

// Options say how samples are compared. The zero value is the default.
type Options struct {
	// Settings: the seed decides the halves, and the noise.
	probe.Settings
	// Neighbours of OverlapOf. Zero: Neighbours.
	Neighbours int
	// Sources says for each real picture which photograph it is of. Those of one are
	// never paired, stay in one half, and count as one for the errors. Nil: each is of
	// its own.
	Sources []int
}

// MostImages is how many images of each kind Study takes: time and memory grow
// with the square of their number.
const MostImages = 2048

// leastSources is how many photographs halves need: two each.
const leastSources = 4

// Study compares sets of samples, each the [N, F] that net's Features made of them, with
// real pictures, [M, size, size, channels] in [-1, 1], and real pictures with each other.
// For k neighbours it takes k+1 samples and 2k+2 pictures at least, of four photographs or
// more. No argument is modified.
//
// All features are standardised by those of all real pictures, so that what is said of
// halves has the same unit. Of run the Pool counts.
func Study(ctx context.Context, net *Net, samples []model.Tensor, real model.Tensor, run model.RunOptions, opt Options) (*Report, error) {
	s := study{k: cmp.Or(opt.Neighbours, Neighbours), opt: opt}
	if err := s.check(samples, real); err != nil {
		return nil, err
	}
	s.say("real pictures", 0, len(samples))
	f, err := net.features(ctx, real, run.Pool)
	if err != nil {
		return nil, err
	}
	if s.scale, err = newScale(f); err != nil {
		return nil, err
	}
	if s.real, err = s.scale.standard(f); err != nil {
		return nil, err
	}
	s.groups = together(opt.Sources, real.Len())
	rng := random.New(opt.Seed, random.KidHalves)
	halves, err := halve(s.groups, rng, len(samples))
	if err != nil {
		return nil, err
	}
	if err := s.cut(halves, samples[0].Len()); err != nil {
		return nil, err
	}
	s.begin(f.Shape[1])
	everything := s.reference(all(s.groups))
	r := &Report{Neighbours: s.k}
	if opt.Sources != nil {
		r.Sources = len(s.groups.sizes)
	}
	whole, own := s.series("samples"), s.series("samples")
	for i, x := range samples {
		s.say("samples", i, len(samples))
		y, err := s.scale.standard(x)
		if err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		xx, xy := newPairs(y, y), newPairs(y, s.real)
		rows := all(alone(x.Len()))
		whole.add(xx, xy, rows, everything)
		own.add(xx, xy, rows.first(s.half), s.others[i])
	}
	r.Whole = whole.comparison()
	r.Whole.KID, r.Whole.Bounded = estimate(whole.polynomial), estimate(whole.bounded)
	if !stats.Finite(r.Whole.KID.Value) {
		return nil, model.Unusable("kid: the distance is %v: the features are not finite", r.Whole.KID.Value)
	}
	r.Halves = append(r.Halves, own.comparison())
	for i, control := range Controls() {
		s.say("control: "+control.String(), len(samples)+i, len(samples))
		y := s.real
		if made := control.of(real, rng); control == Blurred || control == Noise {
			f, err := net.features(ctx, made, run.Pool)
			if err != nil {
				return nil, err
			}
			if y, err = s.scale.standard(f); err != nil {
				return nil, err
			}
		}
		xx, xy := s.rr, s.rr
		if y != s.real {
			xx, xy = newPairs(y, y), newPairs(y, s.real)
		}
		c := s.series(control.String())
		for i, h := range s.halves {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			a := s.part(control.rows(h[0]))
			if control == EightReal {
				a.groups = alone(len(a.rows)) // a generator of eight pictures draws each many times
			}
			c.add(xx, xy, a, s.others[i])
		}
		r.Halves = append(r.Halves, c.comparison())
	}
	return r, nil
}

// A study is a Study under way.
type study struct {
	k      int
	opt    Options
	scale  scale
	groups groups
	real   *mat.Dense
	rr     *pairs // of real pictures with each other
	halves [][2][]int
	half   int // images of each
	// others are the second halves: what the first, and the samples, are compared with.
	others []reference

	polynomial, bounded kernel
}

// A reference is real pictures that others are compared with.
type reference struct {
	part
	polynomial, bounded side
}

func (s *study) reference(a part) reference {
	return reference{a, within(s.polynomial, s.rr, a), within(s.bounded, s.rr, a)}
}

func (s *study) check(samples []model.Tensor, real model.Tensor) error {
	least := max(3, s.k+1)
	switch {
	case s.k < 1:
		return fmt.Errorf("kid: %d neighbours, want 1 or more", s.k)
	case len(samples) == 0:
		return fmt.Errorf("kid: no set of samples")
	case real.Len() < 2*least:
		return fmt.Errorf("kid: %d real pictures, want %d or more for %d neighbours", real.Len(), 2*least, s.k)
	case real.Len() > MostImages:
		return fmt.Errorf("kid: %d real pictures, want at most %d", real.Len(), MostImages)
	case s.opt.Sources != nil && len(s.opt.Sources) != real.Len():
		return fmt.Errorf("kid: the sources of %d pictures for %d", len(s.opt.Sources), real.Len())
	}
	for _, x := range samples {
		if x.Len() < least || x.Len() > MostImages || x.Len() != samples[0].Len() {
			return fmt.Errorf("kid: sets of %d and %d samples, want equal ones of %d to %d for %d neighbours", samples[0].Len(), x.Len(), least, MostImages, s.k)
		}
	}
	return nil
}

func (s *study) say(what string, done, sets int) { s.opt.Say(what, done, sets+len(controlNames)) }

// cut makes all halves as large as the smallest of them and the samples allow.
func (s *study) cut(halves [][2][]int, samples int) error {
	s.half, s.halves = samples, halves
	for _, h := range halves {
		s.half = min(s.half, len(h[0]), len(h[1]))
	}
	for i := range halves {
		for k := range halves[i] {
			halves[i][k] = halves[i][k][:s.half]
			if s.half < max(3, s.k+1) || s.part(halves[i][k]).apart() == 0 {
				return model.Unusable("kid: the pictures cannot be halved: too many are of one photograph")
			}
		}
	}
	return nil
}

// begin pairs the real pictures, makes the kernels, and sums them up over the halves.
func (s *study) begin(features int) {
	s.rr = newPairs(s.real, s.real)
	s.polynomial = polynomial(features)
	// Where most pictures are equal, only equal ones are alike.
	s.bounded = bounded(max(medianSquare(s.rr, s.groups), math.SmallestNonzeroFloat64))
	for _, h := range s.halves {
		s.others = append(s.others, s.reference(s.part(h[1])))
	}
}

// part is some of the real pictures.
func (s *study) part(rows []int) part { return part{rows, s.groups.pick(rows)} }

// first is the first n rows of images that are each a group of their own.
func (p part) first(n int) part { return part{p.rows[:n], alone(n)} }

// A series is what is found of one kind of images, set by set.
type series struct {
	*study
	name                string
	images, compared    int
	polynomial, bounded []*statistic
	overlaps            []Overlap
}

func (s *study) series(name string) *series { return &series{study: s, name: name} }

// add compares a set with real pictures.
func (c *series) add(xx, xy *pairs, a part, b reference) {
	c.images, c.compared = len(a.rows), len(b.rows)
	c.polynomial = append(c.polynomial, newStatistic(c.study.polynomial, xy, within(c.study.polynomial, xx, a), b.polynomial))
	c.bounded = append(c.bounded, newStatistic(c.study.bounded, xy, within(c.study.bounded, xx, a), b.bounded))
	c.overlaps = append(c.overlaps, overlap(xx, c.rr, xy, a.rows, b.rows, c.k))
}

// comparison is the means and the spread over the sets.
func (c *series) comparison() Comparison {
	out := Comparison{Name: c.name, Sets: len(c.overlaps), Images: c.images, Real: c.compared, KID: spread(values(c.polynomial)), Bounded: spread(values(c.bounded))}
	for _, f := range []func(o *Overlap) *float64{
		func(o *Overlap) *float64 { return &o.Precision }, func(o *Overlap) *float64 { return &o.Recall },
		func(o *Overlap) *float64 { return &o.Density }, func(o *Overlap) *float64 { return &o.Coverage },
	} {
		all := make([]float64, len(c.overlaps))
		for i := range all {
			all[i] = *f(&c.overlaps[i])
		}
		e := spread(all)
		*f(&out.Overlap), *f(&out.SD) = e.Value, e.SD
	}
	return out
}

func values(all []*statistic) []float64 {
	out := make([]float64, len(all))
	for i, s := range all {
		out[i] = s.value()
	}
	return out
}

// features is Features, but may be interrupted.
func (n *Net) features(ctx context.Context, images model.Tensor, pool *model.Pool) (model.Tensor, error) {
	return probe.Gather(ctx, images.Len(), batch, func(from, to int) (model.Tensor, error) {
		return n.Features(images.Slice(from, to), model.RunOptions{Pool: pool})
	})
}
