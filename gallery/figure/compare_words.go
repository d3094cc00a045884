package figure

import "fmt"

// Describe says on the page how near the samples come.
func (a *CompareResult) Describe(b *Block) error {
	b.Done = fmt.Sprintf("On the left the first %d samples of seed %d, on the right real pictures of %s that lie evenly in the set. Nothing was chosen.", a.Shown, a.Seed, a.Images)
	b.Look = "Could a sample on the left stand among the pictures on the right? Look for what samples lack, repeat, or have more often than the pictures do."
	b.say(a.Words())
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

// Words say how near the samples come.
func (a *CompareResult) Words() Words { return LikenessWords(&a.Report, a.Images) }
