package figure

import (
	"strings"
	"testing"

	"dcganviz/model/checkpoint"
	"dcganviz/viz"
)

// TestRecipesOfBeforeDropByRunningStatistics: the method paper had no others, one probe and
// twenty draws, and fill-seen other settings.
func TestRecipesOfBeforeDropByRunningStatistics(t *testing.T) {
	for _, c := range [][2]string{
		{"forget-windows", "--method=paper --paper-bn=running --draws=20 --probes=1 --fill-threshold=0.66 --fill-rounds=4"},
		{"forget-windows --method=all", "--method=all --paper-bn=running --draws=20 --probes=1 --fill-threshold=0.66 --fill-rounds=4"},
		{"forget --concept=signboard --method=paper --paper-bn=batch --draws=200 --probes=5 --fill-threshold=0.5 --fill-rounds=1", "--concept=signboard --method=paper --paper-bn=batch --draws=200 --probes=5 --fill-threshold=0.5 --fill-rounds=1"},
	} {
		words := strings.Fields(c[0])
		if got := strings.Join(Completed(&Recipe{Command: words[0], Model: "facades", Args: words[1:]}), " "); got != c[1] {
			t.Errorf("%s: %q, want %q", c[0], got, c[1])
		}
	}
}

// TestBNDecidesForAllMethods, whatever --paper-bn says.
func TestBNDecidesForAllMethods(t *testing.T) {
	running, batch := checkpoint.RunningStats, checkpoint.BatchStats
	for _, c := range []struct {
		bn    *checkpoint.BNMode
		paper string
		want  bool
	}{{nil, "batch", false}, {nil, "running", true}, {&running, "batch", true}, {&batch, "running", false}} {
		o := &ForgetOptions{PaperBN: c.paper}
		if got := o.running(&Lab{source: Source{BN: c.bn}}); got != c.want {
			t.Errorf("--bn %v, --paper-bn %s: running %v, want %v", c.bn, c.paper, got, c.want)
		}
	}
}

