package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// outside is a program of another module: it has the public packages alone.
const outside = `package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"dcganviz/gallery/figure"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/dataset"
	"dcganviz/probe/concept"
	"dcganviz/probe/tsne"
)

func main() {
	ctx := context.Background()
	lab, err := figure.OpenLab("facades", nil)
	check(err)

	units := figure.New("units").(*figure.Units)
	units.Samples = 8
	draw(ctx, lab, units, "units.png")
	walk := figure.New("walk").(*figure.Walk)
	walk.Steps, walk.Anchors = 12, 3
	draw(ctx, lab, walk, "walk.png")

	other, err := figure.OpenLab(os.Args[1], &figure.Source{Family: checkpoint.DigitsFamily})
	check(err)
	fmt.Println("pth:", other.Model.G.Config().Size)

	set, err := dataset.Open(os.Args[2], dataset.Options{Size: 16, Channels: 3})
	check(err)
	defer set.Close()
	x := model.NewTensor(12, 16*16*3)
	check(set.Load(ctx, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, x.Data))

	e, err := tsne.Embed(ctx, nil, x, tsne.Options{Perplexity: 3, Iterations: 50})
	check(err)
	fmt.Println("places:", len(e.Y)/2)

	f, err := concept.Read(os.Args[3])
	check(err)
	fmt.Println("concepts:", len(f.Concepts))
}

func draw(ctx context.Context, lab *figure.Lab, f figure.Figure, path string) {
	d, err := figure.Make(ctx, lab, f, path)
	check(err)
	check(d.Save(path))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
`

// TestProgramOutsideOfTheModule: who imports the packages draws what the command
// draws, to the byte, recipe included.
func TestProgramOutsideOfTheModule(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	pth, err := filepath.Abs(foreignFile("digits.pth"))
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := filepath.Abs(photos)
	if err != nil {
		t.Fatal(err)
	}
	concepts := filepath.Join(root, "model/zoo/faces/concepts/faces.toml")
	t.Chdir(t.TempDir())
	// The module's own requirements, under another name.
	mod := regexp.MustCompile(`(?m)^module .*$`).ReplaceAll(read(t, filepath.Join(root, "go.mod")), []byte("module outside"))
	mod = regexp.MustCompile(`(?ms)^tool .*?$`).ReplaceAll(mod, nil)
	write(t, "go.mod", fmt.Appendf(mod, "\nrequire dcganviz v0.0.0\nreplace dcganviz => %s\n", root))
	write(t, "go.sum", read(t, filepath.Join(root, "go.sum")))
	write(t, "main.go", []byte(outside))
	c := exec.CommandContext(t.Context(), "go", "run", "-mod=mod", ".", pth, pictures, concepts)
	c.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if want := "pth: 28\nplaces: 12\nconcepts: "; !bytes.HasPrefix(out, []byte(want)) {
		t.Errorf("it says\n%s, want\n%s...", out, want)
	}
	if err := os.Mkdir("command", 0o777); err != nil {
		t.Fatal(err)
	}
	must(t, "units", "--samples", "8", "--out", "command/units.png")
	must(t, "walk", "--steps", "12", "--anchors", "3", "--out", "command/walk.png")
	for _, name := range []string{"units.png", "units.json", "walk.png", "walk.json"} {
		if !bytes.Equal(read(t, name), read(t, filepath.Join("command", name))) {
			t.Errorf("%s is another than the command's", name)
		}
	}
}
