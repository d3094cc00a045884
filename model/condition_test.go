package model

import (
	"slices"
	"strings"
	"testing"
)

// conditional is a G of classes with rows of that many numbers.
func conditional(t *testing.T, c Condition, latentDim int) *G {
	cfg := tiny(PyTorch, 16)
	cfg.LatentDim, cfg.Condition = latentDim, c
	return must(NewG(cfg, 3))(t)
}

func TestLatentsOfClasses(t *testing.T) {
	for _, c := range []Condition{
		{Classes: 3, Numbers: 4, Module: "emb", Join: RowLast}, {Classes: 3, Numbers: 4, Module: "emb", Join: RowFirst},
		{Classes: 3, Numbers: 9, Module: "emb", Join: RowTimes}, {Classes: 3, Numbers: 3},
	} {
		g := conditional(t, c, 9)
		noise := Latents(7, 2, 5, g.Config())
		if c.Module != "" && (g.Params()[0].Name != "emb.weight" || g.State()[0].Name != "emb.weight") {
			t.Errorf("%v: the rows are not first in the state dict: %q", c, g.State()[0].Name)
		}
		z := g.Latents(7, 2, 5)
		for i := range 5 {
			class := (2 + i) % 3
			row := make([]float32, c.Numbers)
			if c.Module == "" {
				row[class] = 1
			} else {
				copy(row, g.Params()[0].W[class*c.Numbers:])
			}
			var want []float32
			switch c.Join {
			case RowLast:
				want = append(slices.Clone(noise.Row(i)), row...)
			case RowFirst:
				want = append(row, noise.Row(i)...)
			case RowTimes:
				for k, v := range noise.Row(i) {
					want = append(want, v*row[k])
				}
			}
			if !slices.Equal(z.Row(i), want) {
				t.Errorf("%v: latent %d is %v, want %v", c, 2+i, z.Row(i), want)
			}
			of := must(g.OfClass(class))(t)
			if got := of.Latents(7, 2+i, 1); !slices.Equal(got.Data, want) || of.Class() != class {
				t.Errorf("%v: latent %d of class %d is %v, want %v", c, 2+i, class, got.Data, want)
			}
			back, rows, err := g.Split(Tensor{[]int{1, 9}, want})
			if err != nil {
				t.Fatal(err)
			}
			if c.Join != RowTimes && (!slices.Equal(back.Data, noise.Row(i)) || !slices.Equal(rows.Data, row)) {
				t.Errorf("%v: split into %v and %v", c, back.Data, rows.Data)
			}
			if again := must(g.Joined(back, rows.Data))(t); !slices.Equal(again.Data, want) {
				t.Errorf("%v: joined to %v, want %v", c, again.Data, want)
			}
		}
		copied := g.Clone()
		if got := copied.Latents(7, 2, 5); !slices.Equal(got.Data, z.Data) {
			t.Errorf("%v: a copy draws other latents", c)
		}
		for _, class := range []int{-2, 3} {
			if _, err := g.OfClass(class); err == nil {
				t.Errorf("%v: there is a class %d", c, class)
			}
		}
	}
}

func TestConditionsThatNoLatentHas(t *testing.T) {
	for says, c := range map[string]Condition{
		"classes of 0":              {Classes: 3, Module: "emb"},
		"0 classes":                 {Numbers: 3},
		"want as many":              {Classes: 3, Numbers: 4},
		"in latents of 9":           {Classes: 3, Numbers: 9, Module: "emb"},
		"joined as times":           {Classes: 3, Numbers: 8, Module: "emb", Join: RowTimes},
		"more than anyone":          {Classes: 1 << 16, Numbers: 1 << 16, Module: "emb"},
		"3 classes of 3 numbers, j": {Classes: 3, Numbers: 3, Join: 3},
		"65536 bytes":               {Classes: 3, Numbers: 3, Module: strings.Repeat("x", 1<<16)},
	} {
		cfg := tiny(PyTorch, 16)
		cfg.LatentDim, cfg.Condition = 9, c
		if _, err := NewG(cfg, 1); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
	}
	g := conditional(t, Condition{Classes: 2, Numbers: 2}, 9)
	if _, err := NewStep(g, must(NewD(g.Config(), 1))(t), 2, nil); err == nil || !strings.Contains(err.Error(), "G draws 2 classes, D is told 0") {
		t.Errorf("a step of a G of classes and a D of none: %v", err)
	}
}
