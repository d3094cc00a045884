package units

import "dcganviz/probe/stats"

// A Report is all that a study measured. Changes are of pixels in [-1, 1];
// intervals are the bootstrap's 95%, samples drawn with replacement.
type Report struct {
	Layer string `json:"layer"`
	// Height and Width are the layer's, and Of how many units it has.
	Height int `json:"height"`
	Width  int `json:"width"`
	Of     int `json:"of"`
	// ReachHeight and ReachWidth are the most pixels that one location of the
	// layer can change.
	ReachHeight int `json:"reach_height"`
	ReachWidth  int `json:"reach_width"`

	// Samples were drawn. Units were held in the first HeldSamples of them, and D was
	// shown the first LogitSamples.
	Samples      int     `json:"samples"`
	HeldSamples  int     `json:"held_samples"`
	LogitSamples int     `json:"logit_samples"`
	Hold         Hold    `json:"hold"`
	Quantile     float64 `json:"quantile"`
	// Logit is what D makes of the samples as they are.
	Logit *stats.Interval `json:"logit,omitempty"`
	// ConceptArea is the share of pixels that show the concept.
	ConceptArea *float64 `json:"concept_area,omitempty"`
	// ConceptChanceHi is the chance of the best of many: in 97.5% of the shuffles of the
	// samples no unit of Units overlaps with the concept by a larger IoU.
	ConceptChanceHi *float64 `json:"concept_chance_hi,omitempty"`
	// Dead are the units of the layer that are zero at all locations of all
	// samples.
	Dead []int `json:"dead"`
	// Units are the units that were asked for, in order.
	Units []Unit `json:"units"`
}

// A Unit is what was measured of one unit.
type Unit struct {
	Unit int  `json:"unit"`
	Dead bool `json:"dead"`
	// Mean, SD and Energy, the mean square, are over all locations and samples;
	// Active is the share of locations where it is above zero.
	Mean   float64 `json:"mean"`
	SD     float64 `json:"sd"`
	Energy float64 `json:"energy"`
	Active float64 `json:"active"`
	Max    float32 `json:"max"`
	// Held is the value that it was held at.
	Held float64 `json:"held"`
	// Threshold is what no more than Quantile of its activations exceed. Where
	// its map, upsampled to the image, exceeds it is its area.
	Threshold float32 `json:"threshold"`
	// Area is the share of the image that its area covers, in the share of
	// samples Seen that have any of it.
	Area float64 `json:"area"`
	Seen float64 `json:"seen"`
	// Top are the samples that drive it most, by its highest activation.
	Top []Peak `json:"top"`

	// Effect is the RMSE between images with the unit held and without. Inside is
	// the RMSE of the pixels in its area, Outside of the pixels elsewhere. A figure
	// of no pixels is left out.
	Effect  stats.Interval  `json:"effect"`
	Inside  *stats.Interval `json:"inside,omitempty"`
	Outside *stats.Interval `json:"outside,omitempty"`
	// Concentration is Inside over Outside: how far what the unit does stays
	// where it is active. Shuffled is the same with the areas of other samples:
	// what the unit's favourite places alone would give.
	Concentration *stats.Interval `json:"concentration,omitempty"`
	Shuffled      *stats.Interval `json:"concentration_shuffled,omitempty"`
	// Matched is what other units do that are equally strong.
	Matched *Matched `json:"matched,omitempty"`
	// Logit is the mean change of D's logit.
	Logit *stats.Interval `json:"logit,omitempty"`
	// Concept is how the unit's area overlaps with a concept's.
	Concept *Overlap `json:"concept,omitempty"`
}

// Paints tells whether the unit changes the image where it is active more than
// elsewhere, by more than its usual places and other units explain: the interval of
// Concentration lies above the interval of Shuffled, and above Matched.Concentration. It
// is false where one of these is missing.
func (u *Unit) Paints() bool {
	return u.Concentration != nil && u.Shuffled != nil && u.Matched != nil && u.Matched.Concentration != nil &&
		u.Concentration.Lo > max(u.Shuffled.Hi, *u.Matched.Concentration)
}

// A Matched is the control of a unit: the units of the nearest energy, each held
// alone.
type Matched struct {
	Units []int `json:"units"`
	// Effect is the mean of their RMSE, SD its standard deviation.
	Effect float64 `json:"effect"`
	SD     float64 `json:"sd"`
	// Inside is the RMSE that they cause inside of this unit's area, and
	// Concentration that over what they cause elsewhere.
	Inside        *float64 `json:"inside,omitempty"`
	Concentration *float64 `json:"concentration,omitempty"`
	// Seers are those of Units whose own area overlaps with the concept beyond chance:
	// they are no control for a unit that draws it. Others is Concentration without them;
	// nil where there are none, or no others.
	Seers  []int    `json:"concept_units,omitempty"`
	Others *float64 `json:"concentration_others,omitempty"`
}

// An Overlap compares a unit's area with a concept's.
type Overlap struct {
	// IoU counts the pixels, over all samples, that both have, and divides by the
	// number of pixels that either has.
	IoU stats.Interval `json:"iou"`
	// Chance is the mean IoU with the concept's areas in other samples, over
	// shuffles of the samples. 97.5% of the shuffles do not exceed ChanceHi.
	Chance   float64 `json:"chance"`
	ChanceHi float64 `json:"chance_hi"`
}
