package viz

import "fmt"

// An Interval is a measured value with the ends of its interval, which usually is
// the 95% interval. If Lo equals Hi, as in the zero value, no interval is known. Lo
// above Hi is an error. Mean may lie outside.
type Interval struct {
	Mean, Lo, Hi float64
}

// known says whether there is an interval to draw.
func (v Interval) known() bool { return v.Lo < v.Hi }

// An Axis is one axis of a plot. It reaches over all that is drawn and at
// least from Low to High: the zero value starts at zero, or ends there when
// all is negative.
type Axis struct {
	// Label names the quantity and its unit.
	Label     string
	Low, High float64
	// Log2 makes equal steps of doublings: 1, 2, 4, ... All values must then
	// be above zero, and a Low or High that is not is not used.
	Log2 bool
	// Whole marks whole numbers only, as where things are counted.
	Whole bool
}

// A Region is a shaded part of a plot, such as where a goal is met. Bounds
// may be infinite; the finite ones are always in the plot.
type Region struct {
	// Label is the region's text in the legend. Empty: none.
	Label                    string
	XLow, XHigh, YLow, YHigh float64
}

// A Reference is a dashed horizontal line, such as a value without
// treatment, with a label on it.
type Reference struct {
	Label string
	Y     float64
}

// PlotOptions is the frame of a PointPlot or CurvePlot. The zero value is a
// plot of 800x480 pixels whose axes start at zero.
type PlotOptions struct {
	// WidthPx and HeightPx of the picture, 240x120 to 8192x8192. Zero: 800,
	// 480.
	WidthPx, HeightPx int
	// Title stands above the plot, Footer below it; both wrap.
	Title, Footer string
	X, Y          Axis
	// Regions are shaded in order, the first darkest and on top.
	Regions []Region
	// References are lines across the plot.
	References []Reference
}

// Bounds of what one plot can show, far above what can be read.
const (
	maxSeries = 64
	maxLabels = 256     // and regions, references
	maxMarks  = 1 << 15 // points of all series
)

// checkCount fails for more of something than one picture can show.
func checkCount(what string, got, most int) error {
	if got > most {
		return fmt.Errorf("%d %s, want at most %d", got, what, most)
	}
	return nil
}
