package figure

import "fmt"

// Describe says on the page how near the samples come.
func (a *CompareResult) Describe(b *Block) error {
	b.Done = fmt.Sprintf("On the left the first %d samples of seed %d, on the right real pictures of %s that lie evenly in the set. Nothing was chosen.", a.Shown, a.Seed, a.Images)
	b.Look = "Could a sample on the left stand among the pictures on the right? Look for what samples lack, repeat, or have more often than the pictures do."
	b.say(a.words())
	b.Alt = fmt.Sprintf("Two sheets side by side: %d drawn images, and as many real pictures of %s", a.Shown, a.Images)
	if g, ok := b.Group(0, a.Shown); ok {
		b.addSamples(g, a.Seed, func(i int) int { return i })
	}
	if g, ok := b.Group(1, len(a.Pictures)); ok {
		for i, name := range a.Pictures {
			b.Add(g, i, "A real picture", name, "")
		}
	}
	return nil
}

// Summary says how near the samples come.
func (a *CompareResult) Summary() []string { return a.words().lines() }

func (a *CompareResult) words() (w Words) {
	k := a.Whole
	w.Number = fmt.Sprintf("KID, a distance between the two kinds in the features of a fixed random net, is %.2f ± %.2f for %d samples and %d pictures of %s; 0 is no difference. Precision, the share of samples that look like some picture, is %.2f; recall, the share of pictures that look like some sample, %.2f; density %.2f and coverage %.2f (%d neighbours).",
		k.KID.Value, k.KID.SE, k.Images, k.Real, a.Images, k.Precision, k.Recall, k.Density, k.Coverage, a.Neighbours)
	if len(a.Halves) < 2 {
		return w
	}
	own, control := a.Halves[0], a.Halves[1]
	w.Found = "Samples are farther from the pictures than other real pictures are."
	if own.KID.Value-2*own.KID.SE <= control.KID.Value+2*control.KID.SE {
		w.Found = "By KID, samples are no farther from the pictures than other real pictures are."
	}
	w.Control = fmt.Sprintf("Of %d images against one half of the pictures, samples have KID %.2f ± %.2f, precision %.2f, recall %.2f and coverage %.2f; the other half of the pictures, which are real, has %.2f ± %.2f, %.2f, %.2f and %.2f. No generator does better than that but by chance.",
		own.Images, own.KID.Value, own.KID.SE, own.Precision, own.Recall, own.Coverage, control.KID.Value, control.KID.SE, control.Precision, control.Recall, control.Coverage)
	return w
}
