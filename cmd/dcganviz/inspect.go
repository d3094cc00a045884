package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"dcganviz/model"
	"dcganviz/model/train"
)

// inspectCmd says what a model is.
type inspectCmd struct {
	modelFlag
	JSON bool `name:"json" help:"Print the result as JSON."`
}

func (*inspectCmd) examples() []string {
	return []string{"dcganviz inspect", "dcganviz inspect runs/mine", "dcganviz inspect runs/mine/epoch-0001.safetensors --json"}
}

// inspected is what inspect answers.
type inspected struct {
	Model  string      `json:"model"`
	SHA256 string      `json:"sha256"`
	Meta   model.Meta  `json:"meta"`
	G      *netFigures `json:"g"`
	D      *netFigures `json:"d"`
	// Run is what a run's folder says besides.
	Run *train.Run `json:"run,omitempty"`
}

type netFigures struct {
	Parameters int            `json:"parameters"`
	Layers     []layerFigures `json:"layers"`
}

type layerFigures struct {
	Name       string `json:"name"`
	Height     int    `json:"height"`
	Width      int    `json:"width"`
	Channels   int    `json:"channels"`
	Kernel     int    `json:"kernel"`
	Stride     int    `json:"stride"`
	Transposed bool   `json:"transposed"`
	BatchNorm  bool   `json:"batch_norm"`
	Activation string `json:"activation"`
	Parameters int    `json:"parameters"`
}

func figuresOf(layers []model.LayerInfo) *netFigures {
	n := new(netFigures)
	for _, l := range layers {
		n.Layers = append(n.Layers, layerFigures(l))
		n.Parameters += l.Parameters
	}
	return n
}

// Run is the command.
func (c *inspectCmd) Run(e *env) error {
	o, err := c.open(e)
	if err != nil {
		return err
	}
	a := inspected{Model: o.title, SHA256: o.SHA256, Meta: o.Meta}
	if o.G != nil {
		a.G = figuresOf(o.G.Layers())
	}
	if o.D != nil {
		a.D = figuresOf(o.D.Layers())
	}
	if o.folder != "" {
		// A model without its state can be inspected all the same.
		if run, err := train.ReadRun(o.folder); err == nil {
			a.Run = &run
		}
	}
	if c.JSON {
		return e.json(a)
	}
	a.print(e)
	return nil
}

// print writes the answer for people.
func (a *inspected) print(e *env) {
	m := a.Meta
	e.printf("%s", a.Model)
	e.printf("  sha256        %s", a.SHA256)
	e.printf("  architecture  %v, %dx%dx%d, width %d (G), %d (D)", m.Config.Arch, m.Config.Size, m.Config.Size, m.Config.Channels, m.Config.GWidth, m.Config.DWidth)
	e.printf("  latents       %d numbers, %v", m.Config.LatentDim, m.Config.Law)
	e.printf("  batch norm    %v statistics", m.BN)
	if m.Step > 0 {
		e.printf("  training      %s", trained(m))
	}
	if m.Dataset != "" {
		e.printf("  pictures      %d, %q", m.Images, m.Dataset)
	}
	if a.Run != nil {
		e.printf("  recipe        %s", recipeOf(a.Run.Options))
	}
	for _, n := range []struct {
		name string
		net  *netFigures
	}{{"G", a.G}, {"D", a.D}} {
		if n.net == nil {
			e.printf("\n%s is not in this file", n.name)
			continue
		}
		e.printf("\n%s: %d parameters", n.name, n.net.Parameters)
		n.net.print(e)
	}
}

// trained says in words how long a model was trained.
func trained(m model.Meta) string {
	text := fmt.Sprintf("%d steps of %d, seed %d", m.Step, m.Batch, m.Seed)
	if m.Images > 0 {
		text += fmt.Sprintf(", %.1f epochs", float64(m.Step)*float64(m.Batch)/float64(m.Images))
	}
	if m.EMA > 0 {
		text += fmt.Sprintf("; G is the moving average of its weights, decay %g", m.EMA)
	}
	return text
}

// recipeOf says in words how a run is trained.
func recipeOf(o train.Options) string {
	parts := []string{fmt.Sprintf("Adam %g, beta1 %g", o.Rate, o.Beta1)}
	for _, p := range []struct {
		on   bool
		text string
	}{
		{o.WeightDecay > 0, fmt.Sprintf("weight decay %g", o.WeightDecay)},
		{o.Flips, "flips"},
		{o.Augment != 0, fmt.Sprintf("D sees %v", o.Augment)},
		{o.LabelSmoothing > 0, fmt.Sprintf("real is %g", 1-o.LabelSmoothing)},
	} {
		if p.on {
			parts = append(parts, p.text)
		}
	}
	return strings.Join(parts, ", ")
}

func (n *netFigures) print(e *env) {
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "  layer\tresult\tconvolution\tbatch norm\tactivation\tparameters")
	for _, l := range n.Layers {
		conv := fmt.Sprintf("%dx%d, stride %d", l.Kernel, l.Kernel, l.Stride)
		if l.Transposed {
			conv += ", transposed"
		}
		norm := "-"
		if l.BatchNorm {
			norm = "yes"
		}
		fmt.Fprintf(w, "  %s\t%dx%dx%d\t%s\t%s\t%s\t%d\n", l.Name, l.Height, l.Width, l.Channels, conv, norm, l.Activation, l.Parameters)
	}
}
