package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"dcganviz/cmd/dcganviz/internal/complete"
	"dcganviz/cmd/dcganviz/internal/manual"
	"dcganviz/gallery/figure"
	"dcganviz/model/zoo"
)

// groups are the groups of commands in the order of the overview. The title says what
// one does with the commands.
var groups = []struct{ key, title string }{{figure.Look, "See what a network has learnt"}, {"Make", "Make your own"}, {figure.Know, "Know what you have"}}

// overview is what the program says without arguments, and by --help: a line for each
// command, with what its help says.
func overview(app *kong.Application) string {
	return "dcganviz trains DCGANs and looks inside them. Begin with:\n\n  dcganviz walk\n\n" + commandList(app) +
		"Each command explains itself, examples first:\n\n  dcganviz walk --help       as well as dcganviz help walk\n" +
		"  dcganviz help models       which models commands take, and the flags for\n                             checkpoints of other programs\n" +
		"  dcganviz -V, --version     the program's version\n"
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

// exampled is a command; each shows how it is used.
type exampled interface {
	// examples returns command lines that run as they stand, where the files
	// that they name exist.
	examples() []string
}

// printHelp is kong's help with the command's examples first. Of the program it is the
// overview. Flags for checkpoints of other programs, which few need, are on the page of
// models.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	node := ctx.Selected()
	if node == nil {
		_, err := fmt.Fprint(ctx.Stdout, overview(ctx.Model))
		return err
	}
	foreign := false
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			of := f.Group != nil && f.Group.Key == figure.SourceGroup
			foreign = foreign || of
			f.Hidden = f.Hidden || of || f.Tag.Has(complete.RootOnly)
		}
	}
	if examples := examplesOf(node); examples != nil {
		text := "Examples:\n\n    " + strings.Join(examples, "\n    ")
		node.Detail = strings.TrimSpace(text + "\n\n" + node.Detail)
	}
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	after := ""
	switch {
	case node.Path() == "models":
		about, err := sourceHelp()
		if err != nil {
			return err
		}
		after = about
	case foreign:
		after = "\nA checkpoint of another program may need flags: dcganviz help models.\n"
	}
	_, err := fmt.Fprint(ctx.Stdout, after)
	return err
}

// sourceHelp says which models commands take, and the flags that say what the file of
// another program does not.
func sourceHelp() (string, error) {
	var source struct{ figure.Source }
	parser, err := kong.New(&source)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	say := func(indent, text string) {
		for _, line := range manual.Wrap(text, overviewWidth-len(indent)) {
			b.WriteString(indent + line + "\n")
		}
	}
	b.WriteString("\n")
	say("", "Where a command takes a model, that is one of these (without any, "+zoo.Default+"):")
	b.WriteString("\n")
	for _, m := range [][2]string{
		{strings.Join(zoo.Names(), ", "), "an embedded model, by its name"},
		{"runs/mine", "the folder of a training run"},
		{"mine.safetensors, netG.pth", "a file of this program or of PyTorch"},
		{"a folder", "with the arrays of the paper's authors"},
	} {
		say("  ", m[0]+": "+m[1]+".")
	}
	b.WriteString("\n" + figure.SourceGroup + "\n")
	say("", manSource)
	for _, f := range parser.Model.Flags {
		if f.Group != nil && f.Group.Key == figure.SourceGroup {
			b.WriteString("\n  " + f.String() + "\n")
			say("      ", f.Help)
		}
	}
	return b.String(), nil
}

// examplesOf returns the examples of a command, if it has any.
func examplesOf(n *kong.Node) []string {
	if x, ok := n.Target.Addr().Interface().(exampled); ok {
		return x.examples()
	}
	return nil
}
