package figure

import (
	"fmt"

	"dcganviz/gallery"
)

// Describe says on the page whether the model copies.
func (a *NearestResult) Describe(b *Block) error {
	if len(a.Spaces) == 0 || a.Neighbours < 1 || a.Neighbours > gallery.MostTiles || len(a.Spaces) > 16 || len(a.Shown) > gallery.MostTiles {
		return fmt.Errorf("%d neighbours in %d spaces", a.Neighbours, len(a.Spaces))
	}
	b.Done = fmt.Sprintf("For each of %d samples the nearest of %d training pictures (%s) were found, in pixels and in D's features. The figure shows the first samples, and those that are nearest of all.", a.Samples, a.Training, a.TrainingSet)
	b.Look = "Is a training picture the same image as the sample at the left? A likeness in colours and layout is no copy."
	b.say(a.words())
	b.Alt = "Rows of a sample and its nearest training pictures with their distances, above the distribution of those"
	columns := 1 + len(a.Spaces)*(1+a.Neighbours)
	g, ok := b.Group(0, columns*(len(a.Shown)+1))
	if !ok {
		return nil
	}
	for row, n := range a.Shown {
		b.Add(g, row*columns, fmt.Sprintf("Sample %d", n), fmt.Sprintf("Drawn from latent number %d of seed %d.", n, a.Seed), b.draws(a.Seed, n, 1))
		for k, s := range a.Spaces {
			if n < 0 || n >= len(s.Samples.Hits) || len(s.Samples.Hits[n]) != a.Neighbours {
				return fmt.Errorf("sample %d has no neighbours", n)
			}
			for j, hit := range s.Samples.Hits[n] {
				text := fmt.Sprintf("Distance %.3f from sample %d in %s.", hit.Distance, n, spaceName(s.Name))
				if hit.Index >= 0 && hit.Index < len(a.TrainingPictures) {
					text = a.TrainingPictures[hit.Index] + ". " + text
				}
				b.Add(g, row*columns+2+k*(1+a.Neighbours)+j, "A training picture", text, "")
			}
		}
	}
	return nil
}
