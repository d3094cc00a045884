package main

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"dcganviz/cmd/dcganviz/internal/manual"
	"dcganviz/gallery/figure"
	"dcganviz/internal/kernel"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
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

func (c *manCmd) Run(e *env) error {
	parser, err := newParser(&env{stdout: io.Discard, stderr: io.Discard}, commandsFor(""), func(int) {})
	if err != nil {
		return err
	}
	_, err = io.WriteString(e.stdout, manPage(parser.Model).Format(parser.Model))
	return err
}

// manPage returns what the manual page says besides what the parser knows.
func manPage(app *kong.Application) manual.Page {
	models := manual.Section{
		Title: "MODELS",
		Text:  "These come with the program:",
		End: "The model of a command that names none is " + zoo.Default + ". In place of a name stands a file or a folder: " +
			"the folder of a run, a safetensors file, a checkpoint of PyTorch, or the arrays of the paper's authors.",
	}
	models.Items = each(zoo.Names(), func(name string) manual.Item { return manual.Item{Name: name, About: cardTitle(name)} })
	return manual.Page{
		Version: figure.Version,
		Before: []manual.Section{
			{Title: "DESCRIPTION", Text: manDescription},
			{Title: "COMMANDS AT A GLANCE", Text: commandList(app)},
			models,
		},
		Commands: "Each takes --help (-h), which prints what follows here. Flags may stand before or behind arguments, " +
			"as --flag value or --flag=value; behind -- all words are arguments. dcganviz --version (-V) prints the version.",
		Groups: []string{"Look", "Make", "Know"}, // as in the overview
		Shared: manual.Section{
			Title: figure.SourceGroup,
			Text:  manSource + " dcganviz help models lists them, too.",
		},
		Examples: examplesOf,
		After: []manual.Section{
			{Title: "EXIT STATUS", Items: manExits},
			{Title: "ENVIRONMENT", Items: manVariables},
			{Title: "FILES", Items: manFiles, Paths: true},
			{Title: "EXAMPLES", Text: firstExamples(app)},
			{Title: "SEE ALSO", Text: manSources},
		},
	}
}

// manExamples are the commands that a newcomer tries first.
var manExamples = []string{"walk", "forget-windows", "arithmetic", "figures", "train", "doctor", "replay"}

// firstExamples returns the first example of each of them.
func firstExamples(app *kong.Application) string {
	var all []string
	for _, n := range app.Children {
		if slices.Contains(manExamples, n.Name) {
			all = append(all, n.Help, "    "+examplesOf(n)[0])
		}
	}
	return strings.Join(all, "\n\n")
}

const manSource = "A command that takes a model takes that of another program, too, and these flags, which say what its file does not. " +
	"Few need them: where a file leaves more than one thing possible, the command says which flag decides."

const manDescription = "A DCGAN is a pair of convolutional nets: the generator G draws an image from a latent vector, the discriminator D tells drawn images " +
	"from real ones. This program trains such pairs, and shows what a trained one has learnt: one picture for each question, " +
	"the numbers that belong to it, and a control that would give the picture away if it meant nothing.\n\n" +
	"A command that draws prints a few lines and the name of its picture. Pictures go to the folder " + galleryDir + ", which may be replaced at any time, " +
	"unless --out names another place, where no file is overwritten without --force. A folder that is missing there is made. Symbolic links are followed only where --out names them. Beside a picture that shows figures is a file of the same name " +
	"that ends in .json, with all of them. Results go to standard output, messages to standard error.\n\n" +
	"The same seed gives the same bytes, on any number of threads. Each picture carries the command that drew it: " +
	"dcganviz recipe prints it, dcganviz replay draws the picture again and compares every pixel."

var manExits = []manual.Item{
	{Name: strconv.Itoa(exitDone), About: "Done."},
	{Name: strconv.Itoa(exitFailed), About: "Failed. So does dcganviz replay if a pixel differs by more than other kernels explain, and dcganviz doctor --strict if anything is wrong."},
	{Name: strconv.Itoa(exitUsage), About: "A flag or an argument is wrong."},
	{Name: strconv.Itoa(exitPartly), About: "Done in part: the messages name what is missing."},
	{Name: strconv.Itoa(exitMissing), About: "There is no such model or file."},
	{Name: strconv.Itoa(exitRefused), About: "A file was refused: it is corrupt, cut short or hostile."},
	{Name: strconv.Itoa(exitUnsupported), About: "A file may be right, but this program cannot read it."},
	{Name: strconv.Itoa(exitOutput), About: "The output exists already, or cannot be written."},
	{Name: strconv.Itoa(exitInterrupted), About: "Interrupted by Ctrl-C, SIGTERM or a terminal that closed (unless nohup started it); dcganviz train has saved what it trained so far. A second Ctrl-C does not wait for the save."},
	{Name: strconv.Itoa(exitNoReader), About: "Nobody reads the output any more, as behind head. All files are written. Shells have the same number for tools that SIGPIPE ends."},
}

var manVariables = []manual.Item{
	{Name: kernel.SIMD, About: "portable, avx2, avx512 or neon: use these instructions rather than the best that the machine has. " +
		"One that it lacks is ignored. The first is many times slower and rounds otherwise, which dcganviz replay allows for; the kernels of the others give the same bits."},
	{Name: "TERM", About: "If it is dumb, progress is printed as lines in place of a bar."},
	{Name: "COLUMNS", About: "How wide the help is printed, at most."},
	{Name: "GOGC", About: "How much garbage may pile up in memory, in percent of what is in use: see the documentation of Go. " +
		"dcganviz train takes " + strconv.Itoa(gcPercent) + " where it is not set."},
	{Name: "GOMAXPROCS", About: "How many threads are used where --threads does not say."},
	{Name: "TMPDIR", About: "Where compressed archives are unpacked, and pictures drawn again for dcganviz replay."},
}

var manFiles = []manual.Item{
	{Name: galleryDir + "/", About: "Pictures and their numbers, in the folder that a command runs in."},
	{Name: galleryDir + "/index.html", About: "The page that dcganviz gallery makes of them."},
	{Name: "RUN/" + train.ModelFile, About: "The model of a training run, in the folder that dcganviz train --out named: G and D with the names and shapes of PyTorch."},
	{Name: "RUN/" + training.EpochFile(1), About: "G after an epoch that --keep-epochs named."},
	{Name: "RUN/" + train.StateFile + ", " + training.PlanFile, About: "What --resume needs."},
	{Name: "RUN/" + training.LossesFile + ", " + training.PlotFile + ", " + training.SummaryFile, About: "The losses of every step, their plot, and what came out."},
	{Name: "RUN/" + training.SamplesDir + "/", About: "Sheets of samples on the way."},
	{Name: "RUN/" + training.SkippedFile, About: "Pictures that could not be decoded."},
}

const manSources = "A. Radford, L. Metz and S. Chintala: Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks, 2015, " +
	"https://arxiv.org/abs/1511.06434.\n\n" +
	"The files of models: https://huggingface.co/docs/safetensors."
