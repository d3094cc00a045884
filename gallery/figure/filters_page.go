package figure

import (
	"fmt"
	"math"

	"dcganviz/gallery"
)

// ruleWords say how a map is made.
func ruleWords(rule string) string {
	switch rule {
	case "guided":
		return "by guided backpropagation, which follows only what raises the response"
	case "deconvnet":
		return "by the deconvnet's rule, which follows only what is passed back as positive"
	case "gradient":
		return "by its gradient"
	}
	return fmt.Sprintf("by the rule %q", rule)
}

// Describe says on the page what the units respond to.
func (a *FiltersResult) Describe(b *Block) error {
	units := a.Trained.Units
	if len(units) == 0 || len(units) > gallery.MostTiles {
		return fmt.Errorf("%d units", len(units))
	}
	b.Done = fmt.Sprintf("For %s of layer %s of the discriminator D, the images that they respond to most were found among %d (%s). A map says which pixels a response came from, %s.",
		plural(len(units), "unit"), a.Layer, a.Pictures.Count, a.Pictures.Title, ruleWords(a.Rule.String()))
	b.Look = "Does a unit of the trained net pick out one thing, on all of its images? The untrained net of the same shape beside it says what a net shows that has learnt nothing."
	b.say(a.words())
	b.Alt = fmt.Sprintf("A row for each of %s: maps of an untrained net, maps of the trained one, and the images, with the parts that the unit sees in frames", plural(len(units), "unit"))
	b.Table = &gallery.Table{Caption: "The units of " + a.Layer, Columns: []gallery.Column{
		{Name: "Unit"}, {Name: "Maps"}, {Name: "Images"}, {Name: "Largest response", Hint: "activation"}, {Name: "Above the mean", Hint: "in standard deviations of the unit"},
	}}
	each := len(units[0].Top)
	maps, ok := b.Group(1, each*len(units))
	images, also := b.Group(2, each*len(units))
	ok = ok && also && 2*each*len(units) <= gallery.MostTiles
	for i, u := range units {
		if len(u.Top) != each || each == 0 {
			return fmt.Errorf("unit %d has %d responses, want %d", u.Unit, len(u.Top), each)
		}
		var of [2]gallery.Cell
		for j, top := range u.Top {
			if !ok {
				break
			}
			name := a.Pictures.Names[top.Image]
			if name == "" {
				name = fmt.Sprintf("image %d", top.Image)
			}
			text := fmt.Sprintf("Response %.3g of unit %d to %s.", top.Value, u.Unit, name)
			of[0].Tiles, of[1].Tiles = append(of[0].Tiles, len(b.Data.Tiles)), append(of[1].Tiles, len(b.Data.Tiles)+1)
			b.Add(maps, i*each+j, fmt.Sprintf("Unit %d, map %d", u.Unit, j+1), text, "")
			b.Add(images, i*each+j, fmt.Sprintf("Unit %d, image %d", u.Unit, j+1), text, "")
		}
		above := math.NaN()
		if u.SD > 0 {
			above = (u.Top[0].Value - u.Mean) / u.SD
		}
		row := []gallery.Cell{gallery.Number(float64(u.Unit), "%.0f"), of[0], of[1], gallery.Number(u.Top[0].Value, "%.2f"), {Text: "–"}}
		if !math.IsNaN(above) {
			row[4] = gallery.Number(above, "%.1f")
		}
		b.Table.Rows = append(b.Table.Rows, row)
	}
	return nil
}
