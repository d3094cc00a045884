package score

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/probe"
)

// squares are noisy pictures of 16x16, each with a bright square of 6 to 10
// pixels or, every third, none.
type squares struct {
	images model.Tensor
	boxes  [][]Box
}

func newSquares(n int, seed uint64) *squares {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &squares{model.NewTensor(n, 16, 16, 3), make([][]Box, n)}
	for i := range n {
		x := s.images.Row(i)
		for j := range x {
			x[j] = float32(.3*r.NormFloat64() - .3)
		}
		if i%3 == 0 {
			continue
		}
		side := 6 + r.IntN(5)
		x0, y0 := r.IntN(17-side), r.IntN(17-side)
		for y := y0; y < y0+side; y++ {
			for j := (y*16 + x0) * 3; j < (y*16+x0+side)*3; j++ {
				x[j] += .7
			}
		}
		s.boxes[i] = []Box{{float64(x0), float64(y0), float64(x0 + side), float64(y0 + side)}}
	}
	return s
}

func (s *squares) Len() int            { return s.images.Len() }
func (s *squares) Dims() (h, w, c int) { return 16, 16, 3 }
func (s *squares) Load(_ context.Context, indices []int, dst []float32) error {
	for i, j := range indices {
		copy(dst[i*16*16*3:], s.images.Row(j))
	}
	return nil
}

func (s *squares) examples() Examples {
	group := make([]int, s.Len())
	for i := range group {
		group[i] = i / 4
	}
	return Examples{Source: s, Boxes: s.boxes, Group: group}
}

