package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"dcganviz/cmd/dcganviz/internal/complete"
	"dcganviz/cmd/dcganviz/internal/manual"
	"dcganviz/gallery/figure"
)

// groups are the groups of commands in the order of the overview. The title says what
// one does with the commands.
var groups = []struct{ key, title string }{{figure.Look, "See what a network has learnt"}, {"Make", "Make your own"}, {figure.Know, "Know what you have"}}

// overview is what the program says without arguments: a line for each command,
// with what its help says.
func overview(app *kong.Application) string {
	return "dcganviz trains DCGANs and looks inside them.\n\n" + commandList(app) +
		"Begin with:\n\n  dcganviz walk\n\nEach command explains itself: dcganviz walk --help\n"
}

// overviewWidth is the width of a terminal in characters.
const overviewWidth = 79

// commandList lists the commands by group.
func commandList(app *kong.Application) string {
	var b strings.Builder
	for _, g := range groups {
		b.WriteString(g.title + "\n")
		for _, n := range app.Children {
			if n.Type != kong.CommandNode || n.ClosestGroup().Key != g.key {
				continue
			}
			about := strings.TrimSuffix(n.Help, ".")
			about = strings.ToLower(about[:1]) + about[1:]
			head := fmt.Sprintf("  %-16s", n.Name)
			for _, line := range manual.Wrap(about, overviewWidth-len(head)) {
				b.WriteString(head + line + "\n")
				head = strings.Repeat(" ", len(head))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// helpCmd is --help as a command.
type helpCmd struct {
	Command []string `arg:"" optional:"" name:"command" complete:"commands" help:"The command, such as walk, or score fit."`
}

func (*helpCmd) examples() []string { return []string{"dcganviz help", "dcganviz help score fit"} }

func (c *helpCmd) Run(e *env) error {
	if len(c.Command) == 0 {
		return e.dispatch(nil)
	}
	parser, err := newParser(e, commandsFor(c.Command[0]), func(int) {})
	if err != nil {
		return err
	}
	if _, unknown := commandOf(parser.Model.Node, c.Command); unknown != "" {
		return usageError("no command %q (see dcganviz --help)", unknown)
	}
	return e.dispatch(append(c.Command, "--help"))
}

// commandOf returns the command that words name below n, or nil and the first word that
// names none.
func commandOf(n *kong.Node, words []string) (of *kong.Node, unknown string) {
	for _, w := range words {
		i := slices.IndexFunc(n.Children, func(c *kong.Node) bool { return c.Name == w })
		if i < 0 {
			return nil, w
		}
		n = n.Children[i]
	}
	return n, ""
}

// foreignLast is 1 for a flag that few people need. Such flags come last.
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
	node := ctx.Selected()
	if node == nil {
		return kong.DefaultHelpPrinter(options, ctx)
	}
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			f.Hidden = f.Hidden || f.Tag.Has(complete.RootOnly)
		}
	}
	slices.SortStableFunc(node.Flags, func(a, b *kong.Flag) int { return foreignLast(a) - foreignLast(b) })
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	if examples := examplesOf(node); examples != nil {
		fmt.Fprintln(ctx.Stdout, "\nExamples:\n  "+strings.Join(examples, "\n  "))
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
