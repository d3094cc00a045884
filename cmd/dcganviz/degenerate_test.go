package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/internal/safetensors"
)

// scaled writes a run's model with the weights of nets whose names begin so times a
// factor.
func scaled(t *testing.T, run, prefix string, by float32) string {
	t.Helper()
	file := readTensors(t, run)
	for _, x := range file.Tensors {
		if x.DType != safetensors.F32 || !strings.HasPrefix(x.Name, prefix) {
			continue
		}
		for at := 0; at+4 <= len(x.Data); at += 4 {
			v := math.Float32frombits(binary.LittleEndian.Uint32(x.Data[at:]))
			binary.LittleEndian.PutUint32(x.Data[at:], math.Float32bits(v*by))
		}
	}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := safetensors.WriteFile(path, "", file.Metadata, file.Tensors); err != nil {
		t.Fatal(err)
	}
	return path
}

// Of nets whose answers are all alike, or beyond float32, every command either gives
// JSON or refuses with a cause. The page reads those JSONs again.
func TestDegenerateNetsAreAnsweredOrRefused(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	must(t, "train", "--data", photos, "--out", "run", "--size", "32", "--width", "4", "--nz", "12", "--batch", "4", "--steps", "2")
	alike, huge, hugeG := scaled(t, "run", "", 0), scaled(t, "run", "D.", 1e10), scaled(t, "run", "G.", 1e10)
	for half, out := range map[string]string{"first": "scorer.safetensors", "second": "judge.safetensors"} {
		must(t, append([]string{"score", "fit", "--concept", "window", "--out", out, "--half", half, "--epochs", "1", "--size", "32"}, boxed()...)...)
	}
	if err := os.Mkdir("figures", 0o777); err != nil {
		t.Fatal(err)
	}
	many, same := filepath.Join(dir, "many"), filepath.Join(dir, "same")
	morePhotos(t, many)
	boxes := "file,class,x0,y0,x1,y1\n"
	for i := range 6 {
		write(t, filepath.Join(same, fmt.Sprintf("%d.jpg", i)), read(t, filepath.Join(photos, "plain", "p00010.jpg")))
		boxes += fmt.Sprintf("%d,window,%d,4,20,20\n", i, 2+i)
	}
	write(t, filepath.Join(dir, "boxes.csv"), []byte(boxes))
	forget := "--boxes boxes.csv --scorer scorer.safetensors --judge judge.safetensors --samples 20 --draws 4 --probes 2"
	all := []struct {
		line, model string
		code        int
	}{
		{"sample -n 2 --score", alike, exitDone},
		{"sample -n 2 --score", huge, exitRefused},
		{"compare --neighbours 1 --images " + photos, alike, exitDone},
		{"compare --neighbours 1 --images " + same, alike, exitRefused},
		{"walk --anchors 2 --steps 3", alike, exitDone},
		{"walk --dim 3 --steps 4 --range=1,1", "run", exitDone},
		{"filters --images " + same, alike, exitDone},
		{"filters --images " + photos, huge, exitRefused},
		{"forget-windows " + forget, alike, exitRefused},
		{"forget --concept window " + forget, huge, exitDone},
		{"arithmetic --formula 1-1+1", alike, exitDone},
		{"arithmetic --formula 1-1+1", huge, exitRefused},
		{"turn --from 1,2,3,4,5,6 --to 11,12,13,14,15,16", alike, exitDone},
		{"units --samples 2", alike, exitDone},
		{"units --samples 2", hugeG, exitRefused},
		{"nearest --neighbours 1 --samples 20 --images " + many + " --heldout " + many, alike, exitDone},
		{"tsne -n 20 --perplexity 1", alike, exitRefused},
		{"tsne -n 20 --perplexity 1 --features pixels", alike, exitRefused},
		{"tsne -n 20 --perplexity 1", huge, exitRefused},
		{"represent --centres 16 --nets 1 --images " + photos, alike, exitDone},
		{"represent --centres 16 --nets 1 --images " + photos, huge, exitDone},
		{"represent --images " + same, alike, exitUsage},
		{"spectrum --images " + many, alike, exitDone},
		{"film --steps 4", alike, exitDone},
		{"film --steps 4", hugeG, exitRefused},
		{"doctor", alike, exitDone},
		{"doctor", huge, exitDone},
		{"inspect --stats", huge, exitDone},
		{"score kid --neighbours 1 --images " + photos, alike, exitDone},
		{"score kid --neighbours 1 --images " + same, alike, exitRefused},
	}
	for _, e := range figure.All {
		if !slices.ContainsFunc(all, func(c struct {
			line, model string
			code        int
		}) bool {
			return strings.Fields(c.line)[0] == e.Name
		}) {
			t.Errorf("no command line for %s", e.Name)
		}
	}
	for i, c := range all {
		command := strings.Fields(c.line)[0]
		args := append(strings.Fields(c.line), "--json", "--model", c.model)
		if _, ok := figure.Lookup(command); ok {
			args = append(args, "--out", filepath.Join("figures", fmt.Sprintf("%d.png", i)))
		}
		r := call(t.Context(), args...)
		if r.code != c.code || strings.Contains(r.stderr, "json:") {
			t.Errorf("%s: exit code %d, want %d\n%s", strings.Join(args, " "), r.code, c.code, r.stderr)
		}
		if r.code == exitDone && !json.Valid([]byte(r.stdout)) {
			t.Errorf("%s: no JSON", strings.Join(args, " "))
		}
	}
	if r := must(t, "gallery", "figures"); strings.Contains(r.stderr+string(read(t, filepath.Join("figures", "index.html"))), "cannot be read") {
		t.Errorf("the page does not read what was written: %s", r.stderr)
	}
}
