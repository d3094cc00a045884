package main

import (
	"fmt"
	"slices"

	"github.com/alecthomas/kong"
)

// overview is what the program says without arguments.
const overview = `dcganviz trains DCGANs and looks inside them.

See what a network has learnt
  walk      walk through latent space: images that turn into each other
  sample    draw random images, and let D score them
  forget-windows
            drop the feature maps that draw windows, and measure what goes
  forget    the same for any concept that boxes or a scorer show
  arithmetic
            add and subtract concepts: smiling woman - woman + man
  turn      go from one concept to another through samples, and see whether
            they follow

Make your own
  train     train on a folder or archive of your pictures
  score     fit and measure scorers, which find windows or whatever boxes show
  convert   write a model to a safetensors file or to one of PyTorch

Know what you have
  doctor    what is wrong or doubtful with a model, with evidence
  inspect   layers, shapes, parameters and history of a model; lists any state dict
  models    the models that come with the program, and their cards
  recipe    what drew a picture of this program
  replay    draw it again, and compare every pixel
  version   of the program

Begin with:

  dcganviz walk

Each command explains itself: dcganviz walk --help
`

// foreignLast orders flags so that those that few need are at the end.
func foreignLast(f *kong.Flag) int {
	if f.Group != nil && f.Group.Key == foreignGroup {
		return 1
	}
	return 0
}

// exampled is a command; each shows how it is used.
type exampled interface {
	// examples returns command lines that run as they stand, where the files
	// that they name exist.
	examples() []string
}

// printHelp is kong's help with the command's examples at the end.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	if node := ctx.Selected(); node != nil {
		slices.SortStableFunc(node.Flags, func(a, b *kong.Flag) int { return foreignLast(a) - foreignLast(b) })
	}
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	node := ctx.Selected()
	if node == nil {
		return nil
	}
	if x, ok := node.Target.Addr().Interface().(exampled); ok {
		fmt.Fprintln(ctx.Stdout, "\nExamples:")
		for _, line := range x.examples() {
			fmt.Fprintln(ctx.Stdout, "  "+line)
		}
	}
	return nil
}
