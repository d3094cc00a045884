package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// TestPageTellsHowTheRunStands reads the page at each step, after a stop and at the end.
func TestPageTellsHowTheRunStands(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	ctx, cancel := context.WithCancel(t.Context())
	opt := drawn(Plan{Steps: 6, SampleEvery: 2, SaveEvery: 2})
	opt.Progress = func(int, int, int) Progress { return stopAt{5, cancel} }
	var seen []string
	make := opt.Page
	opt.Page = func(r *Report) ([]byte, error) {
		seen = append(seen, fmt.Sprint(r.Status, r.Saved, r.Sheets, len(r.Losses), len(r.Measures)))
		return make(r)
	}
	if err := session(t, ctx, path, New, opt); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	want := []string{"0 0 [] 0 0", "0 2 [2] 2 1", "0 4 [2 4] 4 2", "1 5 [2 4] 5 2"}
	if !slices.Equal(seen, want) {
		t.Errorf("pages %q, want %q", seen, want)
	}
	opt.Progress, seen = nil, nil
	if err := session(t, t.Context(), path, Resume, opt); err != nil {
		t.Fatal(err)
	}
	if want := []string{"0 5 [2 4] 5 2", "2 6 [2 4 6] 6 3"}; !slices.Equal(seen, want) {
		t.Errorf("pages after it went on %q, want %q", seen, want)
	}
	seen = nil
	if err := session(t, t.Context(), path, Resume, opt); err != nil || seen != nil {
		t.Errorf("a finished run writes the pages %q (%v), want none", seen, err)
	}
}

// TestPageThatFailsHarmsNothing: the run ends with the same bytes, and says so once.
func TestPageThatFailsHarmsNothing(t *testing.T) {
	plan := Plan{Steps: 6, SampleEvery: 2, SaveEvery: 2}
	straight := filepath.Join(t.TempDir(), "run")
	if err := session(t, t.Context(), straight, New, drawn(plan)); err != nil {
		t.Fatal(err)
	}
	want := contents(t, straight)
	delete(want, PageFile)
	for name, spoil := range map[string]func(opt *Options, path string){
		"an error": func(opt *Options, _ string) {
			opt.Page = func(*Report) ([]byte, error) { return nil, errors.New("no page") }
		},
		"another's file": func(opt *Options, path string) {
			opt.Sheet = func(*train.Trainer) ([]byte, error) {
				return []byte("sheet"), os.WriteFile(filepath.Join(path, PageFile), []byte("mine"), 0o666)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path, opt, said := filepath.Join(t.TempDir(), "run"), drawn(plan), 0
			opt.Log = func(text string) {
				if strings.Contains(text, "is not written") {
					said++
				}
			}
			spoil(&opt, path)
			if err := session(t, t.Context(), path, New, opt); err != nil {
				t.Fatal(err)
			}
			got := contents(t, path)
			if text, there := got[PageFile]; name == "another's file" && text != "mine" || name == "an error" && there {
				t.Errorf("%s holds %q", PageFile, text)
			}
			delete(got, PageFile)
			for name, text := range want {
				if got[name] != text {
					t.Errorf("%s differs", name)
				}
			}
			if said != 1 {
				t.Errorf("said %d times that the page is not written, want once", said)
			}
		})
	}
}

// TestFirstSamplesAreEarly: samples change most at the beginning, and the page shows each
// sheet when it is drawn.
func TestFirstSamplesAreEarly(t *testing.T) {
	opt := drawn(Plan{Steps: 150, SampleEvery: 64})
	var pages []string
	opt.LookEvery = 20
	opt.Page = func(r *Report) ([]byte, error) {
		measured := 0
		if n := len(r.Measures); n > 0 {
			measured = r.Measures[n-1].Step
		}
		pages = append(pages, fmt.Sprint(r.Sheets, measured))
		return []byte(PageMark), nil
	}
	if err := session(t, t.Context(), filepath.Join(t.TempDir(), "run"), New, opt); err != nil {
		t.Fatal(err)
	}
	want := []string{"[] 0", "[2] 0", "[2 4] 0", "[2 4 8] 0", "[2 4 8 16] 0", "[2 4 8 16 32] 32", "[2 4 8 16 32 64] 64",
		"[2 4 8 16 32 64 128] 128", "[2 4 8 16 32 64 128 150] 150"}
	if !slices.Equal(pages, want) {
		t.Errorf("pages with sheets and the last measure %q, want %q", pages, want)
	}
	for every, want := range map[int][]int{0: nil, 1: {1, 2, 3}, 63: {63, 126}, 500: {15, 31, 62, 125, 250, 500, 1000}, 1 << 30: {1 << 25, 1 << 26}} {
		p, step := Plan{SampleEvery: every}, 0
		for _, next := range want {
			if got := p.nextDraw(step); got != next || !p.draws(next) || p.draws(next+1) && every != 1 {
				t.Errorf("every %d steps: after %d come pictures at %d, want %d", every, step, got, next)
			}
			step = next
		}
	}
	if (Plan{}).draws(0) || (Plan{SampleEvery: 64}).draws(0) {
		t.Error("pictures before the first step")
	}
}

