package nearest

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/model/zoo"
	"dcganviz/probe"
)

func embedded(t *testing.T, name string) model.Tensor {
	t.Helper()
	s, err := zoo.Pictures(name, dataset.Options{Size: 64, Channels: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	x, all := model.NewTensor(s.Len(), 64, 64, 3), make([]int, s.Len())
	for i := range all {
		all[i] = i
	}
	if err := s.Load(t.Context(), all, x.Data); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestMemoriserIsFlaggedAndTheModelIsNot is the study on the embedded model:
// its samples, the same after one epoch, when nothing can be memorised and
// pictures are blurred, and copies with the least of changes.
func TestMemoriserIsFlaggedAndTheModelIsNot(t *testing.T) {
	c, err := zoo.Open(zoo.Default)
	if err != nil {
		t.Fatal(err)
	}
	early, err := zoo.Open(zoo.Default + "-epoch1")
	if err != nil {
		t.Fatal(err)
	}
	p := Pictures{Training: embedded(t, "facades-train"), Heldout: embedded(t, "facades-heldout")}
	before := c.D.State()
	for _, g := range []*model.G{c.G, early.G} {
		if p.Samples, err = g.Generate(model.Latents(1, 0, 100, g.Config()), model.RunOptions{}); err != nil {
			t.Fatal(err)
		}
		r, err := Study(t.Context(), p, c.D, model.RunOptions{}, Options{Settings: probe.Settings{Seed: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Spaces) != 2 {
			t.Fatalf("%d spaces, want pixels and features", len(r.Spaces))
		}
		for _, s := range r.Spaces {
			t.Logf("%s: nearer %.3f, copies %.3f, AUC %.3f; memoriser %.3f, %.3f, %.3f", s.Name, s.Samples.Nearer, s.Samples.Copies, s.Samples.AUC,
				s.Memoriser.Nearer, s.Memoriser.Copies, s.Memoriser.AUC)
			if s.Samples.Flagged || s.Heldout.Flagged {
				t.Errorf("%s: samples flagged %v, held-out pictures %v; copies %+v, want neither", s.Name, s.Samples.Flagged, s.Heldout.Flagged, s.Samples.Copies)
			}
			if !s.Memoriser.Flagged || !(s.Memoriser.AUC.Lo > 0.8) {
				t.Errorf("%s: the memoriser is not flagged: %+v", s.Name, s.Memoriser.Copies)
			}
			own := 0
			for i, h := range s.Memoriser.Hits {
				if h[0].Index == source(i, len(s.Memoriser.Hits), r.Training) {
					own++
				}
			}
			if n := len(s.Memoriser.Hits); own < n*95/100 {
				t.Errorf("%s: of %d copies %d are nearest to their original", s.Name, n, own)
			}
		}
	}
	if !reflect.DeepEqual(before, c.D.State()) {
		t.Error("D is not as it was")
	}
}

// TestCopiesAreCounted: samples of which every fourth is a copy, the others
// held-out pictures, and training pictures themselves.
func TestCopiesAreCounted(t *testing.T) {
	p := Pictures{Training: noisy(1, 0, 60, 4, 4, 1), Heldout: noisy(2, 0, 200, 4, 4, 1), Samples: noisy(3, 0, 80, 4, 4, 1)}
	for i := 0; i < 80; i += 4 {
		copy(p.Samples.Row(i), p.Training.Row(i/4))
	}
	r, err := Study(t.Context(), p, nil, model.RunOptions{}, Options{Neighbours: 3})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Spaces[0]
	if len(r.Spaces) != 1 || s.Name != "pixels" || len(s.Samples.Hits) != 80 || len(s.Samples.Hits[0]) != 3 || len(s.Heldout.Distances) != 200 {
		t.Fatalf("report %+v", r)
	}
	if got := s.Samples.Copies; !(got.Mean >= 0.25 && got.Mean < 0.33 && got.Lo > chance && got.Hi < 0.45) || !s.Samples.Flagged {
		t.Errorf("copies %+v, flagged %v; want a quarter and few by chance", got, s.Samples.Flagged)
	}
	if h := s.Samples.Hits[4][0]; h.Index != 1 || h.Distance != 0 {
		t.Errorf("nearest to a copy is %+v, want its original at 0", h)
	}
	if got := s.Heldout; got.Nearer.Mean != chance || got.AUC.Mean != 0.5 || got.Copies.Mean > chance {
		t.Errorf("held-out pictures beside themselves: nearer %v, AUC %v, copies %v", got.Nearer, got.AUC, got.Copies)
	}
	// A distance by definition.
	h, sum := s.Samples.Hits[1][2], 0.0
	for j, v := range p.Samples.Row(1) {
		d := float64(v) - float64(p.Training.Row(h.Index)[j])
		sum += d * d
	}
	if want := math.Sqrt(sum / 16); !(math.Abs(h.Distance-want) <= 1e-12) {
		t.Errorf("distance %v, want %v", h.Distance, want)
	}
}

func TestStudyDoesNotDependOnThreads(t *testing.T) {
	d, err := model.NewD(model.Config{Arch: model.PyTorch, Size: 32, Channels: 1, LatentDim: 4, GWidth: 4, DWidth: 4}, 1)
	if err != nil {
		t.Fatal(err)
	}
	p := Pictures{Training: noisy(1, 0, 70, 32, 32, 1), Heldout: noisy(2, 0, 30, 32, 32, 1), Samples: noisy(3, 0, 90, 32, 32, 1)}
	var got [2]*Report
	for i := range got {
		pool := model.NewPool(1 + i)
		got[i], err = Study(t.Context(), p, d, model.RunOptions{Pool: pool}, Options{Settings: probe.Settings{Seed: 5}})
		pool.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(got[0], got[1]) {
		t.Error("two threads report something else than one")
	}
}

// TestMemoriserChangesLittle: each picture is moved by one pixel and noisy.
func TestMemoriserChangesLittle(t *testing.T) {
	x := model.NewTensor(3, 9, 7, 2)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i*i))) / 2
	}
	y := memorise(x, 5, 1, false)
	for i := range 5 {
		src := x.Row(source(i, 5, 3))
		best, moved := math.Inf(1), [2]int{}
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				sum, n := 0.0, 0.0
				for r := 1; r < 8; r++ {
					for q := 1; q < 6; q++ {
						for k := range 2 {
							d := float64(y.Row(i)[(r*7+q)*2+k] - src[((r+dy)*7+q+dx)*2+k])
							sum += d * d
							n++
						}
					}
				}
				if rmse := math.Sqrt(sum / n); rmse < best {
					best, moved = rmse, [2]int{dy, dx}
				}
			}
		}
		if moved == [2]int{} || !(best > noiseSD/2 && best < 3*noiseSD) {
			t.Errorf("picture %d is moved by %v and differs by %.3f", i, moved, best)
		}
	}
	if again := memorise(x, 5, 1, false); !slices.Equal(again.Data, y.Data) {
		t.Error("the same seed gives another memoriser")
	}
}

func TestStudyRefuses(t *testing.T) {
	good := noisy(1, 0, 20, 4, 4, 1)
	for says, c := range map[string]struct {
		p Pictures
		o Options
	}{
		"19 held-out pictures, want 20": {Pictures{good, noisy(1, 0, 19, 4, 4, 1), good}, Options{}},
		"20 training pictures, want 21": {Pictures{good, good, good}, Options{Neighbours: 20}},
		"samples of shape [20 4 4 3]":   {Pictures{good, good, noisy(1, 0, 20, 4, 4, 3)}, Options{}},
		"-1 neighbours":                 {Pictures{good, good, good}, Options{Neighbours: -1}},
	} {
		if _, err := Study(context.Background(), c.p, nil, model.RunOptions{}, c.o); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Study(ctx, Pictures{good, good, good}, nil, model.RunOptions{}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that of the context", err)
	}
}
