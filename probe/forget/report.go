package forget

import (
	"dcganviz/internal/enum"
	"dcganviz/probe/kid"
	"dcganviz/probe/stats"
)

// A Report is all that a study measured.
type Report struct {
	// Probe is the probe of the first layer. Probes are the probes of all layers; the
	// list is empty if there is one layer.
	Probe   ProbeReport   `json:"probe"`
	Probes  []ProbeReport `json:"probes,omitempty"`
	Dropped struct {
		Count int `json:"count"`
		Of    int `json:"of"`
		// Units by layer, in the order of the layers.
		Units [][]int `json:"units"`
	} `json:"dropped"`
	// MeasuredSeed is the seed of the samples that methods are measured on. The
	// probe was fitted on samples of another seed. Pictures shows the first of
	// those measured.
	MeasuredSeed uint64 `json:"measured_seed"`
	// What follows is the first method's. Area and Score are the judge's.
	Area        Change         `json:"area"`
	Score       Change         `json:"score"`
	ScorerArea  Change         `json:"scorer_area"`
	ScorerScore Change         `json:"scorer_score"`
	OutsideRMSE stats.Interval `json:"outside_rmse"`
	// Undropped is what D and the random net make of samples as they are: 95% of
	// the logits lie in LogitLo to LogitHi.
	Undropped struct {
		Logit   stats.Interval `json:"logit"`
		LogitLo float64        `json:"logit_lo"`
		LogitHi float64        `json:"logit_hi"`
		KID     kid.Distance   `json:"kid"`
	} `json:"undropped"`
	// Rule is the paper's rule by several probes; nil without Paper.
	Rule *Rule `json:"rule,omitempty"`
	Controls
	Curve   []CurvePoint   `json:"curve"`
	Halves  int            `json:"halves"`
	Methods []MethodReport `json:"methods"`
}

// A ProbeReport is how a layer's probe was fitted, and does.
type ProbeReport struct {
	Layer     string `json:"layer"`
	Height    int    `json:"height"`
	Width     int    `json:"width"`
	Units     int    `json:"units"`
	Positives int    `json:"positives"`
	Negatives int    `json:"negatives"`
	// AUC is that on samples that the probe was not fitted on.
	AUC stats.Interval `json:"auc_heldout"`
	// Ranked are the units by falling weight, with Weights.
	Ranked  []int     `json:"ranked"`
	Weights []float64 `json:"weights"`
}

// A Change is a figure before an intervention and after it.
type Change struct {
	Before stats.Interval `json:"before"`
	After  stats.Interval `json:"after"`
}

// A MethodReport is the Outcome of a method.
type MethodReport struct {
	Name Method `json:"name"`
	// Layer is where; several have commas between them.
	Layer string `json:"layer"`
	// Count is how many units are held, of Of; 0 for methods by location.
	Count int `json:"count"`
	Of    int `json:"of"`
	// Statistics are batch norm's, before and after.
	Statistics Statistics `json:"statistics"`
	// Before is what is seen in the samples as they are.
	Before Before `json:"before"`
	Outcome
	// Fill is the controls of a filling in one layer; nil of other methods.
	Fill *FillControls `json:"fill_controls,omitempty"`
}

// Before is what is seen in samples as they are.
type Before struct {
	Area  stats.Interval `json:"area"`
	Score stats.Interval `json:"score"`
	Logit stats.Interval `json:"logit"`
	KID   kid.Distance   `json:"kid"`
}

// Statistics are those that batch norm uses.
type Statistics uint8

const (
	// Running: those kept from training.
	Running Statistics = iota
	// Batch: those of the samples that are drawn together.
	Batch
)

var statisticsNames = [...]string{"running", "batch"}

func (s Statistics) String() string { return enum.Name(s, statisticsNames[:]) }

// MarshalText writes the name: running or batch.
func (s Statistics) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Statistics) UnmarshalText(text []byte) (err error) {
	*s, err = enum.Parse[Statistics]("forget: statistics", string(text), statisticsNames[:])
	return err
}