// TestForceLeavesAnothersPage: a page in the folder that no run wrote is not replaced with it.
func TestForceLeavesAnothersPage(t *testing.T) {
	path := copyRun(t, madeRun(t))
	mine := []byte("<!doctype html>\nmine")
	if err := os.WriteFile(filepath.Join(path, PageFile), mine, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := session(t, t.Context(), path, Replace, drawn(Plan{Steps: 2})); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(path, PageFile)); err != nil || string(got) != string(mine) {
		t.Errorf("the page is %q (%v), want %q", got, err, mine)
	}
}

// TestMeasuresAreThoseOfTheSavedSteps: what a killed session measured beyond its save is
// measured again; damaged measures are refused, with what to do.
func TestMeasuresAreThoseOfTheSavedSteps(t *testing.T) {
	path := madeRun(t)
	f := &Folder{path: path}
	all, err := f.readMeasures(6)
	if err != nil || len(all) != 2 || all[0].Step != 5 || all[1].Step != 6 {
		t.Fatalf("measures %+v (%v), want those of steps 5 and 6", all, err)
	}
	if some, err := f.readMeasures(5); err != nil || len(some) != 1 {
		t.Errorf("up to step 5: %+v (%v), want one", some, err)
	}
	c, err := checkpoint.Open(filepath.Join(path, BestFile), checkpoint.OpenOptions{})
	if err != nil || c.Meta.Step != 5 {
		t.Errorf("%s is of step %d (%v), want 5: its measure was the best", BestFile, c.Meta.Step, err)
	}
	for _, text := range []string{"{", `[{"step":2},{"step":1}]`, `[{"step":0}]`, `[{"step":1,"kid":{"value":1e300}}]`, `[{"step":99999999999999}]`} {
		write(t, filepath.Join(path, HeldFile), []byte(text))
		if _, err := f.readMeasures(6); !errors.Is(err, checkpoint.ErrRefused) || !strings.Contains(err.Error(), "remove the file") {
			t.Errorf("%s: %v, want ErrRefused and what to do", text, err)
		}
	}
	os.Remove(filepath.Join(path, HeldFile))
	if all, err := f.readMeasures(6); err != nil || all != nil {
		t.Errorf("no file: %v (%v), want none", all, err)
	}
}

// TestTimeIsToldOnce has a clock that goes on by a second at each look.
func TestTimeIsToldOnce(t *testing.T) {
	now := time.Unix(0, 0)
	var said []string
	err := session(t, t.Context(), filepath.Join(t.TempDir(), "run"), New, Options{
		Plan: Plan{Steps: 60, SampleEvery: 30}, Threads: 2,
		Now: func() time.Time { now = now.Add(time.Second); return now },
		Log: func(text string) {
			if strings.Contains(text, "will take") {
				said = append(said, text)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// A step looks once. The time is told when 5 seconds have passed since step 1: at step 6.
	want := []string{"it will take about 55 seconds, 1.00 s a step on 2 threads; the next samples come after step 30, in about 25 seconds"}
	if !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
}

func TestAboutIsRound(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Millisecond: "1 second", 7400 * time.Millisecond: "7 seconds", 42 * time.Second: "40 seconds", 99 * time.Second: "100 seconds",
		100 * time.Second: "2 minutes", 35*time.Minute + 20*time.Second: "35 minutes", 99 * time.Minute: "99 minutes",
		2*time.Hour + 20*time.Minute: "2.5 hours", 4 * time.Hour: "4 hours", 26 * time.Hour: "26 hours", 80 * time.Hour: "3 days",
	} {
		if got := About(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
