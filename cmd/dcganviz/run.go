package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"dcganviz/cmd/dcganviz/internal/complete"
	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/internal/plain"
	"dcganviz/model/zoo"
)

// env is what a command may touch of the world besides files and the clock.
type env struct {
	ctx            context.Context // ends with Ctrl-C
	halt           *halt           // ends the program if that does not
	stdout, stderr io.Writer       // text, of which a terminal gets nothing that steers it
	data           io.Writer       // stdout for programs, as it is; takes all, see results
	bar            io.Writer       // stderr as it is, for what steers a terminal
	command        *kong.Node      // what is run
	given          map[string]bool // the flags on the command line, by name
	ignored        map[string]bool // the flags that do nothing beside those
}

// newEnv returns what a command touches, and flush, which writes the end of its text.
func newEnv(ctx context.Context, h *halt, stdout, stderr io.Writer) (e *env, flush func()) {
	out, messages := plain.NewWriter(stdout), plain.NewWriter(stderr)
	e = &env{ctx: ctx, halt: h, stdout: out, stderr: messages, data: stdout, bar: stderr}
	return e, func() { out.Flush(); messages.Flush() }
}

// printf writes a line of a result, which may follow empty ones. What args hold makes no
// more lines.
func (e *env) printf(format string, args ...any) {
	line := strings.TrimLeft(format, "\n")
	fmt.Fprintln(e.stdout, format[:len(format)-len(line)]+plain.Line(fmt.Sprintf(line, args...)))
}

// note writes a message, on one line.
func (e *env) note(format string, args ...any) {
	fmt.Fprintln(e.stderr, "dcganviz: "+plain.Line(oneLine(fmt.Errorf(format, args...))))
}

// A command is one that draws no figure.
type command struct {
	name, about, group string
	make               func() any // kong's grammar of it
}

// commands are the commands that draw no figure, in the order of the overview.
var commands = []command{
	{"figures", "Draw the paper's figures from the embedded models, each with its numbers, and make a page of them.", "Look", func() any { return new(figuresCmd) }},
	{"gallery", "Make a page of a folder of pictures: captions, and images to pick, slide and sort.", "Look", func() any { return new(galleryCmd) }},
	{"train", "Train a DCGAN on your pictures.", "Make", func() any { return new(trainCmd) }},
	{"score", "Fit and measure scorers, which find windows or whatever boxes show.", "Make", func() any { return new(scoreCmd) }},
	{"convert", "Write a model to a safetensors file or to one of PyTorch.", "Make", func() any { return new(convertCmd) }},
	{"recipe", "Print what drew a picture of this program.", "Know", func() any { return new(recipeCmd) }},
	{"replay", "Draw a picture again, and say whether every pixel is the same.", "Know", func() any { return new(replayCmd) }},
	{"inspect", "Say what a model is: layers, shapes, parameters, where it comes from.", "Know", func() any { return new(inspectCmd) }},
	{"models", "List the models that are embedded in the program, or print a card.", "Know", func() any { return new(modelsCmd) }},
	{"completion", "Print what makes bash, zsh or fish complete commands, flags and their values.", "Know", func() any { return new(completionCmd) }},
	{"man", "Print the manual page, for man -l.", "Know", func() any { return new(manCmd) }},
	{"version", "Print the program's version.", "Know", func() any { return new(versionCmd) }},
	{"help", "Print the overview, or what a command takes.", "Know", func() any { return new(helpCmd) }},
}

// results is the program's stdout. It takes everything and remembers the first error,
// which run returns at the end. Code that prints a result need not check it.
type results struct {
	to  io.Writer
	err error
}

func (r *results) Write(p []byte) (int, error) {
	if r.err == nil {
		_, r.err = r.to.Write(p)
	}
	return len(p), nil
}

// run is the program where signals are somebody else's. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return runUnder(ctx, new(halt), args, stdout, stderr)
}

// runUnder is the program, which h may end. It returns the exit code.
func runUnder(ctx context.Context, h *halt, args []string, stdout, stderr io.Writer) int {
	out := &results{to: stdout}
	e, flush := newEnv(ctx, h, out, stderr)
	defer flush()
	err := e.dispatch(args)
	switch {
	case err != nil || out.err == nil:
	case noReader(out.err):
		return exitNoReader // who wants no more, as head does, wants no message
	default:
		err = fmt.Errorf("the result is not printed in full: %w: %w", fileio.ErrNotWritable, out.err)
	}
	switch {
	case errors.Is(err, context.Canceled):
		e.note("interrupted")
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		e.note("%s: raise the limit, as by ulimit -n 1024", oneLine(err))
	case err != nil:
		e.note("%v", err)
	}
	return exitCode(err)
}

// oneLine returns an error's message without line breaks.
func oneLine(err error) string {
	return strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}

