package figure

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/features"
	"dcganviz/probe/nearest"
	"dcganviz/probe/tsne"
)

// The values of --colour.
const (
	colourAuto  = "auto"
	colourClass = "class"
)

// Labelled are the pictures whose classes samples were given, each that of the nearest.
type Labelled struct {
	Set      string `json:"set"`
	Pictures int    `json:"pictures"`
	// Right is the share of these pictures whose nearest other one has their class: how
	// far the guess can be trusted.
	Right float64 `json:"right"`
	Space string  `json:"space"`
}

// mostLabelled is how many labelled pictures are looked at.
const mostLabelled = 2000

// leastColoured is from how many classes on samples are coloured by them unasked: two are a
// concept and what lacks it.
const leastColoured = 3

// classify gives samples classes: those that G was told, or that of the nearest of the
// labelled pictures that come with the model.
func (c *TSNE) classify(ctx context.Context, lab *Lab, g *model.G, m *material, x model.Tensor) error {
	if c.Colour != colourAuto && c.Colour != colourClass {
		return nil
	}
	if n := g.Config().Condition.Classes; n > 0 {
		var names []string
		for _, class := range g.Classes(0, c.N) {
			names = append(names, lab.className(class))
		}
		m.label(names)
		return nil
	}
	if _, ok := lab.embedded("train"); !ok {
		if c.Colour == colourClass {
			return usage("--colour class: G draws no classes, and no labelled pictures come with %s", lab.Model.Title)
		}
		return nil
	}
	p, err := lab.photos(ctx, PhotoOptions{}, "train", mostLabelled)
	if err != nil {
		return err
	}
	known := &material{}
	known.label(p.classes)
	if len(known.classes) < 2 || c.Colour == colourAuto && len(known.classes) < leastColoured {
		if c.Colour == colourClass {
			return usage("--colour class: the pictures that come with %s have no classes", lab.Model.Title)
		}
		return nil
	}
	a, b, space, err := likenessOf(ctx, lab, x, p.Tensor)
	if err != nil {
		return err
	}
	if m.labels, err = nearest.Labels(ctx, lab.Pool, a, b, known.labels); err != nil {
		return err
	}
	m.classes = known.classes
	m.labelled = &Labelled{Set: p.title, Pictures: p.Len(), Space: space}
	m.labelled.Right, err = tsne.NearestLabel(ctx, lab.Pool, b, known.labels)
	return err
}

// likenessOf returns what makes samples and pictures alike: D's features, or pixels where
// there is no D.
func likenessOf(ctx context.Context, lab *Lab, samples, photos model.Tensor) (a, b model.Tensor, space string, err error) {
	if lab.Model.D == nil {
		return flat(samples), flat(photos), "pixels", nil
	}
	net, err := lab.Discriminator()
	if err != nil {
		return a, b, "", err
	}
	if a, err = features.Of(ctx, net, samples, lab.run()); err != nil {
		return a, b, "", err
	}
	if b, err = features.Of(ctx, net, photos, lab.run()); err != nil {
		return a, b, "", err
	}
	w, err := features.Weigh(net, b)
	if err != nil {
		return a, b, "", err
	}
	w.Apply(a)
	w.Apply(b)
	return a, b, "D's features", nil
}

// flat is x with a row for each image.
func flat(x model.Tensor) model.Tensor {
	return model.Tensor{Shape: []int{x.Len(), len(x.Data) / x.Len()}, Data: x.Data}
}

// says explains where the classes of samples come from.
func (l *Labelled) says() string {
	return fmt.Sprintf("the class of the nearest of %d labelled pictures (%s), which is right for %s of these", l.Pictures, l.Space, percent(l.Right))
}
