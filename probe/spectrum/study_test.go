package spectrum

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

func study(t *testing.T, samples, real model.Tensor, seed uint64) *Report {
	t.Helper()
	r, err := Study(context.Background(), samples, real, model.RunOptions{}, probe.Settings{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPatternsOwnTheirFrequencies(t *testing.T) {
	s := newSurvey(32, 64)
	seen := make(map[int]int) // by place: period
	for _, p := range s.patterns {
		for _, c := range p.contrasts {
			for _, place := range []int{s.place(c.fy, c.fx), s.place(-c.fy, -c.fx)} {
				if other, ok := seen[place]; ok && other != p.period {
					t.Errorf("(%d, %d) is of periods %d and %d", c.fy, c.fx, other, p.period)
				}
				seen[place] = p.period
			}
			weight := 0.0
			for _, term := range c.terms {
				weight += term.weight
			}
			near(t, "sum of weights", weight, 0, rounding)
		}
	}
	if len(seen) != 8*8-1 {
		t.Errorf("%d frequencies, want all multiples of 1/8 but zero", len(seen))
	}
	for k, want := range []int{3, 6, 24} {
		if got := len(s.patterns[k].contrasts); got != want {
			t.Errorf("period %d: %d frequencies, want %d", s.patterns[k].period, got, want)
		}
	}
	for _, p := range s.patterns {
		for _, c := range p.contrasts {
			for _, term := range c.terms[1:] {
				if _, ok := seen[s.places[term.column]]; ok || s.places[term.column] == 0 {
					t.Errorf("a neighbour of (%d, %d) is a frequency of a pattern", c.fy, c.fx)
				}
			}
		}
	}
}

func TestParabolasMakeNoPeak(t *testing.T) {
	s := newSurvey(32, 32)
	decibels := make([]float64, len(s.places))
	for c, place := range s.places {
		fy, fx := float64(min(place/32, 32-place/32)), float64(min(place%32, 32-place%32))
		decibels[c] = 3 - fy/4 - fx*fx/32 + fy*fx/16
	}
	for _, c := range s.patterns[2].contrasts {
		if c.fy%16 > 3 && c.fx%16 > 3 { // elsewhere neighbours lie beyond a fold
			near(t, "contrast", c.of(decibels), 0, rounding)
		}
	}
}

func TestBoardInWhiteNoise(t *testing.T) {
	const n, h, w, a, deviation = 400, 32, 48, 0.02, 0.2
	r := study(t, add(white(3, n, h, w, 1, deviation), board(a)), white(4, n, h, w, 1, deviation), 1)
	kept := 1 - (1./h+1./w)/2
	noise := deviation*deviation + floor
	wanted := 10 * math.Log10(1+a*a*h*w*kept*kept/noise)
	// The deviation of a mean of n powers is 1/√n of it and less, in decibels
	// 4.3/√n = 0.22; of two, and the neighbourhood's, three deviations are 1.
	const within = 1
	for _, p := range r.Peaks {
		if p.Artefact() != (p.Period == 2) {
			t.Errorf("period %d: artefact %v", p.Period, p.Artefact())
		}
		for _, at := range p.Points {
			want := 0.0
			if at.FrequencyY == 0.5 && at.FrequencyX == 0.5 {
				want = wanted
			}
			near(t, "samples", at.Samples, want, within)
			near(t, "real", at.Real, 0, within)
		}
	}
	p := r.Peaks[0]
	near(t, "samples", p.Samples.Mean, wanted/3, within/2.)
	near(t, "excess", p.Excess.Mean, p.Samples.Mean-p.Real.Mean, rounding)
	near(t, "RMS", p.RMS.Mean, a*kept, a/10)
	for _, ring := range r.Radial[:len(r.Radial)-1] {
		if ring.Frequency > 0.2 {
			near(t, "radial", ring.Real.Mean, noise*(1-1./h-1./w), noise/20) // see TestPowerOfWhiteNoise
		}
		if !(ring.Real.Lo < ring.Real.Mean && ring.Real.Mean < ring.Real.Hi) {
			t.Errorf("interval %v", ring.Real)
		}
	}
	near(t, "last frequency", r.Radial[len(r.Radial)-1].Frequency, math.Sqrt2/2, 1./64)
	near(t, "power in the corner", float64(r.SamplesPower.Data[0]), noise*math.Pow(10, wanted/10), noise*2)
}

func TestSetsOfOneKindHaveNoArtefact(t *testing.T) {
	const trials = 24
	bounds, artefacts := 0, 0
	for seed := range uint64(trials) {
		r := study(t, naturals(2*seed, 40, 32, 32), naturals(2*seed+1, 80, 32, 32), seed)
		if slices.ContainsFunc(r.Peaks, func(p Peak) bool { return p.AtLeast > 0 }) {
			bounds++
		}
		if slices.ContainsFunc(r.Peaks, func(p Peak) bool { return p.Artefact() }) {
			artefacts++
		}
	}
	// One in twenty bounds may fail: five or more of 24 have a probability
	// of 1%.
	if bounds > 4 || artefacts > 0 {
		t.Errorf("of %d comparisons %d bounds are positive and %d have artefacts", trials, bounds, artefacts)
	}
}

func TestFaintBoardIsFound(t *testing.T) {
	for seed := range uint64(5) {
		r := study(t, add(naturals(2*seed, 150, 32, 32), board(0.02)), naturals(2*seed+1, 150, 32, 32), seed)
		for _, p := range r.Peaks {
			if p.Artefact() != (p.Period == 2) {
				t.Errorf("seed %d: period %d: artefact %v, excess %v", seed, p.Period, p.Artefact(), p.Excess)
			}
		}
	}
}

// grid is a dot in each block of eight pixels. It has all frequencies of all
// periods.
func grid(y, x int) float64 {
	if y%8 == 0 && x%8 == 0 {
		return 1
	}
	return 0
}

func TestPatternOfRealPicturesIsNoArtefact(t *testing.T) {
	for name, samples := range map[string]model.Tensor{
		"samples with the same": add(naturals(1, 100, 32, 32), grid),
		"samples without":       naturals(1, 100, 32, 32),
	} {
		r := study(t, samples, add(naturals(2, 100, 32, 32), grid), 1)
		for _, p := range r.Peaks {
			if p.Artefact() || p.Real.Lo < 1 {
				t.Errorf("%s: period %d: artefact %v, real %v", name, p.Period, p.Artefact(), p.Real)
			}
		}
	}
	for _, p := range study(t, add(naturals(1, 100, 32, 32), grid), naturals(2, 100, 32, 32), 1).Peaks {
		if !p.Artefact() {
			t.Errorf("period %d: the pattern of samples alone is none: %v", p.Period, p)
		}
	}
}

func TestNotchOfRealPicturesIsNoArtefact(t *testing.T) {
	real := naturals(2, 200, 32, 32)
	for i := range real.Len() {
		sum := 0.0
		for at, v := range real.Row(i) {
			sum += float64(v) * board(1)(at/32, at%32)
		}
		for at := range real.Row(i) {
			real.Row(i)[at] -= float32(sum / 1024 * board(1)(at/32, at%32))
		}
	}
	p := study(t, naturals(1, 200, 32, 32), real, 1).Peaks[0]
	if p.Artefact() || p.Excess.Lo < 1 || p.Samples.Lo > 0 {
		t.Errorf("artefact %v, excess %v, samples %v", p.Artefact(), p.Excess, p.Samples)
	}
}

func TestThreadsAndSeeds(t *testing.T) {
	samples, real := naturals(1, 70, 16, 24), naturals(2, 90, 16, 24)
	kept := samples.Clone()
	one, two := model.NewPool(1), model.NewPool(2)
	defer one.Close()
	defer two.Close()
	var calls []int
	a, err := Study(context.Background(), samples, real, model.RunOptions{Pool: one}, probe.Settings{Seed: 3, Progress: func(_ string, done, of int) { calls = append(calls, done, of) }})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Study(context.Background(), samples, real, model.RunOptions{Pool: two}, probe.Settings{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("two threads find something else than one")
	}
	if c := study(t, samples, real, 4); c.Peaks[0].Samples.Mean != a.Peaks[0].Samples.Mean || c.Peaks[0].Control == a.Peaks[0].Control {
		t.Error("the seed decides the peak, or not the control")
	}
	if !reflect.DeepEqual(samples, kept) {
		t.Error("samples are modified")
	}
	if !slices.Equal(calls, []int{1, 6, 2, 6, 3, 6, 4, 6, 5, 6, 6, 6}) {
		t.Errorf("progress %v", calls)
	}
	if a.Half != 45 || len(a.Peaks) != 2 {
		t.Errorf("halves of %d, %d peaks", a.Half, len(a.Peaks))
	}
}

func TestReportIsJSON(t *testing.T) {
	// Constant images have no power at all.
	r := study(t, model.NewTensor(20, 28, 28, 3), model.NewTensor(40, 28, 28, 3), 1)
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range regexp.MustCompile(`"([^"]*)":`).FindAllStringSubmatch(string(b), -1) {
		if !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(key[1]) {
			t.Errorf("key %q", key[1])
		}
	}
	var back Report
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	back.SamplesPower, back.RealPower = r.SamplesPower, r.RealPower
	if !reflect.DeepEqual(&back, r) {
		t.Error("a report is another one after JSON")
	}
	for k, period := range []int{2, 4} { // 28/8 is no whole number
		if p := r.Peaks[k]; p.Period != period || p.Artefact() || !(math.Abs(p.Samples.Mean) <= rounding) {
			t.Errorf("peak %+v, want period %d of no height", p, period)
		}
	}
}

func TestStudyRefuses(t *testing.T) {
	ok := func(n int, shape ...int) model.Tensor { return model.NewTensor(append([]int{n}, shape...)...) }
	bad := ok(40, 16, 16, 1)
	bad.Data[0] = float32(math.NaN())
	for want, x := range map[string][2]model.Tensor{
		"want [N H W C]":                {ok(20, 16, 16, 1), ok(40, 16, 18, 1)},
		"1 or 3 channels":               {ok(20, 16, 16, 2), ok(40, 16, 16, 2)},
		"19 samples":                    {ok(19, 16, 16, 1), ok(40, 16, 16, 1)},
		"39 real pictures":              {ok(20, 16, 16, 1), ok(39, 16, 16, 1)},
		"31x27 pixels":                  {ok(20, 27, 31, 1), ok(40, 27, 31, 1)},
		"6x64 pixels":                   {ok(20, 64, 6, 1), ok(40, 64, 6, 1)},
		"of the real pictures is not f": {ok(20, 16, 16, 1), bad},
		"of the samples is not finite":  {bad, ok(40, 16, 16, 1)},
		"shape []":                      {{}, {}},
	} {
		_, err := Study(context.Background(), x[0], x[1], model.RunOptions{}, probe.Settings{})
		if err == nil || !errors.Is(err, probe.ErrInput) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Study(ctx, ok(20, 16, 16, 1), ok(40, 16, 16, 1), model.RunOptions{}, probe.Settings{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v after an interrupt", err)
	}
}
