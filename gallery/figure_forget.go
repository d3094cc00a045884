package gallery

import (
	"encoding/json"
	"fmt"
)

// A forgetting is what the page needs of what forget answers.
type forgetting struct {
	Seed    *uint64 `json:"measured_seed"`
	Concept string
	Samples int
	Probe   struct{ Layer string }
	Dropped struct{ Count, Of int }
	Area    struct{ Before interval }
	Judge   struct {
		AUC interval `json:"auc_heldout"`
	}
	Random    control
	Matched   control `json:"energy_matched"`
	Undropped struct{ Logit interval }
	Methods   []struct {
		Name, Layer string
		Count, Of   int
		Area        interval
		Removed     interval
		OutsideRMSE interval `json:"outside_rmse"`
		Logit       interval
	}
}

type control struct {
	Draws       int
	Removed     spread
	OutsideRMSE spread `json:"outside_rmse"`
}

// methodWords say what a method does.
var methodWords = map[string]string{
	"paper":     "holds maps of positive weight at zero, as in the paper",
	"mean":      "holds them at their means instead",
	"causal":    "holds maps at zero that were measured to take the concept away",
	"erase":     "projects the concept's direction out of all activations",
	"fill":      "replaces activations where the classifier finds the concept",
	"fill-seen": "replaces activations where a scorer sees it in the image",
}

func (f *figure) forget(numbers []byte) error {
	var a forgetting
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	if len(a.Methods) == 0 {
		return fmt.Errorf("no methods")
	}
	if f.Command == "forget" && a.Concept != "" {
		f.Title = "Forgetting a concept: " + a.Concept
	}
	first := a.Methods[0]
	f.Done = fmt.Sprintf("A classifier learnt, from the activations of layer %s of G, where a %s is drawn. Then G drew the same samples again without what says so: by %s, %s.",
		first.Layer, a.Concept, plural(len(a.Methods), "method"), "each acting on activations and never on pixels")
	if first.Count > 0 {
		f.Done = fmt.Sprintf("A classifier learnt, from the %d feature maps of layer %s of G, where a %s is drawn. Then G drew the same samples again, with %d of the maps held at zero, and by further methods where the picture has more rows. All act on activations, none on pixels.",
			first.Of, first.Layer, a.Concept, first.Count)
	}
	f.Look = fmt.Sprintf("Move the slider: does the %s go, and does everything else stay? The plots below show how much goes against how much else changes; up and to the left is better.", a.Concept)
	f.Number = fmt.Sprintf("An independent judge (AUC %.3f on real pictures) finds the concept (%s) on %s of the pixels of %d samples, and with the method %q on %s: %s of it is removed. Elsewhere pixels change by RMSE %s on a scale from -1 to 1.",
		a.Judge.AUC.Mean, a.Concept, percent(a.Area.Before.Mean), a.Samples, first.Name, percent(first.Area.Mean), first.Removed.percent(), first.OutsideRMSE)
	if len(a.Methods) > 1 {
		best := a.Methods[1]
		for _, m := range a.Methods[1:] {
			if m.Removed.Mean > best.Removed.Mean {
				best = m
			}
		}
		f.Number += fmt.Sprintf(" Of the other methods %q removes most: %s, at RMSE %s.", best.Name, best.Removed.percent(), best.OutsideRMSE)
	}
	if a.Random.Draws > 0 {
		f.Control = fmt.Sprintf("As many maps at random remove %s at RMSE %s; as many of like energy remove %s at RMSE %s. A method has to beat both to have found the maps that draw the %s.",
			a.Random.Removed.percent(), a.Random.OutsideRMSE, a.Matched.Removed.percent(), a.Matched.OutsideRMSE, a.Concept)
	}
	f.Alt = fmt.Sprintf("Rows of the same samples, as drawn and with %s forgotten by %s, above plots of what is removed against what else changes", a.Concept, plural(len(a.Methods), "method"))
	f.Table = &table{Caption: "What each method does: " + a.Concept, Columns: []column{
		{"Method", ""}, {"Removed", "share of the concept's area that is gone, by the judge"}, {"RMSE outside", "change of pixels elsewhere"},
		{"D's logit", fmt.Sprintf("%.2f as drawn", a.Undropped.Logit.Mean)}, {"What it does", ""},
	}}
	for _, m := range a.Methods {
		f.Table.Rows = append(f.Table.Rows, []cell{
			{Text: m.Name, Sort: m.Name}, {Text: m.Removed.percent(), Sort: fmt.Sprint(m.Removed.Mean)},
			number(m.OutsideRMSE.Mean, "%.3f"), number(m.Logit.Mean, "%.2f"), {Text: methodWords[m.Name]},
		})
	}
	a.place(f)
	return nil
}

// place makes the samples tiles: a row as drawn, and one for each method.
func (a *forgetting) place(f *figure) {
	if len(f.tiles) == 0 {
		return
	}
	columns, rows := f.tiles[0].Columns, 1+len(a.Methods)
	if columns < 1 || columns > mostTiles {
		return
	}
	g, ok := f.group(0, columns*rows)
	if !ok {
		return
	}
	for i := range g.Count {
		column, row := i%columns, i/columns
		name, text, command := fmt.Sprintf("Sample %d", column), "As G draws it.", ""
		if a.Seed != nil {
			text, command = fmt.Sprintf("As G draws latent number %d of seed %d.", column, *a.Seed), f.draws(*a.Seed, column, 1)
		}
		if row > 0 {
			m := a.Methods[row-1].Name
			name += ", " + m
			text = fmt.Sprintf("Without %s, by the method %s.", a.Concept, m)
			if command != "" {
				text += " The command draws it as it was."
			}
		}
		f.add(g, i, name, text, command)
	}
	for _, m := range a.Methods {
		f.Data.Wipe = append(f.Data.Wipe, "forgotten, by "+m.Name)
	}
}
