package figure

import (
	"fmt"
	"strings"

	"dcganviz/gallery"
)

// Summary says whether the model copies.
func (a *NearestResult) Summary() []string { return a.words().lines() }

func (a *NearestResult) words() (w Words) {
	var copies, apart, controls []string
	flagged, seen := false, true
	for _, s := range a.Spaces {
		in := "in " + spaceName(s.Name) + " "
		copies = append(copies, fmt.Sprintf("%s%s of the samples (AUC %s)", in, eachPercent(s.Samples.Copies), thousandths(s.Samples.AUC)))
		apart = append(apart, fmt.Sprintf("%s%s from samples, %s from held-out pictures", in, thousandths(s.Samples.Median), thousandths(s.Heldout.Median)))
		controls = append(controls, fmt.Sprintf("%s%s (AUC %s)", in, eachPercent(s.Memoriser.Copies), thousandths(s.Memoriser.AUC)))
		flagged, seen = flagged || s.Samples.Flagged, seen && s.Memoriser.Flagged
	}
	w.Found = fmt.Sprintf("The model does not copy: %d samples, %d training and %d held-out pictures were compared, and it is not flagged.", a.Samples, a.Training, a.Heldout)
	if flagged {
		w.Found = fmt.Sprintf("The model copies: %d samples, %d training and %d held-out pictures were compared, and it is FLAGGED.", a.Samples, a.Training, a.Heldout)
	}
	if !seen {
		w.Found = "Nothing follows from this search: its control, which copies on purpose, was not flagged everywhere."
	}
	w.Number = fmt.Sprintf("As near to a training picture as copies are: %s. Of real pictures held out from training at most %s are, by chance. The median distance to the nearest training picture is %s.", strings.Join(copies, "; "), percent(a.Chance), strings.Join(apart, "; ")) + blindSentence(a.Blind)
	verdict := "so copies are flagged."
	if !seen {
		verdict = "which was NOT FLAGGED everywhere."
	}
	w.Control = "Of copies that were made on purpose, training pictures moved by a pixel and with noise: " + strings.Join(controls, "; ") + ", " + verdict
	return w
}

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
