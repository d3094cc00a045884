package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/internal/npy"
	"dcganviz/model"
	"dcganviz/model/zoo"
)

// parser returns a parser of the command line that fails the test instead of
// exiting.
func parser(t *testing.T) *kong.Kong {
	t.Helper()
	p, err := newParser(&env{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}, commandsFor(""), func(int) { t.Error("exit") })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func commandNames(t *testing.T) []string {
	var all []string
	for _, n := range parser(t).Model.Children {
		all = append(all, n.Name)
	}
	return all
}

// everyExample calls f for each example of each command.
func everyExample(t *testing.T, f func(t *testing.T, command string, args []string)) {
	for _, n := range parser(t).Model.Children {
		x, ok := n.Target.Addr().Interface().(exampled)
		if !ok || len(x.examples()) == 0 {
			t.Errorf("%s has no example", n.Name)
			continue
		}
		for _, line := range x.examples() {
			t.Run(line, func(t *testing.T) {
				words := strings.Fields(line)
				if len(words) < 2 || words[0] != "dcganviz" || words[1] != n.Name {
					t.Fatalf("does not begin with dcganviz %s", n.Name)
				}
				f(t, n.Name, words[1:])
			})
		}
	}
}

func TestExamplesParse(t *testing.T) {
	everyExample(t, func(t *testing.T, _ string, args []string) {
		p, err := newParser(&env{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}, commandsFor(args[0]), func(int) { t.Error("exit") })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Parse(args); err != nil {
			t.Error(err)
		}
	})
}

// TestExamplesRun runs every example where the files that it names exist. The
// embedded model is the shared run where this build has none.
func TestExamplesRun(t *testing.T) {
	source := trainedRun(t)
	everyExample(t, func(t *testing.T, command string, args []string) {
		p := elsewhere(t)
		if err := os.CopyFS(p.join("photos"), os.DirFS(photos)); err != nil {
			t.Fatal(err)
		}
		resumed := slices.Contains(args, "--resume")
		if command != "train" || resumed {
			if err := os.CopyFS(p.join("runs/mine"), os.DirFS(source)); err != nil {
				t.Fatal(err)
			}
		}
		switch command {
		case "train":
			args = append(args, "--steps", "13")
			if !resumed {
				args = append(args, small...)
			}
			if slices.Contains(args, "--holdout") { // half of the pictures at most
				if err := os.CopyFS(p.join("photos"), os.DirFS(manyPhotos(t, 400))); err != nil {
					t.Fatal(err)
				}
			}
		case "turn":
			args = append(args, "--draws", "20")
		case "compare":
			args = append(args, "--sets", "2")
			if !slices.Contains(args, "--images") {
				args = append(args, "--list", listOfEvery(t, "heldout", 3))
			}
		case "score":
			args = append(args, "--threads", "2")
			if slices.Contains(args, "kid") {
				args = append(args, "--sets", "2")
				if !slices.Contains(args, "--images") {
					args = append(args, "--list", listOfEvery(t, "heldout", 3))
				}
			}
			if slices.Contains(args, "fit") || slices.Contains(args, "pair") {
				args = append(args, "--epochs", "1")
			} else {
				fitWindows(t, p.join("windows.safetensors"))
			}
		case "figures":
			if slices.Contains(args, "--only") {
				args = append(args, "--json")
			} else {
				args = append(args, "--only", smallFigure()) // all of them take minutes
			}
		case "gallery":
			p.must(t, "walk", "--steps", "4")
			if err := os.CopyFS(p.join("figures"), os.DirFS(p.join("gallery"))); err != nil {
				t.Fatal(err)
			}
		case "recipe", "replay":
			p.must(t, "walk", "--steps", "4")
		case "forget", "forget-windows":
			args = append(args, "--samples", "20")
			switch {
			case slices.Contains(args, "signboard"):
				args = append(args, "--method", "fill-seen", "--json")
			case len(args) > 3:
				args = append(args, "--boxes", "facades-window", "--draws", "8") // the scorer would look at 300 samples
			default:
				args = append(args, "--draws", "8", "--probes", "2")
			}
		case "units":
			args = append(args, "--samples", "40", "--held", "8")
		case "nearest":
			args = append(append(args, "--samples", "40"), fewPictures(t)...)
		case "filters":
			args = append(args, "--count", "60")
			if !slices.Contains(args, "--units") {
				args = append(args, "--units", "0,3")
			}
		case "film":
			args = append(args, "--steps", "4")
		case "spectrum":
			args = append(args, "--samples", "40")
			morePhotos(t, p.join("photos"))
		case "represent":
			if slices.Contains(args, "cifar10/train") {
				for _, dir := range []string{"cifar10/train", "cifar10/test"} {
					if err := os.CopyFS(p.join(dir), os.DirFS(photos)); err != nil {
						t.Fatal(err)
					}
				}
			}
			args = append(args, "--centres", "16", "--nets", "1")
			if !slices.Contains(args, "--labels-per-class") {
				args = append(args, "--labels-per-class", "2")
			}
		case "tsne":
			args = append(args, "-n", "120")
		case "models":
			if len(zoo.Names()) == 0 && len(args) > 1 {
				t.Skip("no model is embedded in this build")
			}
		case "sample", "walk", "inspect", "doctor":
			if !slices.Contains(args, "runs/mine") && !strings.Contains(strings.Join(args, " "), "runs/mine/") && len(zoo.Names()) == 0 {
				t.Log("no model is embedded in this build: a trained run in its place")
				args = append(args, "--model", "runs/mine")
			}
			if slices.Contains(args, "z.npy") {
				saveLatents(t, p, args)
			}
			if command == "doctor" && len(args) == 1 {
				args = append(args, "--strict", "--verbose")
			}
		}
		if isShared(args) {
			once(t, args...) // as other tests do
			return
		}
		p.must(t, args...)
	})
}

// isShared reports whether other tests draw by this command line, too: with what is embedded,
// to where pictures go by themselves.
func isShared(args []string) bool {
	switch args[0] {
	case "arithmetic":
		return len(args) == 1 || slices.Equal(args, sumOfNumbers)
	case "doctor":
		return slices.Equal(args, healthy)
	case "figures":
		return slices.Equal(args, figure4)
	case "forget":
		return slices.Equal(args, forgetSignboards)
	case "turn":
		return slices.Equal(args[1:], []string{"--draws", "20"})
	case "forget-windows":
		return slices.Equal(args[1:], []string{"--samples", "20", "--draws", "8", "--probes", "2"})
	}
	return false
}

// morePhotos adds as many pictures as mean spectra need.
func morePhotos(t *testing.T, dir string) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range 80 {
		for j := range img.Pix {
			img.Pix[j] = uint8(j*(i+3) + j/64*i)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, fmt.Sprintf("more%d.png", i)), b.Bytes())
	}
}

