package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"dcganviz/gallery/figure"
	"dcganviz/internal/kernel"
	"dcganviz/model/train"
	"dcganviz/model/zoo"
)

// manCmd prints the manual page.
type manCmd struct{}

// Help says how it is read.
func (*manCmd) Help() string {
	return "The page is made of what this version takes. To read it:\n\n    dcganviz man | man -l -\n\n" +
		"Where man knows no -l:\n\n    dcganviz man > dcganviz.1\n    man ./dcganviz.1\n\n" +
		"To keep it where man finds it:\n\n    mkdir -p ~/.local/share/man/man1\n    dcganviz man > ~/.local/share/man/man1/dcganviz.1"
}

func (*manCmd) examples() []string { return []string{"dcganviz man"} }

// Run is the command.
func (c *manCmd) Run(e *env) error {
	parser, err := newParser(&env{stdout: io.Discard, stderr: io.Discard}, func(int) {})
	if err != nil {
		return err
	}
	_, err = io.WriteString(e.stdout, manPage(parser.Model))
	return err
}

// manLayout: left-aligned, and no word divided. A name that was would be copied
// with a hyphen in it.
const manLayout = ".nh\n.ad l\n"

// manPage returns the page in troff's language. It has no date: a page of one
// version is always the same.
func manPage(app *kong.Application) string {
	r := new(roff)
	r.macro("TH", strings.ToUpper(app.Name), "1", "", app.Name+" "+figure.Version, "User Commands")
	r.WriteString(manLayout)
	r.macro("SH", "NAME")
	about := strings.TrimSuffix(app.Help, ".")
	r.line(app.Name + ` \- ` + roffText(strings.ToLower(about[:1])+about[1:]))
	r.macro("SH", "SYNOPSIS")
	r.line(bold(app.Name) + " " + italic("command") + " [" + italic("argument") + " ...] [" + italic("flag") + " ...]")
	r.macro("br")
	r.line(bold(app.Name) + " [" + italic("command") + "] " + bold("--help"))
	r.macro("SH", "DESCRIPTION")
	for _, text := range manDescription {
		r.paragraph(text)
	}
	r.macro("SH", "COMMANDS AT A GLANCE")
	_, list, _ := strings.Cut(overview, "\n\n")
	list, _, _ = strings.Cut(list, "Begin with:")
	r.prose(list)
	r.macro("SH", "MODELS")
	r.paragraph("These come with the program:")
	for _, name := range zoo.Names() {
		r.item(bold(name), cardTitle(name))
	}
	r.paragraph("The model of a command that names none is " + zoo.Default + ". In place of a name stands a file or a folder: " +
		"the folder of a run, a safetensors file, a checkpoint of PyTorch, or the arrays of the paper's authors.")
	r.commands(app)
	r.ends(app)
	return r.String()
}

// commands writes what each takes, those groups first that the overview has first.
func (r *roff) commands(app *kong.Application) {
	r.macro("SH", "COMMANDS")
	r.paragraph("Each takes --help (-h), which prints what follows here. Flags may stand before or behind arguments, " +
		"as --flag value or --flag=value; behind -- all words are arguments.")
	var foreign []*kong.Flag
	for _, group := range []string{"Look", "Make", "Know"} {
		for _, n := range app.Leaves(true) {
			if n.ClosestGroup().Key == group {
				foreign = r.command(n, foreign)
			}
		}
	}
	r.macro("SH", strings.ToUpper(figure.SourceGroup))
	r.paragraph("A command that takes a model takes that of another program, too, and these flags, which say what its file does not. " +
		"Few need them: where a file leaves more than one thing possible, the command says which flag decides.")
	r.flags(foreign)
}

// command writes one of them. It returns the flags of foreign checkpoints, which
// all commands that have them share.
func (r *roff) command(n *kong.Node, foreign []*kong.Flag) []*kong.Flag {
	r.macro("SS", commandOf(n))
	r.line(bold("dcganviz "+commandOf(n)) + roffText(strings.TrimPrefix(n.Summary(), commandOf(n))))
	r.paragraph(n.Help)
	if n.Detail != "" {
		r.prose(n.Detail)
	}
	for _, a := range n.Positional {
		r.item(italic(a.Name), a.Help)
	}
	var groups []string
	byGroup := make(map[string][]*kong.Flag)
	for _, f := range n.Flags {
		if f.Hidden {
			continue
		}
		group := ""
		if f.Group != nil {
			group = f.Group.Key
		}
		if !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
		byGroup[group] = append(byGroup[group], f)
	}
	for _, group := range groups {
		if group == figure.SourceGroup {
			continue
		}
		if group != "" {
			r.begin()
			r.line(italic(group))
		}
		r.flags(byGroup[group])
	}
	if byGroup[figure.SourceGroup] != nil {
		foreign = byGroup[figure.SourceGroup]
		r.paragraph("Besides, the flags under " + strings.ToUpper(figure.SourceGroup) + ".")
	}
	if x, ok := n.Target.Addr().Interface().(exampled); ok {
		r.paragraph("Examples:")
		r.literal(x.examples()...)
	}
	return foreign
}

