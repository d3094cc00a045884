package figure

import (
	"context"
	"fmt"
	"math"
	"path/filepath"

	"dcganviz/model"
	"dcganviz/probe/spectrum"
	"dcganviz/viz"
)

// Spectrum looks for checkerboard artefacts: probe/spectrum.
type Spectrum struct {
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	PhotoOptions
	Samples int `group:"Comparison" placeholder:"N" help:"Samples to draw (default: as many as there are pictures)."`
}

// A SpectrumResult is what Spectrum found.
type SpectrumResult struct {
	Head
	// Pictures is the name of the real pictures.
	Pictures string `json:"pictures"`
	spectrum.Report
}

const (
	leastSpectra = 40
	mostSpectra  = 2048
)

// Check reports settings that make no sense.
func (c *Spectrum) Check() error {
	if c.Samples != 0 && (c.Samples < leastSpectra || c.Samples > mostSpectra) {
		return usage("--samples is %d, want %d to %d, or 0 for as many as there are pictures", c.Samples, leastSpectra, mostSpectra)
	}
	return nil
}

// Make measures the spectra.
func (c *Spectrum) Make(ctx context.Context, lab *Lab) (Result, error) {
	g, err := lab.Generator()
	if err != nil {
		return nil, err
	}
	real, err := lab.photos(ctx, c.PhotoOptions, "heldout", mostSpectra)
	if err != nil {
		return nil, err
	}
	n := c.Samples
	if n == 0 {
		n = max(real.Len(), leastSpectra)
	}
	if err := lab.checkBatch(n, false); err != nil {
		return nil, err
	}
	samples, _, err := lab.generate(ctx, g, g.Latents(c.Seed, 0, n))
	if err != nil {
		return nil, err
	}
	report, err := spectrum.Study(ctx, samples, real.Tensor, model.RunOptions{Pool: lab.Pool}, lab.settings(c.Seed))
	if err != nil {
		return nil, err
	}
	return &SpectrumResult{Head: lab.head("spectrum", c.Seed), Pictures: filepath.Base(real.title), Report: *report}, nil
}

// visible is the RMS of a pattern from which a verdict calls it one that is seen, a
// hundredth of the range from black to white. It is chosen, not measured.
const visible = spectrum.Visible

// Words say whether samples have a pattern that real pictures lack.
func (r *SpectrumResult) Words() (w Words) {
	var with, seen, excess, control, rms []string
	for i := range r.Peaks {
		p := &r.Peaks[i]
		at := fmt.Sprintf("at %d px", p.Period)
		if p.Artefact() {
			with = append(with, fmt.Sprint(p.Period))
		}
		if p.Seen() {
			seen = append(seen, fmt.Sprint(p.Period))
		}
		excess = append(excess, fmt.Sprintf("%s dB %s", tenths(p.Excess), at))
		control = append(control, fmt.Sprintf("%s dB %s", tenths(p.Control), at))
		rms = append(rms, fmt.Sprintf("%.3f %s (real pictures %.3f)", p.RMS.Mean, at, p.RealRMS.Mean))
	}
	switch {
	case len(seen) > 0:
		w.Verdict = fmt.Sprintf("Samples have a checkerboard pattern that real pictures lack, strong enough to be seen: of period %s pixels.", andList(seen))
	case len(with) > 0:
		w.Verdict = fmt.Sprintf("Samples have a faint checkerboard pattern that real pictures lack: of period %s pixels.", andList(with))
	default:
		w.Verdict = "Samples have no checkerboard pattern that real pictures lack."
	}
	w.Number = fmt.Sprintf("Such patterns stand out more in samples than in real pictures by %s.", andList(excess))
	w.Control = fmt.Sprintf("One half of the real pictures stands out from the other, %d each, by %s.", r.Half, andList(control))
	w.More = some(fmt.Sprintf("A pattern stands out from the spectrum around it. %d samples were compared with %d real pictures (%s).", r.Report.Samples, r.Real, r.Pictures),
		fmt.Sprintf("On a scale from -1 to 1 the patterns' RMS is %s; from %g on it is called visible.", andList(rms), float64(visible)))
	return w
}

// Describe says on the page what the spectra show.
func (r *SpectrumResult) Describe(b *Block) error {
	if len(r.Peaks) == 0 {
		return fmt.Errorf("no periods")
	}
	b.Done = fmt.Sprintf("The power spectra of %d samples of seed %d and of %d real pictures (%s) were averaged: how much of an image is made of waves of each length and direction. The mean of an image lies in the middle of a spectrum, the finest waves at its border.",
		r.Report.Samples, r.Seed, r.Real, r.Pictures)
	b.Look = "Bright dots at the border, in the corners or half way there that only the samples' spectrum has: a grid that the net's strides leave behind. The curves should lie on each other."
	b.Alt = "Two mean power spectra, of samples and of real pictures, above curves of power over frequency and how far patterns of some periods stand out"
	b.say(r.Words())
	if g, ok := b.Group(0, 2); ok {
		b.Add(g, 0, "Samples", "The mean power spectrum of the samples.", "")
		b.Add(g, 1, "Real pictures", "The mean power spectrum of the real pictures, on the same scale.", "")
	}
	return nil
}

