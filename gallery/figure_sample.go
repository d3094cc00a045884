package gallery

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"dcganviz/viz"
)

// flag is the value of one of the recipe's flags.
func (f *figure) flag(name string) string {
	for _, a := range f.Args {
		if value, ok := strings.CutPrefix(a, "--"+name+"="); ok {
			return value
		}
	}
	return ""
}

// sample describes random images, whose recipe tells all.
func (f *figure) sample([]byte) error {
	f.Done = "Each image is what the generator G makes of a latent: a list of random numbers. None was chosen or left out."
	f.Look = "Variety, and whether details hold together. Images that repeat mean that G has collapsed to a few pictures; straight grids and rainbow noise, that it was not trained for long enough."
	f.Alt = "A sheet of images drawn by the generator from random latents"
	seed, err := strconv.ParseUint(f.flag("seed"), 10, 64)
	n, errN := strconv.Atoi(f.flag("n"))
	first, errFirst := strconv.Atoi(f.flag("first"))
	if err != nil || errN != nil || errFirst != nil || n < 1 || n > mostTiles || first < 0 {
		return nil
	}
	f.Done = fmt.Sprintf("The generator G made an image each of %s, lists of random numbers: those numbered %d to %d of seed %d. None was chosen or left out.", plural(n, "latent"), first, first+n-1, seed)
	f.Alt = fmt.Sprintf("A sheet of %s drawn by the generator from random latents", plural(n, "image"))
	columns, _ := strconv.Atoi(f.flag("cols"))
	if columns < 1 || columns > n {
		columns = viz.DefaultColumns(n)
	}
	rows := (n + columns - 1) / columns
	g := viz.Tiles{Count: n, W: f.Width / columns, H: f.Height / rows, DX: f.Width / columns, DY: f.Height / rows, Columns: columns}
	if f.Width%columns != 0 || f.Height%rows != 0 || !f.holds(g) {
		return nil
	}
	f.addSamples(g, seed, func(i int) int { return first + i })
	return nil
}

// compare describes samples beside real pictures.
func (f *figure) compare(numbers []byte) error {
	type comparison struct {
		Images    int
		Real      int
		KID       struct{ Value, SE float64 }
		Precision float64
		Recall    float64
		Coverage  float64
	}
	var a struct {
		Seed     uint64
		Images   string
		Shown    int
		Pictures []string
		Whole    comparison
		Halves   []comparison
	}
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	f.Done = fmt.Sprintf("On the left the first %d samples of seed %d, on the right real pictures of %s that lie evenly in the set. Nothing was chosen.", a.Shown, a.Seed, a.Images)
	f.Look = "What the samples lack, or have more often than the pictures do."
	f.Number = fmt.Sprintf("KID, a distance between the two kinds in the features of a fixed random net, is %.2f ± %.2f for %d samples and %d pictures; 0 is no difference. Precision %.2f: so many samples look like some picture. Recall %.2f: so many pictures look like some sample.",
		a.Whole.KID.Value, a.Whole.KID.SE, a.Whole.Images, a.Whole.Real, a.Whole.Precision, a.Whole.Recall)
	if len(a.Halves) >= 2 {
		own, control := a.Halves[0], a.Halves[1]
		f.Control = fmt.Sprintf("Against one half of the pictures, samples reach KID %.2f ± %.2f, precision %.2f and recall %.2f; the other half of the pictures, which are real, reaches %.2f ± %.2f, %.2f and %.2f. No generator does better than that by more than chance.",
			own.KID.Value, own.KID.SE, own.Precision, own.Recall, control.KID.Value, control.KID.SE, control.Precision, control.Recall)
	}
	f.Alt = fmt.Sprintf("Two sheets side by side: %d drawn images, and as many real pictures of %s", a.Shown, a.Images)
	if g, ok := f.group(0, a.Shown); ok {
		f.addSamples(g, a.Seed, func(i int) int { return i })
	}
	if g, ok := f.group(1, len(a.Pictures)); ok {
		for i, name := range a.Pictures {
			f.add(g, i, "A real picture", name, "")
		}
	}
	return nil
}

// doctor describes a contact sheet.
func (f *figure) doctor([]byte) error {
	f.Done = "A model was examined: its weights and batch norms, whether samples differ and fill the range of values, what D makes of them, upside down too, and of noise. The sheet shows the evidence, a row each."
	f.Look = "Rows that are labelled with the test that they belong to. Samples beside the same turned over, shuffled or with statistics of the batch should differ as the labels say."
	f.Number = "The verdict stands below the sheet in the picture; dcganviz doctor prints each test with its figures and limits."
	f.Alt = "A contact sheet of a model's examination, a labelled row of images for each test"
	return nil
}