// dispatch parses args and runs the command that they name.
func (e *env) dispatch(args []string) error {
	if len(args) == 0 {
		parser, err := newParser(e, namesAlone(), func(int) {})
		if err != nil {
			return err
		}
		fmt.Fprint(e.stdout, overview(parser.Model))
		return nil
	}
	if args[0] == complete.Command {
		e.complete(args[1:])
		return nil
	}
	answered := false // by help
	parser, err := newParser(e, commandsFor(args[0]), func(int) { answered = true })
	if err != nil {
		return err
	}
	k, err := parser.Parse(args)
	if joined := joinNegative(args, err); joined != nil {
		k, err = parser.Parse(joined)
	}
	switch {
	case answered:
		return nil
	case err != nil:
		return usageOf(err)
	}
	e.command, e.given, e.ignored = k.Selected(), make(map[string]bool), make(map[string]bool)
	for _, p := range k.Path {
		if p.Flag != nil {
			e.given[p.Flag.Name] = true
		}
	}
	return k.Run(e)
}

// exclude refuses flags that would be ignored, and says why.
func (e *env) exclude(why string, flags ...string) error {
	for _, f := range flags {
		e.ignored[f] = true
		if !e.given[f] {
			continue
		}
		dashes := "--"
		if len(f) == 1 {
			dashes = "-"
		}
		return usageError("%s, so %s%s would do nothing: leave it out", why, dashes, f)
	}
	return nil
}

// newParser returns a parser of the command line, which knows these commands alone: it
// takes 45 ms to make one of all that they take. exit is called after help was printed.
func newParser(e *env, known []kong.Option, exit func(int)) (*kong.Kong, error) {
	options := append(known,
		kong.Name("dcganviz"),
		kong.Description("Train DCGANs and look inside them."),
		kong.Writers(e.stdout, e.stderr),
		kong.Exit(exit),
		kong.Bind(e),
		kong.Help(printHelp),
		kong.Vars{"default_model": zoo.Default, "gallery": galleryDir, "boxes": strings.Join(zoo.BoxNames(), ", "), "scorers": strings.Join(zoo.Scorers(), ", "), "pictures": strings.Join(zoo.PictureSets(), ", "), "concepts": strings.Join(zoo.ConceptFiles(), ", ")},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, WrapUpperBound: 100}),
	)
	var program struct {
		Version versionFlag `name:"version" short:"V" root:"" help:"Print the program's version."`
	}
	return kong.New(&program, options...)
}

// commandsFor returns the command of a name, or all, the table's figures first, as what
// most people are here for. It makes no other.
func commandsFor(name string) (all []kong.Option) {
	for _, f := range figure.All {
		if name == "" || name == f.Name {
			all = append(all, kong.DynamicCommand(f.Name, f.About, f.Group, figureCommand(f)))
		}
	}
	for _, c := range commands {
		if name == "" || name == c.name {
			all = append(all, kong.DynamicCommand(c.name, c.about, c.group, c.make()))
		}
	}
	if len(all) == 0 {
		return commandsFor("")
	}
	return all
}

// namesAlone returns all commands, without what they take.
func namesAlone() (all []kong.Option) {
	for _, f := range figure.All {
		all = append(all, kong.DynamicCommand(f.Name, f.About, f.Group, new(struct{})))
	}
	for _, c := range commands {
		all = append(all, kong.DynamicCommand(c.name, c.about, c.group, new(struct{})))
	}
	return all
}

// usageOf says where to read on after a mistake in the command line.
func usageOf(err error) error {
	help := "dcganviz --help"
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context.Selected() != nil {
		help = strings.Join(strings.Fields(p.Context.Selected().FullPath()), " ") + " --help"
	}
	return usageError("%s (see %s)", wordsOf(err), help)
}

// dashed is what the parser says of a negative number behind a flag.
var dashed = regexp.MustCompile(`^--([^:]+): expected \w+ value but got "(-\.?[0-9][^"]*)" \(short flag\)`)

// joinNegative returns args with the flag and its negative number in one, so that the flag's
// own check answers; nil if err is about something else.
func joinNegative(args []string, err error) []string {
	if err == nil {
		return nil
	}
	m := dashed.FindStringSubmatch(err.Error())
	if m == nil {
		return nil
	}
	for i := range len(args) - 1 {
		if strings.TrimLeft(args[i], "-") == m[1] && args[i+1] == m[2] {
			return slices.Concat(args[:i], []string{"--" + m[1] + "=" + m[2]}, args[i+2:])
		}
	}
	return nil
}

// wordsOf returns the parser's errors about numbers in plain words.
func wordsOf(err error) string {
	return strings.NewReplacer("expected a valid 64 bit uint", "want a whole number from 0 on",
		"expected a valid 64 bit int", "want a whole number", "expected a float", "want a number").Replace(err.Error())
}