func testPool(t testing.TB, threads int) *model.Pool {
	p := model.NewPool(threads)
	t.Cleanup(p.Close)
	return p
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func testD(t testing.TB, seed uint64) *model.D {
	cfg := model.Config{Arch: model.PyTorch, Size: 16, Channels: 3, LatentDim: 5, GWidth: 4, DWidth: 8}
	d := must(model.NewD(cfg, seed))(t)
	// Untrained weights hardly stir: larger ones pass something on.
	for _, p := range d.Params() {
		for i := range p.W {
			p.W[i] *= 5
		}
		p.Changed()
	}
	return d
}

// TestFitsFindSquares: both kinds learn what is plain to see, on pictures that
// they were not fitted on.
func TestFitsFindSquares(t *testing.T) {
	train, heldout := newSquares(192, 1).examples(), newSquares(96, 2).examples()
	pool := testPool(t, 2)
	steps := 0
	opt := Options{Epochs: 12, Batch: 32, Seed: 1, Progress: func(s Step) {
		if steps++; s.Step < 1 || s.Step > s.Steps || math.IsNaN(s.Loss) {
			t.Errorf("progress %+v", s)
		}
	}}
	for _, c := range []struct {
		kind  Kind
		least float64
		fit   func() (*Scorer, error)
	}{
		{Pixels, .95, func() (*Scorer, error) { return FitPixels(t.Context(), train, opt, pool) }},
		{Features, .9, func() (*Scorer, error) { return FitFeatures(t.Context(), train, testD(t, 1), opt, pool) }},
	} {
		s := must(c.fit())(t)
		s.Info.Concept = "square"
		done := 0
		r := must(Evaluate(t.Context(), s, heldout, model.RunOptions{Pool: pool}, probe.Settings{Seed: 1, Progress: func(_ string, n, _ int) { done = n }}))(t)
		t.Logf("%v: AUC %v, pictures %v", c.kind, r.AUC, *r.PictureAUC)
		if !(r.AUC.Mean > c.least) {
			t.Errorf("%v: AUC %v on new pictures, want over %v", c.kind, r.AUC, c.least)
		}
		if done != heldout.Len() || steps == 0 || s.Info.Kind != c.kind || s.Info.Pictures != 192 || s.Info.Groups != 48 || s.Info.Side != 4 {
			t.Errorf("%d pictures done, %d steps, %+v", done, steps, s.Info)
		}
		comesBack(t, s, heldout)
	}
}

// TestFitsTellWholeImages: labels of images in place of boxes.
func TestFitsTellWholeImages(t *testing.T) {
	whole := func(n int, seed uint64) Examples {
		e := newSquares(n, seed).examples()
		for i, b := range e.Boxes {
			e.Labels = append(e.Labels, float32(min(len(b), 1)))
			if i%50 == 7 {
				e.Labels[i] = float32(math.NaN()) // not known
			}
		}
		e.Boxes = nil
		return e
	}
	train, heldout := whole(192, 1), whole(96, 2)
	pool := testPool(t, 2)
	for _, fit := range []func() (*Scorer, error){
		func() (*Scorer, error) {
			return FitPixels(t.Context(), train, Options{Epochs: 10, Batch: 32, Seed: 1}, pool)
		},
		func() (*Scorer, error) {
			return FitFeatures(t.Context(), train, testD(t, 1), Options{Seed: 1}, pool)
		},
	} {
		s := must(fit())(t)
		s.Info.Concept = "square"
		r := must(Evaluate(t.Context(), s, heldout, model.RunOptions{Pool: pool}, probe.Settings{Seed: 1}))(t)
		if !(r.AUC.Mean > .9) || r.PictureAUC == nil || r.PictureAUC.Mean != r.AUC.Mean || r.Locations != 94 {
			t.Errorf("%v: %+v, want over 0.9 of 94 images", s.Info.Kind, r)
		}
		comesBack(t, s, heldout)
	}
	for what, e := range map[string]Examples{
		"labels and boxes": {Source: train.Source, Labels: train.Labels, Boxes: make([][]Box, 192)},
		"labels too few":   {Source: train.Source, Labels: train.Labels[1:]},
		"a label of 2":     {Source: train.Source, Labels: append([]float32{2}, train.Labels[1:]...)},
	} {
		if _, err := FitPixels(t.Context(), e, Options{}, pool); !errors.Is(err, ErrExamples) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestScorerOfGrayImages takes colour ones.
func TestScorerOfGrayImages(t *testing.T) {
	layers := must(judgeLayers(false, 16))(t)
	s := &Scorer{Info: Info{Size: 16, Channels: 1, Side: 4}, net: must(model.NewGridNet(16, 1, layers, 1))(t)}
	colour := newSquares(3, 1).images
	gray := model.NewTensor(3, 16, 16, 1)
	for i := range gray.Data {
		gray.Data[i] = .299*colour.Data[3*i] + .587*colour.Data[3*i+1] + .114*colour.Data[3*i+2]
	}
	a, b := must(s.Logits(colour, model.RunOptions{}))(t), must(s.Logits(gray, model.RunOptions{}))(t)
	for i := range a.Data {
		if a.Data[i] != b.Data[i] {
			t.Fatalf("logit %d: %v of colour, %v of gray", i, a.Data[i], b.Data[i])
		}
	}
}

// comesBack writes a scorer and reads it.
func comesBack(t *testing.T, s *Scorer, e Examples) {
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s.safetensors")
	if err := os.WriteFile(path, file.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	back := must(Load(path))(t)
	x := e.Source.(*squares).images.Slice(0, 70)
	if s.Info.Kind == Features {
		if _, err := back.Logits(x, model.RunOptions{}); err == nil {
			t.Error("features without a D: no error")
		}
		if err := back.Attach(nil); err == nil {
			t.Error("no D: no error")
		}
		if err := back.Attach(testD(t, 2)); err == nil || !strings.Contains(err.Error(), "another D") {
			t.Errorf("another D: %v", err)
		}
		if err := back.Attach(testD(t, 1)); err != nil {
			t.Fatal(err)
		}
	}
	want, got := must(s.Scores(x, model.RunOptions{}))(t), must(back.Scores(x, model.RunOptions{}))(t)
	// Half precision keeps 11 bits of a weight.
	for i, v := range want.Data {
		if !(math.Abs(float64(got.Data[i]-v)) < .02) || v < 0 || v > 1 {
			t.Fatalf("%v: score %d is %v after it was read, want %v", s.Info.Kind, i, got.Data[i], v)
		}
	}
	// An image by itself gets the same.
	one := must(back.Scores(x.Slice(69, 70), model.RunOptions{}))(t)
	for i, v := range one.Data {
		if v != got.Row(69)[i] {
			t.Fatalf("score %d is %v alone, %v among others", i, v, got.Row(69)[i])
		}
	}
	if back.Info.Concept != s.Info.Concept || back.Info.DSHA256 != s.Info.DSHA256 || back.Info.Layers != s.Info.Layers {
		t.Errorf("info %+v, want %+v", back.Info, s.Info)
	}
	if s.Info.Side == 1 {
		return
	}
	hostile(t, file.Bytes())
	if s.Info.Kind == Pixels {
		if _, err := Parse(forge(t, file.Bytes(), replace(`"side":4`, `"side":8`))); !errors.Is(err, checkpoint.ErrRefused) {
			t.Errorf("a grid that the net does not make: %v", err)
		}
	}
}

// forge returns a file with a change, and a digest that is right again.
func forge(t *testing.T, b []byte, change func(f *safetensors.File)) []byte {
	f := must(safetensors.Parse(bytes.Clone(b)))(t)
	change(f)
	var forged bytes.Buffer
	if err := safetensors.Write(&forged, f.Metadata, f.Tensors); err != nil {
		t.Fatal(err)
	}
	return forged.Bytes()
}

// hostile changes what a file claims.
func hostile(t *testing.T, b []byte) {
	if _, err := Parse(b[:len(b)-1]); !errors.Is(err, checkpoint.ErrRefused) {
		t.Errorf("cut short: %v", err)
	}
	if _, err := Load("none.safetensors"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	for what, c := range map[string]struct {
		change func(f *safetensors.File)
		is     error
	}{
		"a model":        {func(f *safetensors.File) { f.Metadata["dcganviz"] = "model 1" }, ErrNoScorer},
		"no metadata":    {func(f *safetensors.File) { delete(f.Metadata, "dcganviz") }, ErrNoScorer},
		"no info":        {func(f *safetensors.File) { f.Metadata["info"] = "" }, checkpoint.ErrRefused},
		"a large info":   {func(f *safetensors.File) { f.Metadata["info"] = strings.Repeat(" ", 2<<20) + "{}" }, checkpoint.ErrRefused},
		"another kind":   {replace(`"kind":"`, `"kind":"x`), checkpoint.ErrRefused},
		"no concept":     {replace(`"concept":"square"`, `"concept":""`), checkpoint.ErrRefused},
		"a grid of none": {replace(`"side":4`, `"side":0`), checkpoint.ErrRefused},
		"another grid":   {replace(`"side":4`, `"side":5`), checkpoint.ErrRefused},
		"a huge image":   {replace(`"size":16`, `"size":1600000`), checkpoint.ErrRefused},
		"many channels":  {replace(`"channels":3`, `"channels":3000`), checkpoint.ErrRefused},
		"layers of none": {replace(`"layers":[`, `"layers":null,"was":[`), checkpoint.ErrRefused},
		"a tensor more": {func(f *safetensors.File) {
			x, _ := safetensors.New("net.more", []int{1}, []float32{1})
			f.Tensors = append(f.Tensors, x)
		}, checkpoint.ErrRefused},
		"a tensor less": {func(f *safetensors.File) { f.Tensors = f.Tensors[1:] }, checkpoint.ErrRefused},
		"NaN":           {func(f *safetensors.File) { copy(f.Tensors[len(f.Tensors)-1].Data, "\xff\xff\xff\xff") }, checkpoint.ErrRefused},
	} {
		if _, err := Parse(forge(t, b, c.change)); !errors.Is(err, c.is) {
			t.Errorf("%s: %v, want %v", what, err, c.is)
		}
	}
}

func replace(old, new string) func(f *safetensors.File) {
	return func(f *safetensors.File) { f.Metadata["info"] = strings.Replace(f.Metadata["info"], old, new, 1) }
}

// TestFitsAreReproducible on any number of threads, to the last byte.
func TestFitsAreReproducible(t *testing.T) {
	train := newSquares(40, 1).examples()
	var files [2][2]bytes.Buffer
	for i := range 2 {
		pool := testPool(t, i+1)
		a := must(FitPixels(t.Context(), train, Options{Epochs: 1, Batch: 16, Seed: 3}, pool))(t)
		b := must(FitFeatures(t.Context(), train, testD(t, 1), Options{Seed: 3}, pool))(t)
		for j, s := range []*Scorer{a, b} {
			if err := s.Write(&files[i][j]); err != nil {
				t.Fatal(err)
			}
		}
	}
	for j := range 2 {
		if !bytes.Equal(files[0][j].Bytes(), files[1][j].Bytes()) {
			t.Errorf("%v: one and two threads give different files", Kind(j))
		}
	}
	other := must(FitPixels(t.Context(), train, Options{Epochs: 1, Batch: 16, Seed: 4}, testPool(t, 2)))(t)
	var file bytes.Buffer
	if err := other.Write(&file); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(file.Bytes(), files[0][0].Bytes()) {
		t.Error("another seed gives the same file")
	}
}

func TestHalvesShareNoGroup(t *testing.T) {
	e := newSquares(30, 1).examples() // 8 groups, the last of two pictures
	for _, h := range []Half{First, Second} {
		part := e.Half(h)
		if n := map[Half]int{First: 16, Second: 14}[h]; part.Len() != n || part.Groups() != 4 || len(part.Boxes) != n {
			t.Fatalf("%v: %d pictures of %d groups", h, part.Len(), part.Groups())
		}
		x := make([]float32, 16*16*3)
		if err := part.Load(t.Context(), []int{5}, x); err != nil {
			t.Fatal(err)
		}
		at := map[Half]int{First: 5, Second: 21}[h]
		if x[7] != e.Source.(*squares).images.Row(at)[7] || part.Group[5] != e.Group[at] {
			t.Errorf("%v: picture 5 is not picture %d", h, at)
		}
	}
	if e.Half(Whole).Len() != 30 {
		t.Error("the whole is less")
	}
}

func TestFitRefuses(t *testing.T) {
	pool := testPool(t, 1)
	good := newSquares(8, 1).examples()
	all, none := make([][]Box, 8), make([][]Box, 8)
	for i := range all {
		all[i] = []Box{{0, 0, 16, 16}}
	}
	outside := append([][]Box{{{0, 0, 17, 3}}}, none[1:]...)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for what, c := range map[string]struct {
		ctx  context.Context
		e    Examples
		opt  Options
		says string
	}{
		"no box":        {t.Context(), Examples{Source: good.Source, Boxes: none}, Options{}, "both classes"},
		"only boxes":    {t.Context(), Examples{Source: good.Source, Boxes: all}, Options{}, "both classes"},
		"a box outside": {t.Context(), Examples{Source: good.Source, Boxes: outside}, Options{}, "picture 0"},
		"boxes too few": {t.Context(), Examples{Source: good.Source, Boxes: all[1:]}, Options{}, "want them for 8"},
		"groups":        {t.Context(), Examples{Source: good.Source, Boxes: good.Boxes, Group: []int{1}}, Options{}, "groups"},
		"a rate":        {t.Context(), good, Options{Rate: 2}, "rate 2"},
		"epochs":        {t.Context(), good, Options{Epochs: -1}, "epochs"},
		"an end":        {cancelled, good, Options{}, context.Canceled.Error()},
	} {
		_, err := FitPixels(c.ctx, c.e, c.opt, pool)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", what, err, c.says)
		}
		if _, err := FitFeatures(c.ctx, c.e, testD(t, 1), c.opt, pool); err == nil {
			t.Errorf("%s: no error of features", what)
		}
	}
}

// TestResample: averages add up, and interpolation is exact on planes away from
// the border.
func TestResample(t *testing.T) {
	fine := make([]float32, 8*8*2)
	for i := range fine {
		fine[i] = float32(i)
	}
	out := make([]float32, 4*4*5)
	(&resampling{out[1:], 4, 5, fine, 8, 2}).average()
	for y := range 4 {
		for x := range 4 {
			for c := range 2 {
				var want float32
				for k := range 4 {
					want += fine[((2*y+k/2)*8+2*x+k%2)*2+c] / 4
				}
				if got := out[(y*4+x)*5+1+c]; got != want {
					t.Errorf("at %d, %d, channel %d: %v, want %v", y, x, c, got, want)
				}
			}
		}
	}
	coarse := []float32{0, 1, 2, 3} // 2x2: x + 2y
	up := make([]float32, 16)
	(&resampling{up, 4, 1, coarse, 2, 1}).interpolate(make([]float32, 2*4))
	if want := float32(.25 + 2*.75); math.Abs(float64(up[2*4+1]-want)) > 1e-6 || up[0] != 0 || up[15] != 3 {
		t.Errorf("interpolated %v", up)
	}
}

// TestInterpolatedRowsAreBilinear, to the last bit, as each location by itself.
func TestInterpolatedRowsAreBilinear(t *testing.T) {
	const side, stride, from, channels = 7, 5, 3, 4
	rng := rand.New(rand.NewPCG(1, 2))
	src := make([]float32, from*from*channels)
	for i := range src {
		src[i] = float32(rng.NormFloat64())
	}
	got := make([]float32, side*side*stride)
	(&resampling{got, side, stride, src, from, channels}).interpolate(make([]float32, from*side*channels))
	want := make([]float32, channels)
	for at := range side * side {
		scale := float64(from) / side
		bilinear(want, src, from, (float64(at%side)+.5)*scale-.5, (float64(at/side)+.5)*scale-.5)
		if cell := got[at*stride:][:channels]; !slices.Equal(cell, want) {
			t.Errorf("at %d, %d: %v, want %v", at%side, at/side, cell, want)
		}
	}
}

// TestDigestStaysAtHalfPrecision, and tells another D.
func TestDigestStaysAtHalfPrecision(t *testing.T) {
	d := testD(t, 1)
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := checkpoint.Save(path, &checkpoint.Checkpoint{D: d}, checkpoint.SaveOptions{Half: true}); err != nil {
		t.Fatal(err)
	}
	half := must(checkpoint.Open(path, checkpoint.OpenOptions{}))(t)
	if digest(half.D) != digest(d) {
		t.Error("a D that was saved at half precision is taken for another")
	}
	d.Params()[0].W[0] *= 1.01
	if digest(half.D) == digest(d) {
		t.Error("another weight, the same digest")
	}
}
