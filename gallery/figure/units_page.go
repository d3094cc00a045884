package figure

import (
	"fmt"
	"strconv"
	"strings"

	"dcganviz/gallery"
	"dcganviz/probe/units"
)

// drivers are the samples that drive a unit most.
func drivers(u *units.Unit) string {
	var words []string
	for _, t := range u.Top {
		words = append(words, strconv.Itoa(t.Sample))
	}
	return strings.Join(words, ", ")
}

// Describe says on the page what the units draw.
func (a *UnitsResult) Describe(b *Block) error {
	if len(a.Units) == 0 || len(a.Units) > gallery.MostTiles {
		return fmt.Errorf("%d units", len(a.Units))
	}
	b.Done = fmt.Sprintf("A unit is one channel of layer %s of G, a map of %dx%d numbers. For each the samples of seed %d that drive it most are shown, dimmed where it is not active, and last what changes when it is held at %s, amplified; grey is no change.",
		a.Layer, a.Height, a.Width, a.Seed, a.Hold)
	b.Look = "What do the bright parts of one unit have in common, and does the change lie there too? Sort the table to find units that matter."
	b.Alt = fmt.Sprintf("For each of %d units of layer %s: samples with the parts where the unit is active, and what changes without it", len(a.Units), a.Layer)
	if len(a.Order) == 0 {
		return a.describeCard(b, &a.Units[0])
	}
	byUnit := make(map[int]*units.Unit)
	for i := range a.Units {
		byUnit[a.Units[i].Unit] = &a.Units[i]
	}
	b.say(a.words())
	b.Table = &gallery.Table{Caption: "The units of " + a.Layer, Columns: []gallery.Column{
		{Name: "Unit"}, {Name: "Samples that drive it most, and the change"}, {Name: "Effect", Hint: "RMSE of images without it"}, {Name: "In/out", Hint: "change where it is active over change elsewhere"},
		{Name: "Control", Hint: "in/out with its areas of other samples"}, {Name: "Area", Hint: "share of the image where it is active"},
	}}
	if a.Concept != "" {
		b.Table.Columns = append(b.Table.Columns, gallery.Column{Name: "Overlap", Hint: "of its area with the " + a.Concept + ", intersection over union; by chance in brackets"})
	}
	b.Table.Columns = append(b.Table.Columns, gallery.Column{Name: "D's logit", Hint: "its change without the unit"})
	g, placed := b.Group(0, len(a.Order))
	for i, k := range a.Order {
		u := byUnit[k]
		if u == nil {
			return fmt.Errorf("unit %d is ordered and not there", k)
		}
		picture := gallery.Cell{}
		if placed {
			picture.Tiles = []int{len(b.Data.Tiles)}
			b.Add(g, i, fmt.Sprintf("Unit %d", k), fmt.Sprintf("Samples %s drive it most. The command draws its card.", drivers(u)), b.command("units", "--layer %s --seed %d --unit %d --out %s-unit%d.png", a.Layer, a.Seed, k, a.Layer, k))
		}
		row := []gallery.Cell{gallery.Number(float64(k), "%.0f"), picture, gallery.Number(u.Effect.Mean, "%.3f"), optional(u.Concentration, "%.1f"), optional(u.Shuffled, "%.1f"),
			{Text: fmt.Sprintf("%.1f%%", 100*u.Area), Sort: fmt.Sprint(u.Area)}}
		if a.Concept != "" {
			c := gallery.Cell{Text: "–"}
			if u.Concept != nil {
				c = gallery.Cell{Text: fmt.Sprintf("%.2f (%.2f)", u.Concept.IoU.Mean, u.Concept.Chance), Sort: fmt.Sprint(u.Concept.IoU.Mean)}
			}
			row = append(row, c)
		}
		b.Table.Rows = append(b.Table.Rows, append(row, optional(u.Logit, "%+.3f")))
	}
	return nil
}
