package doctor

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/train"
)

// lossesOf returns steps with losses by step.
func lossesOf(n int, of func(step int) (d, g float64)) []train.Stats {
	var all []train.Stats
	for i := range n {
		d, g := of(i + 1)
		all = append(all, train.Stats{Step: i + 1, LossD: d, LossDFake: d / 2, LossG: g})
	}
	return all
}

func TestFollow(t *testing.T) {
	for name, c := range map[string]struct {
		losses []train.Stats
		won    int
		says   string
	}{
		"nothing":  {nil, 0, "no table"},
		"short":    {lossesOf(50, func(int) (float64, float64) { return 0, 100 }), 0, "too few"},
		"learning": {lossesOf(1000, func(s int) (float64, float64) { return 0.3, 4 + 3*math.Sin(float64(s)) }), 0, "still learning"},
		// A strong D early on is how nets begin; a few bad steps are noise.
		"beginning": {lossesOf(1000, func(s int) (float64, float64) {
			if s < 200 {
				return 0, 30
			}
			return 0.5, 2
		}), 0, "still learning"},
		"spikes": {lossesOf(1000, func(s int) (float64, float64) {
			if s%3 == 0 {
				return 0, 500
			}
			return 0.5, 2
		}), 0, "still learning"},
		"won": {lossesOf(1000, func(s int) (float64, float64) {
			if s > 600 {
				return 0.0001, 3761
			}
			return 0.4, 3
		}), 601, "since step 601 of 1000"},
		"within a part": {lossesOf(400, func(s int) (float64, float64) {
			if s > 250 {
				return 0, 50
			}
			return 0.4, 3
		}), 251, "since step 251 of 400"},
		"certain": {lossesOf(400, func(s int) (float64, float64) { return 0.001, 7 }), 1, "since step 1 of 400"},
		"ahead":   {lossesOf(400, func(s int) (float64, float64) { return 0.02, 6.2 }), 0, "D is far ahead at step 400"},
		// A critic's losses are not on that scale, and D's is not small.
		"both large": {lossesOf(300, func(int) (float64, float64) { return 40, 40 }), 0, "still learning"},
	} {
		got := Follow(c.losses)
		if got.Won != c.won || !strings.Contains(got.Finding().Evidence, c.says) {
			t.Errorf("%s: %+v, %q; want %d, %q", name, got, got.Finding().Evidence, c.won, c.says)
		}
	}
}

// TestApart by hand: columns of -1 and 1 by turns differ by 2 from themselves moved to the
// right, and not moved down; two images that are each other's negatives differ by 2.
func TestApart(t *testing.T) {
	x := model.NewTensor(2, 4, 4, 1)
	for i := range x.Data {
		x.Data[i] = float32(2*(i%2) - 1)
		if i >= 16 {
			x.Data[i] = -x.Data[i]
		}
	}
	if got, want := Apart(x), 2/math.Sqrt(2); !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("stripes: %v, want %v", got, want)
	}
	copy(x.Row(1), x.Row(0))
	if got := Apart(x); got != 0 || !Collapsed(got) {
		t.Errorf("one image twice: %v, want 0", got)
	}
	for i := range x.Data {
		x.Data[i] = float32(i / 16)
	}
	if got := Apart(x); !math.IsInf(got, 1) || Collapsed(got) {
		t.Errorf("two colours: %v, want +Inf", got)
	}
}

// TestCollapseToTextureIsDoubted: images of one sharp texture that differ by a sixth of what a
// shift by a pixel makes, with no twins and some variance over latents.
func TestCollapseToTextureIsDoubted(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := model.NewTensor(64, 16, 16, 3)
	texture := make([]float32, 16*16*3)
	for i := range texture {
		texture[i] = float32(0.5 * r.NormFloat64())
	}
	draw := func(own float64) model.Tensor {
		for i := range x.Data {
			x.Data[i] = texture[i%len(texture)] + float32(own*r.NormFloat64())
		}
		return x
	}
	for own, want := range map[float64]Verdict{0.13: Doubtful, 0.02: Wrong, 0.4: OK} {
		f := Finding{}
		if err := checkSamples(t.Context(), &patient{images: draw(own)}, &f); err != nil || f.Verdict != want {
			t.Errorf("own deviation %g of a texture of 0.5: %v, %q (%v), want %v", own, f.Verdict, f.Evidence, err, want)
		}
	}
}

// TestPairOfADThatHasWon: the last layer of D gives numbers so large that D is certain. Of another program's nets, whose D may
// be a critic, that is no fault.
func TestPairOfADThatHasWon(t *testing.T) {
	for origin, want := range map[string]Verdict{"": Doubtful, "PyTorch zip file": OK} {
		c := facades(t)
		c.Meta.Origin = origin
		by := float32(-300)
		if examine(t, c).Finding("pair").Figure(meanLogit) < 0 {
			by = 300
		}
		edit(t, c.D, func(name string, x []float32) {
			if name == "main.11.weight" {
				for i := range x {
					x[i] *= by
				}
			}
		})
		f := examine(t, c).Finding("pair")
		logit := f.Figure(meanLogit)
		t.Log(logit, f.Evidence)
		if !(logit < -lostLoss) || f.Verdict != want || !strings.Contains(f.Evidence, "has won") {
			t.Errorf("origin %q: logit %.1f, %v, %q; want %v", origin, logit, f.Verdict, f.Evidence, want)
		}
	}
}