func (r *roff) flags(all []*kong.Flag) {
	for _, f := range all {
		head := bold("--" + f.Name)
		if f.Tag.Negatable != "" {
			head = bold("--[no-]" + f.Name)
		}
		if f.Short != 0 {
			head = bold("-"+string(f.Short)) + ", " + head
		}
		if takesValue(f) {
			head += "=" + italic(f.FormatPlaceHolder())
		}
		about := f.Help
		if f.Required {
			about += " Required."
		}
		r.item(head, about)
	}
}

// ends writes what is not of one command.
func (r *roff) ends(app *kong.Application) {
	r.macro("SH", "EXIT STATUS")
	for _, s := range manExits {
		r.item(bold(strconv.Itoa(s.code)), s.when)
	}
	r.macro("SH", "ENVIRONMENT")
	for _, v := range manVariables {
		r.item(bold(v.name), v.about)
	}
	r.macro("SH", "FILES")
	for _, f := range manFiles {
		r.item(italic(f.name), f.about)
	}
	r.macro("SH", "EXAMPLES")
	for _, n := range app.Children {
		if x, ok := n.Target.Addr().Interface().(exampled); ok && slices.Contains(manExamples, n.Name) {
			r.paragraph(n.Help)
			r.literal(x.examples()[0])
		}
	}
	r.macro("SH", "SEE ALSO")
	for _, text := range manSources {
		r.paragraph(text)
	}
}

var manDescription = []string{
	"A DCGAN is a pair of convolutional nets: the generator G draws an image from a latent vector, the discriminator D tells drawn images " +
		"from real ones. This program trains such pairs, and shows what a trained one has learnt: one picture for each question, " +
		"the numbers that belong to it, and a control that would give the picture away if it meant nothing.",
	"A command that draws prints a few lines and the name of its picture. Pictures go to the folder " + galleryDir + ", which may be replaced at any time, " +
		"unless --out names another place, where no file is overwritten without --force. Beside a picture that shows figures is a file of the same name " +
		"that ends in .json, with all of them. Results go to standard output, messages to standard error.",
	"The same seed gives the same bytes, on any number of threads. Each picture carries the command that drew it: " +
		"dcganviz recipe prints it, dcganviz replay draws the picture again and compares every pixel.",
}

var manExits = []struct {
	code int
	when string
}{
	{exitDone, "Done."},
	{exitFailed, "Failed. So does dcganviz replay if a pixel differs, and dcganviz doctor --strict if anything is wrong."},
	{exitUsage, "A flag or an argument is wrong."},
	{exitPartly, "Done in part: the messages name what is missing."},
	{exitMissing, "There is no such model or file."},
	{exitRefused, "A file was refused: it is corrupt, cut short or hostile."},
	{exitUnsupported, "A file may be right, but this program cannot read it."},
	{exitOutput, "The output exists already, or cannot be written."},
	{exitInterrupted, "Interrupted, as by Ctrl-C; dcganviz train has saved what it trained so far."},
}

var manVariables = []struct{ name, about string }{
	{kernel.SIMD, "portable, avx2 or avx512: use these instructions rather than the best that the machine has. " +
		"One that it lacks is ignored. The last two give the same bits."},
	{"TERM", "If it is dumb, progress is printed as lines in place of a bar."},
	{"COLUMNS", "How wide the help is printed, at most."},
	{"GOGC", "How much garbage may pile up in memory, in percent of what is in use: see the documentation of Go. " +
		"dcganviz train takes " + strconv.Itoa(gcPercent) + " where it is not set."},
	{"GOMAXPROCS", "How many threads are used where --threads does not say."},
	{"TMPDIR", "Where compressed archives are unpacked, and pictures drawn again for dcganviz replay."},
}

var manFiles = []struct{ name, about string }{
	{galleryDir + "/", "Pictures and their numbers, in the folder that a command runs in."},
	{galleryDir + "/index.html", "The page that dcganviz gallery makes of them."},
	{"RUN/" + train.ModelFile, "The model of a training run, in the folder that dcganviz train --out named: G and D with the names and shapes of PyTorch."},
	{"RUN/" + fmt.Sprintf(epochName, 1), "G after an epoch that --keep-epochs named."},
	{"RUN/" + train.StateFile + ", " + planFile, "What --resume needs."},
	{"RUN/" + lossesFile + ", " + plotFile + ", " + summaryFile, "The losses of every step, their plot, and what came out."},
	{"RUN/" + samplesDir + "/", "Sheets of samples on the way."},
	{"RUN/" + skippedFile, "Pictures that could not be decoded."},
}

// manExamples are the commands that a newcomer tries first.
var manExamples = []string{"walk", "forget-windows", "arithmetic", "figures", "train", "doctor", "replay"}

var manSources = []string{
	"A. Radford, L. Metz and S. Chintala: Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks, 2015, " +
		"https://arxiv.org/abs/1511.06434.",
	"The files of models: https://huggingface.co/docs/safetensors.",
}
