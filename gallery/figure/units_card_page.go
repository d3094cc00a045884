package figure

import (
	"fmt"

	"dcganviz/probe/units"
)

// cardRows are the rows of a unit's card.
var cardRows = []string{"as drawn", "without the unit", "the change"}

// describeCard says what the card of one unit shows.
func (a *UnitsResult) describeCard(b *Block, u *units.Unit) error {
	layer, hold, seed := a.Layer, a.Hold, a.Seed
	b.Title = fmt.Sprintf("Unit %d of %s", u.Unit, layer)
	b.Done = fmt.Sprintf("A unit is one channel of a layer of G. The samples of seed %d that drive this one most are shown: as drawn, with its area, where it is most active, outlined; with the unit held at %s; and the change, amplified, where grey is none.", seed, hold)
	b.Look = "What do the outlined parts have in common? Move the slider: does it go when the unit is held, and does the rest stay?"
	b.say(a.words())
	b.Alt = fmt.Sprintf("Unit %d of layer %s: samples as drawn with its area outlined, with the unit held, and the change", u.Unit, layer)
	g, ok := b.Group(0, len(cardRows)*len(u.Top))
	if !ok || len(u.Top) == 0 {
		return nil
	}
	for i := range g.Count {
		top, row := u.Top[i%len(u.Top)], i/len(u.Top)
		text := fmt.Sprintf("Of sample %d of seed %d, which drives the unit to %.3g.", top.Sample, seed, top.Activation)
		command := b.draws(seed, top.Sample, 1)
		if command != "" {
			text += " The command draws the sample, without an outline."
		}
		b.Add(g, i, fmt.Sprintf("Sample %d, %s", top.Sample, cardRows[row]), text, command)
	}
	b.Data.Wipe = cardRows[1:]
	return nil
}
