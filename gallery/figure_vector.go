package gallery

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A concept is samples that show something.
type concept struct {
	Name    string
	Numbers []int `json:"samples"`
}

func (c concept) String() string {
	if c.Name == "" {
		return "what the samples named show"
	}
	return c.Name
}

// An outcome is what was measured of images.
type outcome struct {
	Images int
	Wanted *int
}

func (o outcome) String() string { return fmt.Sprintf("%d of %d", *o.Wanted, o.Images) }

func (f *figure) arithmetic(numbers []byte) error {
	var a struct {
		Formula        string
		A, B, C        concept
		SampleSeeds    [3]uint64 `json:"sample_seeds"`
		Drawn          [3]int
		Reach          float64
		Gives          string
		Result, Pixels outcome
		Samples        outcome `json:"random_samples"`
		Stability      []struct {
			Exemplars, Draws                   int
			Latents, Pixels, Unchanged, Random struct {
				Wanted *spread
				Apart  float64
			}
		}
	}
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	f.Done = fmt.Sprintf("The latents of %d, %d and %d samples that show A, B and C were averaged: A is %s, B %s and C %s. G then drew A - B + C, and that eight times more with random numbers between %g and %g added.",
		a.Drawn[0], a.Drawn[1], a.Drawn[2], a.A, a.B, a.C, -a.Reach, a.Reach)
	f.Look = "In frames, the averages: do they show what the images above them share? The block of nine is the result, its middle one the sum itself."
	if a.Gives != "" {
		f.Look += fmt.Sprintf(" It should show %s.", a.Gives)
	}
	f.Control = "The last column is the same sum of pixels, which only overlays the images."
	if a.Result.Wanted != nil && a.Pixels.Wanted != nil && a.Samples.Wanted != nil {
		f.Number = fmt.Sprintf("%s results are as wanted, by scorers that took no part.", a.Result)
		f.Control += fmt.Sprintf(" Of that %s is as wanted, and of random samples %s.", a.Pixels, a.Samples)
	}
	if n := len(a.Stability); n > 0 {
		s := a.Stability[n-1]
		if l, u, r := s.Latents.Wanted, s.Unchanged.Wanted, s.Random.Wanted; l != nil && u != nil && r != nil {
			f.Number += fmt.Sprintf(" It depends on the exemplars: over %d draws of %d each, %s.", s.Draws, s.Exemplars, l.percent())
			f.Control += fmt.Sprintf(" C alone gives %s, and C with a random difference added %s.", u.percent(), r.percent())
		}
	}
	f.Alt = fmt.Sprintf("An equation of images: %s minus %s plus %s gives nine images; beside it the same sum of pixels", a.A, a.B, a.C)
	for i, c := range []concept{a.A, a.B, a.C} {
		letter := string(rune('A' + i))
		if g, ok := f.group(2*i, a.Drawn[i]); ok && a.Drawn[i] <= len(c.Numbers) {
			f.addSamples(g, a.SampleSeeds[i], func(k int) int { return c.Numbers[k] })
		}
		if g, ok := f.group(2*i+1, 1); ok {
			f.add(g, 0, "The mean of "+letter, fmt.Sprintf("Drawn from the mean of the latents of samples %s.", list(c.Numbers, a.Drawn[i])), "")
		}
	}
	if g, ok := f.group(6, 9); ok {
		for i := range 9 {
			name, text := "Around the result", fmt.Sprintf("G(A - B + C) with a random number between %g and %g added to each value.", -a.Reach, a.Reach)
			if i == 4 {
				name, text = "The result", "G(A - B + C)."
			}
			f.add(g, i, name, text, "")
		}
	}
	if g, ok := f.group(7, 1); ok {
		f.add(g, 0, "Control", "The same sum of the exemplars' pixels, without latents.", "")
	}
	return nil
}

// list is the first n numbers.
func list(numbers []int, n int) string {
	var words []string
	for _, v := range numbers[:min(max(n, 0), len(numbers))] {
		words = append(words, fmt.Sprint(v))
	}
	return strings.Join(words, ", ")
}

// A turning is what a scale says of a turn.
type turning struct {
	Rho, Swing  spread
	RandomRho   spread `json:"random_rho"`
	RandomSwing spread `json:"random_swing_magnitude"`
	Draws       int
	P           float64
}

func (f *figure) turn(numbers []byte) error {
	var a struct {
		Seed         uint64
		From, To     concept
		Averaged     [2]int
		Through      []int
		Steps        int
		Reach        float64
		ByDirection  *turning `json:"by_direction"`
		DirectionAUC *float64 `json:"direction_auc"`
		ByScore      *turning `json:"by_score"`
		Score        *struct{ Score string }
	}
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	if a.Steps < 2 || a.Steps > mostTiles || len(a.Through) > mostTiles {
		return fmt.Errorf("%d steps through %d samples", a.Steps, len(a.Through))
	}
	f.Title = fmt.Sprintf("From %s to %s", a.From, a.To)
	f.Done = fmt.Sprintf("The mean latent of %d samples that show %s, less that of %d that show %s, is a vector. %s, in the middle of their rows, were moved along it: back to the left, forth to the right.",
		a.Averaged[1], a.To, a.Averaged[0], a.From, plural(len(a.Through), "other sample"))
	f.Look = fmt.Sprintf("Does each row go from %s to %s, and does it stay the same picture otherwise?", a.From, a.To)
	var said, controls []string
	for _, s := range []struct {
		t    *turning
		name string
	}{{a.ByDirection, "a direction in D's features, fitted on other samples"}, {a.ByScore, "an independent score"}} {
		if s.t != nil {
			said = append(said, fmt.Sprintf("by %s, %s", s.name, s.t.Rho))
			controls = append(controls, fmt.Sprintf("by %s rho %s, p %.2f", s.name, s.t.RandomRho, s.t.P))
		}
	}
	if len(said) > 0 {
		f.Number = "How well images of a row are in order, as Spearman's rho (1: always, 0: not at all): " + strings.Join(said, "; ") + "."
		f.Control = "Random directions of the same length through the same samples: " + strings.Join(controls, "; ") + ". The smaller p, the fewer of them do as well."
	}
	f.Alt = fmt.Sprintf("%s of %d images, each going from %s to %s, above plots of what is measured along them", plural(len(a.Through), "row"), a.Steps, a.From, a.To)
	if g, ok := f.group(0, a.Steps*len(a.Through)); ok {
		for i := range g.Count {
			n, at := a.Through[i/a.Steps], a.Reach*(float64(i%a.Steps)/float64(a.Steps-1)-.5)
			f.add(g, i, fmt.Sprintf("Sample %d %+.2g", n, at),
				fmt.Sprintf("Latent number %d of seed %d with %+.2g of the vector from %s to %s. The command draws it without.", n, a.Seed, at, a.From, a.To), f.draws(a.Seed, n, 1))
		}
	}
	return nil
}
