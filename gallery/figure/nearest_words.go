package figure

import (
	"fmt"
	"strings"

	"dcganviz/gallery"
	"dcganviz/probe/nearest"
)

// Words say whether the model copies.
func (a *NearestResult) Words() (w Words) {
	var copies, apart, controls, needed, tests []string
	flagged, power, least := false, 0.0, 2.0
	for _, s := range a.Spaces {
		in := "in " + spaceName(s.Name) + " "
		copies = append(copies, in+eachPercent(s.Samples.Copies))
		tests = append(tests, fmt.Sprintf("%s%d of %d %s, of held-out pictures %d of %d (p %.2g%s; AUC %s)", in, s.Test.Found, a.Samples, a.what(), s.Test.Expected, a.Heldout, s.Test.P, besideStrangers(s.Test), thousandths(s.Samples.AUC)))
		apart = append(apart, fmt.Sprintf("%s%s from %s, %s from held-out pictures", in, thousandths(s.Samples.Median), a.what(), thousandths(s.Heldout.Median)))
		controls = append(controls, fmt.Sprintf("%s%s", in, eachPercent(s.Memoriser.Copies)))
		needed = append(needed, fmt.Sprintf("%s%s", in, percent(s.Test.Memoriser)))
		flagged = flagged || s.Samples.Flagged
		power, least = max(power, s.Test.Power), min(least, s.Test.Least)
	}
	w.Verdict = "No sign that the model copies."
	switch {
	case flagged:
		w.Verdict = "The model copies."
	case power < seesMemoriser:
		w.Verdict = "Nothing follows from this search: even a model whose every sample is a copy would often pass."
	case least <= 1:
		w.Verdict = fmt.Sprintf("No sign that the model copies; one that copies in fewer than %s of its samples would mostly pass.", percent(least))
	}
	if alone := a.alone(); alone != "" && !flagged {
		w.Verdict = "It is open whether the model copies. " + alone
	}
	w.Number = fmt.Sprintf("As near to a training picture as copies are, of %d %s: %s.", a.Samples, a.what(), andList(copies))
	w.Control = fmt.Sprintf("Of copies that were made on purpose: %s.", andList(controls))
	of := "training pictures moved by a pixel and with noise"
	if a.Mirrors {
		of += ", every second one mirrored"
	}
	w.More = []string{
		fmt.Sprintf("%d of %d training and %d held-out pictures were compared.%s", a.Training, a.trainedOn(), a.Heldout, blindSentence(a.Blind)),
		fmt.Sprintf("As near as copies are %s.", strings.Join(tests, "; ")),
		fmt.Sprintf("The median distance to the nearest training picture is %s.", strings.Join(apart, "; ")),
	}
	if a.Told != nil {
		w.Number += " " + a.Told.says()
	}
	control := fmt.Sprintf("The copies are %s.", of)
	if a.Training < a.trainedOn() {
		control += fmt.Sprintf(" Only %d of the %d pictures that the model was trained on are here to be found, so of copies of all of them it would be %s.", a.Training, a.trainedOn(), strings.Join(needed, "; "))
	}
	w.More = append(w.More, control+fmt.Sprintf(" Beside held-out pictures, the first of the two tests, a model that draws nothing but copies stands out in %s of cases.", percent(power)))
	return w
}

// besideStrangers says how often samples are nearer to training pictures than to pictures
// that the model never saw.
func besideStrangers(t nearest.Test) string {
	if t.Needed == 0 { // older numbers
		return ""
	}
	return fmt.Sprintf("; nearer to a training picture than to any held-out one %s, by chance %s, p %.2g", percent(t.Nearer), percent(t.ByChance), t.PNearer)
}

// alone says that only one of the two tests sees copies.
func (a *NearestResult) alone() string {
	for _, s := range a.Spaces {
		if !s.Samples.Flagged && s.Test.Needed > 0 && s.Test.P <= .025 {
			return "Beside held-out pictures its images look like copies, but they are not nearer to training pictures than to held-out ones by more than chance: dull or noisy images are near to all pictures."
		}
	}
	return ""
}

// what is compared.
func (a *NearestResult) what() string {
	if a.Between {
		return "images half way between two latents"
	}
	return "samples"
}

// seesMemoriser is how often a memoriser has to be flagged for anything to follow from a
// model that is not.
const seesMemoriser = 0.8

// trainedOn is how many pictures the model was trained on; older numbers do not say.
func (a *NearestResult) trainedOn() int { return max(a.TrainedOn, a.Training) }

// Describe says on the page whether the model copies.
func (a *NearestResult) Describe(b *Block) error {
	if len(a.Spaces) == 0 || a.Neighbours < 1 || a.Neighbours > gallery.MostTiles || len(a.Spaces) > 16 || len(a.Shown) > gallery.MostTiles {
		return fmt.Errorf("%d neighbours in %d spaces", a.Neighbours, len(a.Spaces))
	}
	b.Done = fmt.Sprintf("For each of %d %s the nearest of %d training pictures (%s) were found, in pixels and in D's features. The figure shows the first samples, and those that are nearest of all.%s", a.Samples, a.what(), a.Training, a.TrainingSet, a.mirrorSentence())
	b.Look = "Is a training picture the same image as the sample at the left? A likeness in colours and layout is no copy."
	b.say(a.Words())
	b.Alt = "Rows of a sample and its nearest training pictures with their distances, above the distribution of those"
	columns := 1 + len(a.Spaces)*(1+a.Neighbours)
	g, ok := b.Group(0, columns*(len(a.Shown)+1))
	if !ok {
		return nil
	}
	for row, n := range a.Shown {
		if a.Between {
			b.Add(g, row*columns, fmt.Sprintf("Image %d", n), fmt.Sprintf("Half way between samples %d and %d of seed %d, which the command draws.", 2*n, 2*n+1, a.Seed), b.draws(a.Seed, 2*n, 2))
		} else {
			b.Add(g, row*columns, fmt.Sprintf("Sample %d", n), fmt.Sprintf("Drawn from latent number %d of seed %d.", n, a.Seed), b.draws(a.Seed, n, 1))
		}
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
