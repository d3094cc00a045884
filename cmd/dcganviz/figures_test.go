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

// TestFiguresAreWhatTheirCommandsDraw: each can be drawn alone, and replayed.
func TestFiguresAreWhatTheirCommandsDraw(t *testing.T) {
	p := elsewhere(t)
	other, file := "faces", "card-faces.png"
	if !slices.Contains(zoo.Names(), other) {
		other, file = "facades", "card-facades.png"
	}
	r := p.must(t, "figures", "--only", "4,"+other, "--out", "figs", "--json")
	var drawn []drawnFigure
	if err := json.Unmarshal([]byte(r.stdout), &drawn); err != nil {
		t.Fatal(err)
	}
	if len(drawn) != 2 || drawn[0].Figure != "4" || drawn[1].Figure != other {
		t.Fatalf("drew %+v, want 4 and %s", drawn, other)
	}
	for _, f := range drawn {
		args := strings.Fields(f.Command)[1:]
		at := slices.Index(args, "--out") + 1
		args[at] = "alone.png"
		p.must(t, append(args, "--force")...)
		if !bytes.Equal(read(t, p.join(f.Image)), read(t, p.join("alone.png"))) {
			t.Errorf("%s is not what %s draws", f.Image, f.Command)
		}
		read(t, p.join(strings.TrimSuffix(f.Image, ".png")+".json"))
		p.must(t, "replay", f.Image)
	}
	for _, name := range []string{file, "fig4-walk.png"} {
		if page := pageSections(t, p.join("figs/index.html")); page[name].html == "" {
			t.Errorf("%s is not on the page", name)
		}
	}
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
