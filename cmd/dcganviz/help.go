package main

import (
	"fmt"
	"slices"

	"dcganviz/gallery/figure"

	"github.com/alecthomas/kong"
)

// overview is what the program says without arguments.
const overview = `dcganviz trains DCGANs and looks inside them.

See what a network has learnt
  walk            walk through latent space, and find sharp transitions
  sample          draw random images, and let D score them
  compare         lay samples beside real pictures: KID, precision, recall
  nearest         the training pictures nearest to samples: does it copy?
  arithmetic      add and subtract concepts: smiling woman - woman + man
  turn            go from one concept to another, and see whether samples follow
  forget-windows  take the windows out, and measure what else goes
  forget          the same for any concept that boxes or a scorer show
  units           what each feature map of G draws
  filters         what units of D respond to, and whether the map knows
  tsne            lay samples or pictures out by t-SNE
  figures         the paper's figures, each with its numbers, and a page of them
  gallery         make a page of a folder of pictures: to pick, slide and sort

Make your own
  train           train on a folder or archive of your pictures
  score           fit and measure scorers; KID of samples
  convert         write a model to a safetensors file or to one of PyTorch

Know what you have
  doctor          what is wrong or doubtful with a model, with evidence
  inspect         layers, shapes, parameters and history of a model
  models          the models that come with the program, and their cards
  recipe          what drew a picture of this program
  replay          draw it again, and compare every pixel
  completion      what makes bash, zsh or fish complete commands and flags
  man             the manual page
  version         of the program

Begin with:

  dcganviz walk

Each command explains itself: dcganviz walk --help
`

// foreignLast orders flags so that those that few need are at the end.
func foreignLast(f *kong.Flag) int {
	if f.Group != nil && f.Group.Key == figure.SourceGroup {
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
	if node := ctx.Selected(); node != nil {
		if examples := examplesOf(node); examples != nil {
			fmt.Fprintln(ctx.Stdout, "\nExamples:")
			for _, line := range examples {
				fmt.Fprintln(ctx.Stdout, "  "+line)
			}
		}
	}
	return nil
}

// examplesOf returns the examples of a command, if it has any.
func examplesOf(n *kong.Node) []string {
	if x, ok := n.Target.Addr().Interface().(exampled); ok {
		return x.examples()
	}
	return nil
}
