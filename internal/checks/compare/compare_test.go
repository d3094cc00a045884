package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSidesAlternateAndRatiosPairUp(t *testing.T) {
	w := work{name: "w", onnx: []string{"x"}}
	// The machine slows down by half after the first round: each round's own
	// ratio stays 2, that of the medians of unpaired runs would not.
	speed := map[string][]float64{pytorch: {100, 50, 25}, runtime: {50, 100, 10}, ours: {200, 100, 50}}
	var order []string
	results := compare(w, 3, func(side string) (sample, error) {
		order = append(order, side)
		v := speed[side][0]
		speed[side] = speed[side][1:]
		return sample{images: v, others: 0.1}, nil
	}, io.Discard)
	if want := slices.Repeat([]string{pytorch, runtime, ours}, 3); !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	if len(results) != 2 || results[0].ratio() != 2 || results[1].ratio() != 4 {
		t.Errorf("got %+v, want ratios 2 and 4 (of 4, 1, 5)", results)
	}
}

func TestFailedSideIsRunOnce(t *testing.T) {
	runs := map[string]int{}
	results := compare(work{name: "w", onnx: []string{"x"}}, 3, func(side string) (sample, error) {
		runs[side]++
		switch side {
		case runtime:
			return sample{}, skipped("not here")
		case pytorch:
			return sample{images: 10, bytes: 400}, nil
		}
		return sample{20, 0.5, 300, 5}, nil
	}, io.Discard)
	// Others computed each time that ours was measured.
	if runs[runtime] != 1 || runs[pytorch] != 3 || runs[ours] != 3*(1+repeats) {
		t.Errorf("runs: %v", runs)
	}
	var out strings.Builder
	table(&out, results, 10)
	for _, want := range []string{"| w | PyTorch | 10.0 | 20.0 | 2.00 | 50% | 0.50 |\n", "| w | ONNX Runtime |  | 20.0 | not here | | |\n", "was not quiet", "w: our file has 0.750 times the bytes of PyTorch's.\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	broken := compare(work{name: "w"}, 2, func(side string) (sample, error) {
		if side == ours {
			return sample{}, errors.New("broken")
		}
		return sample{images: 1}, nil
	}, io.Discard)
	if len(broken) != 1 || broken[0].err == nil || isSkipped(broken[0].err) {
		t.Errorf("got %+v, want our own failure", broken)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		v    []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 2, 9}, 3}} {
		if got := median(c.v); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.v, got, c.want)
		}
	}
}

func TestParseBenchmark(t *testing.T) {
	const path = "BenchmarkGenerate/arch=pytorch/batch=1"
	for _, c := range []struct {
		out  string
		want sample // none: an error
	}{
		{"goos: linux\n" + path + "-2 \t 100\t 1234 ns/op\t 33.5 GFLOP/s\t 810.5 images/s\t 0 B/op\nPASS\n", sample{images: 810.5, gflops: 33.5}},
		{path + "\t 100\t 1234 ns/op\t 7 images/s\n", sample{images: 7}},
		{path + "\t 100\t 1234 ns/op\t 900 file-bytes\t 7 images/s\n", sample{images: 7, bytes: 900}},
		{path + "\t 100\t 0 file-bytes\t 7 images/s\n", sample{}},
		{path + "6-2\t 100\t 1234 ns/op\t 7 images/s\n", sample{}},
		{path + "-2\t 100\t 1234 ns/op\nPASS\n", sample{}},
		{path + "-2\t 100\t 1234 ns/op\t NaN images/s\nPASS\n", sample{}},
		{strings.Repeat(path+"-2\t 100\t 1234 ns/op\t 7 images/s\n", 2), sample{}},
		{"PASS\n", sample{}},
	} {
		got, err := parseBenchmark([]byte(c.out), path)
		if got != c.want || (err == nil) != (c.want.images > 0) {
			t.Errorf("%q: got %v (%v), want %v", c.out, got, err, c.want)
		}
	}
}

func TestParsePeer(t *testing.T) {
	got, err := parsePeer([]byte("a warning\n{\"img_s\": 147.6, \"others_cores\": 0.02, \"bytes\": 12, \"loss\": null}\n"))
	if err != nil || got != (sample{147.6, 0.02, 12, 0}) {
		t.Errorf("got %v (%v)", got, err)
	}
	for _, bad := range []string{"", "Killed", "{}", `{"img_s": 0}`} {
		if got, err := parsePeer([]byte(bad)); err == nil {
			t.Errorf("%q: got %v, want an error", bad, got)
		}
	}
}

func TestPatternMatchesOneBenchmark(t *testing.T) {
	for i, p := range strings.Split(exactly("BenchmarkGenerate/batch=1"), "/") {
		re := regexp.MustCompile(p)
		name := []string{"BenchmarkGenerate", "batch=1"}[i]
		if !re.MatchString(name) || re.MatchString(name+"6") || re.MatchString("x"+name) {
			t.Errorf("%s does not match %s alone", p, name)
		}
	}
}

func TestScriptsAreInTheRepository(t *testing.T) {
	for _, f := range []string{"dcgan_bench.py", "grid_bench.py", "ort/bench.js", "ort/export.py"} {
		if _, err := os.Stat(filepath.Join("../../../testdata/peers", f)); err != nil {
			t.Error(err)
		}
	}
}

func TestCommandsRunUnderTheLimitWithoutSlowdowns(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	for _, name := range slowdown {
		t.Setenv(name, "slow")
	}
	s := setup{limit: time.Minute}
	out, others, err := s.command(t.Context(), ".", []string{"EXTRA=kept"}, "sh", "-c", "echo $EXTRA $OPENBLAS_CORETYPE $OPENBLAS_L2_SIZE")
	if string(out) != "kept\n" || err != nil {
		t.Errorf("got %q (%v), want kept", out, err)
	}
	if known := busySeconds() >= 0; known != (others >= 0) {
		t.Errorf("others used %v cores; the load is known here: %v", others, known)
	}
	if _, _, err := s.command(t.Context(), ".", nil, "sh", "-c", "echo why >&2; exit 3"); err == nil || !strings.Contains(err.Error(), "why") {
		t.Errorf("got %v, want what it said", err)
	}
	s.limit = time.Millisecond
	if _, _, err := s.command(t.Context(), ".", nil, "sleep", "30"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"-rows", "("}, {"-rounds", "0"}, {"-threads", "0"}, {"-secs", "NaN"}, {"more"}, {"-what"}, {"-rows", "no such work"}} {
		var out, errs strings.Builder
		if code := run(context.Background(), args, &out, &errs); code != 2 || out.Len() > 0 || errs.Len() == 0 {
			t.Errorf("%v: code %d, stdout %q, stderr %q; want 2, nothing and a line", args, code, out.String(), errs.String())
		}
	}
}
