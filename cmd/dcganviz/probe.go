package main

import (
	"image"
	"io"
	"path/filepath"
	"strings"

	"dcganviz/model"
	"dcganviz/viz"
)

// probeFlags are common to the probes, the commands that draw one picture and
// write its numbers beside it.
type probeFlags struct {
	modelFlag
	Seed    uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	Out     string `group:"Output" placeholder:"FILE" recipe:"none" help:"Where the picture goes (default: in ${gallery}/, which is replaced freely); the numbers go beside it, ending in .json."`
	Force   bool   `group:"Output" recipe:"none" help:"Replace the files that --out names."`
	JSON    bool   `group:"Output" name:"json" recipe:"none" help:"Print the numbers as JSON."`
	Threads int    `group:"Output" placeholder:"N" recipe:"none" help:"Threads to use (default: all processors). The result does not depend on it."`
}

// A heading is what every answer of a probe begins with.
type heading struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Command string `json:"command"`
	Image   string `json:"image"`
	Model   string `json:"model"`
	SHA256  string `json:"sha256"`
	Seed    uint64 `json:"seed"`
	// Layout is of the picture, which is drawn after all answers are known.
	Layout *layout `json:"layout"`
}

// A layout is where a picture's tiles lie, and what its plots show.
type layout struct {
	Tiles []viz.Tiles `json:"tiles"`
	Plots []viz.Plot  `json:"plots,omitempty"`
}

// layoutOf returns that of a picture that this program drew.
func layoutOf(img image.Image) layout {
	if p, ok := img.(*viz.Picture); ok {
		return layout{p.Tiles, p.Plots}
	}
	return layout{}
}

// A finding is what a probe found.
type finding struct {
	// answer is written as JSON: every number on the picture, and the settings
	// that made it. It embeds a heading.
	answer any
	// summary is a few lines for people.
	summary []string
	picture image.Image
	// beside are the contents of further files, by how their names end.
	beside map[string][]byte
}

// footerOf returns the lines of a summary as the text below a picture.
func footerOf(summary []string) string {
	text := ""
	for _, line := range summary {
		text += line + ". "
	}
	return text
}

// A probing is a probe under way.
type probing struct {
	*opened
	*env
	heading
	pool *model.Pool
}

// probe opens the model, calls find, and writes the picture, the numbers and
// files beside them whose names end so: all, or none if anything fails. Flags are
// to be checked before.
func (f *probeFlags) probe(e *env, command string, find func(*probing) (*finding, error), beside ...string) (err error) {
	if err := checkThreads(f.Threads); err != nil {
		return err
	}
	if err := checkExtension(f.Out, "a PNG", ".png"); err != nil {
		return err
	}
	var files outputs
	defer files.finish(&err)
	out := files.addPicture(f.Out, command+".png", f.Force)
	stem, force := strings.TrimSuffix(out, filepath.Ext(out)), f.Force || f.Out == ""
	numbers := files.addNumbers(out, force)
	for _, end := range beside {
		files.add("out", stem+end, force)
	}
	if err := files.check(); err != nil {
		return err
	}
	o, err := f.open(e)
	if err != nil {
		return err
	}
	pool := model.NewPool(f.Threads)
	defer pool.Close()
	if err := o.estimate(e, pool); err != nil {
		return err
	}
	head := heading{
		Program: "dcganviz", Version: version, Command: command, Image: filepath.Base(out),
		Model: o.Title, SHA256: o.SHA256, Seed: f.Seed, Layout: new(layout),
	}
	found, err := find(&probing{opened: o, env: e, pool: pool, heading: head})
	if err != nil {
		return err
	}
	*head.Layout = layoutOf(found.picture)
	texts, err := e.recipe(o)
	if err != nil {
		return err
	}
	files.set(out, func(w io.Writer) error { return viz.EncodePNG(w, found.picture, texts) })
	files.set(numbers, writeJSON(found.answer))
	for end, contents := range found.beside {
		files.set(stem+end, writeAll(contents))
	}
	if err := files.commit(); err != nil {
		return err
	}
	if f.JSON {
		return e.json(found.answer)
	}
	for _, line := range found.summary {
		e.printf("%s", line)
	}
	e.printf("%s", out)
	return nil
}
