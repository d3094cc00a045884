package figure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/zoo"
	"dcganviz/viz"
)

// randomLab is of a net with random weights, which no concepts and no scorers come with.
func randomLab(t *testing.T, cfg model.Config) *Lab {
	t.Helper()
	g := must[*model.G](t)(model.NewG(cfg, 1))
	d := must[*model.D](t)(model.NewD(cfg, 2))
	return &Lab{Model: &checkpoint.Checkpoint{G: g, D: d, Title: "runs/mine", Meta: checkpoint.Meta{Config: cfg}}}
}

// filmed makes a film, and returns its file too.
func filmed(t *testing.T, lab *Lab, args ...string) (*FilmResult, []byte) {
	t.Helper()
	f := New("film")
	if err := Fill(f, args); err != nil {
		t.Fatal(err)
	}
	d := must[*Drawing](t)(Make(t.Context(), lab, f, "film.apng"))
	var file bytes.Buffer
	if err := d.Files[0].Write(&file); err != nil {
		t.Fatal(err)
	}
	return d.Result.(*FilmResult), file.Bytes()
}

// TestFilmOfAnyNet: of a net that has nothing but weights the film is the walk, whatever
// its size; on any number of threads it has the same bytes.
func TestFilmOfAnyNet(t *testing.T) {
	for _, c := range []struct{ h, w, channels, walk int }{{16, 0, 3, 256}, {128, 0, 3, 256}, {28, 0, 1, 252}, {16, 32, 3, 256}} {
		cfg := model.Config{Arch: model.PyTorch, Size: c.h, Width: c.w, Channels: c.channels, LatentDim: 8, GWidth: 2, DWidth: 2}
		t.Run(fmt.Sprintf("%dx%d", c.h, c.w), func(t *testing.T) {
			lab := randomLab(t, cfg)
			r, file := filmed(t, lab, "--steps=4", "--fps=2")
			if r.Sum != nil || r.Forgetting != nil || len(r.Walks) != 2 {
				t.Fatalf("%d walks, sum %v, forgetting %v, want walks alone", len(r.Walks), r.Sum, r.Forgetting)
			}
			const frames = 3 + 4 // a second and a half of titles
			if r.Frames != frames || len(r.film.Frames) != frames || r.Seconds() != frames/2. {
				t.Errorf("%d frames, %d drawn, %v s, want %d", r.Frames, len(r.film.Frames), r.Seconds(), frames)
			}
			walk := r.film.Frames[3].(*viz.Picture).Tiles
			if len(walk) != 2 || max(walk[0].W, walk[0].H) != c.walk || c.w > 0 && walk[0].W*c.h != walk[0].H*c.w {
				t.Errorf("tiles %+v, want two of %d pixels at most", walk, c.walk)
			}
			shown := 0
			size := r.stills[0].Rect.Size()
			for f, err := range viz.ReadFrames(bytes.NewReader(file), size.X, size.Y) {
				if err != nil {
					t.Fatal(err)
				}
				if f.Num != 1 || f.Den != 2 {
					t.Errorf("frame %d lasts %d/%d s", shown, f.Num, f.Den)
				}
				shown++
			}
			if shown != frames {
				t.Errorf("the file has %d frames, want %d", shown, frames)
			}
			lab.Pool = model.NewPool(2)
			defer lab.Pool.Close()
			if _, again := filmed(t, lab, "--steps=4", "--fps=2"); !bytes.Equal(again, file) {
				t.Error("other bytes on two threads")
			}
		})
	}
}

// TestFilmWalksAsWalkDoes: its walks are those of the command walk.
func TestFilmWalksAsWalkDoes(t *testing.T) {
	lab := randomLab(t, model.Config{Arch: model.PyTorch, Size: 16, Channels: 3, LatentDim: 8, GWidth: 4, DWidth: 4})
	r, _ := filmed(t, lab, "--steps=6", "--seed=9")
	for i, first := range []string{"--first=0", "--first=4"} {
		w := New("walk")
		if err := Fill(w, []string{"--seed=9", first, "--anchors=4", "--steps=6", "--loop=closed"}); err != nil {
			t.Fatal(err)
		}
		walk := must[Result](t)(w.Make(t.Context(), lab)).(*WalkResult)
		for k, tile := range walk.tiles {
			if !slices.Equal(tile.(*image.NRGBA).Pix, r.Walks[i].tiles[k].(*image.NRGBA).Pix) {
				t.Errorf("walk %d: image %d is another", i, k)
			}
		}
	}
}