// TestForgettingSaysItsControls: each number of the words is that of the JSON, and a
// filling stands beside its controls in words, table and rows.
func TestForgettingSaysItsControls(t *testing.T) {
	r := someResults(t)[2]
	kid := map[string]any{"value": 1.5, "se": .25}
	outcome := func(removed, rmse float64) map[string]any {
		return map[string]any{"removed": between(removed), "outside_rmse": between(rmse), "kid": kid, "logit": between(-1.5)}
	}
	fill := outcome(.8, .049)
	fill["name"], fill["layer"], fill["statistics"] = "fill-seen", "up3", "running"
	fill["fill_controls"] = map[string]any{"pixel_fill": outcome(.81, .043), "elsewhere": outcome(.37, .149)}
	paper := outcome(.1, .22)
	paper["name"], paper["layer"], paper["count"], paper["of"], paper["statistics"] = "paper", "up2", 25, 64, "batch"
	r.numbers["methods"] = []any{paper, fill}
	r.numbers["judge"] = map[string]any{"auc_heldout": between(.957), "auc_samples": between(.946)}
	r.numbers["guide"] = map[string]any{"name": "guide"}
	r.numbers["rule"] = map[string]any{"probes": []any{map[string]any{"seed": 1, "units": 25}, map[string]any{"seed": 101, "units": 23}}, "removed": between(.11), "scorer_removed": between(.23), "guide_removed": between(.27), "outside_rmse": between(.21)}
	r.numbers["random"] = map[string]any{"draws": 200, "samples": 150, "removed": map[string]any{"mean": -.04, "sd": .07}, "outside_rmse": map[string]any{"mean": .24, "sd": .02}, "p": .035,
		"scorer": map[string]any{"draws": 100, "samples": 50, "removed": map[string]any{"mean": .03, "sd": .09}, "p": .02}}
	r.numbers["damage_matched"] = map[string]any{"draws": 100, "units": map[string]any{"mean": 18, "sd": 3}, "removed": map[string]any{"mean": -.1, "sd": .05}, "outside_rmse": map[string]any{"mean": .2, "sd": .01}, "p": .0099}
	r.picture = must[*viz.Picture](t)(viz.Sheet(tinted(0, 24, 64, 64), viz.SheetOptions{Columns: 4, GapPx: 2}))
	f := describedFigure(t, r, nil)
	for _, want := range []string{
		"holds 23 to 25 of 64 maps at zero", "sees 11% (10% to 12%) of the concept's area gone", "over 2 probes", "AUC 0.957 on real pictures, 0.946 (0.936 to 0.956) on samples", "The scorer, from which the probe learnt, sees 23% (22% to 24%) removed, the guide 27% (26% to 28%)",
		"statistics of each 100 samples",
	} {
		if said := allWords(f); !strings.Contains(said, want) {
			t.Errorf("%q, want %q in it", said, want)
		}
	}
	for _, want := range []string{
		"remove -4% ± 7 at RMSE 0.24 ± 0.02 (200 draws on 150 samples; p 0.035 that a draw removes as much; of 100 draws on 50 samples the scorer sees 3% ± 9 (p 0.02))",
		"as much damage, 18 ± 3 of them at RMSE 0.20 ± 0.01, remove -10% ± 5 (p 0.0099)",
		"Filling pixels in place of the activations of fill-seen removes 81% (80% to 82%) at RMSE 0.043 (0.033 to 0.053)", "where fill-seen has 80% (79% to 81%), 0.049",
		"filling where the next sample has the concept removes 37% (36% to 38%)", "not what G knows of it",
	} {
		if said := allWords(f); !strings.Contains(said, want) {
			t.Errorf("%q, want %q in it", said, want)
		}
	}
	if len(f.Table.Rows) != 4 || f.Table.Rows[2][0].Text != "fill-seen, pixels" || f.Table.Rows[3][0].Text != "fill-seen, elsewhere" {
		t.Errorf("table %+v", f.Table.Rows)
	}
	if got, want := strings.Join(f.Data.Wipe, "; "), "forgotten, by paper; as drawn, running; forgotten, by fill-seen; fill-seen, pixels filled; fill-seen, elsewhere"; got != want {
		t.Errorf("rows %q, want %q", got, want)
	}
	if first := f.Data.Tiles[0]; first.Command != "" || !strings.Contains(first.Text, "statistics of 100 samples") {
		t.Errorf("the first tile: %+v", first)
	}
	if third := f.Data.Tiles[2*4]; !strings.Contains(third.Command, "--seed 17 --first 0 ") || third.Name != "Sample 0, as drawn, running" {
		t.Errorf("the first by running statistics: %+v", third)
	}
}

// TestForgettingOfNothingSaysSo: neither a judge that sees nothing, nor the 1 of 1 that older
// versions wrote of it, is said to have seen all removed.
func TestForgettingOfNothingSaysSo(t *testing.T) {
	for _, removed := range []float64{0, 1} {
		r := someResults(t)[2]
		same := map[string]any{"mean": removed, "lo": removed, "hi": removed}
		method := map[string]any{"name": "paper", "layer": "up2", "count": 25, "of": 64, "removed": same, "outside_rmse": between(.22), "logit": between(-1.5)}
		r.numbers["methods"] = []any{method, method}
		r.numbers["samples"] = 500
		r.numbers["random"] = map[string]any{"draws": 200, "samples": 150, "removed": map[string]any{"mean": removed}, "p": 1}
		r.picture = must[*viz.Picture](t)(viz.Sheet(tinted(0, 24, 64, 64), viz.SheetOptions{Columns: 4, GapPx: 2}))
		f := describedFigure(t, r, nil)
		if want := "The judge sees no window in 500 samples: nothing can be measured."; !strings.HasPrefix(f.Verdict, want) {
			t.Errorf("verdict %q, want %q", f.Verdict, want)
		}
		text := strings.Join([]string{f.Verdict, f.Number, f.Control, f.Table.Rows[0][1].Text}, " ")
		if strings.Contains(text, "100%") || strings.Contains(text, "at random") || !strings.Contains(text, "nothing that the judge sees") {
			t.Errorf("said of nothing: %q", text)
		}
	}
}
