package gallery

import (
	"encoding/json"
	"fmt"
	"strings"
)

func (f *figure) nearest(numbers []byte) error {
	type group struct {
		Median, AUC, Copies interval
		Flagged             bool
		Nearest             [][]struct {
			Index    int
			Distance float64
		}
	}
	var a struct {
		Seed                 uint64
		TrainingSet          string `json:"training_set"`
		Training, Neighbours int
		Samples              int
		Chance               float64
		Shown                []int
		TrainingPictures     []string `json:"training_pictures"`
		Spaces               []struct {
			Name               string
			Samples, Memoriser group
		}
	}
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	if len(a.Spaces) == 0 || a.Neighbours < 1 || a.Neighbours > mostTiles || len(a.Spaces) > 16 || len(a.Shown) > mostTiles {
		return fmt.Errorf("%d neighbours in %d spaces", a.Neighbours, len(a.Spaces))
	}
	f.Done = fmt.Sprintf("For each of %d samples the nearest of %d training pictures (%s) were found, in pixels and in D's features. The figure shows the first samples, and those that are nearest of all.", a.Samples, a.Training, a.TrainingSet)
	f.Look = "Is a training picture the same image as the sample at the left? A likeness in colours and layout is no copy."
	var said, controls []string
	flagged, seen := false, true
	for _, s := range a.Spaces {
		in := spaceName(s.Name)
		said = append(said, fmt.Sprintf("in %s %s of the samples", in, s.Samples.Copies.percent()))
		controls = append(controls, fmt.Sprintf("in %s %s are found", in, s.Memoriser.Copies.percent()))
		flagged, seen = flagged || s.Samples.Flagged, seen && s.Memoriser.Flagged
	}
	verdict := "the model is not flagged"
	if flagged {
		verdict = "the model is flagged: it copies"
	}
	f.Number = fmt.Sprintf("As near to a training picture as copies are: %s. Of real pictures held out from training at most %s are, by chance: %s.", strings.Join(said, "; "), percent(a.Chance), verdict)
	verdict = "so copies would be seen."
	if !seen {
		verdict = "which was not flagged everywhere, so nothing follows from the number."
	}
	f.Control = "Of copies that were made on purpose, training pictures moved by a pixel and with noise, " + strings.Join(controls, "; ") + ", " + verdict
	f.Alt = "Rows of a sample and its nearest training pictures with their distances, above the distribution of those"
	columns := 1 + len(a.Spaces)*(1+a.Neighbours)
	g, ok := f.group(0, columns*(len(a.Shown)+1))
	if !ok {
		return nil
	}
	for row, n := range a.Shown {
		f.add(g, row*columns, fmt.Sprintf("Sample %d", n), fmt.Sprintf("Drawn from latent number %d of seed %d.", n, a.Seed), f.draws(a.Seed, n, 1))
		for k, s := range a.Spaces {
			if n < 0 || n >= len(s.Samples.Nearest) || len(s.Samples.Nearest[n]) != a.Neighbours {
				return fmt.Errorf("sample %d has no neighbours", n)
			}
			for j, hit := range s.Samples.Nearest[n] {
				text := fmt.Sprintf("Distance %.3f from sample %d in %s.", hit.Distance, n, spaceName(s.Name))
				if hit.Index >= 0 && hit.Index < len(a.TrainingPictures) {
					text = a.TrainingPictures[hit.Index] + ". " + text
				}
				f.add(g, row*columns+2+k*(1+a.Neighbours)+j, "A training picture", text, "")
			}
		}
	}
	return nil
}

func spaceName(name string) string {
	if name == "features" {
		return "D's features"
	}
	return name
}
