package figure

import (
	"strings"
	"testing"

	"dcganviz/probe/represent"
	"dcganviz/probe/stats"
)

// TestRepresentSaysWhatIsWorthMoreFirst: a control that beats D begins the verdict.
func TestRepresentSaysWhatIsWorthMoreFirst(t *testing.T) {
	behind := func(lo, hi float64) *stats.Interval { return &stats.Interval{Mean: (lo + hi) / 2, Lo: lo, Hi: hi} }
	row := func(k represent.Kind, b *stats.Interval) represent.Row {
		return represent.Row{Kind: k, Behind: b, Measured: represent.Measured{Draws: []float64{.5}, OfClass: []float64{.25, .75}}}
	}
	r := &RepresentResult{Report: represent.Report{Classes: []string{"cat", "dog"}, Confusion: [][]int{{1, 3}, {1, 3}}, Rows: []represent.Row{
		row(represent.Trained, nil), row(represent.Random, behind(.01, .02)), row(represent.KMeans, behind(-.02, -.01)), row(represent.Pixels, behind(-.01, .01)),
	}}}
	want := "To a linear classifier D's features are worth less than K-means on patches, about as much as raw pixels, more than the same net with random weights."
	if got := r.Words().Verdict; got != want {
		t.Errorf("verdict %q, want %q", got, want)
	}
	if got := r.hardest(); !strings.Contains(got, `"cat" worst: 25.0%`) || !strings.Contains(got, `taken for "dog"`) {
		t.Errorf("the hardest class: %q", got)
	}
}

func TestRepresentRefuses(t *testing.T) {
	for what, c := range map[string]*Represent{
		"labels below 0":         {LabelsPerClass: -1, Draws: 1, Nets: 1},
		"no draws":               {Nets: 1},
		"one centre":             {Draws: 1, Nets: 1, Centres: 1},
		"test without --images":  {Draws: 1, Nets: 1, Test: "photos"},
		"more nets than it does": {Draws: 1, Nets: mostNets + 1},
	} {
		if c.Check() == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
