package viz

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A curve is one line of a panel.
type curve struct {
	name   string
	values []float64
	means  []float64
	swatch int
}

// A panel is a plot of some curves over the same steps.
type panel struct {
	style     plotStyle
	steps     []int
	window    int
	label     string // of the vertical axis
	about     string // begins the legend's note
	curves    []curve
	low, high float64
	above     int // values above high
}

func newPanel(style plotStyle, steps []int, o LossPlotOptions, label string, curves ...curve) *panel {
	p := &panel{style: style, steps: steps, window: o.SmoothSteps, label: label}
	for _, c := range curves {
		if c.values != nil {
			c.means = movingMean(steps, c.values, o.SmoothSteps)
			p.curves = append(p.curves, c)
		}
	}
	return p
}

// fitY chooses the range of the vertical axis.
func (p *panel) fitY() {
	var all []float64
	for _, c := range p.curves {
		for i, v := range c.values {
			if finite(v) {
				all = append(all, v)
			}
			if finite(c.means[i]) {
				p.high = max(p.high, c.means[i])
			}
		}
	}
	if len(all) == 0 {
		p.high = 1
		return
	}
	slices.Sort(all)
	p.high = max(p.high, all[(len(all)-1)*99/100])
	p.low = min(0, all[0])
	if p.high <= p.low {
		p.high = p.low + 1
	}
	p.high += 0.04 * (p.high - p.low)
	first, _ := slices.BinarySearch(all, math.Nextafter(p.high, math.Inf(1)))
	p.above = len(all) - first
}

// plot builds the panel for a canvas about widthPx wide. Only the lowest of
// a stack of panels has labels on its horizontal axis.
func (p *panel) plot(widthPx, heightPx float64, lowest bool) *plot.Plot {
	q := p.style.plot("", p.label)
	if lowest {
		q.X.Label.Text = "training step"
		q.X.Tick.Marker = roundTicks{atMost: max(3, int(widthPx/90)), whole: true}
	} else {
		q.X.Tick.Marker = plot.ConstantTicks{}
	}
	q.Y.Tick.Marker = roundTicks{atMost: max(1, int(heightPx/30))}
	q.X.Min, q.X.Max = float64(p.steps[0]), float64(p.steps[len(p.steps)-1])
	if len(p.steps) == 1 {
		q.X.Min, q.X.Max = q.X.Min-1, q.X.Max+1
	}
	q.Y.Min, q.Y.Max = p.low, p.high
	q.Add(horizontalRules{})
	columns := int(widthPx)
	for _, c := range p.curves {
		q.Add(polylines{p.thin(c.values, columns), draw.LineStyle{Color: tint(Swatch(c.swatch), 0.35), Width: 1}})
	}
	for _, c := range p.curves {
		q.Add(polylines{p.thin(c.means, columns), draw.LineStyle{Color: Swatch(c.swatch), Width: 2}})
	}
	return q
}

// keys is the panel's legend.
func (p *panel) keys() []key {
	var keys []key
	for _, c := range p.curves {
		label := c.name
		if m := lastFinite(c.means); finite(m) {
			label = fmt.Sprintf("%s %.3f", c.name, m)
		}
		keys = append(keys, key{color: Swatch(c.swatch), label: label})
	}
	note := p.about + fmt.Sprintf("mean of %s steps", grouped(float64(p.window), 0))
	if p.window == 1 {
		note = p.about + "every step"
	}
	if p.above > 0 {
		note += fmt.Sprintf("; %s values higher", grouped(float64(p.above), 0))
	}
	return append(keys, key{label: note})
}