// TestFilmForgetsAsForgetWindowsDoes: the end of the fading is what that command draws by
// fill-seen, of the same samples.
func TestFilmForgetsAsForgetWindowsDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("forgets twice")
	}
	lab := &Lab{Model: facades(t), Name: zoo.Default}
	f := must[*FilmForgetting](t)((&Film{Seed: 1}).forgetting(t.Context(), []*Lab{lab}))
	w := New("forget-windows")
	if err := Fill(w, []string{"--method=fill-seen", "--samples=20"}); err != nil {
		t.Fatal(err)
	}
	rows := must[Result](t)(w.Make(t.Context(), lab)).(*ForgetResult).rows
	for i := range filmForgotten {
		for k, tile := range []image.Image{f.fade[0][i], f.fade[filmFadeSteps][i]} {
			if !slices.Equal(tile.(*image.NRGBA).Pix, rows[k][i].(*image.NRGBA).Pix) {
				t.Errorf("sample %d, row %d: another image than of forget-windows", i, k)
			}
		}
	}
	if f.Filled.Removed.Mean <= f.Elsewhere.Removed.Mean {
		t.Errorf("filled %+v, elsewhere %+v: the film shows nothing", f.Filled, f.Elsewhere)
	}
}

// TestFilmOfTheREADME: of two embedded models it has all scenes, and is no more than pages
// bear to load.
func TestFilmOfTheREADME(t *testing.T) {
	if testing.Short() {
		t.Skip("draws all scenes")
	}
	const second, most = "faces", 1_200_000
	if !slices.Contains(zoo.Names(), second) {
		t.Skipf("%s is not in this build", second)
	}
	r, file := filmed(t, &Lab{Model: facades(t), Name: zoo.Default}, "--with="+second)
	if len(file) > most {
		t.Errorf("%d bytes, want at most %d", len(file), most)
	}
	if s := r.Seconds(); s < 12 || s > 16 {
		t.Errorf("it lasts %v s, want 12 to 16", s)
	}
	if r.Sum == nil || r.Sum.Model != second || r.Forgetting == nil || r.Forgetting.Model != zoo.Default || len(r.stills) != 4 {
		t.Fatalf("sum %+v, forgetting %+v, %d stills", r.Sum, r.Forgetting, len(r.stills))
	}
	t.Logf("%d bytes, %d frames of %v", len(file), r.Frames, r.stills[0].Rect.Size())
}

// TestFilmRefuses settings that make no sense, and a second model that is not embedded.
func TestFilmRefuses(t *testing.T) {
	lab := randomLab(t, model.Config{Arch: model.PyTorch, Size: 16, Channels: 3, LatentDim: 8, GWidth: 4, DWidth: 4})
	lab.Name = "digits"
	for args, want := range map[string]string{
		"--steps=3": "--steps is 3", "--steps=241": "want 4 to 240", "--fps=0": "--fps is 0", "--with=nobody": `--with is "nobody", want one of`,
		"--with=digits": "is the model itself", "--formula=1,2": "--formula",
	} {
		f := New("film")
		if err := Fill(f, []string{args}); err != nil {
			t.Fatal(err)
		}
		if _, err := Make(t.Context(), lab, f, "film.apng"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", args, err, want)
		}
	}
}

// TestFilmSheetStandsForIt on a page: nothing moves unasked.
func TestFilmSheetStandsForIt(t *testing.T) {
	lab := randomLab(t, model.Config{Arch: model.PyTorch, Size: 16, Channels: 3, LatentDim: 8, GWidth: 4, DWidth: 4})
	r, _ := filmed(t, lab, "--steps=4", "--formula=0,1-2,3+4,5")
	if r.Sum == nil || r.Sum.Result.Wanted != nil || len(r.stills) != 3 {
		t.Fatalf("sum %+v, %d stills: want one that nothing judges", r.Sum, len(r.stills))
	}
	r.Image = "film.png"
	numbers := must[[]byte](t)(json.Marshal(r))
	film := Picture{File: "film.png", Width: 9, Height: 9, Command: "film", Args: []string{"--steps=4", "--law=uniform"}, Numbers: numbers}
	sheet := film
	sheet.File, sheet.Numbers = "film-sheet.png", nil
	size := must[*viz.Picture](t)(r.Draw()).Rect.Size()
	sheet.Width, sheet.Height = size.X, size.Y
	all := blocks([]Picture{film, sheet})
	if len(all) != 1 || all[0].Src() != "./film-sheet.png" || all[0].Film() != "./film.png" || all[0].Missing != "" {
		t.Fatalf("%d blocks; the first shows %q and %q, missing %q", len(all), all[0].Src(), all[0].Film(), all[0].Missing)
	}
	if !strings.Contains(all[0].Done, "a sum of concepts") || strings.Contains(all[0].Done, "forgotten") {
		t.Errorf("the page says %q", all[0].Done)
	}
}