// Draw draws both spectra, the curves and the peaks.
func (r *SpectrumResult) Draw() (*viz.Picture, error) {
	if r.SamplesPower.Data == nil {
		return nil, errNoImages
	}
	spectra, err := r.drawSpectra()
	if err != nil {
		return nil, err
	}
	width := max(spectra.Rect.Dx(), 720)
	curves, err := r.drawCurves(width/2 - 10)
	if err != nil {
		return nil, err
	}
	peaks, err := r.drawPeaks(width/2 - 10)
	if err != nil {
		return nil, err
	}
	plots, err := viz.Stack([]viz.Part{{Image: curves}, {Image: peaks}}, viz.StackOptions{Row: true})
	if err != nil {
		return nil, err
	}
	return viz.Stack([]viz.Part{
		{Image: spectra, Caption: "Mean power spectra, on one logarithmic scale. The image's mean is in the middle, waves of two pixels are at the border. Dots that only samples have are a grid in all of them."},
		{Image: plots, Caption: "Left: the mean power at each frequency, in all directions, with 95% intervals over images. Right: how far patterns of a period stand out from the spectrum around them, samples over real pictures, and one half of the real pictures over the other."},
	}, viz.StackOptions{Title: "Checkerboard artefacts: " + r.Model, Footer: r.Words().Verdict})
}

// spectrumPx is how large a spectrum is at least.
const spectrumPx = 320

// drawSpectra draws the mean spectra beside each other, the logarithm as grey.
func (r *SpectrumResult) drawSpectra() (*viz.Picture, error) {
	h, w := r.SamplesPower.Shape[0], r.SamplesPower.Shape[1]
	x := model.NewTensor(2, h, w, 1)
	low, high := math.Inf(1), math.Inf(-1)
	for i, power := range []model.Tensor{r.SamplesPower, r.RealPower} {
		for j, v := range power.Data {
			// A spectrum's mean is the square of an image's: it would set the scale.
			log := math.Log10(math.Max(float64(v), 1e-12))
			x.Row(i)[j] = float32(log)
			if j != (h/2)*w+w/2 {
				low, high = min(low, log), max(high, log)
			}
		}
	}
	for i, v := range x.Data {
		x.Data[i] = float32(min(1, 2*(float64(v)-low)/max(high-low, 1e-9)-1))
	}
	for i := range 2 {
		x.Row(i)[(h/2)*w+w/2] = 1
	}
	tiles, err := pictures(x)
	if err != nil {
		return nil, err
	}
	return viz.Sheet(tiles, viz.SheetOptions{Columns: 2, GapPx: 20, Scale: max(1, (spectrumPx+w-1)/w), ColumnLabels: []string{"samples", "real pictures"}})
}

// drawCurves draws the power over the frequency.
func (r *SpectrumResult) drawCurves(width int) (*viz.Picture, error) {
	real, samples := viz.Curve{Name: "real pictures", Control: true}, viz.Curve{Name: "samples"}
	for _, ring := range r.Radial {
		real.X, real.Y = append(real.X, ring.Frequency), append(real.Y, decibels(ring.Real))
		samples.X, samples.Y = append(samples.X, ring.Frequency), append(samples.Y, decibels(ring.Samples))
	}
	return curvePlot([]viz.Curve{real, samples}, viz.PlotOptions{WidthPx: width, HeightPx: 300,
		X: viz.Axis{Label: "frequency, cycles a pixel"}, Y: viz.Axis{Label: "power, dB"}})
}

// drawPeaks draws how far each period stands out.
func (r *SpectrumResult) drawPeaks(width int) (*viz.Picture, error) {
	samples, halves := viz.PointSeries{Name: "samples over real pictures"}, viz.PointSeries{Name: "half over half", Control: true}
	for _, p := range r.Peaks {
		at := viz.Interval{Mean: float64(p.Period), Lo: float64(p.Period), Hi: float64(p.Period)}
		samples.Points = append(samples.Points, viz.Point{X: at, Y: viz.Interval(p.Excess)})
		halves.Points = append(halves.Points, viz.Point{X: at, Y: viz.Interval(p.Control)})
	}
	return viz.PointPlot([]viz.PointSeries{halves, samples}, viz.PlotOptions{WidthPx: width, HeightPx: 300,
		X: viz.Axis{Label: "period, pixels", Log2: true, High: 9}, Y: viz.Axis{Label: "stands out by, dB"}, References: []viz.Reference{{Y: 0}}})
}
