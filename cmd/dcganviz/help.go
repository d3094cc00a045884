package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// overview is what the program says without arguments.
const overview = `dcganviz trains DCGANs and looks inside them.

Make a network
  train      on a folder or archive of your pictures

Each command explains itself: dcganviz train --help
`

// exampled is a command; each shows how it is used.
type exampled interface {
	// examples returns command lines that run as they stand, where the files
	// that they name exist.
	examples() []string
}

// printHelp is kong's help with the command's examples at the end.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
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
