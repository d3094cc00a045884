package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
)

// TestArithmeticAnswers runs the default: numbers of every part.
func TestArithmeticAnswers(t *testing.T) {
	elsewhere(t)
	var a figure.ArithmeticResult
	p, _ := once(t, "arithmetic")
	if err := json.Unmarshal(read(t, p.join("gallery/facades-arithmetic.json")), &a); err != nil {
		t.Fatal(err)
	}
	if a.Result.Images != 9 || a.Pixels.Images != 1 || a.Samples.Images != 400 || a.Drawn != [3]int{3, 3, 3} || len(a.Wanted) == 0 {
		t.Errorf("%d results, %d of pixels, %d samples, drawn %v, %d criteria", a.Result.Images, a.Pixels.Images, a.Samples.Images, a.Drawn, len(a.Wanted))
	}
	if len(a.Stability) != 3 || a.Stability[0].Exemplars != 1 || a.Stability[2].Exemplars != 10 {
		t.Fatalf("%d counts of exemplars, want 1, 3 and 10", len(a.Stability))
	}
	last := a.Stability[2]
	// No exemplar in two draws, and none chosen by what judges.
	if a.Chosen == nil || a.Chosen.Found != [3]int{200, 200, 200} || !last.Fresh {
		t.Errorf("exemplars chosen %+v, fresh %v", a.Chosen, last.Fresh)
	} else if by := a.Chosen.By[0].Scorer; by == nil || by.Name == a.Wanted[0].Scorer.Name {
		t.Errorf("chosen by %+v, judged by %+v", a.Chosen.By, a.Wanted)
	}
	// The mean of the differences is the difference of the means.
	if got, want := a.Seen.Logit.Mean, *a.Overlays.Logit-*a.Samples.Logit; !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("ghosts exceed samples by %v, want %v", got, want)
	}
	if last.Ghosting.Logit == nil || len(last.Ghosting.Nearest) != 2 || len(a.Overlays.Nearest) != 2 || a.Real == nil || last.More == nil || a.Stability[0].More != nil {
		t.Errorf("ghosting %+v of %+v, overlays %+v, more %v", last.Ghosting, a.Real, a.Overlays, last.More)
	}
	if !(last.Latents.Wanted.Mean > last.Random.Wanted.Mean && last.Latents.Wanted.Mean > last.Unchanged.Wanted.Mean) {
		t.Errorf("with ten exemplars %+v are as wanted, of a random difference %+v, of C alone %+v", last.Latents.Wanted, last.Random.Wanted, last.Unchanged.Wanted)
	}
	if !(a.Stability[0].Latents.Apart > last.Latents.Apart) {
		t.Errorf("results of one exemplar lie %v apart, of ten %v", a.Stability[0].Latents.Apart, last.Latents.Apart)
	}
}

// TestArithmeticOnTwoThreads takes three exemplars a concept, which are soon measured.
func TestArithmeticOnTwoThreads(t *testing.T) {
	var a figure.ArithmeticResult
	sameOnTwoThreads(t, elsewhere(t), &a, sumOfNumbers...)
	if len(a.Stability) != 1 || a.Samples.Images != 400 || a.Real == nil {
		t.Errorf("%d counts of exemplars, %d samples, real pictures %v", len(a.Stability), a.Samples.Images, a.Real)
	}
}

// sumOfNumbers is an example of help, drawn once for all tests.
var sumOfNumbers = []string{"arithmetic", "--formula", "136,1054,1158-280,108,69+341,1022,708"}

// TestArithmeticOfNumbers needs neither a concept file nor a scorer, and finds
// that A - A + C is what C is.
func TestArithmeticOfNumbers(t *testing.T) {
	run, _ := inFolder(t)
	r := must(t, "arithmetic", run, "--formula", "1,2 - 1,2 + 5,6", "--seed", "3", "--json")
	var a figure.ArithmeticResult
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatal(err)
	}
	if a.Result.Wanted != nil || a.Concepts != "" || a.SampleSeeds != [3]uint64{3, 3, 3} || len(a.Stability) != 1 {
		t.Errorf("wanted %v, concepts %q, seeds %v, %d counts", a.Result.Wanted, a.Concepts, a.SampleSeeds, len(a.Stability))
	}
	if a.Drawn != [3]int{2, 2, 2} {
		t.Errorf("drawn %v", a.Drawn)
	}
}

