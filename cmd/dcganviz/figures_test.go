package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/model/zoo"
)

// figure4 draws Fig. 4 and another one, once for all tests.
var figure4 = []string{"figures", "--only", "4,5", "--out", "figures", "--json"}

// smallFigure is one that takes a moment, where this build has its model.
func smallFigure() string {
	if slices.Contains(zoo.Names(), "faces") {
		return "faces"
	}
	return "facades"
}

// TestFiguresAreWhatTheirCommandsDraw: each can be drawn alone, and replayed. .ci/run replays
// Fig. 4.
func TestFiguresAreWhatTheirCommandsDraw(t *testing.T) {
	p := elsewhere(t)
	other := smallFigure()
	drawnBy := func(at place, r result, want ...string) []drawnFigure {
		t.Helper()
		var drawn []drawnFigure
		if err := json.Unmarshal([]byte(r.stdout), &drawn); err != nil {
			t.Fatal(err)
		}
		if len(drawn) != len(want) {
			t.Fatalf("drew %+v, want %q", drawn, want)
		}
		for i, f := range drawn {
			if f.Figure != want[i] {
				t.Fatalf("drew %+v, want %q", drawn, want)
			}
			page := pageSections(t, at.join(filepath.Dir(f.Image)+"/index.html"))
			if page[filepath.Base(f.Image)].html == "" {
				t.Errorf("%s is not on the page", f.Image)
			}
			read(t, at.join(strings.TrimSuffix(f.Image, ".png")+".json"))
		}
		return drawn
	}
	shared, r := once(t, figure4...)
	four := drawnBy(shared, r, "4", "5")[0]
	small := drawnBy(p, p.must(t, "figures", "--only", other, "--out", "figs", "--json"), other)[0]
	for at, f := range map[place]drawnFigure{shared: four, p: small} {
		args := strings.Fields(f.Command)[1:]
		args[slices.Index(args, "--out")+1] = "alone.png"
		p.must(t, append(args, "--force")...)
		if !bytes.Equal(read(t, at.join(f.Image)), read(t, p.join("alone.png"))) {
			t.Errorf("%s is not what %s draws", f.Image, f.Command)
		}
	}
	p.must(t, "replay", small.Image)
	if r := p.call(t, "figures", "--only", other, "--out", "figs"); r.code != exitOutput {
		t.Errorf("over what is there: exit code %d: %s", r.code, r.stderr)
	}
	p.must(t, "figures", "--only", other, "--out", "figs", "--force", "--threads", "1")
}

// TestFiguresAreOfEmbeddedModels: a name that no build has would never be drawn.
func TestFiguresAreOfEmbeddedModels(t *testing.T) {
	for _, f := range paperFigures() {
		if !slices.Contains(zoo.Names(), f.Model) {
			t.Logf("Fig. %s needs %s, which this build lacks", f.Number, f.Model)
		}
		if _, err := parser(t).Parse(slices.Concat([]string{f.entry.Name}, f.Args, []string{"--model", f.Model, "--out", f.File + ".png"})); err != nil {
			t.Errorf("Fig. %s: %v", f.Number, err)
		}
	}
}

func TestFiguresRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	refusal{"no such figure", []string{"figures", "--only", "4,12"}, exitUsage, []string{`"12"`, "2, 3, 4"}}.check(t)
	refusal{"threads", []string{"figures", "--threads", "999"}, exitUsage, []string{"--threads is 999"}}.check(t)
	foreign := filepath.Dir(write(t, filepath.Join(t.TempDir(), "index.html"), []byte("mine")))
	refusal{"another page", []string{"figures", "--only", "4", "--out", foreign}, exitOutput, []string{"index.html", "--force"}}.check(t)
	if entries, err := os.ReadDir(foreign); err != nil || len(entries) != 1 {
		t.Errorf("beside another page lies %v (%v)", entries, err)
	}
	refusal{"a file in the way", []string{"figures", "--only", "4", "--out", filepath.Join(write(t, filepath.Join(t.TempDir(), "file"), nil), "sub")}, exitOutput, []string{"--out"}}.check(t)
}

// TestSlowestFiguresAreBegunFirst, and the others after them in their order, each once.
func TestSlowestFiguresAreBegunFirst(t *testing.T) {
	all := paperFigures()
	var got []string
	for _, i := range slowestFirst(all) {
		got = append(got, all[i].Number)
	}
	want := slices.Clone(slowest)
	for _, f := range all {
		if !slices.Contains(slowest, f.Number) {
			want = append(want, f.Number)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("begun in the order %v, want %v", got, want)
	}
}
