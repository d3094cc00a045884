package audit

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

// sparse is the course c as Quick takes it. drawn gets the ends that are asked for.
func sparse(c Course, drawn *[]int) Sparse {
	tiles := slices.DeleteFunc(probe.Numbers(0, c.Images.Len()), func(i int) bool { return i%c.Refine != 0 })
	return Sparse{Tiles: probe.Pick(c.Images, tiles), Refine: c.Refine, Stored: c.Stored, Draw: func(ends []int) (model.Tensor, error) {
		*drawn = append(*drawn, ends...)
		return probe.Pick(c.Images, ends), nil
	}}
}

// line is a walk of one pixel that goes on by the same everywhere, but for jumps.
func line(parts int, jumps map[int]float32) model.Tensor {
	x := model.NewTensor(parts+1, 1, 1, 1)
	for i := range parts {
		by := float32(1)
		if j, ok := jumps[i]; ok {
			by = j
		}
		x.Data[i+1] = x.Data[i] + by
	}
	return x
}

// TestQuickFindsAnyJump puts a jump of just enough, and of too little, in every part of a
// step and at both ends of the walk. Between the steps that hold sampled parts it has to
// be searched for.
func TestQuickFindsAnyJump(t *testing.T) {
	const refine, steps = 8, 99
	for _, at := range []int{0, 1, 8, 17, 18, 19, 20, 21, 22, 23, 24, 400, steps*refine - 1} {
		for _, jump := range []float32{Sharp, Sharp - .5} {
			var drawn []int
			c := Course{Images: line(steps*refine, map[int]float32{at: jump}), Refine: refine, Stored: imagesOf(0, 500)}
			r, err := Quick(t.Context(), sparse(c, &drawn), nil, model.RunOptions{}, probe.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			j := r.Spaces[0].Walk
			if want := jump == Sharp; j.Sharp != want || j.Median != 1 || want && (j.Largest != Sharp || j.Sharpest != at/refine || !slices.Contains(j.At, at)) {
				t.Errorf("a jump of %v in part %d: flagged %v, largest %v in step %d, median %v", jump, at, j.Sharp, j.Largest, j.Sharpest, j.Median)
			}
			if slices.ContainsFunc(drawn, func(e int) bool { return e%refine == 0 }) {
				t.Errorf("tiles are drawn again: %v", drawn)
			}
		}
	}
}

// TestQuickMissesWhatTurnsBack: what its documentation says.
func TestQuickMissesWhatTurnsBack(t *testing.T) {
	var drawn []int
	c := Course{Images: line(792, map[int]float32{18: 20, 19: -20}), Refine: 8, Stored: imagesOf(0, 500)}
	r, err := Quick(t.Context(), sparse(c, &drawn), nil, model.RunOptions{}, probe.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	full, err := Walk(t.Context(), c, nil, model.RunOptions{}, probe.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Spaces[0].Walk.Sharp || !full.Spaces[0].Walk.Sharp {
		t.Errorf("flagged %v, in full %v", r.Spaces[0].Walk.Sharp, full.Spaces[0].Walk.Sharp)
	}
}

// TestQuickFindsWhatWalkFinds: on a walk of the embedded model and on the memoriser's, the
// verdicts are those of a full audit, and what is reported was in it.
func TestQuickFindsWhatWalkFinds(t *testing.T) {
	c := open(t)
	cfg := c.G.Config()
	const refine = 8
	path, err := probe.NewPath(model.Latents(7, 0, 5, cfg), probe.PathOptions{})
	if err != nil {
		t.Fatal(err)
	}
	images := func(z model.Tensor) model.Tensor {
		x, err := c.G.Generate(z, model.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	smooth := images(path.Points(40*refine + 1))
	stored, others := images(model.Latents(8, 0, 20, cfg)), images(model.Latents(9, 0, 40, cfg))
	shown, err := recall(t.Context(), nil, smooth, others)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]model.Tensor{"smooth": smooth, "memoriser": probe.Pick(others, shown)} {
		course := Course{Images: x, Refine: refine, Stored: stored}
		full, err := Walk(t.Context(), course, c.D, model.RunOptions{}, probe.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		var drawn []int
		quick, err := Quick(t.Context(), sparse(course, &drawn), c.D, model.RunOptions{}, probe.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if quick.Steps != 40 || quick.Drawn != 41+len(drawn) || quick.Drawn > 150 || quick.Sampled != 48 || len(quick.Recalled) != 41 {
			t.Errorf("%s: %d steps, %d drawn, %d sampled, %d recalled", name, quick.Steps, quick.Drawn, quick.Sampled, len(quick.Recalled))
		}
		const tolerance = 1e-5 // features of an image may be rounded otherwise in another batch
		// A walk's largest part is searched for. A memoriser has many jumps, of which one that
		// is flagged has to be found, not the largest.
		least := map[string]float64{"walk": .5, "memoriser": .3}
		for k, f := range full.Spaces {
			q := quick.Spaces[k]
			for of, j := range map[string][2]Jumps{"walk": {q.Walk, f.Walk}, "memoriser": {q.Memoriser, f.Memoriser}} {
				q, f := j[0], j[1]
				if q.Sharp != f.Sharp || q.Largest > f.Largest+tolerance || q.Largest < f.Largest*least[of] {
					t.Errorf("%s, %s in %s: flagged %v, largest %v; in full %v, %v", name, of, full.Spaces[k].Name, q.Sharp, q.Largest, f.Sharp, f.Largest)
				}
				for i, v := range q.Steps {
					if !(math.Abs(v-f.Steps[i]) <= tolerance) {
						t.Fatalf("%s, %s: step %d changes by %v, in full %v", name, of, i, v, f.Steps[i])
					}
				}
				for i, v := range q.Parts {
					if want := f.Parts[q.At[i]]; !(math.Abs(v-want) <= tolerance) {
						t.Fatalf("%s, %s: part %d changes by %v, in full %v", name, of, q.At[i], v, want)
					}
				}
			}
			if want := name == "memoriser"; q.Walk.Sharp != want || !q.Memoriser.Sharp {
				t.Errorf("%s in %s: flagged %v, its control %v", name, q.Name, q.Walk.Sharp, q.Memoriser.Sharp)
			}
		}
	}
}

func TestQuickDoesNotDependOnThreads(t *testing.T) {
	d, err := model.NewD(model.Config{Arch: model.PyTorch, Size: 32, Channels: 1, LatentDim: 4, GWidth: 4, DWidth: 4}, 1)
	if err != nil {
		t.Fatal(err)
	}
	x := model.NewTensor(50*4+1, 32, 32, 1)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i%1024) * float64(i/1024+50) / 1e4))
	}
	var got [2]*Report
	for i := range got {
		var drawn []int
		pool := model.NewPool(1 + i)
		got[i], err = Quick(t.Context(), sparse(Course{Images: x, Refine: 4, Stored: x.Slice(3, 9)}, &drawn), d, model.RunOptions{Pool: pool}, probe.Settings{})
		pool.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(got[0], got[1]) {
		t.Error("two threads report something else than one")
	}
}

func TestQuickRefuses(t *testing.T) {
	two := imagesOf(1, 2)
	failing := func([]int) (model.Tensor, error) { return model.Tensor{}, fmt.Errorf("no more") }
	short := func([]int) (model.Tensor, error) { return imagesOf(1), nil }
	for says, c := range map[string]struct {
		Sparse
		run model.RunOptions
	}{
		"[1 1 1 1]":   {Sparse{Tiles: imagesOf(1), Stored: two}, model.RunOptions{}},
		"no more":     {Sparse{Tiles: two, Refine: 4, Stored: two, Draw: failing}, model.RunOptions{}},
		"want 3 like": {Sparse{Tiles: two, Refine: 4, Stored: two, Draw: short}, model.RunOptions{}},
		"statistics":  {Sparse{Tiles: two, Refine: 4, Stored: two}, model.RunOptions{BatchStats: true}},
	} {
		if _, err := Quick(t.Context(), c.Sparse, nil, c.run, probe.Settings{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
	}
}
