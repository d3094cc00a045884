package figure

import (
	"fmt"
	"image"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/nearest"
	"dcganviz/viz"
)

// plainRows is how many rows show the first samples, whatever they are.
const plainRows = 5

// choose says which samples are shown: the first ones, and for each space the
// one that is nearest to a training picture for its sort, if it is not there.
func (a *NearestResult) choose() {
	for i := range plainRows {
		a.Shown = append(a.Shown, i)
	}
	for _, s := range a.Spaces {
		best := 0
		for i, d := range s.Samples.Distances {
			if d < s.Samples.Distances[best] {
				best = i
			}
		}
		if !slices.Contains(a.Shown, best) {
			a.Shown = append(a.Shown, best)
		}
	}
}

// Draw draws samples and the control beside their nearest, and the distribution of
// the distances.
func (a *NearestResult) Draw() (*viz.Picture, error) {
	if a.pictures == nil {
		return nil, errNoImages
	}
	sheet, err := a.drawRows(*a.pictures)
	if err != nil {
		return nil, err
	}
	width := max(sheet.Bounds().Dx(), 720)
	var plots []viz.Part
	for _, s := range a.Spaces {
		plot, err := a.drawDistances(s, (width-16)/len(a.Spaces))
		if err != nil {
			return nil, err
		}
		plots = append(plots, viz.Part{Image: plot})
	}
	curves, err := viz.Stack(plots, viz.StackOptions{Row: true})
	if err != nil {
		return nil, err
	}
	return viz.Stack([]viz.Part{
		{Image: sheet, Caption: fmt.Sprintf("The first %d %s, then those of %d that are nearest to a training picture, then one copy of the control, each with its nearest training pictures. Below each is its distance: in pixels the RMSE of values in [-1, 1], in D's features 1 for two unrelated pictures.%s", plainRows, a.what(), a.Samples, a.mirrorSentence())},
		{Image: curves, Caption: "How many are at most so far from the nearest training picture. Shaded: nearer than 19 of 20 held-out pictures are."},
	}, viz.StackOptions{Title: fmt.Sprintf("Nearest training pictures: %s, %s", a.Model, a.TrainingSet), Footer: a.Words().Verdict})
}

// mirrorSentence says what is done to neighbours that are near as their mirror images.
func (a *NearestResult) mirrorSentence() string {
	if !a.Mirrors {
		return ""
	}
	return " Training pictures whose mirror image is nearer are shown mirrored."
}

// drawRows draws a row for each sample that is shown, and one for the control.
func (a *NearestResult) drawRows(p nearest.Pictures) (image.Image, error) {
	tile := func(x model.Tensor, i int, mirrored bool) (image.Image, error) {
		one := x.Slice(i, i+1)
		if mirrored {
			one = model.NewTensor(one.Shape...)
			nearest.Mirror(one.Data, x.Row(i), x.Shape[2], x.Shape[3])
		}
		all, err := pictures(one)
		if err != nil {
			return nil, err
		}
		return all[0], nil
	}
	columns := 1 + len(a.Spaces)*(1+a.Neighbours)
	opt := viz.SheetOptions{Columns: columns, GapPx: 3, Scale: max(1, 64/p.Training.Shape[1]), ColumnLabels: make([]string, columns)}
	opt.ColumnLabels[0] = "drawn"
	var tiles []image.Image
	row := func(label string, x model.Tensor, at int, group func(nearest.Space) nearest.Group) error {
		own, err := tile(x, at, false)
		if err != nil {
			return err
		}
		tiles, opt.Captions, opt.RowLabels = append(tiles, own), append(opt.Captions, ""), append(opt.RowLabels, label)
		for k, s := range a.Spaces {
			tiles, opt.Captions = append(tiles, nil), append(opt.Captions, "")
			for j, h := range group(s).Hits[at] {
				near, err := tile(p.Training, h.Index, h.Mirrored)
				if err != nil {
					return err
				}
				tiles, opt.Captions = append(tiles, near), append(opt.Captions, fmt.Sprintf("%.3f", h.Distance))
				opt.ColumnLabels[2+k*(1+a.Neighbours)+j] = s.Name
			}
		}
		return nil
	}
	for i, at := range a.Shown {
		label := fmt.Sprintf("sample %d", at)
		if a.Between {
			label = fmt.Sprintf("%d to %d", 2*at, 2*at+1)
		}
		if i >= plainRows {
			label += "\nnearest of all"
		}
		if err := row(label, p.Samples, at, func(s nearest.Space) nearest.Group { return s.Samples }); err != nil {
			return nil, err
		}
	}
	if err := row("control", a.Memoriser, 0, func(s nearest.Space) nearest.Group { return s.Memoriser }); err != nil {
		return nil, err
	}
	return viz.Sheet(tiles, opt)
}

// drawDistances draws the distribution of the distances in a space.
func (a *NearestResult) drawDistances(s nearest.Space, width int) (image.Image, error) {
	curve := func(name string, g nearest.Group, control bool) viz.Curve {
		c := viz.Curve{Name: name, Control: control}
		sorted := slices.Sorted(slices.Values(g.Distances))
		for i, d := range sorted {
			if i+1 < len(sorted) && sorted[i+1] == d {
				continue // the last of equal ones says how many there are
			}
			c.X, c.Y = append(c.X, d), append(c.Y, viz.Interval{Mean: float64(i+1) / float64(len(sorted))})
		}
		return c
	}
	own := "samples"
	if a.Between {
		own = "half way"
	}
	return curvePlot([]viz.Curve{
		curve("memoriser", s.Memoriser, true), curve("held-out pictures", s.Heldout, true), curve(own, s.Samples, false),
	}, viz.PlotOptions{WidthPx: width, HeightPx: 280,
		X:       viz.Axis{Label: "distance in " + spaceName(s.Name)},
		Y:       viz.Axis{Label: "fraction", High: 1},
		Regions: []viz.Region{{XLow: math.Inf(-1), XHigh: s.NearerThan, YLow: math.Inf(-1), YHigh: math.Inf(1)}}})
}
