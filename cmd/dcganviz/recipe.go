package main

import (
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"dcganviz/model/zoo"
	"dcganviz/viz"
)

// A recipe is what a picture carries so that it can be drawn again: the same
// recipe and model give the same pixels. It holds no times and no paths.
type recipe struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Command string `json:"command"`
	// Part is how the picture's name ends, of a second one that the command
	// draws beside the first.
	Part string `json:"part,omitempty"`
	// Model is the name of an embedded model; SHA256 names any.
	Model  string `json:"model,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	// Args are the flags that decide the pixels, defaults among them.
	Args []string `json:"args,omitempty"`
	// Inputs are the SHA-256 of the files that flags named, by flag; empty of
	// a folder.
	Inputs map[string]string `json:"inputs,omitempty"`
	// Parameters are of pictures that no flags redraw.
	Parameters any `json:"parameters,omitempty"`
}

// A flag's tag recipe says what a recipe keeps of it: by default the flag with
// its value, of recipeInput the digest of the file that it names, of recipeNone
// nothing, because it changes no pixel.
const (
	recipeInput = "input"
	recipeNone  = "none"
)

// texts returns the recipe as a PNG carries it.
func (r recipe) texts() ([]viz.Text, error) {
	r.Program, r.Version = "dcganviz", version
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return viz.Recipe(text), nil
}

// recipe returns that of the picture that the command line asks for. o is the
// model that it is drawn with.
func (e *env) recipe(o *opened) ([]viz.Text, error) { return e.recipeOf(o, "") }

// recipeOf returns the recipe of a part.
func (e *env) recipeOf(o *opened, part string) ([]viz.Text, error) {
	r := recipe{Command: commandOf(e.command), Part: part, Model: o.name, SHA256: o.SHA256}
	for _, f := range e.command.Flags {
		if e.ignored[f.Name] {
			continue
		}
		switch f.Tag.Get("recipe") {
		case recipeNone:
			continue
		case recipeInput:
			if path := f.Target.String(); path != "" && !isEmbedded(path) {
				digest, err := fileDigest(path)
				if err != nil {
					return nil, fmt.Errorf("--%s: %w", f.Name, err)
				}
				if r.Inputs == nil {
					r.Inputs = make(map[string]string)
				}
				r.Inputs[f.Name] = digest
				continue
			}
		}
		if e.given[f.Name] || f.HasDefault && foreignLast(f) == 0 || !f.Target.IsZero() {
			args, err := argsOf(f)
			if err != nil {
				return nil, err
			}
			r.Args = append(r.Args, args...)
		}
	}
	return r.texts()
}

// commandOf returns a command's name, as in "score kid".
func commandOf(n *kong.Node) string {
	if n.Parent == nil || n.Parent.Type == kong.ApplicationNode {
		return n.Name
	}
	return commandOf(n.Parent) + " " + n.Name
}

// isEmbedded reports whether a flag's value names something in the program
// rather than a file.
func isEmbedded(name string) bool {
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

// argsOf returns a flag with its value, as on a command line.
func argsOf(f *kong.Flag) ([]string, error) {
	v := f.Target
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, nil
		}
		v = v.Elem()
	}
	name := "--" + f.Name
	if f.IsBool() {
		if !v.Bool() {
			name = "--no-" + f.Name
		}
		return []string{name}, nil
	}
	if _, ok := v.Interface().(encoding.TextMarshaler); ok || v.Kind() != reflect.Slice {
		text, err := textOf(v)
		return []string{name + "=" + text}, err
	}
	var each []string
	for i := range v.Len() {
		text, err := textOf(v.Index(i))
		if err != nil {
			return nil, err
		}
		each = append(each, text)
	}
	if f.Tag.Sep == -1 { // given once for each
		for i, text := range each {
			each[i] = name + "=" + text
		}
		return each, nil
	}
	return []string{name + "=" + strings.Join(each, string(f.Tag.Sep))}, nil
}

// textOf returns a value as the parser of flags takes it.
func textOf(v reflect.Value) (string, error) {
	switch x := v.Interface().(type) {
	case encoding.TextMarshaler:
		text, err := x.MarshalText()
		return string(text), err
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64), nil
	}
	return fmt.Sprint(v.Interface()), nil
}
