package gallery

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A unit is what the page needs of one of G's.
type unit struct {
	Unit int
	Dead bool
	Area float64
	Top  []struct {
		Sample     int
		Activation float64
	}
	Effect        interval
	Concentration *interval
	Shuffled      *interval `json:"concentration_shuffled"`
	Logit         *interval
	Concept       *struct {
		IoU      interval `json:"iou"`
		Chance   float64
		ChanceHi float64 `json:"chance_hi"`
	}
}

// samples are those that drive it most.
func (u *unit) samples() string {
	var words []string
	for _, t := range u.Top {
		words = append(words, strconv.Itoa(t.Sample))
	}
	return strings.Join(words, ", ")
}

func (f *figure) units(numbers []byte) error {
	var a struct {
		Seed          uint64
		Layer, Hold   string
		Height, Width int
		Of            int
		Samples       int
		Held          int `json:"held_samples"`
		Quantile      float64
		Units         []unit
		Concept       string
		Order         []int
	}
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	if len(a.Units) == 0 || len(a.Units) > mostTiles {
		return fmt.Errorf("%d units", len(a.Units))
	}
	f.Done = fmt.Sprintf("A unit is one channel of layer %s of G, a map of %dx%d numbers. For each the samples of seed %d that drive it most are shown, dimmed where it is not active, and last what changes when it is held at %s, amplified; grey is no change.",
		a.Layer, a.Height, a.Width, a.Seed, a.Hold)
	f.Look = "What do the bright parts of one unit have in common, and does the change lie there too? Sort the table to find units that matter."
	f.Alt = fmt.Sprintf("For each of %d units of layer %s: samples with the parts where the unit is active, and what changes without it", len(a.Units), a.Layer)
	if len(a.Order) == 0 {
		return f.unitCard(&a.Units[0], a.Layer, a.Hold, a.Concept, a.Seed)
	}
	byUnit := make(map[int]*unit)
	painting, with := 0, 0
	for i := range a.Units {
		u := &a.Units[i]
		byUnit[u.Unit] = u
		if u.Concentration != nil && u.Shuffled != nil {
			with++
			if u.Concentration.Lo > u.Shuffled.Hi {
				painting++
			}
		}
	}
	f.Number = fmt.Sprintf("In/out says how many times as much a unit changes where it is active as elsewhere: 1 is no more. For %d of %d units it is beyond the control.", painting, with)
	f.Control = "The same with the unit's areas of other samples, which knows the places that the unit is fond of but not this image. Overlap with a concept is compared with shuffled samples."
	f.Table = &table{Caption: "The units of " + a.Layer, Columns: []column{
		{"Unit", ""}, {"Samples that drive it most, and the change", ""}, {"Effect", "RMSE of images without it"}, {"In/out", "change where it is active over change elsewhere"},
		{"Control", "in/out with its areas of other samples"}, {"Area", "share of the image where it is active"},
	}}
	if a.Concept != "" {
		f.Table.Columns = append(f.Table.Columns, column{"Overlap", "of its area with the " + a.Concept + ", intersection over union; by chance in brackets"})
	}
	f.Table.Columns = append(f.Table.Columns, column{"D's logit", "its change without the unit"})
	g, placed := f.group(0, len(a.Order))
	for i, k := range a.Order {
		u := byUnit[k]
		if u == nil {
			return fmt.Errorf("unit %d is ordered and not there", k)
		}
		picture := cell{}
		if placed {
			picture.Tiles = []int{len(f.Data.Tiles)}
			f.add(g, i, fmt.Sprintf("Unit %d", k), fmt.Sprintf("Samples %s drive it most. The command draws its card.", u.samples()), f.command("units", "--layer %s --seed %d --unit %d --out %s-unit%d.png", a.Layer, a.Seed, k, a.Layer, k))
		}
		row := []cell{number(float64(k), "%.0f"), picture, number(u.Effect.Mean, "%.3f"), optional(u.Concentration, "%.1f"), optional(u.Shuffled, "%.1f"),
			{Text: fmt.Sprintf("%.1f%%", 100*u.Area), Sort: fmt.Sprint(u.Area)}}
		if a.Concept != "" {
			c := cell{Text: "–"}
			if u.Concept != nil {
				c = cell{Text: fmt.Sprintf("%.2f (%.2f)", u.Concept.IoU.Mean, u.Concept.Chance), Sort: fmt.Sprint(u.Concept.IoU.Mean)}
			}
			row = append(row, c)
		}
		f.Table.Rows = append(f.Table.Rows, append(row, optional(u.Logit, "%+.3f")))
	}
	return nil
}

