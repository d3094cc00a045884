package figure

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"dcganviz/internal/plainjson"
	"dcganviz/model/zoo"
	"dcganviz/viz"
)

// Program and Version are what recipes and numbers say that they were made by.
const (
	Program = "dcganviz"
	Version = "0.1.0"
)

// A Recipe is what a picture carries so that it can be drawn again: the same
// recipe and model give the same pixels. It holds no times and no paths.
type Recipe struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Command string `json:"command"`
	// Part is how the picture's name ends, of a second one that the command
	// draws beside the first.
	Part string `json:"part,omitempty"`
	// Model is the name of an embedded model; SHA256 names any.
	Model  string `json:"model,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	// Kernels is the class of the kernels that drew it, as model.Pool's Class names
	// it: others round otherwise. Empty of pictures by versions that did not say.
	Kernels string `json:"kernels,omitempty"`
	// Args are the options that decide the pixels, defaults among them.
	Args []string `json:"args,omitempty"`
	// Inputs are the SHA-256 of the files that options named, by option; empty
	// of a folder.
	Inputs map[string]string `json:"inputs,omitempty"`
	// Parameters are of pictures that no options redraw.
	Parameters any `json:"parameters,omitempty"`
}

// Texts returns the recipe as a picture carries it, by this program and version.
func (r Recipe) Texts() ([]viz.Text, error) {
	r.Program, r.Version = Program, Version
	text, err := plainjson.Marshal(r)
	if err != nil {
		return nil, err
	}
	return viz.Recipe(text), nil
}

// RecipeInput and RecipeNone are the values of an option's recipe tag.
const (
	RecipeInput = "input"
	RecipeNone  = "none"
)

// recipeOf returns the recipe of what f draws in a lab.
func recipeOf(name string, f Figure, lab *Lab) (Recipe, error) {
	r := Recipe{Command: name, Model: lab.Name, SHA256: lab.Model.SHA256, Kernels: lab.Pool.Class()}
	if lab.SilentKernels {
		r.Kernels = ""
	}
	var idle []string
	if lab.Name != "" || lab.Model.Meta.Origin == "" {
		idle = append(idle, "by") // our own files say what they are
	}
	if err := r.take(Options(&lab.source), idle, false); err != nil {
		return r, err
	}
	err := r.take(Options(f), idleOf(f), true)
	return r, err
}

// idleOf returns the options that others make do nothing.
func idleOf(f Figure) (names []string) {
	if i, ok := f.(Idler); ok {
		for _, x := range i.Idle() {
			names = append(names, x.Options...)
		}
	}
	return names
}

// take adds options: those that are not zero, and with defaults those that have
// one, too.
func (r *Recipe) take(options []Option, idle []string, defaults bool) error {
	for _, o := range options {
		if slices.Contains(idle, o.Name) || o.Recipe() == RecipeNone {
			continue
		}
		if o.Recipe() == RecipeInput && !o.IsZero() && !IsEmbedded(o.Text()) {
			digest, err := fileDigest(o.Text())
			if err != nil {
				return fmt.Errorf("--%s: %w", o.Name, err)
			}
			if r.Inputs == nil {
				r.Inputs = make(map[string]string)
			}
			r.Inputs[o.Name] = digest
			continue
		}
		if older, ok := o.Older(); ok && o.Text() == older {
			continue
		}
		if _, has := o.Default(); o.IsZero() && !(has && defaults) {
			continue
		}
		args, err := o.Args()
		if err != nil {
			return err
		}
		r.Args = append(r.Args, args...)
	}
	return nil
}

// Completed returns the options of a recipe. An option that older versions did not have
// is added, with the value that they drew by. Where the figure or the options are
// unknown they are returned as they are.
func Completed(r *Recipe) []string {
	args := r.Args
	entry, ok := Lookup(r.Command)
	if !ok {
		return args
	}
	f := entry.New()
	if err := Fill(f, args); err != nil {
		return args
	}
	idle := idleOf(f)
	if r.Model != "" {
		idle = append(idle, "by")
	}
	for _, o := range append(Options(f), Options(new(Source))...) {
		older, ok := o.Older()
		given := slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "--"+o.Name+"=") })
		if ok && !given && !slices.Contains(idle, o.Name) {
			args = append(slices.Clip(args), "--"+o.Name+"="+older)
		}
	}
	return args
}

// IsEmbedded reports whether an option's value names something in the program
// rather than a file.
func IsEmbedded(name string) bool {
	return slices.Contains(slices.Concat(zoo.Scorers(), zoo.BoxNames(), zoo.ConceptFiles()), name)
}

// fileDigest returns the SHA-256 of a file, in hex; of anything else, nothing.
func fileDigest(path string) (string, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
