package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/internal/kernel"
	"dcganviz/model/zoo"
)

// replayCmd draws a picture again.
type replayCmd struct {
	Picture string            `arg:"" name:"picture" help:"A PNG or GIF that this program drew."`
	Model   string            `placeholder:"MODEL" complete:"models" help:"The model that drew it, if it is not embedded."`
	Input   map[string]string `placeholder:"FLAG=FILE" mapsep:"none" complete:"inputs" help:"A file that a flag of the command named, as in --input images=photos; may be given again."`
	Out     string            `placeholder:"FILE" help:"Keep what is drawn."`
	Force   bool              `help:"Replace the file that --out names."`
	JSON    bool              `name:"json" help:"Print the result as JSON."`
}

func (*replayCmd) examples() []string { return []string{"dcganviz replay gallery/facades-walk.png"} }

// replayed is what replay answers.
type replayed struct {
	Picture  string `json:"picture"`
	Command  string `json:"command"`
	Same     bool   `json:"same"` // every pixel above the words
	Bytes    bool   `json:"bytes_same"`
	Differ   int    `json:"pixels_differ"`      // of all frames of an animation
	Largest  int    `json:"largest_difference"` // of 255
	DrawnBy  string `json:"drawn_by_version"`
	Replayed string `json:"replayed_by_version"`
	// Kernels are the classes of kernels that drew the picture, empty if its recipe
	// does not say, and that drew it again. Rounding reports that the pixels differ
	// by no more than other kernels explain.
	Kernels  [2]string `json:"kernels"`
	Rounding bool      `json:"rounding_only"`
	// Words reports that the words below the picture are another version's; every pixel
	// above them counts alone.
	Words bool `json:"other_words"`
}

func (c *replayCmd) Run(e *env) (err error) {
	files, finish := e.outputs()
	defer finish()
	if c.Out != "" {
		files.add("--out", c.Out, fileio.Options{Force: c.Force})
		if err := files.check(); err != nil {
			return err
		}
	}
	before, text, err := openPicture(c.Picture)
	if err != nil {
		return err
	}
	defer before.Close()
	r, err := parseRecipe(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Picture, err)
	}
	line, err := commandLine(r)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Picture, err)
	}
	kind, endings, animated := "a PNG", []string{".png"}, false
	switch {
	case r.Part != "" || !figure.Animated(r.Command, r.Args):
	case slices.Contains(r.Args, "--gif"):
		kind, endings, animated = "a GIF", []string{".gif", ".png"}, true // .png as ever, which viewers see through
	default:
		kind, endings, animated = "an animated PNG", []string{".apng", ".png"}, true
	}
	if err := checkEnding("--out", c.Out, kind, endings...); err != nil {
		return err
	}
	after, class, body, err := c.redraw(e, r, line)
	if err != nil {
		return err
	}
	answer := replayed{Picture: c.Picture, Command: line, DrawnBy: r.Version, Replayed: figure.Version, Kernels: [2]string{r.Kernels, class}}
	found, err := figure.CompareRedrawn(before, after, animated, body)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Picture, err)
	}
	before.Close() // --out may name it
	answer.Same, answer.Bytes, answer.Differ, answer.Largest, answer.Words = found.Same(), found.Bytes, found.Differ, found.Largest, found.Words
	answer.Rounding = !answer.Same && r.Kernels != class && found.Rounding()
	files.set(c.Out, writeAll(after))
	if err := files.commit(); err != nil {
		return err
	}
	if c.JSON {
		if err := e.json(answer); err != nil {
			return err
		}
	}
	return c.verdict(e, &answer, found.Times)
}

// portableClass is the class of the kernels that every machine has, but for its suffix.
// DCGANVIZ_SIMD knows them by this name.
const portableClass = "portable"

// verdict says whether the picture is the same. Unless it is, or all but, that is an error.
func (c *replayCmd) verdict(e *env, a *replayed, times bool) error {
	kernels := ""
	switch drawn := a.Kernels[0]; {
	case drawn == "":
		kernels = fmt.Sprintf("perhaps drawn by other kernels than the %s ones here", a.Kernels[1])
	case drawn != a.Kernels[1]:
		kernels = fmt.Sprintf("drawn by other kernels: %s, here are %s ones", asWord(drawn, 40), a.Kernels[1])
	}
	words := ""
	if a.Words {
		words = ", above words that are another version's"
	}
	switch {
	case a.Same && !c.JSON:
		e.printf("%s: every pixel is the same%s", c.Picture, words)
	case a.Rounding && !c.JSON:
		e.printf("%s: the same but for %d pixels by up to %d of 255, %s%s", c.Picture, a.Differ, a.Largest, kernels, words)
	case a.Same || a.Rounding:
	case times:
		return fmt.Errorf("%s: its frames are shown for other times than %s says (by version %s, this is %s)", c.Picture, a.Command, asWord(a.DrawnBy, 40), a.Replayed)
	default:
		if kernels != "" {
			kernels = ", " + kernels
		}
		if strings.HasPrefix(a.Kernels[0], portableClass) && !strings.HasPrefix(a.Kernels[1], portableClass) {
			kernels += "; " + kernel.SIMD + "=" + portableClass + " asks for the same"
		}
		return fmt.Errorf("%s: %d pixels differ, by up to %d of 255, from what %s draws (picture by version %s, this is %s%s)",
			c.Picture, a.Differ, a.Largest, a.Command, asWord(a.DrawnBy, 40), a.Replayed, kernels)
	}
	return nil
}

