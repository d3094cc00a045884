package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// manyPhotos writes a folder of n pictures that differ.
func manyPhotos(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		m := image.NewGray(image.Rect(0, 0, 16, 16))
		for y := range 16 {
			for x := range 16 {
				m.SetGray(x, y, color.Gray{byte(x*(i%13)*2 + y*(i%7)*3 + i)})
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, fmt.Sprintf("p%03d.png", i)), b.Bytes())
	}
	return dir
}

// TestHoldoutIsTheSameAfterResume compares a run in two parts with one at a time: both keep
// out the same pictures, measure the same and end with the same nets.
func TestHoldoutIsTheSameAfterResume(t *testing.T) {
	dir := manyPhotos(t, 100)
	straight, parts := filepath.Join(t.TempDir(), "run"), filepath.Join(t.TempDir(), "run")
	args := []string{"train", "--data", dir, "--size", "16", "--channels", "1", "--width", "4", "--nz", "8", "--batch", "8",
		"--holdout", "40", "--sample-every", "300", "--save-every", "300", "--threads", "1"}
	must(t, append(args, "--out", straight, "--steps", "600")...)
	must(t, append(args, "--out", parts, "--steps", "400")...)
	must(t, "train", "--out", parts, "--resume", "--steps", "600", "--threads", "1")
	if !bytes.Equal(read(t, filepath.Join(straight, train.StateFile)), read(t, filepath.Join(parts, train.StateFile))) {
		t.Error("the states differ")
	}
	var all, some []training.Measure
	for path, to := range map[string]*[]training.Measure{straight: &all, parts: &some} {
		if err := json.Unmarshal(read(t, filepath.Join(path, training.HeldFile)), to); err != nil {
			t.Fatal(err)
		}
	}
	last := len(all) - 1
	if last < 1 || all[last].Step != 600 || all[last].Judged != some[len(some)-1].Judged || all[0] != some[0] && *all[0].Apart != *some[0].Apart {
		t.Errorf("measures %+v, in two parts %+v", all, some)
	}
	r, err := train.ReadRun(straight)
	if err != nil || r.Data.Images != 60 {
		t.Errorf("%d pictures (%v), want 100 less 40", r.Data.Images, err)
	}
	again, err := train.ReadRun(parts)
	if err != nil || again.Data != r.Data {
		t.Errorf("pictures %+v (%v), want %+v", again.Data, err, r.Data)
	}
	plan, err := training.ReadPlan(parts)
	if err != nil || plan.Holdout != 40 {
		t.Errorf("the plan holds out %d (%v), want 40", plan.Holdout, err)
	}
	page := string(read(t, filepath.Join(straight, training.PageFile)))
	for _, want := range []string{"Finished: all 600 steps", "best state so far", "samples/step-000300.png", "./samples/step-000600.png", "--resume --steps 1200"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	if strings.Contains(page, dir) {
		t.Error("the page names the folder of the pictures")
	}
	refusal{"another holdout", []string{"train", "--out", parts, "--resume", "--holdout", "50"}, exitUsage, []string{"--holdout is 50", "began with 40"}}.check(t)
	// Without the plan the pictures would be others.
	if err := os.Remove(filepath.Join(parts, training.PlanFile)); err != nil {
		t.Fatal(err)
	}
	if r := call(t.Context(), "train", "--out", parts, "--resume", "--data", dir, "--steps", "700"); r.code == exitDone {
		t.Error("a run goes on with the pictures that it kept out")
	}
}

func TestHoldoutRefuses(t *testing.T) {
	dir := manyPhotos(t, 60)
	for n, says := range map[string]string{"39": "--holdout is 39, want 0, or 40 to 2048", "40": "40 pictures to hold out of 60, want at most half"} {
		out := filepath.Join(t.TempDir(), "run")
		r := call(t.Context(), "train", "--data", dir, "--holdout", n, "--size", "16", "--width", "4", "--steps", "2", "--out", out)
		if r.code == exitDone || !strings.Contains(r.stderr, says) {
			t.Errorf("--holdout %s: exit code %d, stderr %q, want %q", n, r.code, r.stderr, says)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("--holdout %s: %s is there", n, out)
		}
	}
}

// TestQuickIsAPreset: flags refine it, and a run that goes on keeps its own length.
func TestQuickIsAPreset(t *testing.T) {
	c := &trainCmd{Data: "x", Out: "runs/mine", Preset: ptr("quick"), Width: ptr(16)}
	p, err := c.plan(nil)
	if err != nil {
		t.Fatal(err)
	}
	small := train.SmallData()
	if p.Steps != 12000 || p.SampleEvery != 200 || p.SaveEvery != 200 || p.cfg.Size != 32 || p.cfg.GWidth != 16 || p.cfg.DWidth != 16 || p.opt.Batch != 64 ||
		p.opt.Augment != small.Augment || p.opt.EMA != small.EMA || p.opt.LabelSmoothing != small.LabelSmoothing {
		t.Errorf("plan %+v", p)
	}
	c = &trainCmd{Data: "x", Out: "runs/mine", Preset: ptr("quick"), Steps: ptr(99), Size: ptr("64"), SaveEvery: ptr(7)}
	if p, err := c.plan(nil); err != nil || p.Steps != 99 || p.cfg.Size != 64 || p.cfg.GWidth != 32 || p.SaveEvery != 7 || p.SampleEvery != 200 {
		t.Errorf("refined: plan %+v, %v", p, err)
	}
}
