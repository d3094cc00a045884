package score_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/score"
	"dcganviz/probe/stats"
)

// TestBoxesAreOnTheSamples holds boxes drawn by eye against the judge, which has
// seen neither them nor the samples: off by one sample, it would not agree.
func TestBoxesAreOnTheSamples(t *testing.T) {
	if _, err := zoo.Boxes("none"); !errors.Is(err, zoo.ErrNone) {
		t.Errorf("boxes that are not there: %v", err)
	}
	for _, name := range zoo.BoxNames() {
		of, concept, _ := strings.Cut(name, "-")
		all, err := zoo.Boxes(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := zoo.Open(of)
		if err != nil {
			t.Fatal(err)
		}
		file, err := zoo.Scorer(name + "-judge")
		if err != nil {
			t.Fatal(err)
		}
		judge, err := score.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		var scores, shifted, labels []float32
		var groups []int
		boxes, size := 0, c.G.Config().Size
		for _, picture := range all.Pictures() {
			n, err := strconv.Atoi(picture)
			if err != nil {
				t.Fatalf("%s: picture %q, want a sample's number", name, picture)
			}
			rects, err := all.Rects(picture, concept, size, size)
			if err != nil {
				t.Fatal(err)
			}
			boxes += len(rects)
			var on []score.Box
			for _, r := range rects {
				on = append(on, score.Box(r))
			}
			labels = append(labels, score.Labels([][]score.Box{on}, size, judge.Info.Side).Data...)
			x, err := c.G.Generate(model.Latents(1, n, 2, c.G.Config()), model.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			maps, err := judge.Scores(x, model.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			scores, shifted = append(scores, maps.Row(0)...), append(shifted, maps.Row(1)...)
			for range maps.Row(0) {
				groups = append(groups, n)
			}
		}
		// The paper's number of boxes.
		if boxes < 52 {
			t.Errorf("%s: %d boxes, want 52 or more", name, boxes)
		}
		auc, err := stats.AUC(scores, labels, groups, 1)
		if err != nil {
			t.Fatal(err)
		}
		next, err := stats.AUC(shifted, labels, groups, 1)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d boxes, the judge's AUC %.3f, of the next samples %.3f", name, boxes, auc.Mean, next.Mean)
		if !(auc.Mean > .85 && next.Mean < .75) {
			t.Errorf("%s: the judge's AUC is %.3f, of the next samples %.3f; want above 0.85, and near 0.5", name, auc.Mean, next.Mean)
		}
	}
}
