package checkpoint

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	ref "dcganviz/internal/reference"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// toldCases are the nets of testdata/foreign/told.py. Nothing but their statistics says
// that they are not as usual.
var toldCases = []struct {
	kind   string
	law    model.Law
	slopes []float64 // of the hidden layers
	last   bool
}{
	{"relu", model.Normal, []float64{0, 0}, false},
	{"leaky", model.Normal, []float64{0.2, 0.2}, false},
	{"slight", model.Normal, []float64{0, 0}, false}, // of slope 0.01, which is not told from ReLU
	{"none", model.Uniform, []float64{1, 0}, false},
	{"five", model.Normal, []float64{0, 0}, false},
	{"after", model.Uniform, []float64{0, 0}, true},
}

// slightTolerance is how far pixels of a net of slope 0.01 may be if ReLU is taken: 4
// of 255 levels.
const slightTolerance = 0.032

// TestStatisticsTell opens nets that a state dict says too little of, without any
// option, and wants PyTorch's images.
func TestStatisticsTell(t *testing.T) {
	for _, c := range toldCases {
		t.Run(c.kind, func(t *testing.T) {
			m := checkTold(t, foreign("told/"+c.kind+"-0"))
			cfg := m.G.Config()
			var slopes []float64
			last := true
			for _, s := range m.G.Specs()[:2] {
				slope := map[model.Activation]float64{model.ReLU: 0, model.NoActivation: 1, model.LeakyReLU: s.Slope}[s.Activation]
				slopes = append(slopes, slope)
				last = last && s.NormLast
			}
			if cfg.Law != c.law || !slices.Equal(slopes, c.slopes) || last != c.last {
				t.Errorf("law %v, slopes %v, norm last %v; want %v, %v, %v", cfg.Law, slopes, last, c.law, c.slopes, c.last)
			}
			var said []string
			for _, r := range m.Told.Readings {
				said = append(said, r.Text)
			}
			usual := c.kind == "relu" || c.kind == "slight"
			tie := func(s string) bool { return strings.Contains(s, "do not tell ReLU from") }
			if all := len(said) == 0 || slices.ContainsFunc(said, tie) && len(said) == 1; all != usual {
				t.Errorf("readings %q", said)
			}
			if c.kind == "slight" {
				checkTie(t, m, said)
			}
			if tied := m.Told.Evidence[len(m.Told.Evidence)-1].Tied(); c.kind == "slight" && tied < 0 {
				t.Error("ReLU was taken for slope 0.01, and no tie is reported")
			}
			for _, e := range m.Told.Evidence {
				if !e.Fits {
					t.Errorf("%s does not fit: %.4f of %s", e.Norm, e.Hypotheses[e.Taken].Error, e.Hypotheses[e.Taken].Says)
				}
			}
		})
	}
}

