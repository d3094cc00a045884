package figure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
	"dcganviz/probe/kid"
)

// stripes writes a folder of pictures that differ.
func stripes(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		m := image.NewNRGBA(image.Rect(0, 0, 32, 32))
		for y := range 32 {
			for x := range 32 {
				m.SetNRGBA(x, y, color.NRGBA{byte(8*x + 5*i), byte(8*y + 3*i*(x/(1+i%7))), byte(40 * (i % 6)), 255})
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("p%03d.png", i)), b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// watched is a run in training, with pictures kept out.
type watched struct {
	data    string
	trainer *train.Trainer
	held    *dataset.Set
	holdout *Holdout
	pool    *model.Pool
	cfg     model.Config
}

func watch(t testing.TB, threads int) *watched {
	t.Helper()
	data := stripes(t, 120)
	set, err := dataset.Open(data, dataset.Options{Size: 32, Holdout: 60, HoldoutSeed: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	w := &watched{data: data, held: set.Held(), pool: model.NewPool(threads), cfg: model.Config{Size: 32, Channels: 3, LatentDim: 8, GWidth: 4, DWidth: 4}}
	t.Cleanup(w.pool.Close)
	if w.trainer, err = train.New(w.cfg, set, train.Options{Batch: 8, Seed: 3}, w.pool); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.trainer.Close() })
	if w.holdout, err = NewHoldout(t.Context(), w.held, w.cfg, w.pool); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestHoldoutIsKIDOfItsHalves takes the same numbers by the library's own functions, from
// all pictures and all samples at once.
func TestHoldoutIsKIDOfItsHalves(t *testing.T) {
	w := watch(t, 1)
	m, err := w.holdout.Look(t.Context(), w.trainer, nil)
	if err != nil {
		t.Fatal(err)
	}
	net, err := kid.NewNet(32, 32, 3)
	if err != nil {
		t.Fatal(err)
	}
	features := func(x model.Tensor) model.Tensor {
		f, err := net.Features(x, model.RunOptions{Pool: w.pool})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	half := func(first int) model.Tensor {
		var indices []int
		for i := first; i < 60; i += 2 {
			indices = append(indices, i)
		}
		x := model.NewTensor(30, 32, 32, 3)
		if err := w.held.Load(t.Context(), indices, x.Data); err != nil {
			t.Fatal(err)
		}
		return features(x)
	}
	x, err := w.trainer.Generator().Generate(model.Latents(3, 0, 64, w.cfg), model.RunOptions{Pool: w.pool})
	if err != nil {
		t.Fatal(err)
	}
	all := features(x)
	chosen, judged := all.Slice(0, 30), all.Slice(30, 60)
	for _, c := range []struct {
		name string
		got  training.Estimate
		a, b model.Tensor
	}{
		{"chosen", m.Chosen, chosen, half(0)}, {"judged", m.Judged, judged, half(1)},
		{"control", training.Estimate(w.holdout.Control), half(0), half(1)},
	} {
		want, err := kid.Between(c.a, c.b)
		if err != nil {
			t.Fatal(err)
		}
		// Batches of other sizes sum in the same order.
		if c.got != training.Estimate(want) {
			t.Errorf("%s is %v, want %v", c.name, c.got, want)
		}
	}
	of, err := kid.OverlapOf(chosen, half(0), kid.Neighbours)
	if err != nil || m.Variety == nil || m.Variety.Value != min(of.Recall, of.Coverage) {
		t.Errorf("variety %v, want the lesser of %v (%v)", m.Variety, of, err)
	}
	overlap, err := kid.OverlapOf(judged, half(1), kid.Neighbours)
	if err != nil || m.Recall != overlap.Recall || m.Coverage != overlap.Coverage {
		t.Errorf("recall %g and coverage %g, want %v, %v", m.Recall, m.Coverage, overlap, err)
	}
	if !m.Best {
		t.Error("the first state is not the best so far")
	}
	better := m
	better.Step, better.Chosen.Value = 1, m.Chosen.Value-1
	if m, _ := w.holdout.Look(t.Context(), w.trainer, []training.Measure{better}); m.Best {
		t.Error("a state farther from the pictures that choose is the best")
	}
	worse := better
	worse.Chosen.Value, worse.Judged.Value = m.Chosen.Value+1, m.Judged.Value-5 // what judges does not choose
	if m, _ := w.holdout.Look(t.Context(), w.trainer, []training.Measure{worse}); !m.Best {
		t.Error("the pictures that judge have chosen")
	}
}

// TestStatesAreComparedWithHeldPictures: doctor takes those that the run kept out.
func TestStatesAreComparedWithHeldPictures(t *testing.T) {
	w, dir := watch(t, 1), t.TempDir()
	for _, holdout := range []int{60, 0} {
		plan := fmt.Sprintf(`{"data":%q,"about":"","steps":1,"sample_every":0,"save_every":0,"holdout":%d}`, w.data, holdout)
		if err := os.WriteFile(filepath.Join(dir, training.PlanFile), []byte(plan), 0o666); err != nil {
			t.Fatal(err)
		}
		lab := &Lab{Folder: dir, Model: w.trainer.Checkpoint(), Pool: w.pool}
		p, err := lab.statePictures(t.Context(), PhotoOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for i := range w.held.Len() {
			want = append(want, w.held.Name(i))
		}
		if holdout == 0 && p.Len() != 120 || holdout > 0 && !slices.Equal(p.names, want) {
			t.Errorf("of %d pictures held out %d are compared with: %q", holdout, p.Len(), p.names)
		}
	}
}

func TestHoldoutIsTheSameByAnyThreads(t *testing.T) {
	w := watch(t, 1)
	one, err := w.holdout.Look(t.Context(), w.trainer, nil)
	if err != nil {
		t.Fatal(err)
	}
	w = watch(t, 2)
	two, err := w.holdout.Look(t.Context(), w.trainer, nil)
	if err != nil || one.Chosen != two.Chosen || one.Judged != two.Judged || *one.Apart != *two.Apart {
		t.Errorf("by two threads %+v, by one %+v, %v", two, one, err)
	}
}

func TestHoldoutTakesEnoughPictures(t *testing.T) {
	set, err := dataset.Open(stripes(t, 80), dataset.Options{Size: 32, Holdout: LeastHoldout - 1})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	if _, err := NewHoldout(t.Context(), set.Held(), model.Config{Size: 32, Channels: 3}, nil); err == nil || !strings.Contains(err.Error(), "39 pictures") {
		t.Errorf("%v, want 39 pictures refused", err)
	}
	// One of those that are held out is no picture: the others are enough, or are not.
	for n, ok := range map[int]bool{LeastHoldout: false, LeastHoldout + 1: true} {
		dir := stripes(t, 100)
		options := dataset.Options{Size: 32, Holdout: n}
		set, err := dataset.Open(dir, options)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, set.Held().Name(7))
		set.Close()
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, make([]byte, info.Size()), 0o666); err != nil {
			t.Fatal(err)
		}
		if set, err = dataset.Open(dir, options); err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		h, err := NewHoldout(t.Context(), set.Held(), model.Config{Size: 32, Channels: 3}, nil)
		if (err == nil) != ok || err == nil && h.chooses.Len() != LeastHoldout/2 {
			t.Errorf("one of %d pictures is bad: %v", n, err)
		}
	}
	w := watch(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.holdout.Look(ctx, w.trainer, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want it interrupted", err)
	}
}

// rows are losses of steps, all alike.
func rows(n int, lossD, lossG float64) []train.Stats {
	all := make([]train.Stats, n)
	for i := range all {
		all[i] = train.Stats{Step: i + 1, LossD: lossD, LossDFake: lossD / 2, LossDReal: lossD / 2, LossG: lossG, ScoreReal: .7, ScoreFake: .3}
	}
	return all
}

// measured are measures by the half that chooses and the one that judges.
func measured(values ...[2]float64) (all []training.Measure) {
	apart := 2.0
	for i, v := range values {
		all = append(all, training.Measure{Step: 100 * (i + 1), Apart: &apart, Chosen: training.Estimate{Value: v[0], SE: .1}, Judged: training.Estimate{Value: v[1], SE: .1}})
	}
	return all
}

// recalled puts recalls into measures.
func recalled(all []training.Measure, values ...float64) []training.Measure {
	for i, v := range values {
		all[i].Recall = v
	}
	return all
}

// varied puts the variety by the half that chooses into measures.
func varied(all []training.Measure, values ...float64) []training.Measure {
	for i, v := range values {
		all[i].Variety = &training.Estimate{Value: v, SE: .05}
	}
	return all
}

// TestTrainingPageSaysHowItGoes reads the page of runs of every kind.
func TestTrainingPageSaysHowItGoes(t *testing.T) {
	w := watch(t, 1)
	if !strings.HasPrefix(training.PageMark, "<!doctype html>") {
		t.Fatal("no mark")
	}
	healthy := rows(300, 1, 1)
	won := append(rows(200, 1, 1), rows(200, 0.001, 15)...)
	for i := range won {
		won[i].Step = i + 1
	}
	apart := 0.1
	collapsed := measured([2]float64{1, 1})
	collapsed[0].Apart = &apart
	for _, c := range []struct {
		name      string
		r         training.Report
		has, lack []string
	}{
		{"begun", training.Report{}, []string{"Too early to say", "None yet.", "--resume"}, []string{"http-equiv=\"refresh\" content=\"0"}},
		{"learning", training.Report{Losses: healthy, Left: 35 * time.Minute, Sheets: []int{100, 200}},
			[]string{"Still learning", "about 35 minutes left", "./samples/step-000200.png", "http-equiv=\"refresh\""}, []string{"has won since", "Train on"}},
		{"won", training.Report{Losses: won}, []string{"D has won since step 201"}, []string{"Still learning"}},
		{"collapsed", training.Report{Losses: healthy, Warnings: []training.Warning{{Cause: "collapsed", Text: "x", Since: 250}}}, []string{"G has collapsed, seen since step 250"}, []string{"Still learning"}},
		{"finished", training.Report{Losses: healthy, Status: training.Finished}, []string{"Finished: all 1000 steps", "could learn to the end", "--steps 2000"}, []string{"http-equiv=\"refresh\"", "Still learning"}},
		{"stopped", training.Report{Losses: healthy, Status: training.Stopped}, []string{"Stopped at step 0 of 1000", "It was still learning", "Go on<"}, []string{"http-equiv=\"refresh\""}},
		{"diverged", training.Report{Losses: healthy, Status: training.Diverged, Saved: 7}, []string{"It diverged", "saved is step 7"}, []string{"http-equiv=\"refresh\"", "--resume"}},
		{"best now", training.Report{Losses: healthy, Measures: measured([2]float64{3, 3.1}, [2]float64{2, 2.2})},
			[]string{"best state so far is that of step 200", "KID 2.20 ± 0.10", "best.safetensors"}, []string{"The last measured"}},
		{"best before", training.Report{Losses: healthy, Measures: measured([2]float64{2, 2.5}, [2]float64{3, 4})},
			[]string{"best state so far is that of step 100", "farther by 1.50, which is more than chance (two standard errors: 0.28)"}, nil},
		{"chance", training.Report{Losses: healthy, Measures: measured([2]float64{2, 2.5}, [2]float64{3, 2.4})},
			[]string{"nearer by 0.10 to the pictures that did not choose, which is no more than chance"}, nil},
		{"less variety", training.Report{Losses: healthy, Measures: recalled(measured([2]float64{2, 2.5}, [2]float64{3, 4}), .3, .8)},
			[]string{"its recall is 0.30, that of the last 0.80"}, nil},
		{"as much variety", training.Report{Losses: healthy, Measures: recalled(measured([2]float64{2, 2.5}, [2]float64{3, 4}), .8, .85)},
			[]string{"step 100"}, []string{"its recall is"}},
		{"chosen by variety", training.Report{Losses: healthy, Measures: recalled(varied(measured([2]float64{3, 4}, [2]float64{2, 2.5}), .8, .3), .8, .2)},
			[]string{"best state so far is that of step 100", "It draws less variety: its recall is 0.20"}, nil},
		{"all collapsed", training.Report{Losses: healthy, Measures: collapsed}, []string{"All states that were measured have collapsed"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.r.Trainer, c.r.Plan = w.trainer, training.Plan{Steps: 1000, About: "stripes"}
			page, err := TrainingPage("runs/mine", &c.r, w.holdout)
			if err != nil {
				t.Fatal(err)
			}
			text := string(page)
			if !strings.HasPrefix(text, training.PageMark) {
				t.Errorf("the page begins with %.120q", text)
			}
			for _, s := range c.has {
				if !strings.Contains(text, s) {
					t.Errorf("no %q on the page", s)
				}
			}
			for _, s := range c.lack {
				if strings.Contains(text, s) {
					t.Errorf("%q is on the page", s)
				}
			}
		})
	}
}

// TestTrainingPageIsLight: a run of 65,536 rows, 300 sheets and 300 measures.
func TestTrainingPageIsLight(t *testing.T) {
	w := watch(t, 1)
	r := training.Report{Trainer: w.trainer, Plan: training.Plan{Steps: 1 << 17}, Losses: rows(1<<16, 1, 1)}
	for i := range 300 {
		r.Sheets = append(r.Sheets, 400*(i+1))
		r.Measures = append(r.Measures, training.Measure{Step: 400 * (i + 1), Judged: training.Estimate{Value: math.Exp(-float64(i)), SE: .1}})
	}
	page, err := TrainingPage("a", &r, w.holdout)
	if err != nil {
		t.Fatal(err)
	}
	const most = 120 << 10
	if len(page) > most {
		t.Errorf("the page has %d bytes, want at most %d", len(page), most)
	}
}

// TestTrainingPageOfHostileNames: the folder's name and the pictures' reach the page.
func TestTrainingPageOfHostileNames(t *testing.T) {
	w := watch(t, 1)
	const hostile = `"><img src=x onerror=alert(1)><script>`
	page, err := TrainingPage("runs/"+hostile, &training.Report{Trainer: w.trainer, Plan: training.Plan{Steps: 9, About: hostile}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(page); strings.Contains(text, "<img src=x") || strings.Count(text, "<script") != strings.Count(text, "</script>") || !strings.Contains(text, "&lt;img src=x") {
		t.Error("a name is markup on the page")
	}
}
