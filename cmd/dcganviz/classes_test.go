package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestClass draws classes of a conditional G, each by its number, by its name and all
// together, and walks through one.
func TestClass(t *testing.T) {
	dir := t.TempDir()
	out := func(name string) string { return filepath.Join(dir, name) }
	net := foreignFile("class_last.pth")
	numbers := func(png string) (a struct {
		PerClass int `json:"per_class"`
		Images   int
	}) {
		t.Helper()
		text, err := os.ReadFile(strings.TrimSuffix(png, ".png") + ".json")
		if err == nil {
			err = json.Unmarshal(text, &a)
		}
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	r := must(t, "sample", net, "-n", "5", "--out", out("mixed.png"), "--npy", out("mixed.npy"))
	if !strings.Contains(r.stderr, "4 classes: a latent is 8 numbers of noise and, last, 3 of its class") {
		t.Errorf("nothing says what latents are made of:\n%s", r.stderr)
	}
	must(t, "sample", net, "--class", "all", "-n", "9", "--out", out("all.png"), "--npy", out("all.npy"))
	if a := numbers(out("all.png")); a.PerClass != 2 || a.Images != 8 {
		t.Errorf("all classes: %+v, want 2 images of each of 4", a)
	}
	must(t, "replay", "--model", net, out("all.png"))
	must(t, "sample", net, "--class", "2", "-n", "2", "--out", out("two.png"), "--npy", out("two.npy"))
	must(t, "sample", net, "--class-names", "a,b,c,d", "--class", "c", "-n", "2", "--out", out("named.png"), "--npy", out("named.npy"))
	two, all := readArray(t, out("two.npy")).Data, readArray(t, out("all.npy")).Data
	if !slices.Equal(two, readArray(t, out("named.npy")).Data) {
		t.Error("class c is not class 2")
	}
	image := len(all) / 8
	if !slices.Equal(two, all[4*image:6*image]) {
		t.Error("the third row of all classes is not that of class 2")
	}
	if mixed := readArray(t, out("mixed.npy")).Data; !slices.Equal(mixed[:image], all[:image]) {
		t.Error("latent 0 is not of class 0")
	}
	r = must(t, "walk", net, "--class", "1", "--steps", "4", "--anchors", "2", "--no-audit", "--out", out("walk.png"))
	if strings.Contains(r.stderr, "all images are of class") {
		t.Errorf("a class was chosen:\n%s", r.stderr)
	}
	for _, c := range []refusal{
		{"number", []string{"sample", net, "--class", "4"}, exitUsage, []string{"--class is 4", "0 to 3"}},
		{"name", []string{"sample", net, "--class", "cat"}, exitUsage, []string{"--class is", "cat", "all"}},
		{"no classes", []string{"sample", "facades", "--class", "1"}, exitUsage, []string{"draws no classes", "--classes"}},
		{"one-hot", []string{"sample", foreignFile("class_hot.pth")}, exitUsage, []string{"one at a class", "3 last", "--classes"}},
	} {
		c.check(t)
	}
}

// TestClassOfD draws and scores with nets whose layers are all told a class.
func TestClassOfD(t *testing.T) {
	dir := t.TempDir()
	out := func(name string) string { return filepath.Join(dir, name) }
	net := foreignFile("joined_conv.pth")
	scores := func(args ...string) []string {
		r := must(t, append([]string{"sample", net, "--score", "--out", out("x.png"), "--force"}, args...)...)
		if !strings.Contains(r.stderr, "which 2 more layers are told too") || !strings.Contains(r.stderr, "D is told which of 3 classes an image is of, in 3 of its layers") {
			t.Errorf("what is told a class is not said:\n%s", r.stderr)
		}
		var lines []string
		for _, l := range strings.Split(strings.TrimSpace(r.stdout), "\n") {
			if image, logit, ok := strings.Cut(l, ": "); ok && strings.HasPrefix(image, "image ") {
				lines = append(lines, logit)
			}
		}
		return lines
	}
	one, all, mixed := scores("--class", "1", "-n", "2"), scores("--class", "all", "-n", "6"), scores("-n", "2")
	if len(one) != 2 || len(all) != 6 || !slices.Equal(one, all[2:4]) {
		t.Errorf("scores of class 1 are %q, and in a row of each class %q", one, all)
	}
	if mixed[1] != one[1] || mixed[0] != all[0] {
		t.Errorf("scores of classes in turn are %q, of each %q", mixed, all)
	}
	if r := must(t, "doctor", net, "--out", out("doctor.png")); strings.Contains(r.stdout, "not all of the file was taken") {
		t.Errorf("something was left out:\n%s", r.stdout)
	}
	must(t, "walk", net, "--steps", "4", "--anchors", "2", "--out", out("walk.png"))
	must(t, "filters", net, "--class", "2", "--out", out("filters.png"))
	if r := call(t.Context(), "filters", net); r.code != exitUsage || !strings.Contains(r.stderr, "of which one: name it by --class") {
		t.Errorf("filters without a class: exit code %d, %s", r.code, r.stderr)
	}
	refusal{"how many", []string{"doctor", foreignFile("joined_first.pth"), "--key", "netD", "--out", out("none.png")}, exitUsage, []string{"4 channels", "--classes"}}.check(t)
}
