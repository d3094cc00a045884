package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// foreignGroup is the heading of foreignFlags in the help, where it is last:
// few need them.
const foreignGroup = "Foreign checkpoints"

// foreignFlags say what another program's checkpoint does not: they are
// checkpoint.OpenOptions.
type foreignFlags struct {
	Disc      string             `group:"Foreign checkpoints" placeholder:"FILE" recipe:"input" help:"The file that D is in, if it is another one."`
	Key       string             `group:"Foreign checkpoints" placeholder:"KEY" help:"Where G is in a file of several state dicts, such as netG."`
	DiscKey   string             `group:"Foreign checkpoints" placeholder:"KEY" help:"Where D is."`
	Family    checkpoint.Family  `group:"Foreign checkpoints" default:"any" placeholder:"NAME" help:"What sort of DCGAN it is: pytorch (pytorch/examples), paper or digits (default: what the shapes of the weights say)."`
	BN        *checkpoint.BNMode `group:"Foreign checkpoints" name:"bn" placeholder:"NAME" help:"Batch norm uses the running statistics, or those of the batch, which is all images drawn (default: running; a net that has none gets an estimate, the same each time)."`
	BNEps     float64            `group:"Foreign checkpoints" name:"bn-eps" placeholder:"X" help:"What batch norm adds to the variance (default: 1e-5)."`
	Law       *model.Law         `group:"Foreign checkpoints" placeholder:"NAME" help:"Latents are normal or uniform (default: as the family's)."`
	Unflipped bool               `group:"Foreign checkpoints" help:"Take the kernels of the paper's authors as they are, which is wrong: to see what it does."`
	G         geometryFlags      `kong:"embed,prefix='g-',set='net=G',set='slope=0'"`
	NoTanh    bool               `group:"Foreign checkpoints" help:"G does not end in tanh."`
	D         geometryFlags      `kong:"embed,prefix='d-',set='net=D',set='slope=0.2'"`
	DSize     int                `group:"Foreign checkpoints" name:"d-size" placeholder:"N" help:"Height and width of D's images (default: those of G's)."`
}

// geometryFlags are what a state dict does not say of one net's convolutions.
type geometryFlags struct {
	Strides        []int    `group:"Foreign checkpoints" placeholder:"N" help:"Strides of ${net}'s convolutions from its input on; one number stands for all (default: the family's)."`
	Paddings       []int    `group:"Foreign checkpoints" placeholder:"N" help:"Their paddings (default: 0)."`
	OutputPaddings []int    `group:"Foreign checkpoints" placeholder:"N" help:"Their output paddings (default: 0)."`
	Slope          *float64 `group:"Foreign checkpoints" placeholder:"X" help:"Slope of ${net}'s hidden activations below zero (default: ${slope})."`
}

func (f foreignFlags) check() error {
	for _, g := range []struct {
		net string
		geometryFlags
	}{{"g", f.G}, {"d", f.D}} {
		if g.Strides == nil && (g.Paddings != nil || g.OutputPaddings != nil) {
			return usageError("paddings without strides: give --%s-strides too", g.net)
		}
		for _, list := range []struct {
			name  string
			least int
			of    []int
		}{{"strides", 1, g.Strides}, {"paddings", 0, g.Paddings}, {"output-paddings", 0, g.OutputPaddings}} {
			for _, n := range list.of {
				if n < list.least || n > maxStride {
					return usageError("--%s-%s has %d, want %d to %d", g.net, list.name, n, list.least, maxStride)
				}
			}
		}
		if g.Slope != nil && !(*g.Slope >= 0 && *g.Slope <= 1) {
			return usageError("--%s-slope is %g, want 0 to 1", g.net, *g.Slope)
		}
	}
	switch {
	case !(f.BNEps >= 0 && f.BNEps < 1):
		return usageError("--bn-eps is %g, want more than 0 and less than 1", f.BNEps)
	case f.DSize < 0:
		return usageError("--d-size is %d, want 1 or more", f.DSize)
	}
	return nil
}

// maxStride is more than any kernel is wide.
const maxStride = 64

func (f foreignFlags) options() checkpoint.OpenOptions {
	geometry := func(g geometryFlags) checkpoint.Geometry {
		return checkpoint.Geometry{Strides: g.Strides, Paddings: g.Paddings, OutputPaddings: g.OutputPaddings, Slope: g.Slope}
	}
	opt := checkpoint.OpenOptions{
		Disc: f.Disc, Key: f.Key, DiscKey: f.DiscKey, Family: f.Family,
		G: geometry(f.G), D: geometry(f.D), BN: f.BN, BNEps: f.BNEps, Law: f.Law, Unflipped: f.Unflipped,
	}
	opt.G.NoTanh, opt.D.Size = f.NoTanh, f.DSize
	return opt
}

// ambiguous adds to an error of checkpoint.Open the flags that would decide.
func ambiguous(where string, err error) error {
	if u := (*checkpoint.UnknownGeometryError)(nil); errors.As(err, &u) {
		return usageError("%s: %s", where, geometryHint(u))
	}
	if a := (*checkpoint.AmbiguousError)(nil); errors.As(err, &a) {
		flags := make([]string, len(a.Options))
		for i, o := range a.Options {
			flags[i] = flagOf(o)
		}
		return usageError("%w (%s)", err, strings.Join(flags, " or "))
	}
	return err
}

// flagOf returns the flag for a field of checkpoint.OpenOptions: --d-size for D.Size.
func flagOf(option string) string {
	var b strings.Builder
	b.WriteString("--")
	for i, r := range strings.ReplaceAll(option, ".", "") {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// geometryHint says how a net of no known family can be opened.
func geometryHint(u *checkpoint.UnknownGeometryError) string {
	kernels := make([]string, len(u.Kernels))
	for i, k := range u.Kernels {
		kernels[i] = fmt.Sprintf("%dx%d", k[0], k[1])
	}
	net := strings.ToLower(u.Net)
	text := fmt.Sprintf("%s's convolutions with kernels of %s ", u.Net, strings.Join(kernels, ", "))
	if len(u.Families) > 0 {
		names := make([]string, len(u.Families))
		for i, f := range u.Families {
			names[i] = "--family " + f.String()
		}
		return text + "may be of several families, say which: " + strings.Join(names, " or ")
	}
	text += "are of no known family"
	if len(u.Candidates) == 0 {
		return text + fmt.Sprintf(": say --%s-strides and --%s-paddings", net, net)
	}
	var tries []string
	for _, c := range u.Candidates {
		tries = append(tries, geometryArgs(net, c))
	}
	return text + ", say their strides and paddings; perhaps " + strings.Join(tries, ", or ")
}

// geometryArgs returns a geometry as flags.
func geometryArgs(net string, g checkpoint.Geometry) string {
	var args []string
	for _, list := range []struct {
		name   string
		of     []int
		always bool
	}{{"strides", g.Strides, true}, {"paddings", g.Paddings, false}, {"output-paddings", g.OutputPaddings, false}} {
		if list.always || slices.ContainsFunc(list.of, func(n int) bool { return n != 0 }) {
			args = append(args, fmt.Sprintf("--%s-%s %s", net, list.name, strings.Trim(strings.ReplaceAll(fmt.Sprint(list.of), " ", ","), "[]")))
		}
	}
	if net == "d" && g.Size != 0 {
		args = append(args, fmt.Sprintf("--d-size %d", g.Size))
	}
	return strings.Join(args, " ")
}
