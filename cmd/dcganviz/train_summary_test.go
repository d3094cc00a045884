package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	training "dcganviz/model/train/run"
)

func summaryOf(t *testing.T, folder string) (s training.Summary) {
	t.Helper()
	if err := json.Unmarshal(read(t, filepath.Join(folder, training.SummaryFile)), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSummaryAddsUpOverSessions: the means are those of the table of losses,
// the same for one session and for two; the time is that of both.
func TestSummaryAddsUpOverSessions(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	began := time.Now()
	must(t, trainArgs(folder, "--steps", "5")...)
	first := summaryOf(t, folder)
	if first.Step != 5 || first.TimedSteps != 5 || first.Last != 5 {
		t.Errorf("after five steps: %+v", first)
	}
	r := must(t, "train", "--out", folder, "--resume", "--steps", "12")
	got := summaryOf(t, folder)
	if took := time.Since(began).Seconds(); !(got.Seconds > first.Seconds && first.Seconds > 0 && got.Seconds <= took) {
		t.Errorf("%g seconds and then %g, want some each, at most %g", first.Seconds, got.Seconds, took)
	}
	if want := 12 * 4 / got.Seconds; got.TimedSteps != 12 || !(math.Abs(got.ImagesPerSecond-want) <= 1e-9*want) {
		t.Errorf("%d steps timed, %g images/s, want 12, %g", got.TimedSteps, got.ImagesPerSecond, want)
	}
	if !strings.Contains(r.stderr, "dcganviz: 12 steps in ") || !strings.Contains(r.stderr, "; means of the last 12: loss D ") {
		t.Errorf("stderr is\n%s", r.stderr)
	}
	straight := filepath.Join(t.TempDir(), "straight")
	must(t, trainArgs(straight, "--steps", "12")...)
	if want := summaryOf(t, straight); got.Means != want.Means || want.Means.LossD == 0 {
		t.Errorf("means %+v, want those of a straight run, %+v", got.Means, want.Means)
	}
	// A finished run says it again, without its times if they are lost.
	if r := must(t, "train", "--out", folder, "--resume"); !strings.Contains(r.stderr, got.String()) {
		t.Errorf("stderr is\n%s\nwant in it\n%s", r.stderr, got)
	}
	if err := os.Remove(filepath.Join(folder, training.SummaryFile)); err != nil {
		t.Fatal(err)
	}
	if r := must(t, "train", "--out", folder, "--resume"); !strings.Contains(r.stderr, "12 steps; means of the last 12: ") {
		t.Errorf("stderr is\n%s", r.stderr)
	}
	r = must(t, "train", "--out", folder, "--resume", "--steps", "14")
	if s := summaryOf(t, folder); s.Step != 14 || s.TimedSteps != 2 || !strings.Contains(r.stderr, "14 steps, 2 of them timed: ") {
		t.Errorf("%+v\n%s", s, r.stderr)
	}
}

func TestResumeRefusesABadSummary(t *testing.T) {
	for _, text := range []string{"{", `{"seconds": -1}`, `{"timed_steps": -1}`} {
		folder := copyRun(t)
		write(t, filepath.Join(folder, training.SummaryFile), []byte(text))
		before, dirs := contents(t, folder), names(t, folder)
		refusal{text, []string{"train", "--out", folder, "--resume", "--steps", "20"}, exitRefused, []string{training.SummaryFile, "remove the file"}}.check(t)
		unchanged(t, folder, before, dirs)
	}
}
