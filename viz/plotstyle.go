package viz

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// plotDPI makes one point of gonum's plots one pixel.
const plotDPI = 72

// A plotStyle puts the style of this package on gonum's plots. It has its
// own fonts, so no global of gonum's is touched.
type plotStyle struct {
	handler text.Handler
}

func newPlotStyle() (plotStyle, error) {
	fonts, err := parsedFonts()
	if err != nil {
		return plotStyle{}, err
	}
	return plotStyle{text.Plain{Fonts: plotfont.NewCache(plotfont.Collection{
		{Font: plotfont.Font{Typeface: "Go"}, Face: fonts[0]},
		{Font: plotfont.Font{Typeface: "Go", Weight: font.WeightBold}, Face: fonts[1]},
	})}}, nil
}

// text is a style of lettering, aligned to the left and above its point.
func (s plotStyle) text(sizePx float64, bold bool, c color.Color) text.Style {
	f := plotfont.Font{Typeface: "Go", Size: vg.Length(sizePx)}
	if bold {
		f.Weight = font.WeightBold
	}
	return text.Style{Color: c, Font: f, Handler: s.handler}
}

// plot is an empty plot with labelled axes.
func (s plotStyle) plot(xLabel, yLabel string) *plot.Plot {
	p := plot.New()
	p.TextHandler = s.handler
	p.Title.TextStyle = s.text(textPx*titleUp, true, ink)
	p.Legend.TextStyle = s.text(textPx, false, ink)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		label, tick := &axis.Label.TextStyle, &axis.Tick.Label
		x, y := label.XAlign, label.YAlign
		*label = s.text(textPx, false, ink)
		label.XAlign, label.YAlign = x, y
		x, y = tick.XAlign, tick.YAlign
		*tick = s.text(textPx-1, false, muted)
		tick.XAlign, tick.YAlign = x, y
		axis.Label.Padding = 4
		axis.Padding = 0
		axis.LineStyle = draw.LineStyle{Color: muted, Width: 1}
		axis.Tick.LineStyle = draw.LineStyle{Color: muted, Width: 1}
		axis.Tick.Length = 4
		axis.Tick.Marker = roundTicks{atMost: 5}
	}
	// The rules of the grid are the vertical axis.
	p.Y.LineStyle.Width, p.Y.Tick.LineStyle.Width = 0, 0
	p.X.Label.Text, p.Y.Label.Text = xLabel, yLabel
	return p
}

// plotMargin is the space around a plot, in pixels.
const plotMargin = 14

// plotSize fills in a plot's default size and checks it.
func plotSize(widthPx, heightPx int) (int, int, error) {
	widthPx, heightPx = cmp.Or(widthPx, 800), cmp.Or(heightPx, 480)
	if widthPx < 240 || heightPx < 120 || widthPx > 1<<13 || heightPx > 1<<13 {
		return 0, 0, fmt.Errorf("size %dx%d, want 240x120 to %dx%d", widthPx, heightPx, 1<<13, 1<<13)
	}
	return widthPx, heightPx, nil
}

// newPlotCanvas is a white canvas of a size in pixels, and the picture that
// is drawn on it.
func newPlotCanvas(widthPx, heightPx int) (draw.Canvas, *image.RGBA, error) {
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(widthPx), vg.Length(heightPx)), vgimg.UseDPI(plotDPI), vgimg.UseBackgroundColor(paper))
	img, ok := c.Image().(*image.RGBA)
	if !ok || img.Rect.Size() != image.Pt(widthPx, heightPx) {
		return draw.Canvas{}, nil, fmt.Errorf("canvas is %T of %v, want *image.RGBA of %dx%d", c.Image(), c.Image().Bounds(), widthPx, heightPx)
	}
	return draw.New(c), img, nil
}

// roundTicks marks an axis at multiples of 1, 2 or 5 times a power of ten.
type roundTicks struct {
	atMost int  // marks wanted
	whole  bool // numbers only
}

// Ticks implements plot.Ticker.
func (r roundTicks) Ticks(low, high float64) []plot.Tick {
	if !(high > low) {
		return nil
	}
	raw := (high - low) / float64(max(1, r.atMost))
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{1, 2, 5} {
		// The slack lets a range of exactly so many steps have them.
		if m*power >= raw*(1-1e-9) {
			step = m * power
			break
		}
	}
	if r.whole {
		step = max(step, 1)
	}
	decimals := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: grouped(i*step, decimals)})
	}
	return ticks
}

// grouped formats v with commas between the thousands.
func grouped(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if strings.Trim(whole, "0.,") == "" {
		sign = "" // no minus zero
	}
	return sign + whole
}

// A horizontalRules draws a light line across a plot at each tick of Y.
type horizontalRules struct{}

// Plot implements plot.Plotter.
func (horizontalRules) Plot(c draw.Canvas, p *plot.Plot) {
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		// On the middle of a pixel a line of one pixel is sharp.
		y := vg.Length(math.Floor(float64(c.Y(p.Y.Norm(t.Value))))) + 0.5
		c.StrokeLine2(draw.LineStyle{Color: rule, Width: 1}, c.Min.X, y, c.Max.X, y)
	}
}

// drawTitle writes a title at the top and a footer at the bottom of c, each
// wrapped, and gives what is left of c.
func (s plotStyle) drawTitle(c draw.Canvas, title, footer string) (draw.Canvas, error) {
	const linePx, titleGap, footerGap = 17, 8, 6
	for _, text := range []struct {
		s      string
		sizePx float64
		top    bool
		color  color.Color
	}{{title, textPx * titleUp, true, ink}, {footer, textPx, false, muted}} {
		l, err := newLettering(text.sizePx, text.top, text.color)
		if err != nil {
			return c, err
		}
		lines := l.wrap(text.s, int(c.Max.X-c.Min.X))
		if len(lines) == 0 {
			continue
		}
		height := vg.Length(linePx * len(lines))
		y := c.Min.Y + height
		if text.top {
			y = c.Max.Y
			c.Max.Y -= height + titleGap
		} else {
			c.Min.Y += height + footerGap
		}
		for i, line := range lines {
			c.FillText(s.text(text.sizePx, text.top, text.color), vg.Point{X: c.Min.X, Y: y - vg.Length(linePx*i) - textPx}, line)
		}
	}
	return c, nil
}
