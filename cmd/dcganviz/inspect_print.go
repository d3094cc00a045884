package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// print writes the answer for people.
func (a *inspected) print(e *env) {
	e.printf("%s", a.Model)
	e.printf("  file          %s, %d bytes", a.Format, a.Bytes)
	if a.SHA256 != "" {
		e.printf("  sha256        %s", a.SHA256)
	}
	if a.DiscSHA256 != "" {
		e.printf("  sha256 of D   %s", a.DiscSHA256)
	}
	if a.Meta == nil {
		e.printf("  cannot be run %s", a.CannotRun)
	} else {
		a.printMeta(e)
	}
	for _, n := range []struct {
		name string
		net  *netFigures
	}{{"G", a.G}, {"D", a.D}} {
		switch {
		case n.net != nil:
			e.printf("\n%s: %d parameters", n.name, n.net.Parameters)
			n.net.print(e)
		case a.Meta != nil:
			e.printf("\n%s is not in this file", n.name)
		}
	}
	for i := range a.StateDicts {
		// The layers have said what a net is that can be run.
		if d := &a.StateDicts[i]; a.Meta == nil || d.Net == "" || a.SHA256 != "" {
			d.print(e)
		}
	}
}

func (a *inspected) printMeta(e *env) {
	m := a.Meta
	cfg := m.Config
	widths := ""
	for _, w := range []struct {
		net   string
		width int
	}{{"G", cfg.GWidth}, {"D", cfg.DWidth}} {
		if w.width > 0 {
			widths += fmt.Sprintf(", width %d (%s)", w.width, w.net)
		}
	}
	if cfg.Hidden > 0 {
		widths += fmt.Sprintf(", %d hidden units", cfg.Hidden)
	}
	height, width, channels := cfg.Dims()
	e.printf("  architecture  %v, %dx%dx%d%s", cfg.Arch, height, width, channels, widths)
	if a.G != nil {
		e.printf("  latents       %d numbers, %v", cfg.LatentDim, cfg.Law)
		if n := cfg.Condition.Classes; n > 0 {
			text := fmt.Sprintf("%d, told by %d of these numbers", n, cfg.Condition.Numbers)
			if names := m.Classes(); names != nil {
				text += ": " + shown(strings.Join(names, ", "))
			}
			e.printf("  classes       %s", text)
		}
	}
	text := fmt.Sprintf("%v statistics", m.BN)
	if cfg.BNEps != 0 {
		text += fmt.Sprintf(", epsilon %g", cfg.BNEps)
	}
	e.printf("  batch norm    %s", text)
	if m.Origin != "" {
		e.printf("  origin        %s", shown(m.Origin))
	}
	if m.Step > 0 {
		e.printf("  training      %s", trained(*m))
	}
	if m.Dataset != "" {
		e.printf("  pictures      %d, %q", m.Images, m.Dataset)
	}
	if a.Run != nil {
		e.printf("  recipe        %s", recipeOf(a.Run))
	}
}

// shown returns text of a file as it can be printed: whole, unless it holds
// what could disturb a terminal.
func shown(s string) string {
	const most = 200
	if q := strconv.Quote(s); len(s) > most || q != `"`+s+`"` {
		return fmt.Sprintf("%.*q", most, s)
	}
	return s
}

// trained says in words how long a model was trained.
func trained(m checkpoint.Meta) string {
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
func recipeOf(r *train.Run) string {
	o := r.Options
	parts := []string{fmt.Sprintf("Adam %g, beta1 %g", o.Rate, o.Beta1)}
	chance := o.AugmentChance
	if r.Adapt != nil {
		chance = r.Adapt.Chance
	}
	for _, p := range []struct {
		on   bool
		text string
	}{
		{o.WeightDecay > 0, fmt.Sprintf("weight decay %g", o.WeightDecay)},
		{o.Flips, "flips"},
		{o.FallTo > 0, fmt.Sprintf("falling from step %d to 0 at %d", o.FallFrom, o.FallTo)},
		{o.Augment != 0, fmt.Sprintf("D sees %v", o.Augment)},
		{o.Brightness > 0, fmt.Sprintf("brightness by up to %g", o.Brightness)},
		{o.Border != 0, fmt.Sprintf("border %g", o.Border)},
		{chance > 0 || r.Adapt != nil, fmt.Sprintf("each change with probability %.3g", chance)},
		{r.Adapt != nil, fmt.Sprintf("which follows D to %g", o.AugmentTarget)},
		{o.LabelSmoothing > 0, fmt.Sprintf("real is %g", 1-o.LabelSmoothing)},
	} {
		if p.on {
			parts = append(parts, p.text)
		}
	}
	return strings.Join(parts, ", ")
}

// table begins a table; its columns are separated by tabs.
func table(e *env) *tabwriter.Writer { return tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0) }

func (n *netFigures) print(e *env) {
	w := table(e)
	defer w.Flush()
	fmt.Fprintln(w, "  layer\tresult\tconvolution\tbatch norm\tactivation\tparameters")
	for _, l := range n.Layers {
		conv := fmt.Sprintf("%dx%d, stride %d", l.Kernel, l.KernelWidth, l.Stride)
		if l.Upsample > 1 {
			conv += fmt.Sprintf(", after %v upsampling by %d", l.Upsampling, l.Upsample)
		}
		if l.Transposed {
			conv += ", transposed"
		}
		norm := "-"
		if l.BatchNorm {
			norm = "yes"
		}
		fmt.Fprintf(w, "  %s\t%dx%dx%d\t%s\t%s\t%s\t%d\n", shown(l.Name), l.Height, l.Width, l.Channels, conv, norm, l.Activation, l.Parameters)
	}
}

func (d *dictFigures) print(e *env) {
	title := "the tensors"
	if d.Path != "" {
		title = "state dict " + shown(d.Path)
	}
	if d.Net != "" {
		title += " (" + d.Net + ")"
	}
	if d.Disc {
		title += " in the file of --disc"
	}
	e.printf("\n%s: %d, of %d numbers", title, len(d.Tensors), d.Numbers)
	if d.Prefix != "" {
		e.printf("  each name begins with %s, left out here", shown(d.Prefix))
	}
	if d.NoNet != "" {
		e.printf("  no net that can be run: %s", oneLine(errors.New(d.NoNet)))
	}
	w := table(e)
	defer w.Flush()
	fmt.Fprint(w, "  tensor\ttype\tshape")
	if len(d.Tensors) > 0 && (d.Tensors[0].Stats != nil || d.Tensors[0].Unread != "") {
		fmt.Fprint(w, "\tmin\tmax\tmean\tsd\tzeros\tNaN\tInf")
	}
	fmt.Fprintln(w)
	for _, t := range d.Tensors {
		fmt.Fprintf(w, "  %s\t%s\t%v", shown(t.Name), t.DType, t.Shape)
		switch s := t.Stats; {
		case s != nil:
			fmt.Fprintf(w, "\t%.4g\t%.4g\t%.4g\t%.4g\t%.4g\t%d\t%d", s.Min, s.Max, s.Mean, s.SD, s.Zeros, s.NaN, s.Inf)
		case t.Unread != "":
			fmt.Fprintf(w, "\t%s", shown(t.Unread))
		}
		fmt.Fprintln(w)
	}
}
