package figure

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"dcganviz/model/dataset"
	"dcganviz/model/zoo"
	"dcganviz/probe/forget"
	"dcganviz/probe/score"
)

// Forget makes a generator draw without a concept: probe/forget.
type Forget struct {
	Concept string `group:"Concept" required:"" placeholder:"NAME" complete:"scored-concepts" help:"What to forget: the class of the boxes, and of the embedded scorers."`
	ForgetOptions
}

// Make runs the experiment.
func (f *Forget) Make(ctx context.Context, lab *Lab) (Result, error) {
	return f.make(ctx, lab, "forget", f.Concept)
}

// ForgetWindows is Forget for the windows of façades, as the paper's Fig. 6.
type ForgetWindows struct{ ForgetOptions }

// Make runs the experiment.
func (f *ForgetWindows) Make(ctx context.Context, lab *Lab) (Result, error) {
	return f.make(ctx, lab, "forget-windows", "window")
}

// ForgetOptions are what the two have in common.
type ForgetOptions struct {
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	PhotoOptions
	Boxes  string `group:"Concept" placeholder:"FILE" recipe:"input" complete:"boxes" help:"Where the concept is in samples of --seed: CSV or JSON with columns file (the sample's number), class, x0, y0, x1, y1 in pixels; or ${boxes}, drawn by eye (default: the scorer finds it)."`
	Scorer string `group:"Concept" placeholder:"FILE" recipe:"input" complete:"scorers" help:"What finds the concept: an embedded scorer or a file of dcganviz score pair or fit (default: an embedded one of the concept, first that of the model)."`
	Guide  string `group:"Concept" placeholder:"FILE" recipe:"input" complete:"scorers" help:"A second scorer, with which the first must agree on what fill-seen fills (default: the one that comes with the model, if one does)."`
	Judge  string `group:"Concept" placeholder:"FILE" recipe:"input" complete:"scorers" help:"What measures, and must be independent of scorer and guide (default: an embedded one of the concept, first that of the model)."`

	Method        []string `group:"Method" default:"paper,fill-seen" older:"paper" placeholder:"NAME" choices:"paper,mean,causal,erase,fill,fill-seen,all" alone:"all" help:"paper (drop maps of positive weight), mean, causal, erase, fill, fill-seen (viewers find the concept in each image and what surrounds it is put there: a detector and a fill, which do as well on plain pixels), several with commas, or all (default: ${default}; the first is measured beside controls)."`
	PaperBN       string   `group:"Method" name:"paper-bn" default:"batch" enum:"batch,running" older:"running" placeholder:"NAME" help:"Batch norm's statistics for the method paper: batch, of each 100 samples, before and after the drop, as the paper's authors ran their nets, or running, as for the other methods (default: ${default}; --bn decides for all methods)."`
	Draws         int      `group:"Method" default:"200" older:"20" placeholder:"N" help:"Draws of random maps to compare a method with that drops maps (default: ${default})."`
	Probes        int      `group:"Method" default:"5" older:"1" placeholder:"N" help:"Probes, each fitted on samples of its own, that try the method paper (default: ${default}; with --boxes one)."`
	FillThreshold float64  `group:"Method" default:"0.5" older:"0.66" placeholder:"X" help:"fill-seen: least score of a location to fill, by the viewers that guide it together (default: ${default})."`
	FillRounds    int      `group:"Method" default:"1" older:"4" placeholder:"N" help:"fill-seen: how often the viewers look, each time at what was filled before (default: ${default})."`
	Layer         []string `group:"Method" placeholder:"NAME" complete:"layers-of-G" help:"Layer of G to act on, or several with commas, to act on at once (default: the second-highest convolution; for fill-seen the highest hidden one)."`
	Region        []string `group:"Method" sep:"none" placeholder:"X0,Y0,X1,Y1" complete:"text" help:"Change only this box of the image, in pixels; may be given again."`
	Samples       int      `group:"Method" default:"500" placeholder:"N" help:"New samples to measure on (default: ${default})."`
}

