package main

import (
	"slices"
	"strconv"
	"strings"

	"dcganviz/model/dataset"
	"dcganviz/model/zoo"
	"dcganviz/probe/forget"
	"dcganviz/probe/score"
)

// forgetCmd makes a generator draw without a concept.
type forgetCmd struct {
	Concept string `group:"Concept" required:"" placeholder:"NAME" complete:"scored-concepts" help:"What to forget: the class of the boxes, and of the embedded scorers."`
	forgetFlags
}

func (*forgetCmd) examples() []string {
	return []string{
		"dcganviz forget --concept signboard",
		"dcganviz forget --concept window --layer up1,up2 --method erase,fill",
	}
}

// Run is the command.
func (c *forgetCmd) Run(e *env) error { return c.run(e, "forget", c.Concept) }

// forgetWindowsCmd is forget for the windows of façades.
type forgetWindowsCmd struct{ forgetFlags }

func (*forgetWindowsCmd) examples() []string {
	return []string{
		"dcganviz forget-windows",
		"dcganviz forget-windows --method all --out windows.png",
		"dcganviz forget-windows --method fill-seen --region 0,0,32,64 --json",
	}
}

// Run is the command.
func (c *forgetWindowsCmd) Run(e *env) error { return c.run(e, "forget-windows", "window") }

// forgetFlags are what the two commands have in common.
type forgetFlags struct {
	probeFlags
	photoFlags
	Boxes  string `group:"Concept" placeholder:"FILE" recipe:"input" complete:"boxes" help:"Where the concept is in samples of --seed: CSV or JSON with columns file (the sample's number), class, x0, y0, x1, y1 in pixels; or ${boxes}, drawn by eye (default: the scorer finds it)."`
	Scorer string `group:"Concept" placeholder:"FILE" recipe:"input" complete:"scorers" help:"What finds the concept: an embedded scorer or a file of dcganviz score fit (default: the one that comes with the model)."`
	Guide  string `group:"Concept" placeholder:"FILE" recipe:"input" complete:"scorers" help:"A second scorer, with which the first must agree on what fill-seen fills (default: the one that comes with the model, if one does)."`
	Judge  string `group:"Concept" placeholder:"FILE" recipe:"input" complete:"scorers" help:"What measures, and must be independent of scorer and guide (default: the one that comes with the model)."`

	Method  []string `group:"Method" default:"paper" placeholder:"NAME" choices:"paper,mean,causal,erase,fill,fill-seen,all" alone:"all" help:"paper (drop maps of positive weight), mean, causal, erase, fill, fill-seen, several with commas, or all (default: ${default})."`
	Layer   []string `group:"Method" placeholder:"NAME" complete:"layers-of-G" help:"Layer of G to act on, or several with commas, to act on at once (default: the second-highest convolution; for fill-seen the highest hidden one)."`
	Region  []string `group:"Method" sep:"none" placeholder:"X0,Y0,X1,Y1" complete:"text" help:"Change only this box of the image, in pixels; may be given again."`
	Samples int      `group:"Method" default:"500" placeholder:"N" help:"New samples to measure on (default: ${default})."`
}

// methods parses --method.
func (c *forgetFlags) methods() ([]forget.Method, error) {
	if slices.Contains(c.Method, "all") {
		return forget.Methods(), nil
	}
	var out []forget.Method
	for _, name := range c.Method {
		m, err := forget.ParseMethod(name)
		if err != nil {
			return nil, usageError("--method: %w, or all", err)
		}
		if slices.Contains(out, m) {
			return nil, usageError("--method %s twice", name)
		}
		out = append(out, m)
	}
	return out, nil
}

// region parses --region.
func (c *forgetFlags) region() (out []score.Box, err error) {
	for _, text := range c.Region {
		parts := strings.Split(text, ",")
		var side [4]float64
		for i := range side {
			if len(parts) == len(side) {
				side[i], err = strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
			}
			if len(parts) != len(side) || err != nil {
				return nil, usageError("--region %.60q, want four numbers: X0,Y0,X1,Y1", text)
			}
		}
		out = append(out, score.Box{X0: side[0], Y0: side[1], X1: side[2], Y1: side[3]})
	}
	return out, nil
}

// boxes reads --boxes: nil without it.
func (c *forgetFlags) boxes(o *opened, concept string, size int) (map[int][]score.Box, error) {
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
	if c.Seed != boxedSeed || o.name+"-"+concept != c.Boxes {
		return nil, usageError("--boxes %s are on samples of the embedded model with seed %d: give another file, or leave --seed and the model as they are", c.Boxes, boxedSeed)
	}
	text, err := zoo.Boxes(c.Boxes)
	if err != nil {
		return nil, err
	}
	all, err := dataset.ParseBoxes(c.Boxes, text)
	if err != nil {
		return nil, err
	}
	return sampleBoxes(all, concept, size)
}

const (
	boxedSeed    = 1 // of the samples that embedded boxes are on
	leastSamples = 20
	mostSamples  = 10000
)

// check reports what is wrong with the flags before anything is read.
func (c *forgetFlags) check() error {
	for i, layer := range c.Layer {
		if slices.Contains(c.Layer[:i], layer) {
			return usageError("--layer %s twice", layer)
		}
	}
	if c.Samples < leastSamples || c.Samples > mostSamples {
		return usageError("--samples is %d, want %d to %d", c.Samples, leastSamples, mostSamples)
	}
	return nil
}
