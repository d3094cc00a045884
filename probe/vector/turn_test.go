package vector

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// TestEndsOfATurnAreItsAnchors: through the middle of both it leads from the
// mean of one concept to that of the other, and the middle of any row is the
// row's own latent.
func TestEndsOfATurnAreItsAnchors(t *testing.T) {
	cfg := testG(t).Config()
	from, to := model.Latents(1, 0, 4, cfg), model.Latents(1, 4, 4, cfg)
	turn, err := NewTurn(from, to)
	if err != nil {
		t.Fatal(err)
	}
	z := turn.Points(Mean(model.Tensor{Shape: []int{2, cfg.LatentDim}, Data: slices.Concat(turn.From, turn.To)}))
	if z.Len() != 11 {
		t.Fatalf("%d steps, want 11", z.Len())
	}
	const tolerance = 1e-6 // float32 rounds middle and vector
	for j := range cfg.LatentDim {
		if !(math.Abs(float64(z.Row(0)[j]-Mean(from)[j])) <= tolerance && math.Abs(float64(z.Row(10)[j]-Mean(to)[j])) <= tolerance) {
			t.Errorf("dimension %d: ends %v and %v, want %v and %v", j, z.Row(0)[j], z.Row(10)[j], Mean(from)[j], Mean(to)[j])
		}
	}
	row := model.Latents(2, 0, 1, cfg).Row(0)
	if !slices.Equal(turn.Points(row).Row(5), row) {
		t.Error("the middle of a row is not its latent")
	}
}

func TestRandomDirectionsAreAsLong(t *testing.T) {
	v := []float32{3, 0, 4, 0, 0, 0}
	seen := map[float32]bool{}
	for i := range 20 {
		u := direction(v, 1, i)
		var sum float64
		for _, x := range u {
			sum += float64(x) * float64(x)
		}
		if math.Abs(math.Sqrt(sum)-5) > 1e-5 || seen[u[0]] {
			t.Errorf("direction %d: %v, want another one, 5 long", i, u)
		}
		seen[u[0]] = true
	}
}

// TestTurningOfKnownScores: a scale that knows the steps gives the turn its rho,
// and random directions, which it scores alike, the same: nothing is shown then.
func TestTurningOfKnownScores(t *testing.T) {
	g := testG(t)
	cfg := g.Config()
	turn, err := NewTurn(model.Latents(1, 0, 4, cfg), model.Latents(1, 4, 4, cfg))
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	const draws = 20
	known := func(_ context.Context, x model.Tensor) ([]float64, error) {
		calls++
		out := make([]float64, x.Len())
		for i := range out {
			out[i] = float64(i%11) * 2
			if calls > 1 && calls%2 == 0 {
				out[i] = -out[i] // half of the random directions fall
			}
		}
		return out, nil
	}
	all, err := MeasureTurn(context.Background(), g, turn, model.Latents(1, 50, 5, cfg), []Gauge{{known, 10}}, model.RunOptions{}, TurningOptions{Draws: draws})
	if err != nil {
		t.Fatal(err)
	}
	got := all[0]
	if len(got.Rows) != 5 || got.Rho != (stats.Spread{Mean: 1}) || got.Swing != (stats.Spread{Mean: 20}) {
		t.Errorf("rho %v, swing %v of %d rows, want 1 and 20 of 5", got.Rho, got.Swing, len(got.Rows))
	}
	if got.RandomRho.Mean != 0 || got.RandomSize != (stats.Spread{Mean: 1}) || got.RandomSwing != (stats.Spread{Mean: 20}) {
		t.Errorf("random directions %+v, %+v, %+v", got.RandomRho, got.RandomSize, got.RandomSwing)
	}
	if want := 11. / 21; got.P != want || got.SwingP != 1 { // ten of twenty are no less, all go as far
		t.Errorf("p %v and %v, want %v and 1", got.P, got.SwingP, want)
	}
	// All five rows go from 0 to 20, past 10, and so do those of ten random directions.
	if got.Turned != 5 || got.RandomTurned.Mean != 2.5 || got.TurnedP != 11./21 {
		t.Errorf("%d rows turned, %v of random directions, p %v", got.Turned, got.RandomTurned, got.TurnedP)
	}
	if len(got.RandomScores) != 11 || got.RandomScores[10].Mean != 0 {
		t.Errorf("scores of random directions %v", got.RandomScores)
	}
}

