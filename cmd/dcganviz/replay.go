package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

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

// Run is the command.
func (c *replayCmd) Run(e *env) (err error) {
	var files outputs
	defer files.finish(&err)
	if c.Out != "" {
		files.add("out", c.Out, c.Force)
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
	answer := replayed{Picture: c.Picture, Command: r.commandLine(), DrawnBy: r.Version, Replayed: version, Bytes: bytes.Equal(before, after)}
	if answer.Differ, answer.Largest, err = compare(before, after, r.Part == "" && r.animation() != ""); err != nil {
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
		return fmt.Errorf("%s: the file differs from what %s draws (by version %q, this is %s)", c.Picture, answer.Command, r.Version, version)
	}
	if !answer.Same {
		return fmt.Errorf("%s: %d pixels differ, by up to %d of 255, from what %s draws (picture by version %q, this is %s)",
			c.Picture, answer.Differ, answer.Largest, answer.Command, r.Version, version)
	}
	return nil
}

// redraw draws the picture that r is the recipe of, and returns the file.
func (c *replayCmd) redraw(e *env, r *recipe) ([]byte, error) {
	args, err := c.args(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Picture, err)
	}
	folder, err := os.MkdirTemp("", "dcganviz-replay-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	drawn := filepath.Join(folder, "replay"+cmp.Or(map[string]string{"--gif": ".gif", "--apng": ".apng"}[r.animation()], ".png"))
	again := &env{ctx: e.ctx, stdout: io.Discard, stderr: e.stderr}
	if err := again.dispatch(append(args, "--out="+drawn)); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", c.Picture, r.commandLine(), err)
	}
	if r.Part != "" {
		drawn = strings.TrimSuffix(drawn, filepath.Ext(drawn)) + r.Part + ".png"
	}
	after, text, err := readPicture(drawn)
	if err != nil {
		return nil, err
	}
	now, err := parseRecipe(text)
	if err != nil {
		return nil, err
	}
	if now.SHA256 != r.SHA256 {
		return nil, usageError("%s was drawn by a model of SHA-256 %.64q, this one's is %.64q: name the right one by --model", c.Picture, r.SHA256, now.SHA256)
	}
	for flag, want := range r.Inputs {
		if got := now.Inputs[flag]; got != want {
			return nil, usageError("%s was drawn with a --%s of SHA-256 %.64q, this one's is %.64q", c.Picture, flag, want, got)
		}
	}
	return after, nil
}

// animation is the flag that says which kind of animation the picture is.
func (r *recipe) animation() string {
	for _, a := range r.Args {
		if a == "--gif" || a == "--apng" {
			return a
		}
	}
	return ""
}

// args returns the command line that draws the picture, without its output.
// Nothing of it comes from the file but names of commands that only draw, and
// flags of theirs that neither read nor write files.
func (c *replayCmd) args(r *recipe) ([]string, error) {
	refused := func(format string, args ...any) error {
		return &coded{fmt.Errorf("recipe: "+format, args...), exitRefused}
	}
	node, err := drawingCommand(r.Command)
	if err != nil {
		return nil, refused("%w", err)
	}
	if r.Part != "" && (r.Part != auditEnd && r.Part != sheetEnd || r.Command != "walk") {
		return nil, refused("%.100q is no part of what %s draws", r.Part, r.Command)
	}
	args := strings.Fields(r.Command)
	model := cmp.Or(c.Model, zoo.Named(r.SHA256))
	if model == "" {
		return nil, usageError("the model of SHA-256 %.64q is not embedded: name it by --model", r.SHA256)
	}
	args = append(args, "--model="+model)
	flags := make(map[string]*kong.Flag)
	for _, f := range node.Flags {
		flags[f.Name] = f
		if f.IsBool() {
			flags["no-"+f.Name] = f
		}
	}
	for _, a := range r.Args {
		name, value, valued := strings.Cut(strings.TrimPrefix(a, "--"), "=")
		f := flags[name]
		switch {
		case !strings.HasPrefix(a, "--") || f == nil:
			return nil, refused("%.100q is no flag of %s", a, r.Command)
		case f.Tag.Get("recipe") == recipeNone, f.Tag.Get("recipe") == recipeInput && !isEmbedded(value):
			return nil, refused("--%s names a file, which a recipe may not", name)
		case valued == f.IsBool():
			return nil, refused("%.100q, want %s", a, f)
		}
		args = append(args, a)
	}
	for flag := range r.Inputs {
		if f := flags[flag]; f == nil || f.Tag.Get("recipe") != recipeInput {
			return nil, refused("%.100q is no flag of %s that names a file", flag, r.Command)
		}
		if c.Input[flag] == "" {
			return nil, usageError("it was drawn with --%s: name the file by --input %s=FILE", flag, flag)
		}
	}
	for flag, path := range c.Input {
		if _, ok := r.Inputs[flag]; !ok {
			return nil, usageError("it was drawn without --%s: leave out --input %s", flag, flag)
		}
		args = append(args, "--"+flag+"="+path)
	}
	return args, nil
}

// drawingCommand returns the command of that name, if it draws a picture from a
// model and does nothing else: it is in the help's group of those that look, but
// not figures, or it is doctor.
func drawingCommand(name string) (*kong.Node, error) {
	parser, err := newParser(&env{stdout: io.Discard, stderr: io.Discard}, func(int) {})
	if err != nil {
		return nil, err
	}
	for _, n := range parser.Model.Leaves(true) {
		if commandOf(n) == name && name != "figures" && (n.Group != nil && n.Group.Key == "Look" || name == "doctor") {
			return n, nil
		}
	}
	return nil, fmt.Errorf("%.100q is no command that draws", name)
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
			d := difference(x.At(u, v), y.At(u, v))
			if d > 0 {
				differ++
				largest = max(largest, d)
			}
		}
	}
	return differ, largest, nil
}

// difference is that of the channel in which two colours differ most, of 255.
func difference(a, b color.Color) int {
	var p, q [4]uint32
	p[0], p[1], p[2], p[3] = a.RGBA()
	q[0], q[1], q[2], q[3] = b.RGBA()
	var d uint32
	for i := range p {
		d = max(d, max(p[i], q[i])-min(p[i], q[i]))
	}
	return int(d / 0x101)
}
