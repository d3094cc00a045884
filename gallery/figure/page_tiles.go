package figure

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dcganviz/gallery"
	"dcganviz/internal/shell"
	"dcganviz/viz"
)

// addSamples makes a group's tiles samples, whose numbers are given.
func (b *Block) addSamples(g viz.Tiles, seed uint64, number func(i int) int) {
	for i := range g.Count {
		n := number(i)
		b.Add(g, i, fmt.Sprintf("Sample %d", n), fmt.Sprintf("Drawn from latent number %d of seed %d.", n, seed), b.draws(seed, n, 1))
	}
}

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
		if name == "bn" && value == "batch" || !strings.HasPrefix(a, "--") {
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
	number, from := strconv.FormatUint(seed, 10), strconv.Itoa(first)
	return b.command("sample", "--seed", number, "--first", from, "-n", strconv.Itoa(n), "--out", "seed"+number+"-sample"+from+".png")
}

// command is a command line with the figure's model; nothing if that cannot be
// named, or if a word would need quotes. The last word is the file that it makes, in
// the folder where it runs.
func (b *Block) command(name string, args ...string) string {
	with, ok := b.modelArgs()
	words := slices.Concat([]string{"dcganviz", name}, with, args)
	if !ok || !gallery.Plain(args[len(args)-1]) || slices.ContainsFunc(words, func(w string) bool { return !shell.Plain(w) }) {
		return ""
	}
	return shell.Join(words...)
}
