package score

import (
	"context"
	"fmt"
	"math"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// A Report says how well a scorer finds what boxes mark.
type Report struct {
	// Pictures, Groups (photographs) and Locations were scored, locations of
	// known labels; Positives of them have the concept.
	Pictures  int `json:"pictures"`
	Groups    int `json:"groups"`
	Locations int `json:"locations"`
	Positives int `json:"positives"`
	// AUC is over all locations, with an interval by groups.
	AUC stats.Interval `json:"auc"`
	// PictureAUC says how well the highest score of a location tells pictures with the
	// concept from pictures without it; nil if all pictures are alike.
	PictureAUC *stats.Interval `json:"auc_pictures"`
	// AreaLabelled is the share of locations with the concept, AreaScored that
	// of locations whose score is at least one half, and MeanScore the mean.
	AreaLabelled float64 `json:"area_labelled"`
	AreaScored   float64 `json:"area_scored"`
	MeanScore    float64 `json:"mean_score"`
	// LogLoss is the mean cross-entropy in nats a location, Brier the mean
	// squared error of the score, CalibrationError the mean over locations of
	// the distance between score and share in Calibration.
	LogLoss          float64 `json:"log_loss"`
	Brier            float64 `json:"brier"`
	CalibrationError float64 `json:"calibration_error"`
	// Calibration sorts the locations by their scores into ten equal ranges.
	Calibration []Bin `json:"calibration"`
}

// A Bin is the locations whose scores lie in one range.
type Bin struct {
	From      float64 `json:"from"`
	To        float64 `json:"to"`
	Locations int     `json:"locations"`
	// Score is the mean of the scores, Share the share of positives.
	Score float64 `json:"score"`
	Share float64 `json:"share"`
}

// bins is how many ranges of scores a Report has.
const bins = 10

// scoredAtOnce is how many pictures are in memory at once.
const scoredAtOnce = 256

// Evaluate scores pictures and compares the scores with their boxes. Of run the
// Pool counts. The seed decides the bootstrap of the intervals; Progress is told how
// many pictures are scored.
func Evaluate(ctx context.Context, s *Scorer, e Examples, run model.RunOptions, opt probe.Settings) (*Report, error) {
	if _, _, err := e.check(s.Info.Side); err != nil {
		return nil, err
	}
	scores, err := s.scoreAll(ctx, e, run, opt)
	if err != nil {
		return nil, err
	}
	return report(scores, e.targets(s.Info.Side), e.Group, opt.Seed)
}

func (s *Scorer) scoreAll(ctx context.Context, e Examples, run model.RunOptions, opt probe.Settings) (model.Tensor, error) {
	h, w, c := e.Dims()
	n := e.Len()
	return probe.Gather(ctx, n, scoredAtOnce, func(from, to int) (model.Tensor, error) {
		x := model.NewTensor(to-from, h, w, c)
		if err := e.Load(ctx, probe.Numbers(from, to), x.Data); err != nil {
			return x, err
		}
		y, err := s.Scores(x, run)
		if err == nil {
			opt.Say("pictures scored", to, n)
		}
		return y, err
	})
}

// report compares scores with labels, both [N, side, side].
func report(scores, labels model.Tensor, group []int, seed uint64) (*Report, error) {
	n := scores.Len()
	if n == 0 || len(labels.Data) != len(scores.Data) {
		return nil, fmt.Errorf("score: %d scores and %d labels, want as many of each", len(scores.Data), len(labels.Data))
	}
	if group == nil {
		group = probe.Numbers(0, n)
	}
	r := &Report{Pictures: n}
	groups := make([]int, 0, len(scores.Data))
	highest, shown := make([]float32, n), make([]float32, n)
	seen := map[int]bool{}
	for i, g := range group {
		seen[g] = true
		for j, v := range scores.Row(i) {
			groups = append(groups, g)
			highest[i] = max(highest[i], v)
			shown[i] = max(shown[i], labels.Row(i)[j]) // NaN stays
		}
	}
	r.Groups = len(seen)
	var err error
	if r.AUC, err = stats.AUC(scores.Data, labels.Data, groups, seed); err != nil {
		return nil, err
	}
	if auc, err := stats.AUC(highest, shown, group, seed); err == nil {
		r.PictureAUC = &auc
	}
	r.calibrate(scores.Data, labels.Data)
	return r, nil
}

// calibrate fills in what does not depend on groups.
func (r *Report) calibrate(scores, labels []float32) {
	r.Calibration = make([]Bin, bins)
	for i := range r.Calibration {
		r.Calibration[i].From, r.Calibration[i].To = float64(i)/bins, float64(i+1)/bins
	}
	for i, v := range scores {
		s, y := float64(v), float64(labels[i])
		if y != y {
			continue
		}
		r.Locations++
		b := &r.Calibration[min(int(s*bins), bins-1)]
		b.Locations++
		b.Score += s
		b.Share += y
		r.MeanScore += s
		r.AreaLabelled += y
		r.Brier += (s - y) * (s - y)
		// A score that rounds to 0 or 1 still costs a finite number.
		p := min(max(s, 1e-7), 1-1e-7)
		r.LogLoss -= y*math.Log(p) + (1-y)*math.Log(1-p)
		if s >= .5 {
			r.AreaScored++
		}
	}
	r.Positives = int(r.AreaLabelled)
	for _, v := range []*float64{&r.MeanScore, &r.AreaLabelled, &r.Brier, &r.LogLoss, &r.AreaScored} {
		*v /= float64(r.Locations)
	}
	for i := range r.Calibration {
		b := &r.Calibration[i]
		if b.Locations > 0 {
			b.Score /= float64(b.Locations)
			b.Share /= float64(b.Locations)
			r.CalibrationError += math.Abs(b.Score-b.Share) * float64(b.Locations) / float64(r.Locations)
		}
	}
}
