package score

import (
	"bytes"
	"errors"
	"testing"

	forged "dcganviz/internal/hostile"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// FuzzParseResealed looks for panics, errors of no kind, and scorers that cannot be
// used or written, in mutants of scorer files whose length and digest are right.
func FuzzParseResealed(f *testing.F) {
	opt := Options{Epochs: 1, Batch: 4, Seed: 1}
	for _, fit := range []func() (*Scorer, error){
		func() (*Scorer, error) { return FitPixels(f.Context(), newSquares(4, 1).examples(), opt, nil) },
		func() (*Scorer, error) {
			return FitFeatures(f.Context(), newSquares(4, 1).examples(), testD(f, 1), opt, nil)
		},
	} {
		s := must(fit())(f)
		s.Info.Concept = "square"
		var file bytes.Buffer
		if err := s.Write(&file); err != nil {
			f.Fatal(err)
		}
		f.Add(file.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Parse(forged.Reseal(b))
		if err != nil {
			if !errors.Is(err, checkpoint.ErrRefused) && !errors.Is(err, ErrNoScorer) && !errors.Is(err, safetensors.ErrUnsupported) {
				t.Fatalf("%v: of no kind", err)
			}
			return
		}
		var again bytes.Buffer
		if err := s.Write(&again); err != nil && !errors.Is(err, model.ErrUnusable) {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if s.Info.Kind == Pixels && s.Info.Size <= 32 {
			if _, err := s.Scores(model.NewTensor(1, s.Info.Size, s.Info.Size, 3), model.RunOptions{}); err != nil && !errors.Is(err, model.ErrUnusable) && s.Info.Channels != 2 {
				t.Fatalf("what was read scores nothing: %v", err)
			}
		}
	})
}
