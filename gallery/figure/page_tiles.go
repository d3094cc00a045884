package figure

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dcganviz/gallery"
	"dcganviz/viz"
)

// addSamples makes a group's tiles samples, whose numbers are given.
func (b *Block) addSamples(g viz.Tiles, seed uint64, number func(i int) int) {
	for i := range g.Count {
		n := number(i)
		b.Add(g, i, fmt.Sprintf("Sample %d", n), fmt.Sprintf("Drawn from latent number %d of seed %d.", n, seed), b.draws(seed, n, 1))
	}
}

// plainFlag is a flag that no shell takes for more.
var plainFlag = regexp.MustCompile(`^--[a-z0-9-]+(=[A-Za-z0-9_.,:+/-]*)?$`)

// plainLine is words that no shell takes for more, none of them empty.
var plainLine = regexp.MustCompile(`^[A-Za-z0-9_.,:+/=-]+( [A-Za-z0-9_.,:+/=-]+)*$`)

// modelOptions are the names of the options that say how a file of weights is to be
// read: commands that draw from the same model repeat them.
var modelOptions = func() (names []string) {
	for _, o := range Options(new(Source)) {
		names = append(names, o.Name)
	}
	return names
}()

// modelArgs is how commands name the figure's model; false if they cannot, since
// its images depend on those drawn with them.
func (b *Block) modelArgs() (args []string, ok bool) {
	args = []string{"MODEL"} // of which the page says what it stands for
	if gallery.Plain(b.Picture.Model) {
		args[0] = b.Picture.Model
	}
	for _, a := range b.Args {
		name, value, _ := strings.Cut(strings.TrimPrefix(a, "--"), "=")
		if !slices.Contains(modelOptions, strings.TrimPrefix(name, "no-")) && !slices.Contains(modelOptions, name) {
			continue
		}
		if name == "bn" && value == "batch" || !plainFlag.MatchString(a) {
			return nil, false
		}
		args = append(args, a)
	}
	return args, true
}

// draws is the command that draws n samples alone, to a file of its own; nothing
// if there is none.
func (b *Block) draws(seed uint64, first, n int) string {
	if first < 0 {
		return ""
	}
	return b.command("sample", "--seed %d --first %d -n %d --out seed%d-sample%d.png", seed, first, n, seed, first)
}

// command is a command line with the figure's model; nothing if that cannot be
// named, or if a word would need quotes.
func (b *Block) command(name, format string, args ...any) string {
	with, ok := b.modelArgs()
	line := fmt.Sprintf("dcganviz %s %s ", name, strings.Join(with, " ")) + fmt.Sprintf(format, args...)
	if !ok || !plainLine.MatchString(line) {
		return ""
	}
	return line
}
