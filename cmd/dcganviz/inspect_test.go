package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/model"
	"dcganviz/model/zoo"
)

func TestInspectCountsByHand(t *testing.T) {
	run, c := inFolder(t)
	r := must(t, "inspect", run, "--stats", "--json")
	var a inspected
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatal(err)
	}
	// G of 28x28, width 4, 12 latents: 7x7x8 by a 7x7 kernel, two 4x4 layers,
	// two batch norms. D: two 4x4 layers, one batch norm, a 7x7 logit.
	if want := 12*8*49 + 2*8 + 8*4*16 + 2*4 + 4*3*16; a.G.Parameters != want {
		t.Errorf("G has %d parameters, want %d", a.G.Parameters, want)
	}
	if want := 3*4*16 + 4*8*16 + 2*8 + 8*49; a.D.Parameters != want {
		t.Errorf("D has %d parameters, want %d", a.D.Parameters, want)
	}
	if l := a.G.Layers[0]; l.Height != 7 || l.Width != 7 || l.Channels != 8 || l.Kernel != 7 || !l.Transposed || !l.BatchNorm || l.Activation != "relu" {
		t.Errorf("first layer %+v", l)
	}
	if a.SHA256 != c.SHA256 || *a.Meta != c.Meta || a.Run == nil || a.Run.Step != 12 {
		t.Errorf("answer %+v", a)
	}
}

func TestInspectForPeople(t *testing.T) {
	run, c := inFolder(t)
	r := must(t, "inspect", "--model", run, "--stats")
	for _, s := range []string{c.SHA256, "pytorch, 28x28x3", "12 numbers, normal", "running statistics", "12 steps of 4, seed 1, 4.0 epochs", `12, "facades"`, "Adam 0.0002", "tanh", "leaky_relu"} {
		if !strings.Contains(r.stdout, s) {
			t.Errorf("%q is not in\n%s", s, r.stdout)
		}
	}
	r = must(t, "inspect", filepath.Join(run, "epoch-0001.safetensors"))
	if !strings.Contains(r.stdout, "D is not in this file") {
		t.Errorf("no word of the missing D in\n%s", r.stdout)
	}
}

func TestModelsListsTheZoo(t *testing.T) {
	r := must(t, "models")
	if len(zoo.Names()) == 0 && !strings.Contains(r.stdout, "No models are embedded") {
		t.Errorf("stdout is %q", r.stdout)
	}
	var all []embedded
	if err := json.Unmarshal([]byte(must(t, "models", "--json").stdout), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != len(zoo.Names()) {
		t.Errorf("%d models, want %d", len(all), len(zoo.Names()))
	}
	for _, m := range all {
		if !strings.Contains(r.stdout, m.Name) || !strings.Contains(r.stdout, m.Title) || m.Title == "" {
			t.Errorf("%s, %q is not in\n%s", m.Name, m.Title, r.stdout)
		}
		if got := must(t, "models", m.Name).stdout; strings.TrimSpace(got) != strings.TrimSpace(m.Card) {
			t.Errorf("card of %s is\n%s, want\n%s", m.Name, got, m.Card)
		}
	}
}

func TestVersion(t *testing.T) {
	pool := model.NewPool(1)
	defer pool.Close()
	for _, args := range [][]string{{"version"}, {"version", "--json"}} {
		if r := must(t, args...); !strings.Contains(r.stdout, figure.Version) || !strings.Contains(r.stdout, pool.Instructions()) {
			t.Errorf("%q says %q", args, r.stdout)
		}
	}
}