// A net is what units of D respond to.
type net struct {
	Units []struct {
		Unit     int
		Mean, SD float64
		Top      []struct {
			Image int
			Value float64
		}
	}
	Maps struct {
		Area        interval `json:"half_energy_area"`
		Selectivity interval
	}
}

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

func (f *figure) filters(numbers []byte) error {
	var a struct {
		Pictures struct {
			Title string
			Count int
			Names map[int]string
		}
		Layer, Rule        string
		Trained, Untrained net
		Sanity             struct {
			Curves []struct {
				Rule   string
				Stages []struct {
					Layer string
					Kept  interval
				}
				Ignores bool `json:"ignores_weights"`
			}
		}
	}
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	units := a.Trained.Units
	if len(units) == 0 || len(units) > mostTiles {
		return fmt.Errorf("%d units", len(units))
	}
	f.Done = fmt.Sprintf("For %s of layer %s of the discriminator D, the images that they respond to most were found among %d (%s). A map says which pixels a response came from, %s.",
		plural(len(units), "unit"), a.Layer, a.Pictures.Count, a.Pictures.Title, ruleWords(a.Rule))
	f.Look = "Does a unit of the trained net pick out one thing, on all of its images? The untrained net of the same shape beside it says what a net shows that has learnt nothing."
	f.Number = fmt.Sprintf("The largest responses lie %.1f standard deviations above the units' means, and half of a map's energy lies on %s of the field that the unit sees: the smaller, the more a map points at one thing.", a.Trained.Maps.Selectivity.Mean, percent(a.Trained.Maps.Area.Mean))
	f.Control = fmt.Sprintf("Untrained: %.1f standard deviations, and %s.", a.Untrained.Maps.Selectivity.Mean, percent(a.Untrained.Maps.Area.Mean))
	if c := a.Sanity.Curves; len(c) > 0 && len(c[0].Stages) > 1 {
		s := c[0].Stages[1]
		verdict := "so maps depend on what was learnt"
		if c[0].Ignores {
			verdict = "and with all of them random too much of it, so do not believe these maps"
		}
		f.Control += fmt.Sprintf(" With random weights in %s the maps keep %s of their likeness, %s.", s.Layer, percent(s.Kept.Mean), verdict)
	}
	f.Alt = fmt.Sprintf("A row for each of %s: maps of an untrained net, maps of the trained one, and the images, with the parts that the unit sees in frames", plural(len(units), "unit"))
	f.Table = &table{Caption: "The units of " + a.Layer, Columns: []column{
		{"Unit", ""}, {"Maps", ""}, {"Images", ""}, {"Largest response", "activation"}, {"Above the mean", "in standard deviations of the unit"},
	}}
	each := len(units[0].Top)
	maps, ok := f.group(1, each*len(units))
	images, also := f.group(2, each*len(units))
	ok = ok && also && 2*each*len(units) <= mostTiles
	for i, u := range units {
		if len(u.Top) != each || each == 0 {
			return fmt.Errorf("unit %d has %d responses, want %d", u.Unit, len(u.Top), each)
		}
		var of [2]cell
		for j, top := range u.Top {
			if !ok {
				break
			}
			name := a.Pictures.Names[top.Image]
			if name == "" {
				name = fmt.Sprintf("image %d", top.Image)
			}
			text := fmt.Sprintf("Response %.3g of unit %d to %s.", top.Value, u.Unit, name)
			of[0].Tiles, of[1].Tiles = append(of[0].Tiles, len(f.Data.Tiles)), append(of[1].Tiles, len(f.Data.Tiles)+1)
			f.add(maps, i*each+j, fmt.Sprintf("Unit %d, map %d", u.Unit, j+1), text, "")
			f.add(images, i*each+j, fmt.Sprintf("Unit %d, image %d", u.Unit, j+1), text, "")
		}
		above := math.NaN()
		if u.SD > 0 {
			above = (u.Top[0].Value - u.Mean) / u.SD
		}
		row := []cell{number(float64(u.Unit), "%.0f"), of[0], of[1], number(u.Top[0].Value, "%.2f"), {Text: "–"}}
		if !math.IsNaN(above) {
			row[4] = number(above, "%.1f")
		}
		f.Table.Rows = append(f.Table.Rows, row)
	}
	return nil
}
