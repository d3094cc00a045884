package represent

import (
	"dcganviz/model"
	"dcganviz/probe/stats"
)

// A Report is the table.
type Report struct {
	// Classes are the names of the classes. Train and Test are how many pictures there are.
	Classes []string `json:"classes"`
	Train   int      `json:"train"`
	Test    int      `json:"test"`
	// LabelsPerClass is how many pictures of each class a machine was fitted to; 0 is all.
	LabelsPerClass int `json:"labels_per_class"`
	// Deciding is how many training pictures decided C. With LabelsPerClass no machine of
	// the table was fitted to them.
	Deciding int `json:"deciding"`
	// Chance is the share of the test pictures that are of the commonest class.
	Chance float64 `json:"chance"`
	Rows   []Row   `json:"rows"`
	// Confusion counts for D, over all draws, how often pictures of each class [row] were
	// taken for each [column].
	Confusion [][]int `json:"confusion"`
	// TrainFeatures and TestFeatures are D's features as they are, [pictures, features] in
	// the order of the pictures, if Options.Keep asked for them.
	TrainFeatures model.Tensor `json:"-"`
	TestFeatures  model.Tensor `json:"-"`
}

// A Row is one kind of features.
type Row struct {
	Kind Kind `json:"kind"`
	// Layer is the name of the layer of a Layer.
	Layer    string `json:"layer,omitempty"`
	Features int    `json:"features"`
	Measured
	// Behind is how much less accurate these features are than D's, on the same pictures and
	// draws; nil in D's own row.
	Behind *stats.Interval `json:"behind,omitempty"`
	// Equal is the same after a random projection to as many numbers as pictures have
	// pixels, nil for layers, and for pixels, which need none.
	Equal *Measured `json:"equal,omitempty"`
	// EqualBehind is Behind of projected features.
	EqualBehind *stats.Interval `json:"equal_behind,omitempty"`
}

// A Measured is how well a classifier does.
type Measured struct {
	Width int `json:"width"` // numbers that the classifier saw
	// C is what pictures that it did not see decided. AtEdge says that it is the first or
	// the last of those tried: more might be better.
	C      float64 `json:"c"`
	AtEdge bool    `json:"c_at_edge,omitempty"`
	// Accuracy is the share of the test pictures that it named rightly, the mean over Draws,
	// with the interval of a bootstrap that draws draws and test pictures.
	Accuracy stats.Interval `json:"accuracy"`
	Draws    []float64      `json:"draws"`
	// OfClass is the accuracy on the test pictures of each class.
	OfClass []float64 `json:"of_class"`
	// Excess is the largest of all fits: how far at most, as a share, an objective was from
	// the smallest.
	Excess float64 `json:"excess"`

	// Passes is how often the classifiers' features were read.
	Passes int `json:"passes"`

	right [][]bool // [draws][test pictures]
	said  [][]int
}

// Row returns the row of a kind, nil if there is none.
func (r *Report) Row(k Kind) *Row {
	for i := range r.Rows {
		if r.Rows[i].Kind == k {
			return &r.Rows[i]
		}
	}
	return nil
}

// BestLayer returns the row of D's most accurate layer, nil if there is none.
func (r *Report) BestLayer() (best *Row) {
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Kind == Layer && (best == nil || row.Accuracy.Mean > best.Accuracy.Mean) {
			best = row
		}
	}
	return best
}