// TestTurningHoldsOnARealScale: brightness rises along the direction in which
// it rises by construction, the difference of the lightest and darkest latents.
func TestTurningHoldsOnARealScale(t *testing.T) {
	g := testG(t)
	cfg := g.Config()
	z := model.Latents(3, 0, 300, cfg)
	x, err := g.Generate(z, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	light, err := Brightness(context.Background(), x)
	if err != nil {
		t.Fatal(err)
	}
	order := make([]int, len(light))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(light[a], light[b]) })
	turn, err := NewTurn(probe.Pick(z, order[:20]), probe.Pick(z, order[280:]))
	if err != nil {
		t.Fatal(err)
	}
	all, err := MeasureTurn(context.Background(), g, turn, model.Latents(3, 400, 5, cfg), []Gauge{{Brightness, 0}, {func(ctx context.Context, x model.Tensor) ([]float64, error) {
		v, err := Brightness(ctx, x)
		for i := range v {
			v[i] = -v[i]
		}
		return v, err
	}, 0}}, model.RunOptions{}, TurningOptions{Settings: probe.Settings{Seed: 1}})
	if err != nil {
		t.Fatal(err)
	}
	// Darkness falls as brightness rises: every gauge has the same images.
	got, dark := all[0], all[1]
	if dark.Rho.Mean != -got.Rho.Mean || dark.RandomSwing != got.RandomSwing || dark.Turned != 0 {
		t.Errorf("brightness %+v and darkness %+v, want the opposite", got, dark)
	}
	if got.Rho.Mean < .7 || got.P > .05 || got.Swing.Mean <= got.RandomSwing.Mean {
		t.Errorf("rho %v, p %v, swing %v, of random directions %v", got.Rho, got.P, got.Swing, got.RandomSwing)
	}
}

func TestTurningSaysWhatIsWrong(t *testing.T) {
	g := testG(t)
	cfg := g.Config()
	z := model.Latents(1, 0, 4, cfg)
	turn, err := NewTurn(z, z)
	if err != nil {
		t.Fatal(err)
	}
	flat := func(_ context.Context, x model.Tensor) ([]float64, error) { return make([]float64, x.Len()), nil }
	got, err := MeasureTurn(context.Background(), g, turn, z, []Gauge{{flat, 0}}, model.RunOptions{}, TurningOptions{Draws: 2})
	if err != nil || got[0].Rho.Mean != 0 || got[0].P != 1 || got[0].Turned != 0 || got[0].TurnedP != 1 {
		t.Errorf("a flat scale: %+v, %v, want rho 0, no row that turns and p 1", got[0], err)
	}
	fault := errors.New("fault")
	for name, try := range map[string]func() error{
		"scale": func() error {
			_, err := MeasureTurn(context.Background(), g, turn, z, []Gauge{{func(context.Context, model.Tensor) ([]float64, error) { return nil, fault }, 0}}, model.RunOptions{}, TurningOptions{})
			if !errors.Is(err, fault) {
				return nil
			}
			return err
		},
		"NaN": func() error {
			_, err := MeasureTurn(context.Background(), g, turn, z, []Gauge{{func(_ context.Context, x model.Tensor) ([]float64, error) {
				v := make([]float64, x.Len())
				v[3] = math.NaN()
				return v, nil
			}, 0}}, model.RunOptions{}, TurningOptions{})
			return err
		},
		"rows": func() error {
			_, err := MeasureTurn(context.Background(), g, turn, rows([]float32{1}), []Gauge{{flat, 0}}, model.RunOptions{}, TurningOptions{})
			return err
		},
		"statistics": func() error {
			_, err := MeasureTurn(context.Background(), g, turn, z, []Gauge{{flat, 0}}, model.RunOptions{BatchStats: true}, TurningOptions{})
			return err
		},
	} {
		if try() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
