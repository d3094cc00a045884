package main

import (
	"fmt"
	"path/filepath"
	"text/tabwriter"

	"dcganviz/model"
	"dcganviz/probe/kid"
)

// scoreKIDCmd holds a model's samples against real pictures.
type scoreKIDCmd struct {
	modelFlag
	likenessFlags
	Seed    uint64 `group:"Comparison" default:"1" placeholder:"N" help:"Decides the samples, the halves of the pictures and the noise (default: ${default})."`
	JSON    bool   `group:"Comparison" name:"json" help:"Print the result as JSON."`
	Threads int    `group:"Comparison" placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
}

func (*scoreKIDCmd) examples() []string {
	return []string{
		"dcganviz score kid",
		"dcganviz score kid runs/mine --images photos --neighbours 2 --json",
	}
}

// likenessFlags say what is compared.
type likenessFlags struct {
	photoFlags
	Samples    int `group:"Comparison" placeholder:"N" help:"Samples to draw (default: as many as there are pictures)."`
	Neighbours int `group:"Comparison" default:"5" placeholder:"K" help:"Precision and recall by balls out to the K-th nearest neighbour (default: ${default})."`
}

// likeness is what the command answers.
type likeness struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Command string `json:"command"`
	Model   string `json:"model"`
	SHA256  string `json:"sha256"`
	Seed    uint64 `json:"seed"`
	Images  string `json:"images"`
	kid.Report
}

// Run is the command.
func (c *scoreKIDCmd) Run(e *env) error {
	if err := c.check(c.Threads); err != nil {
		return err
	}
	o, err := c.open(e)
	if err != nil {
		return err
	}
	d := &drawing{opened: o, pool: model.NewPool(c.Threads)}
	defer d.pool.Close()
	if err := o.estimate(e, d.pool); err != nil {
		return err
	}
	r, real, err := c.study(e, d, c.Seed, c.Threads)
	if err != nil {
		return err
	}
	a := likeness{Program: "dcganviz", Version: version, Command: "score kid", Model: o.Title, SHA256: o.SHA256, Seed: c.Seed, Images: filepath.Base(real.title), Report: *r}
	if c.JSON {
		return e.json(a)
	}
	a.print(e)
	return nil
}

func (c *likenessFlags) check(threads int) error {
	switch {
	case c.Samples < 0 || c.Samples > kid.MostImages:
		return usageError("--samples is %d, want 1 to %d, or 0 for as many as there are pictures", c.Samples, kid.MostImages)
	case c.Neighbours < 1:
		return usageError("--neighbours is %d, want 1 or more", c.Neighbours)
	}
	return checkThreads(threads)
}

// study compares the model's samples with real pictures, which it returns, too.
// It completes d.
func (c *likenessFlags) study(e *env, d *drawing, seed uint64, threads int) (*kid.Report, *photoSet, error) {
	var err error
	if d.g, err = d.Generator(); err != nil {
		return nil, nil, err
	}
	cfg := d.g.Config()
	net, err := kid.NewNet(cfg.Size, cfg.Channels)
	if err != nil {
		return nil, nil, unsupported("%s: %w", d.Title, err)
	}
	real, err := c.photos(e, d.opened, "heldout", kid.MostImages, threads)
	if err != nil {
		return nil, nil, err
	}
	n := c.Samples
	if n == 0 {
		n = real.Len()
	}
	// Each half of the pictures, and as many samples, need more than so many.
	if least := max(3, c.Neighbours+1); real.Len() < 2*least || n < least {
		return nil, nil, usageError("%d pictures in %s and %d samples, want %d and %d or more for --neighbours %d", real.Len(), real.title, n, 2*least, least, c.Neighbours)
	}
	if err := d.checkBatch(n, false); err != nil {
		return nil, nil, err
	}
	samples, err := sampleFeatures(e, d, net, seed, n)
	if err != nil {
		return nil, nil, err
	}
	shown := newCount(e.stderr, "parts", 0)
	defer shown.close()
	r, err := kid.Study(e.ctx, net, samples, real.Tensor, kid.StudyOptions{
		Neighbours: c.Neighbours, Seed: seed, Pool: d.pool, Progress: shown.part,
	})
	return r, real, err
}

// sampleFeatures draws n samples a part at a time, so that no more of them are in
// memory, and returns what net sees in them.
func sampleFeatures(e *env, d *drawing, net *kid.Net, seed uint64, n int) (out model.Tensor, err error) {
	z := model.Latents(seed, 0, n, d.g.Config())
	err = d.inParts(e, "samples drawn", n, func(from, to int, run model.RunOptions) error {
		x, err := d.g.Generate(z.Slice(from, to), run)
		if err != nil {
			return err
		}
		if err := d.checkFinite(x, z.Slice(from, to), from, run); err != nil {
			return err
		}
		f, err := net.Features(x, model.RunOptions{Pool: d.pool})
		if err != nil {
			return err
		}
		if from == 0 {
			out = model.NewTensor(n, f.Shape[1])
		}
		copy(out.Slice(from, to).Data, f.Data)
		return nil
	})
	return out, err
}

// print writes the answer for people.
func (a *likeness) print(e *env) {
	e.printf("KID        %.4f ± %.4f: %d samples against %d real pictures of %s", a.Whole.KID.Value, a.Whole.KID.SE, a.Whole.Images, a.Whole.Real, a.Images)
	e.printf("precision  %.3f, recall %.3f, density %.3f, coverage %.3f (%d neighbours)", a.Whole.Precision, a.Whole.Recall, a.Whole.Density, a.Whole.Coverage, a.Neighbours)
	e.printf("The same of %d images, against one half of the pictures; the controls are of the other half:", a.Halves[0].Images)
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintln(w, "  images\tKID\t±\tprecision\trecall\tdensity\tcoverage")
	for _, h := range a.Halves {
		fmt.Fprintf(w, "  %s\t%.4f\t%.4f\t%.3f\t%.3f\t%.3f\t%.3f\n", h.Name, h.KID.Value, h.KID.SE, h.Precision, h.Recall, h.Density, h.Coverage)
	}
}
