package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/features"
)

// A Course is what is audited.
type Course struct {
	// Images are the images along the walk, [N*Refine+1, H, W, C] for N steps. Each
	// step is taken in Refine parts: over a large step, images that turn into each
	// other look like images that only follow one another.
	Images model.Tensor
	// Refine is how many parts a step has. Zero: 1.
	Refine int
	// Anchors are the parts at which a segment of the walk begins or ends, in
	// order. Nil: it is one segment.
	Anchors []int
	// Space is how far apart in latent space the parts are. Path lengths are divided
	// by it. Zero: there are no path lengths.
	Space float64
	// Stored are the images that the memoriser has, [K, H, W, C] with K at least 2.
	// The first and the last of Images are added to them. D's layers are weighed by
	// these images (features.Weigh).
	Stored model.Tensor
}

// Sharp is the threshold of a walk that is flagged: the largest change in a part of a
// step is at least Sharp times the median change.
//
// It is five standard deviations above the mean of the logarithm, rounded up,
// over 16 walks of the embedded model through 9 anchors in 792 parts, every
// other along arcs. In pixels the geometric mean was 2.5, the standard deviation
// of the logarithm 0.22 and the largest 3.7; in features 2.2, 0.16 and 3.0. The
// memoriser stood still in 95% of the parts or more, so that its median was 0.
const Sharp = 8

// A Report is what an audit finds.
type Report struct {
	Steps  int `json:"steps"`
	Refine int `json:"refine"`
	// Threshold is Sharp.
	Threshold float64 `json:"threshold"`
	// Stored is how many images the memoriser has.
	Stored int `json:"stored"`
	// Spaces are pixels, and features if there is a D that sees differences.
	Spaces []Space `json:"spaces"`
	// Blind says that there are no features because all images look alike to D.
	Blind bool `json:"blind,omitempty"`
	// Sampled is how many parts Quick took the medians from, and Drawn how many images
	// it looked at. 0 of Walk, which looks at all.
	Sampled int `json:"sampled,omitempty"`
	Drawn   int `json:"drawn,omitempty"`
	// Recalled says which of its images the memoriser shows at each of Images, or of
	// Quick's Tiles: the number in Stored, or one of the two numbers behind them for the
	// first and the last of Images.
	Recalled []int `json:"recalled"`
}

// A Space is the answer of one way to measure how far images are apart.
type Space struct {
	// Name is pixels or features.
	Name string `json:"name"`
	// Unit says what a jump is.
	Unit string `json:"unit"`
	Walk Jumps  `json:"walk"`
	// Memoriser is the control: the stored image nearest in pixels to each of
	// the walk's.
	Memoriser Jumps `json:"memoriser"`
}

// Jumps are the changes along a walk.
type Jumps struct {
	// Steps are the changes over each step, Parts the changes over each part of a step.
	Steps []float64 `json:"steps"`
	Parts []float64 `json:"parts"`
	// At are the numbers of Parts, if these are not all: those that Quick drew.
	At []int `json:"at,omitempty"`
	// Median and Largest are the median and the largest of Parts. Quick's median and
	// Still are of the parts that it sampled.
	Median  float64 `json:"median"`
	Largest float64 `json:"largest"`
	// TimesMedian is Largest divided by Median; nil if most parts change nothing.
	TimesMedian *float64 `json:"times_median"`
	// Still is the fraction of parts that change nothing.
	Still float64 `json:"still"`
	// Sharpest is the step that has the largest part, from 0; -1 where nothing
	// changes.
	Sharpest int `json:"sharpest"`
	// Sharp says that the walk is flagged: Largest is at least Sharp times the median,
	// and not 0.
	Sharp bool `json:"sharp"`
	// Segments are from anchor to anchor.
	Segments []Segment `json:"segments,omitempty"`
}

// A Segment is a piece of the walk between two anchors.
type Segment struct {
	// Length is the sum of its parts' changes.
	Length float64 `json:"length"`
	// PathLength is the mean of (change / distance in latent space)² over its
	// parts: the perceptual path length of Karras et al. 2019 (arXiv:1812.04948),
	// section 4.1, for this space. 0 without Course.Space.
	PathLength float64 `json:"path_length,omitempty"`
}

// Walk audits a walk, in pixels, and unless d is nil in its features.
//
// A change in pixels is the root mean square error of values in [-1, 1], one in
// features the Euclidean distance with D's layers weighed alike by the stored
// images (features.Weigh): two unrelated images are about 1 apart. d is not modified.
// Nothing is drawn at random, so the seed decides nothing.
func Walk(ctx context.Context, c Course, d *model.D, run model.RunOptions, opt probe.Settings) (*Report, error) {
	c.Refine = max(c.Refine, 1)
	if err := c.check(); err != nil {
		return nil, err
	}
	n := c.Images.Len()
	stored := memory(c.Stored, c.Images)
	r := &Report{Steps: (n - 1) / c.Refine, Refine: c.Refine, Threshold: Sharp, Stored: stored.Len()}
	var err error
	if r.Recalled, err = recall(ctx, run.Pool, c.Images, stored); err != nil {
		return nil, err
	}
	w := walker{c: c, recalled: r.Recalled, opt: opt}
	s, err := w.space(ctx, stored, func(x model.Tensor) (model.Tensor, error) { return x, nil }, rms(c.Images))
	if err != nil {
		return nil, err
	}
	s.Name, s.Unit = inPixels.name, inPixels.unit
	r.Spaces = append(r.Spaces, s)
	if d == nil {
		return r, nil
	}
	see, known, err := weighed(ctx, d, stored, run)
	if errors.Is(err, features.ErrAlike) {
		r.Blind = true
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	w.whole = run.BatchStats
	s, err = w.space(ctx, known, see, 1)
	s.Name, s.Unit = inFeatures.name, inFeatures.unit
	r.Spaces = append(r.Spaces, s)
	return r, err
}

func (c Course) check() error {
	n := c.Images.Len()
	if len(c.Images.Shape) != 4 || n < 2 || (n-1)%c.Refine != 0 {
		return fmt.Errorf("audit: images of shape %v, want [N*%d+1 H W C] with N at least 1", c.Images.Shape, c.Refine)
	}
	if len(c.Stored.Shape) != 4 || !slices.Equal(c.Stored.Shape[1:], c.Images.Shape[1:]) || c.Stored.Len() < 2 {
		return fmt.Errorf("audit: stored images of shape %v, want [K H W C] with K at least 2 and the others of the walk, %v", c.Stored.Shape, c.Images.Shape)
	}
	if !slices.IsSorted(c.Anchors) || len(c.Anchors) > 0 && (c.Anchors[0] < 0 || c.Anchors[len(c.Anchors)-1] > n-1) {
		return fmt.Errorf("audit: anchors at %v, want rising numbers from 0 to %d", c.Anchors, n-1)
	}
	return nil
}