// TestConceptFileOfAUser names a measure and two sums; the second is asked for.
func TestConceptFileOfAUser(t *testing.T) {
	run, _ := inFolder(t)
	write(t, "mine.toml", []byte("seed = 4\n[scores.light]\nmeasure = \"brightness\"\n[concepts.a]\nexemplars = [1, 2, 3, 4]\nshows = [\"light\"]\n"+
		"[concepts.b]\nexemplars = [5, 6, 7, 8, 9, 10, 11]\n[[arithmetic]]\nformula = \"a - a + b\"\n[[turn]]\nfrom = \"b\"\nto = \"a\"\nscore = \"light\"\n"))
	r := must(t, "arithmetic", run, "--concepts", "mine.toml", "--formula", "a - 7,8 + b = a", "--json")
	var a figure.ArithmeticResult
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatal(err)
	}
	if a.SampleSeeds != [3]uint64{4, 1, 4} || a.Gives != "a" || a.Result.Wanted == nil || a.Wanted[0].Measure != "brightness" {
		t.Errorf("seeds %v, gives %q, wanted %v by %+v", a.SampleSeeds, a.Gives, a.Result.Wanted, a.Wanted)
	}
	r = must(t, "turn", run, "--concepts", "mine.toml", "--json", "--through", "20,21", "--steps", "4")
	var turn figure.TurnResult
	if err := json.Unmarshal([]byte(r.stdout), &turn); err != nil {
		t.Fatal(err)
	}
	if turn.ByScore == nil || turn.ByDirection != nil || len(turn.ByScore.Rows) != 2 || len(turn.ByScore.Rows[1].Scores) != 4 || turn.Averaged != [2]int{4, 4} {
		t.Errorf("turn %+v", turn)
	}
}

// TestTurnAnswers runs the default.
func TestTurnAnswers(t *testing.T) {
	var a figure.TurnResult
	sameOnTwoThreads(t, elsewhere(t), &a, "turn", "--draws", "20")
	if len(a.Through) != 5 || a.ByDirection == nil || len(a.ByDirection.Rows) != 5 || len(a.ByDirection.Rows[0].Scores) != 11 || a.ByDirection.Draws != 20 {
		t.Fatalf("turn %+v", a)
	}
	// The vector and the direction were made of different exemplars.
	if d := a.ByDirection; d.Rho.Mean < .3 || d.Swing.Mean < d.RandomSwing.Mean || *a.DirectionAUC < .9 {
		t.Errorf("rho %v, swing %v, of random directions %v; AUC %v", d.Rho, d.Swing, d.RandomSwing, *a.DirectionAUC)
	}
}

func TestConceptsErrorsSayWhatToDo(t *testing.T) {
	run, _ := inFolder(t)
	write(t, "bad.toml", []byte("seed = \n"))
	write(t, "other.toml", []byte("model = \"ab\"\n"))
	write(t, "scorer.toml", []byte("[scores.x]\nscorer = \"none.safetensors\"\n[concepts.a]\nexemplars = [1]\nshows = [\"x\"]\n"))
	write(t, "there.png", []byte(""))
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"arithmetic " + run, exitUsage, "--formula 1,2,3-4,5,6+7,8,9"},
		{"turn " + run, exitUsage, "--from 1,2,3,4,5,6"},
		{"arithmetic " + run + " --formula 1-2", exitUsage, "want A - B + C"},
		{"arithmetic --formula smile-2+3", exitUsage, "want A - B + C"},
		{"arithmetic --concepts none.toml", exitMissing, "none.toml"},
		{"arithmetic --concepts bad.toml", exitRefused, "bad.toml: line 1"},
		{"arithmetic --concepts other.toml", exitUsage, "numbers samples of another model"},
		{"arithmetic " + run + " --concepts scorer.toml --formula 1-2+3=a", exitMissing, "none.safetensors"},
		{"arithmetic " + run + " --concepts facades", exitUsage, "numbers samples of another model"},
		{"arithmetic --out there.png", exitOutput, "there.png"},
		{"turn --steps 1", exitUsage, "--steps is 1"},
		{"turn --reach 0", exitUsage, "--reach is 0"},
		{"turn --draws 0", exitUsage, "--draws is 0"},
		{"turn --from 1", exitUsage, "both --from and --to"},
		{"turn --from 1 --to 2", exitUsage, "nothing to measure by"},
		{"turn --from 1,1 --to 2", exitUsage, "exemplar 1 twice"},
		{"turn --score smile", exitUsage, `no score "smile"`},
		{"turn --through=-1", exitUsage, "sample -1"},
		{"turn --bn batch", exitUsage, "--bn batch"},
	} {
		r := call(t.Context(), strings.Fields(c.args)...)
		if r.code != c.code || !strings.Contains(r.stderr, c.says) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: exit code %d, want %d and one line with %q:\n%s", c.args, r.code, c.code, c.says, r.stderr)
		}
		if found, _ := filepath.Glob("gallery/*"); len(found) > 0 {
			t.Errorf("%s left %v", c.args, found)
		}
	}
}
