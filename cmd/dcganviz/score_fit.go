package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/internal/shell"
	"dcganviz/probe/score"
)

// mostL2 is a penalty beyond which no weight is left.
const mostL2 = 1e6

// scoreCmd makes and measures scorers, and measures models.
type scoreCmd struct {
	Fit  scoreFitCmd  `cmd:"" help:"Fit a scorer on pictures with boxes."`
	Pair scorePairCmd `cmd:"" help:"Fit a scorer and a judge for forget, each on half of pictures with boxes, and measure each on the other half."`
	Eval scoreEvalCmd `cmd:"" help:"Measure a scorer on pictures with boxes."`
	Kid  scoreKIDCmd  `cmd:"" help:"Measure how near a model's samples come to real pictures (KID, precision, recall)."`
}

func (*scoreCmd) examples() []string {
	return slices.Concat((*scoreFitCmd)(nil).examples(), (*scorePairCmd)(nil).examples(), (*scoreEvalCmd)(nil).examples(), (*scoreKIDCmd)(nil).examples())
}

// scoreFitCmd fits a scorer.
type scoreFitCmd struct {
	figure.BoxedOptions
	Concept string `group:"Pictures" required:"" placeholder:"NAME" complete:"text" help:"Class of the boxes to find, such as window, or value of the labels. Pictures without such a box are taken not to show it."`
	Half    string `group:"Pictures" placeholder:"NAME" default:"whole" choices:"whole,first,second" help:"first or second: learn from one half of the photographs in --sources (default: ${default})."`
	Heldout string `group:"Pictures" placeholder:"FILE" help:"Measure the scorer on the pictures that this file names; what comes out is kept in the scorer."`

	Kind     string   `group:"Scorer" default:"pixels" placeholder:"NAME" choices:"pixels,d-features" help:"pixels: a small net of its own; d-features: one on D's feature maps (default: ${default})."`
	Model    string   `group:"Scorer" placeholder:"MODEL" complete:"models" help:"The model whose D d-features looks at (default: ${default_model})."`
	Out      string   `group:"Scorer" required:"" placeholder:"FILE" help:"The .safetensors file to write."`
	Force    bool     `group:"Scorer" help:"Replace the file if it is there."`
	Epochs   int      `group:"Scorer" placeholder:"N" help:"Times to go through the pictures (default: 30)."`
	L2       *float64 `group:"Scorer" name:"l2" placeholder:"X" help:"Penalty on the weights of d-features with labels, which is a logistic regression (default: 0.003)."`
	Size     int      `group:"Scorer" default:"64" placeholder:"N" help:"Side of the images, of kind pixels (default: ${default})."`
	Channels int      `group:"Scorer" default:"3" placeholder:"N" help:"3 for colour, 1 for gray, of kind pixels: a scorer of gray images takes colour ones, too (default: ${default})."`
	Seed     uint64   `group:"Scorer" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	Threads  int      `group:"Scorer" placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
	Verbose  bool     `group:"Scorer" short:"v" help:"Print all numbers of --heldout, not the most important ones alone."`
	JSON     bool     `group:"Scorer" name:"json" help:"Print the result as JSON."`
}

func (*scoreFitCmd) examples() []string {
	return []string{"dcganviz score fit --data photos --boxes photos/boxes.csv --concept window --out windows.safetensors"}
}

func (c *scoreFitCmd) check() (score.Kind, score.Half, error) {
	kind, err := score.ParseKind(c.Kind)
	if err != nil {
		return 0, 0, usageError("--kind: %w", err)
	}
	half, err := score.ParseHalf(c.Half)
	switch {
	case err != nil:
		return 0, 0, usageError("--half: %w", err)
	case half != score.Whole && c.Sources == "":
		return 0, 0, usageError("--half %v needs --sources, by which photographs are kept whole", half)
	case c.L2 != nil && !(*c.L2 > 0 && *c.L2 <= mostL2):
		return 0, 0, usageError("--l2 is %g, want above 0, at most %g", *c.L2, float64(mostL2))
	case c.L2 != nil && (kind != score.Features || c.Boxes != ""):
		return 0, 0, usageError("--l2 is of kind d-features with labels: leave it out")
	case c.Model != "" && kind != score.Features:
		return 0, 0, usageError("--model is of kind d-features: a scorer on pixels looks at no model")
	case c.Size != 64 && kind != score.Pixels:
		return 0, 0, usageError("--size is of kind pixels: D's images have theirs")
	}
	return kind, half, checkFit(c.Epochs, c.Size, c.Channels, c.Threads)
}

