package main

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// bars writes grey pictures of as many classes as names, in a folder each: a bright bar at
// a height of the class's own, and one of another brightness in each picture.
func bars(t *testing.T, dir string, each int, names ...string) {
	t.Helper()
	for k, name := range names {
		folder := filepath.Join(dir, name)
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		for i := range each {
			img := image.NewGray(image.Rect(0, 0, 16, 16))
			for x := range 16 {
				img.SetGray(x, 2+5*k, color.Gray{255})
				img.SetGray(i%16, x, color.Gray{uint8(100 + i)})
			}
			f, err := os.Create(filepath.Join(folder, strconv.Itoa(i)+".png"))
			if err == nil {
				err = png.Encode(f, img)
			}
			if err == nil {
				err = f.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestTrainConditional trains nets of classes, goes on with the run, and draws with it.
func TestTrainConditional(t *testing.T) {
	dir := t.TempDir()
	out := func(name string) string { return filepath.Join(dir, name) }
	data, folder, straight := out("data"), out("run"), out("straight")
	bars(t, data, 24, "1", "2", "10")
	args := func(folder string, more ...string) []string {
		return append([]string{"train", "--data", data, "--out", folder, "--conditional", "--arch", "paper", "--hidden", "6", "--nz", "4",
			"--size", "16", "--channels", "1", "--width", "4", "--batch", "12", "--sample-every", "2", "--save-every", "2", "--threads", "1"}, more...)
	}
	must(t, args(folder, "--steps", "2")...)
	must(t, "train", "--out", folder, "--resume", "--steps", "4")
	must(t, args(straight, "--steps", "4")...)
	sameFiles(t, folder, straight)
	const told = "Both nets are told of which of 3 classes"
	if page := string(read(t, filepath.Join(folder, training.PageFile))); !strings.Contains(page, told) {
		t.Errorf("the page does not say %q", told)
	}
	c, err := checkpoint.Open(filepath.Join(folder, train.ModelFile), checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Meta.Classes(); !slices.Equal(got, []string{"1", "10", "2"}) {
		t.Errorf("classes %q", got)
	}
	// The class 10 is the second, whatever the number 1 or 10 might be.
	must(t, "sample", folder, "--class", "10", "-n", "2", "--npy", out("ten.npy"), "--out", out("ten.png"))
	must(t, "sample", folder, "--class", "all", "-n", "6", "--npy", out("all.npy"), "--out", out("all.png"))
	ten, all := readArray(t, out("ten.npy")).Data, readArray(t, out("all.npy")).Data
	if !slices.Equal(ten, all[2*16*16:4*16*16]) {
		t.Error("class 10 is not the second row of all classes")
	}
	for name, class := range map[string]string{"net.safetensors": "10", "net.pth": "1"} { // a .pth has no names
		must(t, "convert", folder, out(name))
		must(t, "sample", out(name), "--class", class, "-n", "2", "--score", "--npy", out("again.npy"), "--out", out("again.png"), "--force")
		if again := readArray(t, out("again.npy")).Data; name == "net.safetensors" && !slices.Equal(again, ten) {
			t.Errorf("%s draws other images", name)
		}
	}
	must(t, "convert", folder, out("d.pth"), "--net", "d")
	for _, c := range []refusal{
		{"other", []string{"train", "--out", folder, "--resume", "--steps", "5", "--conditional=false"}, exitUsage, []string{"--conditional is false", "began with true"}},
		{"no classes", []string{"train", "--data", filepath.Join(data, "1"), "--out", out("none"), "--size", "16", "--conditional"}, exitUsage, []string{"has no classes"}},
	} {
		c.check(t)
	}
	must(t, "tsne", folder, "-n", "40", "--perplexity", "5", "--out", out("t.png"))
	turn := []string{"turn", folder, "--from", "1,2,3,4,5,6", "--to", "11,12,13,14,15,16", "--draws", "20", "--out", out("turn.png")}
	if r := call(t.Context(), turn...); r.code != exitUsage || !strings.Contains(r.stderr, "name it by --class") {
		t.Errorf("turn: exit code %d, %s", r.code, r.stderr)
	}
	must(t, append(turn, "--class", "1")...)
	if r := must(t, "inspect", folder); !strings.Contains(r.stdout, "3, told by 3 of these numbers: 1, 10, 2") {
		t.Errorf("inspect says no classes:\n%s", r.stdout)
	}
	for command, says := range map[string]string{"filters": "nothing says of which one: name it by --class", "nearest": "in pixels alone"} {
		args := []string{command, folder, "--images", data, "--out", out(command + ".png")}
		if command == "nearest" {
			args = append(args, "--heldout", data, "--samples", "30")
		}
		if r := call(t.Context(), args...); !strings.Contains(r.stderr, says) {
			t.Errorf("%s: exit code %d, %s\nwant %q", command, r.code, r.stderr, says)
		} else if command == "nearest" && !strings.Contains(r.stdout, "for 100% of held-out pictures, and by chance for 33%") {
			t.Errorf("nearest says nothing of classes:\n%s", r.stdout)
		}
		must(t, append(args, "--class", "2", "--force")...)
	}
}
