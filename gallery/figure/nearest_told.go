package figure

import (
	"context"
	"fmt"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/nearest"
)

// Told says whether a G of classes draws what it is told: whether the training picture
// nearest to a sample, in pixels, is of the sample's class.
type Told struct {
	// Classes are those of the samples, and Right the share of each class's samples that
	// are nearest to a picture of it.
	Classes []string  `json:"classes"`
	Right   []float64 `json:"right"`
	// Samples is that share of all of them, Heldout that of held-out pictures: what a G
	// has that draws as the pictures are.
	Samples float64 `json:"samples"`
	Heldout float64 `json:"heldout"`
	// Chance is one of as many classes as the training pictures have.
	Chance float64 `json:"chance"`
}

// told compares the classes; nil if G knows none, or if the pictures' are not G's.
func (c *Nearest) told(ctx context.Context, lab *Lab, all nearest.Pictures, training, heldout *photos) (*Told, error) {
	if lab.Model.G.Config().Condition.Classes == 0 || c.Between || training.classes == nil || heldout.classes == nil {
		return nil, nil
	}
	names := slices.Compact(slices.Sorted(slices.Values(training.classes)))
	number := func(classes []string) (out []int) {
		for _, name := range classes {
			out = append(out, slices.Index(names, name))
		}
		return out
	}
	var drawn []string
	for _, class := range lab.Model.G.Classes(0, c.Samples) {
		drawn = append(drawn, lab.className(class))
	}
	samples, labels := number(drawn), number(training.classes)
	if slices.Contains(samples, -1) {
		lab.note("the classes of %s are not those that G was told, so they are not compared", training.title)
		return nil, nil
	}
	of := func(x model.Tensor) ([]int, error) {
		return nearest.Labels(ctx, lab.Pool, flat(x), flat(all.Training), labels)
	}
	found, err := of(all.Samples)
	if err != nil {
		return nil, err
	}
	held, err := of(all.Heldout)
	if err != nil {
		return nil, err
	}
	t := &Told{Heldout: agreement(held, number(heldout.classes)), Samples: agreement(found, samples), Chance: 1 / float64(len(names))}
	for k, name := range names {
		var a, b []int
		for i, class := range samples {
			if class == k {
				a, b = append(a, found[i]), append(b, class)
			}
		}
		if len(a) > 0 {
			t.Classes, t.Right = append(t.Classes, name), append(t.Right, agreement(a, b))
		}
	}
	return t, nil
}

// agreement is in how many places two lists are the same.
func agreement(a, b []int) float64 {
	same := 0
	for i, v := range a {
		if v == b[i] {
			same++
		}
	}
	return float64(same) / float64(len(a))
}

// says the result in words.
func (t *Told) says() string {
	least := 0
	for i, v := range t.Right {
		if v < t.Right[least] {
			least = i
		}
	}
	text := fmt.Sprintf("Of the class that G was told is the nearest training picture, in pixels, for %s of the samples", percent(t.Samples))
	if len(t.Right) > 1 {
		text += fmt.Sprintf(" (fewest for %s, %s)", t.Classes[least], percent(t.Right[least]))
	}
	return text + fmt.Sprintf(", for %s of held-out pictures, and by chance for %s.", percent(t.Heldout), percent(t.Chance))
}