// methods parses --method.
func (c *ForgetOptions) methods() ([]forget.Method, error) {
	if slices.Contains(c.Method, "all") {
		return forget.Methods(), nil
	}
	var out []forget.Method
	for _, name := range c.Method {
		m, err := forget.ParseMethod(name)
		if err != nil {
			return nil, usage("--method: %w, or all", err)
		}
		if slices.Contains(out, m) {
			return nil, usage("--method %s twice", name)
		}
		out = append(out, m)
	}
	return out, nil
}

// region parses --region.
func (c *ForgetOptions) region() (out []score.Box, err error) {
	for _, text := range c.Region {
		parts := strings.Split(text, ",")
		var side [4]float64
		for i := range side {
			if len(parts) == len(side) {
				side[i], err = strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
			}
			if len(parts) != len(side) || err != nil {
				return nil, usage("--region %.60q, want four numbers: X0,Y0,X1,Y1", text)
			}
		}
		out = append(out, score.Box{X0: side[0], Y0: side[1], X1: side[2], Y1: side[3]})
	}
	return out, nil
}

// boxes reads --boxes: nil without it.
func (c *ForgetOptions) boxes(lab *Lab, concept string, size int) (map[int][]score.Box, error) {
	if c.Boxes == "" {
		return nil, nil
	}
	if !slices.Contains(zoo.BoxNames(), c.Boxes) {
		all, err := dataset.ReadBoxes(c.Boxes)
		if err != nil {
			return nil, err
		}
		return sampleBoxes(all, concept, size)
	}
	if c.Seed != boxedSeed || lab.Name+"-"+concept != c.Boxes {
		return nil, usage("--boxes %s are on samples of the embedded model with seed %d: give another file, or leave --seed and the model as they are", c.Boxes, boxedSeed)
	}
	all, err := zoo.Boxes(c.Boxes)
	if err != nil {
		return nil, err
	}
	return sampleBoxes(all, concept, size)
}

const (
	boxedSeed    = 1 // of the samples that embedded boxes are on
	leastSamples = 20
	mostSamples  = 10000
	mostDraws    = 10000
	mostProbes   = 50
	mostRounds   = 16
)

// Check reports settings that make no sense.
func (c *ForgetOptions) Check() error {
	for i, layer := range c.Layer {
		if slices.Contains(c.Layer[:i], layer) {
			return usage("--layer %s twice", layer)
		}
	}
	if c.Samples < leastSamples || c.Samples > mostSamples {
		return usage("--samples is %d, want %d to %d", c.Samples, leastSamples, mostSamples)
	}
	if c.Draws < 1 || c.Draws > mostDraws {
		return usage("--draws is %d, want 1 to %d", c.Draws, mostDraws)
	}
	if c.Probes < 1 || c.Probes > mostProbes {
		return usage("--probes is %d, want 1 to %d", c.Probes, mostProbes)
	}
	if !(c.FillThreshold > 0 && c.FillThreshold < 1) {
		return usage("--fill-threshold is %g, want more than 0 and less than 1", c.FillThreshold)
	}
	if c.FillRounds < 1 || c.FillRounds > mostRounds {
		return usage("--fill-rounds is %d, want 1 to %d", c.FillRounds, mostRounds)
	}
	if _, err := c.methods(); err != nil {
		return err
	}
	_, err := c.region()
	return err
}

// sampleBoxes returns the boxes of a concept by the number of the sample that
// they are on. A sample that has boxes of other concepts only counts as one that
// does not show this one.
func sampleBoxes(all *dataset.Boxes, concept string, size int) (map[int][]score.Box, error) {
	if err := all.Check(concept); err != nil {
		return nil, err
	}
	out := map[int][]score.Box{}
	for _, name := range all.Pictures() {
		n, err := strconv.Atoi(name)
		if err != nil || n < 0 {
			return nil, usage("--boxes: file is %.40q, want the number of a sample", name)
		}
		rects, err := all.Rects(name, concept, size, size)
		if err != nil {
			return nil, err
		}
		out[n] = []score.Box{}
		for _, r := range rects {
			out[n] = append(out[n], score.Box{X0: r.X0, Y0: r.Y0, X1: r.X1, Y1: r.Y1})
		}
	}
	return out, nil
}
