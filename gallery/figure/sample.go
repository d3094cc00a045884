package figure

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strconv"

	"dcganviz/model"
	"dcganviz/probe/nearest"
	"dcganviz/viz"
)

// Sample draws random images.
type Sample struct {
	N int `short:"n" name:"n" group:"Latents" default:"100" placeholder:"N" help:"Images to draw (default: ${default})."`
	LatentOptions
	TileOptions
	Numbers bool `group:"Output" help:"Write the number of each sample below it, by which --formula, --through and concept files name it."`
	Score   bool `group:"Output" recipe:"none" help:"Print what D makes of each image: its logit, and the score that is the sigmoid of it."`
}

// A SampleResult is what Sample drew.
type SampleResult struct {
	DrawnHead
	Command string    `json:"command"`
	Logits  []float32 `json:"logits,omitempty"`
	// Variety tells how the first mostVaried images vary; nil of a single one.
	Variety *nearest.Variety `json:"variety,omitempty"`
	Layout  *Layout          `json:"layout"`
	// PerClass is how many images of each class there are, one class after the other,
	// each of the latents from First on; 0 if the sheet is not one of all classes.
	PerClass int `json:"per_class,omitempty"`

	tiles []image.Image
	lay   TileOptions
	rows  []string
	under []string
}

// mostVaried is how many images are compared with each other.
const mostVaried = 500

// Check reports settings that make no sense.
func (s *Sample) Check() error {
	if err := s.LatentOptions.check(); err != nil {
		return err
	}
	return s.TileOptions.check()
}

// Idle says what a file of latents makes do nothing.
func (s *Sample) Idle() []Idle {
	return append(s.LatentOptions.idle("n"), s.TileOptions.idle(s.Numbers)...)
}

// Make draws the images.
func (s *Sample) Make(ctx context.Context, lab *Lab) (Result, error) {
	g, err := lab.Generator()
	if err != nil {
		return nil, err
	}
	cfg := g.Config()
	if err := lab.checkCount("-n", s.N, 1, cfg, s.Scale); err != nil {
		return nil, err
	}
	var z model.Tensor
	var classes []int
	each := 0
	if lab.source.Class == allClasses && s.Z == "" {
		each = max(1, s.N/cfg.Condition.Classes)
		z, err = perClass(g, cfg.Condition.Classes, s.Seed, s.First, each)
		for class := range cfg.Condition.Classes {
			classes = append(classes, slices.Repeat([]int{class}, each)...)
		}
	} else if s.Z == "" {
		z, err = s.latents(s.N, g)
		classes = g.Classes(s.First, s.N)
	} else {
		z, err = s.latents(s.N, g)
	}
	if err != nil {
		return nil, err
	}
	if err := lab.checkCount("the number of latents in --z", z.Len(), 1, cfg, s.Scale); err != nil {
		return nil, err
	}
	if err := lab.checkBatch(z.Len(), s.Score); err != nil {
		return nil, err
	}
	x, tiles, err := lab.generate(ctx, g, z)
	if err != nil {
		return nil, err
	}
	r := &SampleResult{DrawnHead: s.head(lab, x), Command: "sample", tiles: tiles, lay: s.TileOptions, PerClass: each}
	if each > 0 {
		r.lay.Cols = each
		for class := range cfg.Condition.Classes {
			r.rows = append(r.rows, lab.className(class))
		}
	}
	if s.Numbers {
		r.under = s.numbersOf(r)
		if r.lay.Scale == 0 {
			_, width, _ := cfg.Dims()
			r.lay.Scale = (leastNumbered + width - 1) / width
		}
	}
	if s.Score {
		if r.Logits, err = lab.scores(ctx, x, classes); err != nil {
			return nil, err
		}
	}
	if n := min(z.Len(), mostVaried); n > 1 && max(cfg.Size, cfg.Width) > 1 {
		if r.Variety, err = nearest.VarietyOf(ctx, lab.Pool, x.Slice(0, n)); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// Draw draws the sheet.
func (r *SampleResult) Draw() (*viz.Picture, error) {
	if r.tiles == nil {
		return nil, errNoImages
	}
	sheet, err := viz.Sheet(r.tiles, viz.SheetOptions{Columns: r.lay.Cols, Scale: r.lay.Scale, Smooth: r.lay.Smooth, RowLabels: r.rows, Captions: r.under})
	if err != nil {
		return nil, usage("%w", err)
	}
	return sheet, nil
}

// Place fills in the picture's file and layout.
func (r *SampleResult) Place(image string, at Layout) { r.Image, r.Layout = image, &at }

// List says what D makes of the images, and of each, if it was asked.
func (r *SampleResult) List(all bool) (lines []string) {
	if len(r.Logits) > 0 && !all { // with all numbers Words have it
		lines = append(lines, r.judged())
	}
	for i, v := range r.Logits {
		lines = append(lines, fmt.Sprintf("image %d: logit %.2f, score %.2f", r.First+i, v, model.Sigmoid(float64(v))))
	}
	return lines
}

// judged says in a line what D makes of the images.
func (r *SampleResult) judged() string {
	sum, high, low := 0.0, 0, 0
	for i, v := range r.Logits {
		sum += float64(v)
		if v > r.Logits[high] {
			high = i
		}
		if v < r.Logits[low] {
			low = i
		}
	}
	return fmt.Sprintf("D's mean logit is %.2f; above 0 it takes an image for real. Image %d has the highest, %.2f, image %d the lowest, %.2f.",
		sum/float64(len(r.Logits)), r.First+high, r.Logits[high], r.First+low, r.Logits[low])
}

// leastNumbered is how wide a tile is at least that has its number below it, in pixels.
const leastNumbered = 48

// numbersOf returns the number of each image: among the seed's latents, or in the file.
func (s *Sample) numbersOf(r *SampleResult) []string {
	out := make([]string, r.Images)
	for i := range out {
		n := s.First + i
		switch {
		case s.Z != "":
			n = i
		case r.PerClass > 0:
			n = s.First + i%r.PerClass
		}
		out[i] = strconv.Itoa(n)
	}
	return out
}
