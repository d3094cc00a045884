package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"image/png"
	"slices"
	"strings"

	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
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

func (*replayCmd) examples() []string { return []string{"dcganviz replay gallery/walk.png"} }

// replayed is what replay answers.
type replayed struct {
	Picture  string `json:"picture"`
	Command  string `json:"command"`
	Same     bool   `json:"same"` // every pixel
	Bytes    bool   `json:"bytes_same"`
	Differ   int    `json:"pixels_differ"`      // -1 of animations whose bytes differ
	Largest  int    `json:"largest_difference"` // of 255
	DrawnBy  string `json:"drawn_by_version"`
	Replayed string `json:"replayed_by_version"`
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
	before, text, err := readPicture(c.Picture)
	if err != nil {
		return err
	}
	r, err := parseRecipe(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Picture, err)
	}
	after, err := c.redraw(e, r)
	if err != nil {
		return err
	}
	answer := replayed{Picture: c.Picture, Command: commandLine(r), DrawnBy: r.Version, Replayed: figure.Version, Bytes: bytes.Equal(before, after)}
	if answer.Differ, answer.Largest, err = compare(before, after, r.Part == "" && (slices.Contains(r.Args, "--gif") || slices.Contains(r.Args, "--apng"))); err != nil {
		return fmt.Errorf("%s: %w", c.Picture, err)
	}
	answer.Same = answer.Differ == 0
	files.set(c.Out, writeAll(after))
	if err := files.commit(); err != nil {
		return err
	}
	switch {
	case c.JSON:
		if err := e.json(answer); err != nil {
			return err
		}
	case answer.Same:
		e.printf("%s: every pixel is the same", c.Picture)
	}
	if answer.Differ < 0 {
		return fmt.Errorf("%s: the file differs from what %s draws (by version %q, this is %s)", c.Picture, answer.Command, r.Version, figure.Version)
	}
	if !answer.Same {
		return fmt.Errorf("%s: %d pixels differ, by up to %d of 255, from what %s draws (picture by version %q, this is %s)",
			c.Picture, answer.Differ, answer.Largest, answer.Command, r.Version, figure.Version)
	}
	return nil
}

// redraw draws the picture that r is the recipe of, and returns the file.
func (c *replayCmd) redraw(e *env, r *figure.Recipe) ([]byte, error) {
	f, source, err := c.settings(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Picture, err)
	}
	where := cmp.Or(c.Model, zoo.Named(r.SHA256))
	again := func(err error) error { return fmt.Errorf("%s: %s: %w", c.Picture, commandLine(r), err) }
	cmd := &figureCmd{modelFlag: modelFlag{sourceFlags: sourceFlags{Model: where, Source: *source}}, Figure: f}
	cmd.entry, _ = figure.Lookup(r.Command)
	e.given, e.ignored = map[string]bool{}, map[string]bool{}
	if err := cmd.check(e); err != nil {
		return nil, again(err)
	}
	lab, err := cmd.open(e)
	if err != nil {
		return nil, again(err)
	}
	if lab.Model.SHA256 != r.SHA256 {
		return nil, usageError("%s was drawn by a model of SHA-256 %.64q, this one's is %.64q: name the right one by --model", c.Picture, r.SHA256, lab.Model.SHA256)
	}
	defer use(e, lab, 0)()
	d, err := cmd.make(e, lab, "replay.png")
	if err != nil {
		return nil, again(err)
	}
	for flag, want := range r.Inputs {
		if got := d.Recipe.Inputs[flag]; got != want {
			return nil, usageError("%s was drawn with a --%s of SHA-256 %.64q, this one's is %.64q", c.Picture, flag, want, got)
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
			return b.Bytes(), err
		}
	}
	return nil, again(fmt.Errorf("it draws no %q", end))
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

// compare counts the pixels that differ, and by how much at most. Animations
// are compared by their bytes alone: -1 if they differ.
func compare(before, after []byte, animated bool) (differ, largest int, err error) {
	if bytes.Equal(before, after) {
		return 0, 0, nil
	}
	a, err := png.DecodeConfig(bytes.NewReader(before))
	if err != nil || animated {
		return -1, 0, nil
	}
	b, err := png.DecodeConfig(bytes.NewReader(after))
	if err != nil {
		return 0, 0, err
	}
	// Only a picture of the right size is decoded: a hostile one may claim any.
	if a.Width != b.Width || a.Height != b.Height {
		return max(a.Width*a.Height, b.Width*b.Height), 255, nil
	}
	x, err := png.Decode(bytes.NewReader(before))
	if err != nil {
		return 0, 0, &coded{err, exitRefused}
	}
	y, err := png.Decode(bytes.NewReader(after))
	if err != nil {
		return 0, 0, err
	}
	for v := range b.Height {
		for u := range b.Width {
			if d := difference(x.At(u, v), y.At(u, v)); d > 0 {
				differ, largest = differ+1, max(largest, d)
			}
		}
	}
	return differ, largest, nil
}

// difference is how far two colours differ in the channel where they differ most, of
// 255.
func difference(a, b color.Color) int {
	var p, q [4]uint32
	var d uint32
	p[0], p[1], p[2], p[3] = a.RGBA()
	q[0], q[1], q[2], q[3] = b.RGBA()
	for i := range p {
		d = max(d, max(p[i], q[i])-min(p[i], q[i]))
	}
	return int(d / 0x101)
}
