package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/viz"
)

// recipeCmd prints what a picture carries.
type recipeCmd struct {
	Picture string `arg:"" name:"picture" help:"A PNG or GIF that this program drew."`
	JSON    bool   `name:"json" help:"Print all of it, as JSON."`
}

func (*recipeCmd) examples() []string { return []string{"dcganviz recipe gallery/walk.png"} }

func (c *recipeCmd) Run(e *env) error {
	_, text, err := readPicture(c.Picture)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(json.RawMessage(text))
	}
	r, err := parseRecipe(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Picture, err)
	}
	e.printf("%s", commandLine(r))
	e.printf("  by %q %q, with the model of SHA-256 %.64q", r.Program, r.Version, r.SHA256)
	for _, flag := range slices.Sorted(maps.Keys(r.Inputs)) {
		e.printf("  --%s named a file or folder, SHA-256 %.64q", flag, r.Inputs[flag])
	}
	return nil
}

// commandLine returns the command that draws the picture, quoted for a shell.
func commandLine(r *figure.Recipe) string {
	words := []string{"dcganviz", r.Command}
	if r.Model != "" {
		words = append(words, "--model="+r.Model)
	}
	for _, a := range r.Args {
		if strings.ContainsFunc(a, func(c rune) bool { return !strings.ContainsRune(plainRunes, c) }) {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		words = append(words, a)
	}
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return '?' // a hostile file does not steer the terminal
		}
		return c
	}, strings.Join(words, " "))
}

const plainRunes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/+%"

// Bounds of a recipe that is run, far above what this program writes.
const (
	maxPictureBytes = 1 << 30
	maxRecipeArgs   = 100
	maxArgBytes     = 1000
)

// readPicture reads a picture and its recipe.
func readPicture(path string) (picture, text []byte, err error) {
	f, size, err := fileio.OpenRegular(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if size > maxPictureBytes {
		return nil, nil, fail(exitRefused, "%s: %d bytes, want at most %d of a picture", path, size, maxPictureBytes)
	}
	if picture, err = io.ReadAll(io.LimitReader(f, maxPictureBytes)); err == nil {
		text, err = viz.ReadRecipe(bytes.NewReader(picture))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return picture, text, nil
}

// parseRecipe decodes a recipe, which may be hostile.
func parseRecipe(text []byte) (*figure.Recipe, error) {
	r := new(figure.Recipe)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fail(exitRefused, "recipe: %w", err)
	}
	if len(r.Args) > maxRecipeArgs || slices.ContainsFunc(r.Args, func(a string) bool { return len(a) > maxArgBytes }) {
		return nil, fail(exitRefused, "recipe of %d flags, want at most %d of %d bytes each", len(r.Args), maxRecipeArgs, maxArgBytes)
	}
	return r, nil
}
