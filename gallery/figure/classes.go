package figure

import (
	"slices"
	"strconv"
	"strings"

	"dcganviz/model"
)

// allClasses is the value of --class that draws a sheet of every class.
const allClasses = "all"

// choose gives the lab's G the latents of the class that the source names.
func (l *Lab) choose(class string) error {
	if class == "" {
		return nil
	}
	of, d := 0, l.Model.D
	if l.Model.G != nil {
		of = l.Model.G.Config().Condition.Classes
	}
	told := d != nil && d.Config().DCondition.Classes > 0
	if l.Model.G == nil && told {
		of = d.Config().DCondition.Classes
	}
	if of == 0 {
		return usage("--class %s: %s draws no classes, or its file does not say so (--classes)", class, l.Model.Title)
	}
	if class == allClasses {
		return nil
	}
	// A name goes first: of folders 1, 2 and 10 the class 10 is the second.
	number := slices.Index(l.Model.Meta.Classes(), class)
	var err error
	if number < 0 {
		if number, err = strconv.Atoi(class); err != nil {
			return usage("--class is %.80q, want 0 to %d, %s%s", class, of-1, allClasses, orNames(l.Model.Meta.Classes()))
		}
	}
	if number < 0 || number >= of {
		return usage("--class is %d, want 0 to %d, or %s", number, of-1, allClasses)
	}
	if told {
		if l.Model.D, err = d.OfClass(number); err != nil {
			return err
		}
	}
	if l.Model.G != nil {
		l.Model.G, err = l.Model.G.OfClass(number)
	}
	return err
}

func orNames(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " or one of " + strings.Join(names, ", ")
}

// className is what a class is called.
func (l *Lab) className(class int) string {
	if names := l.Model.Meta.Classes(); class < len(names) {
		return names[class]
	}
	return strconv.Itoa(class)
}

// perClass returns the same noise for each of the first classes, a class after the other:
// latents first to first+each-1 of a seed.
func perClass(g *model.G, classes int, seed uint64, first, each int) (z model.Tensor, err error) {
	z = model.NewTensor(classes*each, g.Config().LatentDim)
	for class := range classes {
		of, err := g.OfClass(class)
		if err != nil {
			return z, err
		}
		copy(z.Slice(class*each, (class+1)*each).Data, of.Latents(seed, first, each).Data)
	}
	return z, nil
}

// noise returns the noise of n latents, and the row of the one class that they are of;
// the row is empty without classes. Whoever goes from latent to latent goes through
// noise: what lies between two classes' rows is no class.
func (o *LatentOptions) noise(n int, g *model.G, lab *Lab) (z, noise model.Tensor, row []float32, err error) {
	classes := g.Config().Condition.Classes
	if classes > 0 && g.Class() < 0 && o.Z == "" {
		first := o.First
		if len(o.numbers) > 0 {
			first = o.numbers[0]
		}
		if g, err = g.OfClass(first % classes); err != nil {
			return z, noise, nil, err
		}
		if d := lab.Model.D; d != nil && d.Class() < 0 && d.Config().DCondition.Classes == classes {
			if lab.Model.D, err = d.OfClass(g.Class()); err != nil {
				return z, noise, nil, err
			}
		}
		lab.note("all images are of class %s, that of the first latent: --class takes another", lab.className(g.Class()))
	}
	if z, err = o.latents(n, g); err != nil {
		return z, noise, nil, err
	}
	noise, rows, err := g.Split(z)
	if err != nil || rows.Len() == 0 || rows.Shape[1] == 0 {
		return z, noise, nil, err
	}
	row = rows.Row(0)
	for i := range rows.Len() {
		if !slices.Equal(rows.Row(i), row) {
			return z, noise, nil, usage("--z %s holds latents of several classes, want one", o.Z)
		}
	}
	return z, noise, row, nil
}