// thin gives the points of a curve, clamped to the panel, with no more than
// the lowest and the highest of each column of pixels, so that a long run
// is drawn as fast as a short one and looks the same. It breaks where values
// are not finite.
func (p *panel) thin(values []float64, columns int) []plotter.XYs {
	var out []plotter.XYs
	var line plotter.XYs
	first, span := p.steps[0], max(1, p.steps[len(p.steps)-1]-p.steps[0])
	for i := 0; i < len(values); {
		if !finite(values[i]) {
			if len(line) > 0 {
				out, line = append(out, line), nil
			}
			i++
			continue
		}
		column := func(i int) int {
			return int(float64(p.steps[i]-first) / float64(span) * float64(columns))
		}
		low, high, end := i, i, i+1
		for ; end < len(values) && finite(values[end]) && column(end) == column(i); end++ {
			if values[end] < values[low] {
				low = end
			}
			if values[end] > values[high] {
				high = end
			}
		}
		for _, k := range []int{min(low, high), max(low, high)} {
			line = append(line, plotter.XY{X: float64(p.steps[k]), Y: min(max(values[k], p.low), p.high)})
			if low == high {
				break
			}
		}
		i = end
	}
	if len(line) > 0 {
		out = append(out, line)
	}
	return out
}

// lastFinite is the last finite value, or NaN.
func lastFinite(values []float64) float64 {
	for _, v := range slices.Backward(values) {
		if finite(v) {
			return v
		}
	}
	return math.NaN()
}

// polylines draws the parts of a curve; a part of one point is a dot.
type polylines struct {
	parts []plotter.XYs
	style draw.LineStyle
}

// strokePoints is how many points are drawn as one path: the rasterizer's
// time grows with the square of the lines that one path has on one row.
const strokePoints = 32

// Plot implements plot.Plotter.
func (l polylines) Plot(c draw.Canvas, p *plot.Plot) {
	for _, part := range l.parts {
		for len(part) > 1 {
			n := min(strokePoints, len(part))
			(&plotter.Line{XYs: part[:n], LineStyle: l.style}).Plot(c, p)
			if n == len(part) {
				part = nil
			} else {
				part = part[n-1:] // the next path goes on where this one ends
			}
		}
		if len(part) == 1 {
			toX, toY := p.Transforms(&c)
			at := vg.Point{X: toX(part[0].X), Y: toY(part[0].Y)}
			c.DrawGlyph(draw.GlyphStyle{Color: l.style.Color, Radius: l.style.Width, Shape: draw.CircleGlyph{}}, at)
		}
	}
}

// drawPanels stacks panels over one horizontal axis, the first twice as high
// as each other, with title, legends and footer.
func drawPanels(canvas draw.Canvas, style plotStyle, panels []*panel, o LossPlotOptions) error {
	const keysHeight, between, least = 22, 10, 16
	c := draw.Crop(canvas, plotMargin, -plotMargin, plotMargin-4, 4-plotMargin)
	c, err := style.drawTitle(c, o.Title, o.Footer)
	if err != nil {
		return err
	}
	n := len(panels)
	axis := panels[n-1].plot(1, 1, true).DataCanvas(c).Min.Y - c.Min.Y
	share := (c.Max.Y - c.Min.Y - axis - vg.Length(n*keysHeight+(n-1)*between)) / vg.Length(n+1)
	if n == 1 {
		share *= 2
	}
	if share < least {
		return fmt.Errorf("size %dx%d leaves a panel %.0f px, want at least %d: make it higher", o.WidthPx, o.HeightPx, max(0, share), least)
	}
	canvases, plots := make([]draw.Canvas, n), make([]*plot.Plot, n)
	left, right := vg.Length(0), vg.Length(0)
	top := c.Max.Y
	for i, p := range panels {
		height := share
		if n > 1 && i == 0 {
			height *= 2
		}
		sub := c
		sub.Max.Y = top - keysHeight
		sub.Min.Y = sub.Max.Y - height
		top = sub.Min.Y - between
		plots[i] = p.plot(float64(c.Max.X-c.Min.X), float64(height), i == n-1)
		if i == n-1 {
			sub.Min.Y = c.Min.Y
		}
		canvases[i] = sub
		inner := plots[i].DataCanvas(sub)
		left = max(left, inner.Min.X-sub.Min.X)
		right = max(right, sub.Max.X-inner.Max.X)
	}
	for i, p := range panels {
		sub := canvases[i]
		inner := plots[i].DataCanvas(sub)
		plots[i].Draw(draw.Crop(sub, left-(inner.Min.X-sub.Min.X), (sub.Max.X-inner.Max.X)-right, 0, 0))
		style.drawKeys(c, c.Min.X+left, sub.Max.Y+8, p.keys())
	}
	return nil
}