// redraw draws the picture that r is the recipe of, by the command of that line. It
// returns the file, the class of the kernels, and the height of what lies above the
// words below the picture.
func (c *replayCmd) redraw(e *env, r *figure.Recipe, line string) (picture []byte, class string, body int, err error) {
	f, source, err := c.settings(r)
	if err != nil {
		return nil, "", 0, fmt.Errorf("%s: %w", c.Picture, err)
	}
	where := cmp.Or(c.Model, zoo.Named(r.SHA256))
	again := func(err error) error { return fmt.Errorf("%s: %s: %w", c.Picture, line, err) }
	cmd := &figureCmd{modelFlag: modelFlag{sourceFlags: sourceFlags{Model: where, Source: *source}}, Figure: f}
	cmd.entry, _ = figure.Lookup(r.Command)
	e.given, e.ignored = map[string]bool{}, map[string]bool{}
	if err := cmd.check(e); err != nil {
		return nil, "", 0, again(err)
	}
	lab, err := cmd.open(e)
	if err != nil {
		return nil, "", 0, again(err)
	}
	if lab.Model.SHA256 != r.SHA256 {
		return nil, "", 0, usageError("%s was drawn by a model of SHA-256 %.64q, this one's is %.64q: name the right one by --model", c.Picture, r.SHA256, lab.Model.SHA256)
	}
	defer use(e, lab, 0)()
	class, lab.SilentKernels = lab.Pool.Class(), r.Kernels == ""
	d, err := cmd.make(e, lab, "replay.png")
	if err != nil {
		return nil, "", 0, again(err)
	}
	for flag, want := range r.Inputs {
		if got := d.Recipe.Inputs[flag]; got != want {
			return nil, "", 0, usageError("%s was drawn with a --%s of SHA-256 %.64q, this one's is %.64q", c.Picture, flag, want, got)
		}
	}
	end := ""
	if r.Part != "" {
		end = r.Part + ".png"
	}
	for _, file := range d.Files {
		if file.End == end {
			var b bytes.Buffer
			err := file.Write(&b)
			return b.Bytes(), class, file.Body, err
		}
	}
	return nil, "", 0, fail(exitRefused, "%s: recipe: part %q is none of what %s draws", c.Picture, r.Part, line)
}

// settings returns the figure and the source that a recipe describes. The recipe may be
// hostile: it names a figure, and options that neither read nor write files.
func (c *replayCmd) settings(r *figure.Recipe) (figure.Figure, *figure.Source, error) {
	refused := func(format string, args ...any) error { return fail(exitRefused, "recipe: "+format, args...) }
	entry, ok := figure.Lookup(r.Command)
	if !ok {
		return nil, nil, refused("%.100q is no command that draws", r.Command)
	}
	f, source := entry.New(), new(figure.Source)
	if cmp.Or(c.Model, zoo.Named(r.SHA256)) == "" {
		return nil, nil, usageError("the model of SHA-256 %.64q is not embedded: name it by --model", r.SHA256)
	}
	options := map[string]figure.Option{}
	of := map[string]any{} // by option, the settings that it belongs to
	for _, settings := range []any{source, f} {
		for _, o := range figure.Options(settings) {
			options[o.Name], of[o.Name] = o, settings
			if o.IsBool() {
				options["no-"+o.Name], of["no-"+o.Name] = o, settings
			}
		}
	}
	for _, a := range r.Args {
		name, value, valued := strings.Cut(strings.TrimPrefix(a, "--"), "=")
		o, known := options[name]
		output := name == "out" || name == "npy" // the command's own, not the figure's
		switch {
		case !strings.HasPrefix(a, "--") || !known && !output:
			return nil, nil, refused("%.100q is no flag of %s", a, r.Command)
		case output, o.Recipe() == figure.RecipeNone, o.Recipe() == figure.RecipeInput && !figure.IsEmbedded(value):
			return nil, nil, refused("--%s names a file, which a recipe may not", name)
		case valued == o.IsBool():
			return nil, nil, refused("%.100q, want --%s with a value only if it takes one", a, name)
		}
		if err := figure.Fill(of[name], []string{a}); err != nil {
			return nil, nil, err
		}
	}
	if p, ok := f.(figure.Filer); r.Part != "" && (!ok || !slices.Contains(p.MoreFiles(), r.Part+".png")) {
		return nil, nil, refused("%.100q is no part of what %s draws", r.Part, r.Command)
	}
	for flag := range r.Inputs {
		if o, known := options[flag]; !known || o.Recipe() != figure.RecipeInput {
			return nil, nil, refused("%.100q is no flag of %s that names a file", flag, r.Command)
		}
		if c.Input[flag] == "" {
			return nil, nil, usageError("it was drawn with --%s: name the file by --input %s=FILE", flag, flag)
		}
	}
	for flag, path := range c.Input {
		if _, ok := r.Inputs[flag]; !ok {
			return nil, nil, usageError("it was drawn without --%s: leave out --input %s", flag, flag)
		}
		if err := options[flag].Set(path); err != nil {
			return nil, nil, err
		}
	}
	return f, source, nil
}
