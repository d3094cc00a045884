package figure

import (
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// A Source says of another program's checkpoint what its file does not: it is
// checkpoint.OpenOptions, as options of the command line. The zero value takes what can
// be told from the file.
type Source struct {
	Disc      string             `group:"Foreign checkpoints" placeholder:"FILE" recipe:"input" help:"The file that D is in, if it is another one."`
	Key       string             `group:"Foreign checkpoints" placeholder:"KEY" complete:"text" help:"Where G is in a file of several state dicts, such as netG."`
	DiscKey   string             `group:"Foreign checkpoints" placeholder:"KEY" complete:"text" help:"Where D is."`
	Family    checkpoint.Family  `group:"Foreign checkpoints" default:"any" placeholder:"NAME" choices:"any,pytorch,paper,digits,upsample" help:"What sort of DCGAN it is: pytorch (pytorch/examples), paper, digits or upsample (PyTorch-GAN) (default: what the shapes of the weights say)."`
	BN        *checkpoint.BNMode `group:"Foreign checkpoints" name:"bn" placeholder:"NAME" choices:"running,batch" help:"Statistics of batch norm: running, as kept from training, or batch, of all images drawn (default: running; a net that kept none gets an estimate, the same each time)."`
	BNEps     *float64           `group:"Foreign checkpoints" name:"bn-eps" placeholder:"X" help:"What batch norm adds to the variance (default: 1e-5)."`
	Law       *model.Law         `group:"Foreign checkpoints" placeholder:"NAME" choices:"normal,uniform" help:"Latents are normal or uniform (default: as the family's)."`
	By        string             `group:"Foreign checkpoints" default:"statistics" enum:"statistics,family" older:"family" placeholder:"NAME" help:"What tells activations, the law of the latents and strides that no flag says: statistics, the ones that the file's batch norms stored, or family alone (default: ${default})."`
	Unflipped bool               `group:"Foreign checkpoints" help:"Take the kernels of the paper's authors as they are, which is wrong: to see what it does."`
	G         SourceNet          `kong:"embed,prefix='g-',set='net=G',set='slope=0'"`
	NoTanh    bool               `group:"Foreign checkpoints" help:"G does not end in tanh."`
	D         SourceNet          `kong:"embed,prefix='d-',set='net=D',set='slope=0.2'"`
	DSize     Pixels             `group:"Foreign checkpoints" name:"d-size" placeholder:"N" help:"Height and width of D's images, one number or two, as in 96x128 (default: as G's)."`
	GSize     Pixels             `group:"Foreign checkpoints" name:"g-size" placeholder:"N" help:"Those of G's (default: what the layers make)."`
	SourceUpsampling
	SourceClasses
}

// A SourceUpsampling is how G enlarges its feature maps before plain convolutions.
type SourceUpsampling struct {
	GUpsamples []int             `group:"Foreign checkpoints" name:"g-upsamples" placeholder:"N" help:"How many times the input of each of G's convolutions is enlarged first, 1 for not at all (default: what the file's statistics tell, or else 2 for all but the last)."`
	Upsampling *model.Upsampling `group:"Foreign checkpoints" placeholder:"NAME" choices:"nearest,bilinear,bilinear-corners" help:"How they are enlarged; corners: with align_corners (default: what the statistics tell, or else nearest)."`
}

// SourceClasses are the classes that a G draws.
type SourceClasses struct {
	Classes    int         `group:"Foreign checkpoints" placeholder:"N" help:"G draws N classes, told which by N numbers of its latent: one at the class and zero elsewhere (default: what trained rows in the file say)."`
	ClassJoin  *model.Join `group:"Foreign checkpoints" placeholder:"NAME" choices:"last,first,times" help:"The class's numbers are the last or the first of the latent, or the noise times them (default: what the statistics tell, or last)."`
	ClassNames []string    `group:"Foreign checkpoints" placeholder:"NAMES" complete:"text" help:"What the classes are called, from the first on."`
	Class      string      `placeholder:"N" complete:"text" help:"Draw one class, by its number or name, of a G that draws several; all: a row of each, for sample (default: each in turn)."`
}

// A SourceNet is what a state dict does not say of one net's convolutions.
type SourceNet struct {
	Strides        []int              `group:"Foreign checkpoints" placeholder:"N" help:"Strides of ${net}'s convolutions from its input on; one number stands for all (default: the family's)."`
	Paddings       []int              `group:"Foreign checkpoints" placeholder:"N" help:"Their paddings (default: 0)."`
	OutputPaddings []int              `group:"Foreign checkpoints" placeholder:"N" help:"Their output paddings (default: 0)."`
	Slope          []float64          `group:"Foreign checkpoints" placeholder:"X" help:"Slopes of ${net}'s hidden activations below zero, from its input on: 0 is ReLU, 0.2 a leaky one, 1 none; one number stands for all (default: what the file's statistics tell, or else ${slope})."`
	Norm           []checkpoint.Norms `group:"Foreign checkpoints" placeholder:"NAME" complete:"text" help:"What ${net}'s norms without running statistics are: batch, instance, or the number of groups of a GroupNorm; one stands for all (default: batch)."`
	NormOrder      checkpoint.Order   `group:"Foreign checkpoints" default:"any" placeholder:"NAME" choices:"any,before,after" help:"Whether ${net}'s norms come before or after the activations (default: what the file's statistics tell, or else before)."`
}

// byStatistics and byFamily are the values of By.
const byStatistics, byFamily = "statistics", "family"

// SourceGroup is the group of all options of a Source. Few need them.
const SourceGroup = "Foreign checkpoints"

// maxStride is more than any kernel is wide.
const maxStride = 64

// Check reports options that make no sense. Its errors are probe.ErrInput.
func (s *Source) Check() error {
	for _, g := range []struct {
		net string
		SourceNet
	}{{"g", s.G}, {"d", s.D}} {
		if g.Strides == nil && (g.Paddings != nil || g.OutputPaddings != nil) {
			return usage("paddings without strides: give --%s-strides too", g.net)
		}
		for _, list := range []struct {
			name  string
			least int
			of    []int
		}{{"strides", 1, g.Strides}, {"paddings", 0, g.Paddings}, {"output-paddings", 0, g.OutputPaddings}} {
			for _, n := range list.of {
				if n < list.least || n > maxStride {
					return usage("--%s-%s has %d, want %d to %d", g.net, list.name, n, list.least, maxStride)
				}
			}
		}
		for _, x := range g.Slope {
			if !(x >= 0 && x <= 1) {
				return usage("--%s-slope has %g, want 0 to 1", g.net, x)
			}
		}
	}
	for _, n := range s.GUpsamples {
		if n < 1 || n > maxStride {
			return usage("--g-upsamples has %d, want 1 to %d", n, maxStride)
		}
	}
	switch {
	case s.Classes < 0:
		return usage("--classes is %d, want 1 or more", s.Classes)
	case s.BNEps != nil && !(*s.BNEps > 0 && *s.BNEps < 1):
		return usage("--bn-eps is %g, want more than 0 and less than 1", *s.BNEps)
	}
	return nil
}

// Options returns what checkpoint.Open takes.
func (s *Source) Options() checkpoint.OpenOptions {
	geometry := func(g SourceNet) checkpoint.Geometry {
		return checkpoint.Geometry{
			Strides: g.Strides, Paddings: g.Paddings, OutputPaddings: g.OutputPaddings, Slope: g.Slope, Norms: g.Norm, Order: g.NormOrder,
		}
	}
	opt := checkpoint.OpenOptions{
		Disc: s.Disc, Key: s.Key, DiscKey: s.DiscKey, Family: s.Family,
		G: geometry(s.G), D: geometry(s.D), BN: s.BN, Law: s.Law, ByFamily: s.By == byFamily, Unflipped: s.Unflipped,
	}
	opt.G.Upsamples, opt.G.Upsampling = s.GUpsamples, s.Upsampling
	opt.Classes, opt.ClassJoin, opt.ClassNames = s.Classes, s.ClassJoin, s.ClassNames
	opt.G.NoTanh = s.NoTanh
	opt.D.Size, opt.D.Width = s.DSize.Height, s.DSize.Width
	opt.G.Size, opt.G.Width = s.GSize.Height, s.GSize.Width
	if s.BNEps != nil {
		opt.BNEps = *s.BNEps
	}
	return opt
}