// checkTie wants it said that ReLU was taken for slope 0.01, by how much that changes
// pixels, and PyTorch's images of the slope that it names.
func checkTie(t *testing.T, m *Checkpoint, said []string) {
	t.Helper()
	file, err := safetensors.ReadFile(foreign("told/slight-0.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	r := &reference{&ref.File{TB: t, File: file}}
	z := model.Tensor{Shape: r.Shape("in/z"), Data: r.Floats("in/z")}
	right := must(Open(foreign("told/slight-0.pth"), OpenOptions{G: Geometry{Slope: []float64{.01}}}))(t)
	r.images("images of slope 0.01", must(right.G.Generate(z, model.RunOptions{}))(t), "want/images")
	if n := len(right.Told.Readings); n > 0 {
		t.Errorf("with the slope said, still %d readings", n)
	}
	x, y := m.G.Latents(1, 0, comparedOn), 0.0
	was, is := must(m.G.Generate(x, model.RunOptions{}))(t), must(right.G.Generate(x, model.RunOptions{}))(t)
	for i, v := range was.Data {
		y = max(y, math.Abs(float64(v-is.Data[i])))
	}
	if want := fmt.Sprintf("slopes of 0.01, pixels would differ by up to %.0f levels of 255", y*255/2); len(said) != 1 || !strings.Contains(said[0], want) {
		t.Errorf("readings %q, want %q", said, want)
	}
}

// checkTold compares a net's images, and logits where it has a D, with PyTorch's.
func checkTold(t *testing.T, path string) *Checkpoint {
	t.Helper()
	m, err := Open(path+".pth", OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := safetensors.ReadFile(path + ".safetensors")
	if err != nil {
		t.Fatal(err)
	}
	r := &reference{&ref.File{TB: t, File: file}}
	z := model.Tensor{Shape: r.Shape("in/z"), Data: r.Floats("in/z")}
	x := must(m.G.Generate(z, model.RunOptions{}))(t)
	if slight := strings.HasPrefix(filepath.Base(path), "slight"); slight {
		r.within("images", must(x.ToNCHW())(t).Data, r.Doubles("want/images"), slightTolerance)
		return m
	}
	r.images("images", x, "want/images")
	if m.D != nil {
		r.within("logits", must(m.D.Logits(r.nhwc("want/images"), model.RunOptions{}))(t).Data, r.Doubles("want/logits"), tolerance)
	}
	return m
}

// TestStatisticsOfManyTell is TestStatisticsTell for the pairs that told.py trained in
// the folder $DCGANVIZ_TOLD: none may be read as another, and none raise an alarm.
func TestStatisticsOfManyTell(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_TOLD")
	if dir == "" {
		t.Skip("DCGANVIZ_TOLD names no folder that told.py filled")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.pth"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no nets in %s: %v", dir, err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".pth")
		t.Run(name, func(t *testing.T) {
			m := checkTold(t, strings.TrimSuffix(path, ".pth"))
			for _, e := range m.Told.Evidence {
				h, rival := &e.Hypotheses[e.Taken], "-"
				if k := e.Rival(); k >= 0 {
					rival = fmt.Sprintf("%.4f %s", e.Hypotheses[k].Error, e.Hypotheses[k].Says)
				}
				t.Logf("%s %s: %.4f %s; next %s", e.Net, e.Norm, h.Error, h.Says, rival)
				if !e.Fits && e.Net == "G" {
					t.Errorf("%s does not fit", e.Norm)
				}
			}
			for _, r := range m.Told.Readings {
				t.Log(r.Text)
			}
		})
	}
}

// TestWildNetsDrawAsPyTorch opens nets of other people, in the folder $DCGANVIZ_WILD,
// without any option: the images of z.npy are right.npy, or it says what it assumed.
func TestWildNetsDrawAsPyTorch(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_WILD")
	if dir == "" {
		t.Skip("DCGANVIZ_WILD names no folder with nets of other people")
	}
	for _, c := range []struct{ g, d string }{
		{"erik/generator.pth", "erik/discriminator.pth"},
		{"syoopie/generator.pt", ""},
		{"merc13/generator.pth", "merc13/discriminator.pth"},
		{"efleurine/generator11.pt", "efleurine/discriminator11.pt"},
		{"dennisjooo/generator.pth", "dennisjooo/discriminator.pth"},
		{"zerotogans/G.pth", "zerotogans/D.pth"},
	} {
		t.Run(filepath.Dir(c.g), func(t *testing.T) {
			path, opt := filepath.Join(dir, c.g), OpenOptions{}
			if c.d != "" {
				opt.Disc = filepath.Join(dir, c.d)
			}
			m, err := Open(path, opt)
			if err != nil {
				t.Fatal(err)
			}
			z := readNPY(t, filepath.Join(filepath.Dir(path), "z.npy"))
			want := readNPY(t, filepath.Join(filepath.Dir(path), "right.npy"))
			x := must(must(m.G.Generate(model.Tensor{Shape: z.Shape, Data: z.Data}, model.RunOptions{}))(t).ToNCHW())(t)
			worst := 0.0
			for i, v := range x.Data {
				worst = max(worst, math.Abs(float64(v)-float64(want.Data[i])))
			}
			t.Logf("largest difference %.2g", worst)
			if !(worst <= ckptTolerance) || len(x.Data) != len(want.Data) {
				t.Errorf("off by %g", worst)
			}
			for _, e := range m.Told.Evidence {
				rival := "-"
				if k := e.Rival(); k >= 0 {
					rival = fmt.Sprintf("%.4f %s", e.Hypotheses[k].Error, e.Hypotheses[k].Says)
				}
				t.Logf("%s %s: %.4f %s (fits %v); next %s", e.Net, e.Norm, e.Hypotheses[e.Taken].Error, e.Hypotheses[e.Taken].Says, e.Fits, rival)
			}
			for _, r := range m.Told.Readings {
				t.Log(r.Text)
			}
		})
	}
}

// TestWeightsInPartsAreFolded holds spectral norm and weight norm, by both of
// PyTorch's names, against testdata/foreign/norms.py.
func TestWeightsInPartsAreFolded(t *testing.T) {
	m, err := Open(foreign("folded.pth"), OpenOptions{Disc: foreign("folded_d.pth")})
	if err != nil {
		t.Fatal(err)
	}
	file, err := safetensors.ReadFile(foreign("folded.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	r := &reference{&ref.File{TB: t, File: file}}
	x := must(m.G.Generate(model.Tensor{Shape: r.Shape("in/z"), Data: r.Floats("in/z")}, model.RunOptions{}))(t)
	r.images("images", x, "want/images")
	r.within("logits", must(m.D.Logits(r.nhwc("want/images"), model.RunOptions{}))(t).Data, r.Doubles("want/logits"), tolerance)
}
