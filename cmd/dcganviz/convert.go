package main

import (
	"fmt"
	"io"
	"strings"

	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// convertCmd writes a model to a file of its own.
type convertCmd struct {
	In  string `arg:"" optional:"" name:"model" complete:"models" help:"An embedded model, a run's folder, a checkpoint of this program's or PyTorch's, or a folder with the arrays of the paper's authors."`
	Out string `arg:"" optional:"" name:"out" help:"The file to write: PyTorch's where its name ends with .pth or .pt, safetensors where it ends with .safetensors or has no ending."`
	sourceFlags
	Net   string `group:"Output" default:"both" enum:"g,d,both" placeholder:"NAME" help:"g or d alone, which in a .pth is one state dict, or both, which is a dict of two under netG and netD (default: ${default}, as far as there are both)."`
	Half  bool   `group:"Output" help:"Write the weights as float16: half the bytes, of each number the first 11 bits. Without it all are float32."`
	Force bool   `group:"Output" help:"Replace the file if it is there."`
}

func (*convertCmd) examples() []string {
	return []string{
		"dcganviz convert runs/mine mine.safetensors --half",
		"dcganviz convert runs/mine netG.pth --net g",
		"dcganviz convert --model runs/mine both.pth",
	}
}

func (c *convertCmd) Run(e *env) error {
	if c.Model != "" && c.Out == "" {
		c.In, c.Out = "", c.In
	}
	if c.Out == "" {
		return usageError("want a model and the file to write, as in dcganviz convert netG.pth netG.safetensors")
	}
	if err := checkEnding("out", c.Out, "a model", ".safetensors", ".pth", ".pt"); err != nil {
		return err
	}
	files, finish := e.outputs()
	defer finish()
	files.add("out", c.Out, fileio.Options{Force: c.Force})
	if err := files.check(); err != nil {
		return err
	}
	flag := modelFlag{c.In, c.sourceFlags}
	o, err := flag.open(e)
	if err != nil {
		return err
	}
	if err := c.choose(o); err != nil {
		return err
	}
	ext := extension(c.Out)
	write, torch := checkpoint.Write, ext == ".pth" || ext == ".pt"
	if torch {
		write = checkpoint.WriteTorch
	}
	files.set(c.Out, func(w io.Writer) error { return write(w, o.Model, checkpoint.SaveOptions{Half: c.Half}) })
	if err := files.commit(); err != nil {
		return err
	}
	if lost := lostInTorch(o.Model.Meta.Config); torch && lost != "" {
		e.note("%s holds weights only: open it with %s", c.Out, lost)
	}
	e.printf("%s", c.Out)
	return nil
}

// choose leaves the nets that are to be written.
func (c *convertCmd) choose(o *figure.Lab) error {
	var err error
	switch c.Net {
	case "g":
		_, err = o.Model.Generator()
		o.Model.D = nil
	case "d":
		_, err = o.Model.Discriminator()
		o.Model.G = nil
	}
	return err
}

// lostInTorch returns the flags with which a .pth is read as the same model. What the
// shapes of the weights tell needs no flag.
func lostInTorch(cfg model.Config) string {
	var flags []string
	if cfg.Arch == model.Custom {
		flags = append(flags, "its strides and paddings, where they are of no known family")
	}
	if cfg.BNEps != 0 {
		flags = append(flags, fmt.Sprintf("--bn-eps %g", cfg.BNEps))
	}
	if usual := map[model.Arch]model.Law{model.Paper: model.Uniform}[cfg.Arch]; cfg.Law != usual {
		flags = append(flags, "--law "+cfg.Law.String())
	}
	return strings.Join(flags, ", ")
}
