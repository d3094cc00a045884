package main

import (
	"cmp"
	"io"
	"path/filepath"

	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/internal/npy"
	"dcganviz/model"
)

// figureCmd draws one of the figures.
type figureCmd struct {
	modelFlag
	Figure figure.Figure `embed:""`
	outputFlags

	entry  figure.Entry
	within string // of --out, if not the user named it
	mp4    string // the film that ffmpeg writes of the animation; empty without one
	ffmpeg string // its path
}

// outputFlags say where a figure goes.
type outputFlags struct {
	Out     string `group:"Output" placeholder:"FILE" recipe:"none" help:"Where the picture goes (default: ${gallery}/MODEL-COMMAND.png, which is replaced freely); the numbers go beside it, ending in .json."`
	Force   bool   `group:"Output" recipe:"none" help:"Replace the files that --out and --npy name."`
	Verbose bool   `group:"Output" short:"v" recipe:"none" help:"Print all numbers, not the most important ones alone."`
	JSON    bool   `group:"Output" name:"json" recipe:"none" help:"Print the numbers as JSON."`
	Threads int    `group:"Output" placeholder:"N" recipe:"none" help:"Threads to use (default: all processors). The result does not depend on it."`
}

// pixelsCmd is figureCmd for figures whose images can be written as numbers.
type pixelsCmd struct {
	figureCmd
	NPY string `group:"Output" name:"npy" placeholder:"FILE" recipe:"none" help:"Write the images as float32 too, [N, C, H, W] in [-1, 1]."`
}

// A named result says on the terminal where its files went.
type named interface{ Name(picture, npy string) }

// A drawer is a figure's result that has images.
type drawer interface {
	named
	Pixels() model.Tensor
}

func (c *figureCmd) examples() []string { return c.entry.Examples }

func (c *figureCmd) Run(e *env) error { return c.run(e, "") }

func (c *pixelsCmd) Run(e *env) error { return c.run(e, c.NPY) }

// check looks at the flags before anything is read.
func (c *figureCmd) check(e *env) error {
	kind, fits := "a PNG", []string{".png"}
	if n, ok := c.Figure.(figure.Namer); ok {
		n.For(extension(c.Out))
		kind, fits = n.Endings()
	}
	if err := c.Figure.Check(); err != nil {
		return err
	}
	if i, ok := c.Figure.(figure.Idler); ok {
		for _, idle := range i.Idle() {
			if err := e.exclude(idle.Why, idle.Options...); err != nil {
				return err
			}
		}
	}
	if err := checkEnding("--out", c.Out, kind, fits...); err != nil {
		return err
	}
	if c.JSON {
		if err := e.exclude("--json prints all numbers", "verbose"); err != nil {
			return err
		}
	}
	return checkThreads(c.Threads)
}

// plan plans the files. It returns the picture's path.
func (c *figureCmd) plan(files *outputs, npyPath string) string {
	name := c.entry.Name + ".png"
	if n, ok := c.Figure.(figure.Namer); ok {
		name = n.FileName()
	}
	at, _ := c.find() // open says what is wrong with it
	out := cmp.Or(c.Out, filepath.Join(galleryDir, at.Stem()+"-"+name))
	opt := fileio.Options{Force: c.Force || c.Out == "", Within: c.within}
	if c.Out == "" {
		opt.Within = within(galleryDir)
	}
	for _, end := range figure.Ends(c.Figure) {
		files.add("--out", figure.Path(out, end), opt)
		// The files beside the picture are not named by the user.
		opt.Within = cmp.Or(opt.Within, filepath.Dir(out))
	}
	if npyPath != "" {
		files.add("--npy", npyPath, fileio.Options{Force: c.Force})
	}
	return out
}

func (c *figureCmd) run(e *env, npyPath string) (err error) {
	if err := c.check(e); err != nil {
		return err
	}
	if err := checkEnding("--npy", npyPath, "a NumPy array", ".npy"); err != nil {
		return err
	}
	files, finish := e.outputs()
	defer finish()
	out := c.plan(files, npyPath)
	if c.mp4 != "" {
		files.add("--mp4", c.mp4, fileio.Options{Force: c.Force})
	}
	if err := files.check(); err != nil {
		return err
	}
	lab, err := c.open(e)
	if err != nil {
		return err
	}
	defer use(e, lab, c.Threads)()
	d, err := c.make(e, lab, out)
	if err != nil {
		return err
	}
	if len(d.Files) == 0 {
		if c.Out != "" {
			return fail(exitUnsupported, "%s holds no G, whose images would be in --out: leave it out", lab.Model.Title)
		}
		out = ""
	}
	for _, f := range d.Files {
		files.set(figure.Path(out, f.End), f.Write)
	}
	if images, ok := d.Result.(drawer); ok {
		images.Name(filepath.Base(out), base(npyPath))
		files.set(npyPath, writeNPY(images.Pixels()))
	}
	if c.mp4 != "" {
		film, err := filmOf(d.Result)
		if err != nil {
			return err
		}
		files.set(c.mp4, func(w io.Writer) error { return encodeMP4(e.ctx, c.ffmpeg, w, film) })
	}
	if err := files.commit(); err != nil {
		return err
	}
	if r, ok := d.Result.(named); ok {
		r.Name(out, npyPath)
	}
	return c.answer(e, d.Result, out)
}

// make draws the figure, whose picture goes to out.
func (c *figureCmd) make(e *env, lab *figure.Lab, out string) (*figure.Drawing, error) {
	if !c.entry.AsLoaded {
		if err := lab.Settle(); err != nil {
			return nil, err
		}
	}
	return figure.Make(e.ctx, lab, c.Figure, out)
}

// answer prints what was found.
func (c *figureCmd) answer(e *env, r figure.Result, out string) error {
	if c.JSON {
		if err := e.json(r); err != nil {
			return err
		}
	} else {
		lines := r.Words().Lines(c.Verbose)
		if l, ok := r.(figure.Lister); ok {
			lines = append(lines, l.List(c.Verbose)...)
		}
		for _, line := range lines {
			e.printf("%s", line)
		}
		if out != "" {
			e.printf("%s", out)
		}
	}
	if f, ok := r.(figure.Faulty); ok {
		if err := f.Fault(); err != nil {
			return &coded{err, exitFailed}
		}
	}
	return nil
}

// base is the last part of a path; of an empty path it is empty.
func base(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Base(path)
}

// writeNPY returns a function that writes images in PyTorch's order.
func writeNPY(x model.Tensor) func(io.Writer) error {
	return func(w io.Writer) error {
		y, err := x.ToNCHW()
		if err != nil {
			return err
		}
		return npy.Write(w, y.Shape, y.Data)
	}
}

// figureCommand is the command that draws a figure.
func figureCommand(entry figure.Entry) any {
	one := figureCmd{Figure: entry.New(), entry: entry}
	if r, err := entry.Read([]byte("{}")); err == nil {
		_, drawn := r.(drawer)
		_, filmed := r.(figure.Filmed)
		switch {
		case drawn && filmed:
			return &filmCmd{pixelsCmd: pixelsCmd{figureCmd: one}}
		case drawn:
			return &pixelsCmd{figureCmd: one}
		}
	}
	return &one
}
