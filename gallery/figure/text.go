package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"dcganviz/gallery"
	"dcganviz/probe/stats"
	"dcganviz/viz"
)

// tenths, hundredths and thousandths write a mean with its interval.
func tenths(i stats.Interval) string { return fmt.Sprintf("%.1f (%.1f to %.1f)", i.Mean, i.Lo, i.Hi) }

func hundredths(i stats.Interval) string {
	return fmt.Sprintf("%.2f (%.2f to %.2f)", i.Mean, i.Lo, i.Hi)
}

func thousandths(i stats.Interval) string {
	return fmt.Sprintf("%.3f (%.3f to %.3f)", i.Mean, i.Lo, i.Hi)
}

// thousandthsOr is thousandths, and a dash for nothing.
func thousandthsOr(i *stats.Interval) string {
	if i == nil {
		return "-"
	}
	return thousandths(*i)
}

// percents writes a share with its interval.
func percents(i stats.Interval) string {
	return fmt.Sprintf("%.0f%% (%.0f to %.0f)", 100*i.Mean, 100*i.Lo, 100*i.Hi)
}

// eachPercent is percents with a sign at each number, as the page has it.
func eachPercent(i stats.Interval) string {
	return fmt.Sprintf("%s (%s to %s)", percent(i.Mean), percent(i.Lo), percent(i.Hi))
}

// change writes a relative change with its interval.
func change(i stats.Interval) string {
	return fmt.Sprintf("%+.1f%% (%+.1f to %+.1f)", 100*i.Mean, 100*i.Lo, 100*i.Hi)
}

// percent writes a share; a small one below zero is no -0.
func percent(v float64) string { return fmt.Sprintf("%.0f%%", math.Round(100*v)+0) }

// plusMinus writes a mean with a standard deviation, percentPlusMinus a share.
func plusMinus(mean, sd float64) string { return fmt.Sprintf("%.2f ± %.2f", mean, sd) }

func percentPlusMinus(mean, sd float64) string {
	return fmt.Sprintf("%s ± %.0f", percent(mean), 100*sd)
}

// pValue writes a p-value.
func pValue(p float64) string {
	if p < .001 {
		return "p < 0.001"
	}
	return fmt.Sprintf("p %.3f", p)
}

// around is a mean and its standard deviation as an interval of a plot.
func around(mean, sd float64) viz.Interval {
	return viz.Interval{Mean: mean, Lo: mean - sd, Hi: mean + sd}
}

// plural is "1 tile" or "2 tiles".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// numbers writes a list of numbers, the first twelve.
func numbers(list []int) string {
	const most = 12
	out := make([]string, 0, most)
	for i, n := range list {
		if i == most {
			out = append(out, "...")
			break
		}
		out = append(out, fmt.Sprint(n))
	}
	return strings.Join(out, ", ")
}

// median is 0 of nothing.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// blindSentence says why nothing was measured in D's features; nothing if it was.
func blindSentence(blind bool) string {
	if !blind {
		return ""
	}
	return " Nothing is measured in D's features: all images look alike to D."
}

// spaceName is the name of a space that distances are measured in.
func spaceName(name string) string {
	if name == "features" {
		return "D's features"
	}
	return name
}

// optional is the cell of a number that may not be there.
func optional(v *stats.Interval, format string) gallery.Cell {
	if v == nil {
		return gallery.Cell{Text: "–"}
	}
	return gallery.Number(v.Mean, format)
}

// decibels is a power with its interval as decibels of 1.
func decibels(i stats.Interval) viz.Interval {
	dB := func(v float64) float64 { return 10 * math.Log10(math.Max(v, 1e-12)) }
	return viz.Interval{Mean: dB(i.Mean), Lo: dB(i.Lo), Hi: dB(i.Hi)}
}