// saveLatents writes latents for the model that args name as z.npy.
func saveLatents(t *testing.T, p place, args []string) {
	e := &env{stdout: io.Discard, stderr: io.Discard}
	m, err := new(modelFlag).open(e)
	if err != nil {
		m, err = (&modelFlag{Where: p.join(args[len(args)-1])}).open(e)
	}
	if err != nil {
		t.Fatal(err)
	}
	writeLatents(t, p.join("z.npy"), model.Latents(1, 0, 3, m.Model.Meta.Config))
}

// writeLatents writes a .npy file of z's shape.
func writeLatents(t *testing.T, path string, z model.Tensor) string {
	t.Helper()
	err := fileio.WriteFile(path, fileio.Options{}, func(w io.Writer) error { return npy.Write(w, z.Shape, z.Data) })
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestHelpBeginsWithExamples: they stand before arguments and flags, and help COMMAND says the
// same as COMMAND --help.
func TestHelpBeginsWithExamples(t *testing.T) {
	for _, name := range commandNames(t) {
		r := must(t, name, "--help")
		about, rest, ok := strings.Cut(r.stdout, "\nExamples:\n\n    dcganviz "+name)
		if !ok || strings.Count(about, "\n") > 6 || strings.Contains(about, "Flags:") || strings.Contains(about, "Arguments:") || !strings.Contains(rest, "Flags:") {
			t.Errorf("%s --help does not begin with an example:\n%s", name, r.stdout)
		}
		if strings.Contains(r.stdout, "${") {
			t.Errorf("%s --help has an unset variable", name)
		}
		if r.stderr != "" {
			t.Errorf("%s --help: stderr %q", name, r.stderr)
		}
		if again := must(t, "help", name).stdout; again != r.stdout {
			t.Errorf("help %s says\n%s\n%s --help\n%s", name, again, name, r.stdout)
		}
	}
}

// TestFlagsForOtherProgramsStandOnOnePage: all of them are in help models, and no other
// command's help has one, but for where they are.
func TestFlagsForOtherProgramsStandOnOnePage(t *testing.T) {
	page, flags := flat(must(t, "help", "models").stdout), 0
	for _, n := range parser(t).Model.Leaves(true) {
		help := must(t, append(strings.Fields(n.Path()), "--help")...).stdout
		foreign := false
		for _, f := range n.Flags {
			if f.Group == nil || f.Group.Key != figure.SourceGroup {
				continue
			}
			foreign, flags = true, flags+1
			if !strings.Contains(page, f.String()+" "+flat(f.Help)) {
				t.Errorf("help models lacks %s: %s", f, f.Help)
			}
			if strings.Contains(help, "  --"+f.Name) {
				t.Errorf("%s --help has --%s", n.Path(), f.Name)
			}
		}
		if points := strings.Contains(help, "dcganviz help models"); points != foreign {
			t.Errorf("%s --help points to them: %v, want %v", n.Path(), points, foreign)
		}
	}
	if flags < 100 {
		t.Errorf("%d flags, want the same of more than ten commands", flags)
	}
}

// TestOverviewIsTheHelp: one text says which commands there are.
func TestOverviewIsTheHelp(t *testing.T) {
	want := must(t).stdout
	for _, args := range [][]string{{"--help"}, {"-h"}, {"help"}} {
		if got := must(t, args...).stdout; got != want {
			t.Errorf("%v:\n%s\nwant\n%s", args, got, want)
		}
	}
	for _, name := range commandNames(t) {
		if !strings.Contains(want, "\n  "+name+" ") {
			t.Errorf("no line of %s in\n%s", name, want)
		}
	}
}

// TestDefaultModel draws with the model that stands for the others.
func TestDefaultModel(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if !slices.Contains(zoo.Names(), zoo.Default) {
		refusal{"none embedded", []string{"walk"}, exitMissing, []string{zoo.Default, "none is embedded"}}.check(t)
		return
	}
	r := call(context.Background(), "walk")
	if want := filepath.Join(galleryDir, "facades-walk.png"); r.code != exitDone || !strings.HasSuffix(r.stdout, "\n"+want+"\n") {
		t.Fatalf("exit code %d, stdout %q, want %s\n%s", r.code, r.stdout, want, r.stderr)
	}
}
