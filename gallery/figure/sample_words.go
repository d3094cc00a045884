package figure

import (
	"fmt"
)

// Describe says on the page what was drawn.
func (a *SampleResult) Describe(b *Block) error {
	from := fmt.Sprintf("those numbered %d to %d of seed %d", a.First, a.First+a.Images-1, a.Seed)
	switch {
	case a.Z != "":
		from = "all latents of a file"
	case a.PerClass > 0:
		from = fmt.Sprintf("the same %s in each row, numbered from %d of seed %d, and a class for each row", plural(a.PerClass, "list"), a.First, a.Seed)
	}
	b.Done = fmt.Sprintf("The generator G made an image each of %s, lists of random numbers: %s. None was chosen or left out.", plural(a.Images, "latent"), from)
	b.Look = "Variety, and whether details hold together. Images that repeat mean that G has collapsed to a few pictures; straight grids and rainbow noise, that it was not trained for long enough."
	b.Alt = fmt.Sprintf("A sheet of %s drawn by the generator from random latents", plural(a.Images, "image"))
	b.say(a.Words())
	scored := len(a.Logits) == a.Images && a.Images > 0
	g, ok := b.Group(0, a.Images)
	if !ok {
		return nil
	}
	for i := range g.Count {
		n := a.First + i
		text, command := fmt.Sprintf("Drawn from latent number %d of seed %d.", n, a.Seed), b.draws(a.Seed, n, 1)
		switch {
		case a.Z != "":
			text, command = fmt.Sprintf("Drawn from latent %d of the file.", i), ""
		case a.PerClass > 0:
			n = a.First + i%a.PerClass
			text, command = fmt.Sprintf("Class %d, drawn from latent number %d of seed %d.", i/a.PerClass, n, a.Seed), ""
		}
		if scored {
			text += fmt.Sprintf(" D's logit %.3g.", a.Logits[i])
		}
		b.Add(g, i, fmt.Sprintf("Sample %d", n), text, command)
	}
	return nil
}

// Words say how much the images differ.
func (a *SampleResult) Words() (w Words) {
	if v := a.Variety; v != nil {
		w.Verdict = "Varied: most of these are different pictures."
		if v.Median <= v.Shifted {
			w.Verdict = "Most of these are one picture, or nearly: G has collapsed, or was not trained."
		}
		w.Number = fmt.Sprintf("From the one that is most like it an image differs by RMSE %.2f (the median of %d) on a scale from -1 to 1.", v.Median, v.Pictures)
		w.Control = fmt.Sprintf("An image that is moved by one pixel differs from itself by %.2f.", v.Shifted)
		w.More = some(fmt.Sprintf("The two that are most alike are samples %d and %d: they differ by RMSE %.2f.", a.First+v.Pair[0], a.First+v.Pair[1], v.Least))
	}
	if n := len(a.Logits); n == a.Images && n > 0 {
		w.More = append(w.More, a.judged())
	}
	return w
}