// checkFit reports settings of a fit that make no sense.
func checkFit(epochs, size, channels, threads int) error {
	switch {
	case epochs < 0:
		return usageError("--epochs is %d, want 1 or more", epochs)
	case channels != 1 && channels != 3:
		return usageError("--channels is %d, want 1 or 3", channels)
	case size < 16 || size > 256 || size%16 != 0:
		return usageError("--size is %d, want a multiple of 16 from 16 to 256", size)
	}
	return checkThreads(threads)
}

func (c *scoreFitCmd) Run(e *env) error {
	kind, half, err := c.check()
	if err != nil {
		return err
	}
	if err := checkEnding("--out", c.Out, "a scorer", ".safetensors"); err != nil {
		return err
	}
	files, finish := e.outputs()
	defer finish()
	files.add("--out", c.Out, fileio.Options{Force: c.Force})
	if err := files.check(); err != nil {
		return err
	}
	size, channels, lab := c.Size, c.Channels, new(figure.Lab)
	if kind == score.Features {
		if lab, err = (&modelFlag{Where: c.Model}).open(e); err != nil {
			return err
		}
		d, err := lab.Discriminator()
		if err != nil {
			return err
		}
		height, width, n := d.Config().Dims()
		if height != width {
			return usageError("D looks at images of %dx%d, and a scorer at square ones", height, width)
		}
		size, channels = height, n
	}
	defer use(e, lab, c.Threads)()
	train, err := c.Open(e.ctx, c.List, c.Concept, size, channels, c.Threads)
	if err != nil {
		return err
	}
	defer train.Close()
	var heldout *figure.BoxedSet
	if c.Heldout != "" {
		if heldout, err = c.Open(e.ctx, c.Heldout, c.Concept, size, channels, c.Threads); err != nil {
			return err
		}
		defer heldout.Close()
	}
	opt := score.Options{Epochs: c.Epochs, Seed: c.Seed}
	if c.L2 != nil {
		opt.L2 = *c.L2
	}
	s, err := figure.FitScorer(e.ctx, lab, kind, train.Half(half), opt)
	if err != nil {
		return err
	}
	s.Info.Concept, s.Info.Command, s.Info.Seed = c.Concept, c.command(), c.Seed
	s.Info.List = train.Fingerprint()
	if half != score.Whole {
		s.Info.Half = half.String()
	}
	if heldout != nil {
		if s.Info.Heldout, err = heldout.Measure(e.ctx, lab, s, c.Seed); err != nil {
			return err
		}
	}
	files.set(c.Out, s.Write)
	if err := files.commit(); err != nil {
		return err
	}
	if c.JSON {
		return e.json(s.Info)
	}
	if s.Info.Heldout != nil {
		printReport(e, s.Info.Heldout, c.Concept, c.Verbose)
	}
	e.printf("%s", c.Out)
	return nil
}

// command returns the command line that makes the same scorer, files without
// their folders.
func (c *scoreFitCmd) command() string {
	words := append([]string{"dcganviz", "score", "fit", "--kind", c.Kind}, fileFlags([][2]string{
		{"model", c.Model}, {"data", c.Data}, {"list", c.List}, {"boxes", c.Boxes}, {"labels", c.Labels}, {"sources", c.Sources}, {"heldout", c.Heldout},
	})...)
	if c.Labels != "" {
		words = append(words, "--column", c.Column)
	}
	if c.Channels != 3 {
		words = append(words, "--channels", strconv.Itoa(c.Channels))
	}
	words = append(words, "--concept", c.Concept, "--half", c.Half)
	if c.Epochs > 0 {
		words = append(words, "--epochs", strconv.Itoa(c.Epochs))
	}
	if c.L2 != nil {
		words = append(words, "--l2", fmt.Sprint(*c.L2))
	}
	if c.Size != 64 {
		words = append(words, "--size", strconv.Itoa(c.Size))
	}
	return shell.Join(append(words, "--seed", fmt.Sprint(c.Seed), "--out", shell.File(filepath.Base(c.Out)))...)
}

// fileFlags are flags with the files that they name, without their folders; flags that name
// none are left out.
func fileFlags(flags [][2]string) (words []string) {
	for _, f := range flags {
		if name, file := f[0], f[1]; file != "" {
			words = append(words, "--"+name, shell.File(filepath.Base(file)))
		}
	}
	return words
}
