package run

import (
	"testing"
	"time"
)

// TestSummaryIsOfTheLastThousand uses rows whose means can be written down.
func TestSummaryIsOfTheLastThousand(t *testing.T) {
	l := new(lossTable)
	for step := 1; step <= 1500; step++ {
		s := statsOf(step)
		s.LossD, s.LossG = float64(step), 2*float64(step)
		l.keep(s)
	}
	got := Summary{}.plus(1500, 50*time.Second).at(1500, 64, l.rows)
	want := Summary{
		Step: 1500, Seconds: 50, TimedSteps: 1500, ImagesPerSecond: 1920,
		Last: 1000, Means: Means{LossD: 1000.5, LossG: 2001, ScoreReal: 0.5, ScoreFake: 0.25},
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	const text = "1500 steps in 50s, 1920.0 images/s; means of the last 1000: loss D 1000.500, G 2001.000, D's score of real pictures 0.500, of drawn ones 0.250"
	if got.String() != text {
		t.Errorf("%q, want %q", got, text)
	}
	if got := (Summary{}).at(0, 64, nil); got != (Summary{}) {
		t.Errorf("of no step: %+v", got)
	}
}
