package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/internal/plain"
	"dcganviz/internal/shell"
	"dcganviz/model/zoo"
	"dcganviz/viz"
)

// recipeCmd prints what a picture carries.
type recipeCmd struct {
	Picture string `arg:"" name:"picture" help:"A PNG or GIF that this program drew."`
	JSON    bool   `name:"json" help:"Print all of it, as JSON."`
}

func (*recipeCmd) examples() []string { return []string{"dcganviz recipe gallery/facades-walk.png"} }

func (c *recipeCmd) Run(e *env) error {
	f, text, err := openPicture(c.Picture)
	if err != nil {
		return err
	}
	f.Close()
	if c.JSON {
		return e.json(json.RawMessage(text))
	}
	r, err := parseRecipe(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Picture, err)
	}
	if line, err := commandLine(r); err == nil {
		e.printf("%s", line)
	} else {
		// Nothing here is to be pasted. A shell that it is pasted to all the same runs nothing.
		e.printf("# no command that draws: %s", asWord(err.Error(), 300))
		e.printf("#   %s", strings.Join(each(append([]string{r.Command}, r.Args...), func(a string) string { return asWord(a, 100) }), " "))
	}
	of := "the model"
	if r.Model != "" {
		of += " " + asWord(r.Model, 100)
	}
	e.printf("  by %s %s, with %s of SHA-256 %s", asWord(r.Program, 100), asWord(r.Version, 100), of, asWord(r.SHA256, 64))
	for _, flag := range slices.Sorted(maps.Keys(r.Inputs)) {
		e.printf("  %s named a file or folder, SHA-256 %s", asWord("--"+flag, 100), asWord(r.Inputs[flag], 64))
	}
	return nil
}

// asWord returns text of a recipe as one word of a shell, on one line and cut.
func asWord(text string, most int) string {
	return shell.Quote(plain.Line(fmt.Sprintf("%.*s", most, text)))
}

// someModel stands in commands for a model that the program does not have.
const someModel = "MODEL"

// commandLine returns the command that draws the picture, to be pasted into a shell. A
// recipe may come from anywhere: one that replay would refuse has no such line, nor has
// one with characters that a terminal takes for more.
func commandLine(r *figure.Recipe) (string, error) {
	asked := &replayCmd{Model: someModel, Input: map[string]string{}}
	for flag := range r.Inputs {
		asked.Input[flag] = "FILE"
	}
	if _, _, err := asked.settings(r); err != nil {
		return "", err
	}
	model := someModel
	if slices.Contains(zoo.Names(), r.Model) {
		model = r.Model
	}
	words := append([]string{"dcganviz", r.Command, "--model=" + model}, r.Args...)
	if i := slices.IndexFunc(words, func(w string) bool { return !plain.Shown(w) }); i >= 0 {
		return "", fail(exitRefused, "recipe: %.100q cannot be typed", words[i])
	}
	return shell.Join(words...), nil
}

// Bounds of a recipe that is run, far above what this program writes.
const (
	maxRecipeArgs = 100
	maxArgBytes   = 1000
)

// openPicture opens a picture and reads its recipe. However large the file is, that takes
// a few MB.
func openPicture(path string) (f *os.File, recipe []byte, err error) {
	f, _, err = fileio.OpenRegular(path)
	if err != nil {
		return nil, nil, err
	}
	if recipe, err = viz.ReadRecipe(bufio.NewReader(f)); err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, recipe, nil
}

// parseRecipe decodes a recipe, which may be hostile. It leaves out the parameters, which
// redraw nothing.
func parseRecipe(text []byte) (*figure.Recipe, error) {
	var r struct {
		figure.Recipe
		Parameters json.RawMessage `json:"parameters"`
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fail(exitRefused, "recipe: %w", err)
	}
	if len(r.Args) > maxRecipeArgs || len(r.Inputs) > maxRecipeArgs || slices.ContainsFunc(r.Args, func(a string) bool { return len(a) > maxArgBytes }) {
		return nil, fail(exitRefused, "recipe of %d flags and %d files, want at most %d of %d bytes each", len(r.Args), len(r.Inputs), maxRecipeArgs, maxArgBytes)
	}
	r.Args = figure.Completed(&r.Recipe)
	return &r.Recipe, nil
}
