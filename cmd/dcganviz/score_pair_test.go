package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/probe/score"
)

// TestScorePair: the two are those that score fit makes of the halves, each is measured on the
// half that it has not seen, and forget takes them.
func TestScorePair(t *testing.T) {
	t.Chdir(t.TempDir())
	small := []string{"--epochs", "1", "--size", "32"}
	pair := append([]string{"score", "pair", "--concept", "window", "--out", "viewers"}, boxed(small...)...)
	text := must(t, pair...).stdout
	for _, want := range []string{"The scorer, by the half of the photographs that it has not seen:\n", "The judge, by", "  AUC 0.", "Chance has 0.5", "dcganviz forget --concept window --scorer viewers/scorer.safetensors --judge viewers/judge.safetensors"} {
		if !strings.Contains(filepath.ToSlash(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	var info map[string]score.Info
	if err := json.Unmarshal([]byte(must(t, append(pair, "--force", "--threads", "1", "--json")...).stdout), &info); err != nil {
		t.Fatal(err)
	}
	x := model.NewTensor(2, 32, 32, 3)
	for i := range x.Data {
		x.Data[i] = float32(i%29)/14 - 1
	}
	logits := func(path string) []float32 {
		s, err := score.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		y, err := s.Logits(x, model.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return y.Data
	}
	for role, half := range map[string]string{"scorer": "first", "judge": "second"} {
		must(t, append([]string{"score", "fit", "--concept", "window", "--half", half, "--out", half + ".safetensors"}, boxed(small...)...)...)
		if !slices.Equal(logits(filepath.Join("viewers", role+".safetensors")), logits(half+".safetensors")) {
			t.Errorf("the %s is not what the %s half teaches", role, half)
		}
		other := map[string]string{"scorer": "judge", "judge": "scorer"}[role]
		if i := info[role]; i.Half != half || i.Heldout == nil || i.Heldout.Pictures != info[other].Pictures || i.Heldout.Groups != info[other].Groups {
			t.Errorf("the %s: %+v, held out %+v, want the half of the %s", role, i, i.Heldout, other)
		}
	}
	if r := call(t.Context(), pair...); r.code != exitOutput {
		t.Errorf("over what is there: exit code %d: %s", r.code, r.stderr)
	}
	refusal{"no boxes", []string{"score", "pair", "--data", photos, "--concept", "window", "--out", "x"}, exitUsage, []string{"--boxes"}}.check(t)
	refusal{"size", append(pair, "--size", "33"), exitUsage, []string{"--size is 33"}}.check(t)
}
