package figure

import (
	"fmt"

	"dcganviz/gallery"
)

// Describe says on the page how far the images follow the turn.
func (a *TurnResult) Describe(b *Block) error {
	from, to := shown(a.From), shown(a.To)
	if a.Steps < 2 || a.Steps > gallery.MostTiles || len(a.Through) > gallery.MostTiles {
		return fmt.Errorf("%d steps through %d samples", a.Steps, len(a.Through))
	}
	b.Title = fmt.Sprintf("From %s to %s", from, to)
	b.Done = fmt.Sprintf("The mean latent of %d samples that show %s, less that of %d that show %s, is a vector. %s, in the middle of their rows, were moved along it: back to the left, forth to the right.",
		a.Averaged[1], to, a.Averaged[0], from, plural(len(a.Through), "other sample"))
	b.Look = fmt.Sprintf("Does each row go from %s to %s, and does it stay the same picture otherwise?", from, to)
	b.say(a.words())
	b.Alt = fmt.Sprintf("%s of %d images, each going from %s to %s, above plots of what is measured along them", plural(len(a.Through), "row"), a.Steps, from, to)
	if g, ok := b.Group(0, a.Steps*len(a.Through)); ok {
		for i := range g.Count {
			n, at := a.Through[i/a.Steps], a.Reach*(float64(i%a.Steps)/float64(a.Steps-1)-.5)
			b.Add(g, i, fmt.Sprintf("Sample %d %+.2g", n, at),
				fmt.Sprintf("Latent number %d of seed %d with %+.2g of the vector from %s to %s. The command draws it without.", n, a.Seed, at, from, to), b.draws(a.Seed, n, 1))
		}
	}
	return nil
}
