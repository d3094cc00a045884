package gallery

import (
	"encoding/json"
	"fmt"
)

// sample describes random images.
func (f *figure) sample(numbers []byte) error {
	var a struct {
		Seed    uint64
		First   int
		Z       string
		Images  int
		Logits  []float64
		Variety *struct {
			Pictures               int
			Median, Least, Shifted float64
			Pair                   [2]int
		}
	}
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	from := fmt.Sprintf("those numbered %d to %d of seed %d", a.First, a.First+a.Images-1, a.Seed)
	if a.Z != "" {
		from = "all those of a file"
	}
	f.Done = fmt.Sprintf("The generator G made an image each of %s, lists of random numbers: %s. None was chosen or left out.", plural(a.Images, "latent"), from)
	f.Look = "Variety, and whether details hold together. Images that repeat mean that G has collapsed to a few pictures; straight grids and rainbow noise, that it was not trained for long enough."
	f.Alt = fmt.Sprintf("A sheet of %s drawn by the generator from random latents", plural(a.Images, "image"))
	if v := a.Variety; v != nil {
		f.Number = fmt.Sprintf("From the one that is most like it an image differs by RMSE %.2f (the median of %d) on a scale from -1 to 1; the two that are most alike, samples %d and %d, by %.2f.", v.Median, v.Pictures, a.First+v.Pair[0], a.First+v.Pair[1], v.Least)
		verdict := "so most of these are different pictures."
		if v.Median <= v.Shifted {
			verdict = "so most of these are one picture, or nearly: G has collapsed, or was not trained."
		}
		f.Control = fmt.Sprintf("An image that is moved by one pixel differs from itself by %.2f, %s", v.Shifted, verdict)
	}
	scored := len(a.Logits) == a.Images && a.Images > 0
	if scored {
		sum := 0.0
		for _, v := range a.Logits {
			sum += v / float64(a.Images)
		}
		f.Number += fmt.Sprintf(" D gives them a mean logit of %.2f: above 0 it takes an image for real.", sum)
	}
	g, ok := f.group(0, a.Images)
	if !ok {
		return nil
	}
	for i := range g.Count {
		n := a.First + i
		text, command := fmt.Sprintf("Drawn from latent number %d of seed %d.", n, a.Seed), f.draws(a.Seed, n, 1)
		if a.Z != "" {
			text, command = fmt.Sprintf("Drawn from latent %d of the file.", i), ""
		}
		if scored {
			text += fmt.Sprintf(" D's logit %.3g.", a.Logits[i])
		}
		f.add(g, i, fmt.Sprintf("Sample %d", n), text, command)
	}
	return nil
}

// compare describes samples beside real pictures.
func (f *figure) compare(numbers []byte) error {
	type comparison struct {
		Images    int
		Real      int
		KID       struct{ Value, SE float64 }
		Precision float64
		Recall    float64
		Coverage  float64
	}
	var a struct {
		Seed     uint64
		Images   string
		Shown    int
		Pictures []string
		Whole    comparison
		Halves   []comparison
	}
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	f.Done = fmt.Sprintf("On the left the first %d samples of seed %d, on the right real pictures of %s that lie evenly in the set. Nothing was chosen.", a.Shown, a.Seed, a.Images)
	f.Look = "Could a sample on the left stand among the pictures on the right? Look for what samples lack, repeat, or have more often than the pictures do."
	f.Number = fmt.Sprintf("KID, a distance between the two kinds in the features of a fixed random net, is %.2f ± %.2f for %d samples and %d pictures; 0 is no difference. Precision, the share of samples that look like some picture, is %.2f; recall, the share of pictures that look like some sample, %.2f.",
		a.Whole.KID.Value, a.Whole.KID.SE, a.Whole.Images, a.Whole.Real, a.Whole.Precision, a.Whole.Recall)
	if len(a.Halves) >= 2 {
		own, control := a.Halves[0], a.Halves[1]
		f.Control = fmt.Sprintf("Against one half of the pictures, samples have KID %.2f ± %.2f, precision %.2f and recall %.2f; the other half of the pictures, which are real, has %.2f ± %.2f, %.2f and %.2f. No generator does better than that but by chance.",
			own.KID.Value, own.KID.SE, own.Precision, own.Recall, control.KID.Value, control.KID.SE, control.Precision, control.Recall)
	}
	f.Alt = fmt.Sprintf("Two sheets side by side: %d drawn images, and as many real pictures of %s", a.Shown, a.Images)
	if g, ok := f.group(0, a.Shown); ok {
		f.addSamples(g, a.Seed, func(i int) int { return i })
	}
	if g, ok := f.group(1, len(a.Pictures)); ok {
		for i, name := range a.Pictures {
			f.add(g, i, "A real picture", name, "")
		}
	}
	return nil
}
