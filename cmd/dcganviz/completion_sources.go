package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"dcganviz/cmd/dcganviz/internal/complete"
	"dcganviz/gallery/figure"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/zoo"
	"dcganviz/probe/concept"
)

// complete answers the script of a shell. It is waited for at every Tab, so it makes the
// parser of the command line's own command alone.
func (e *env) complete(args []string) {
	var known []kong.Option
	switch first := complete.First(args); first {
	case "":
		known = namesAlone()
	case "help", "replay": // what follows them is of all commands
		known = commandsFor("")
	default:
		known = commandsFor(first)
	}
	if parser, err := newParser(e, known, func(int) {}); err == nil {
		complete.Answer(e.data, parser.Model.Node, sources, args)
	}
}

// sources offer what flags and arguments may be, by their tag complete.
var sources = map[string]complete.Source{
	"text":            {},
	"models":          {Offer: embeddedModels, Files: true},
	"commands":        {Offer: namesOfCommands},
	"embedded-models": {Offer: embeddedModels},
	"scorers":         {Offer: embeddedNames(zoo.Scorers), Files: true},
	"concept-files":   {Offer: embeddedNames(zoo.ConceptFiles), Files: true},
	"boxes":           {Offer: embeddedNames(zoo.BoxNames), Files: true},
	"layers-of-G":     {Offer: hiddenLayers},
	"layers-of-D":     {Offer: layersOfD},
	"scored-concepts": {Offer: scoredConcepts},
	"concepts":        {Offer: exemplifiedConcepts},
	"scores":          {Offer: conceptScores},
	"formulas":        {Offer: formulas},
	"figures":         {Offer: figureNumbers},
	"inputs":          {Offer: inputFlags},
}

// namesOfCommands offers the commands that follow those on the command line of help.
func namesOfCommands(l *complete.Line) (all []complete.Candidate) {
	n, _ := commandOf(l.Command.Parent, l.Args())
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		all = append(all, complete.Candidate{Word: c.Name, About: c.Help})
	}
	return all
}

func embeddedNames(names func() []string) func(*complete.Line) []complete.Candidate {
	return func(*complete.Line) []complete.Candidate { return complete.Words(names()...) }
}

func embeddedModels(*complete.Line) []complete.Candidate {
	return each(zoo.Names(), func(name string) complete.Candidate { return complete.Candidate{Word: name, About: cardTitle(name)} })
}

// cardTitle says what an embedded model is.
func cardTitle(name string) string {
	card, _ := zoo.Card(name)
	title := titleOf(card)
	run, epoch, early := strings.Cut(name, "-epoch")
	title = strings.TrimPrefix(title, run+": ")
	if early { // the card describes the whole run
		title += ", after epoch " + epoch
	}
	return title
}

// namedModel returns the model that the command line names.
func namedModel(l *complete.Line) string { return cmp.Or(l.Value("model"), zoo.Default) }

// survey describes the named model by the headers of its file; nothing is loaded.
// It is empty if the model cannot be read.
func survey(l *complete.Line) *checkpoint.Survey {
	reader := inspectCmd{modelFlag: modelFlag{Where: namedModel(l)}}
	if p, err := reader.find(); err == nil {
		if s, err := reader.survey(p); err == nil {
			return s
		}
	}
	return new(checkpoint.Survey)
}

// hiddenLayers offers the layers of G whose units can be dropped.
func hiddenLayers(l *complete.Line) []complete.Candidate {
	layers := survey(l).G
	return layerNames(layers[:max(0, len(layers)-1)])
}

func layersOfD(l *complete.Line) []complete.Candidate { return layerNames(survey(l).D) }

func layerNames(layers []model.LayerInfo) []complete.Candidate {
	return complete.Words(each(layers, func(l model.LayerInfo) string { return l.Name })...)
}

// scoredConcepts offers the concepts that an embedded scorer of the model finds.
func scoredConcepts(l *complete.Line) (all []complete.Candidate) {
	for _, name := range zoo.Scorers() {
		of, ok := strings.CutSuffix(name, "-scorer")
		if name, ours := strings.CutPrefix(of, namedModel(l)+"-"); ok && ours {
			all = append(all, complete.Candidate{Word: name})
		}
	}
	return all
}

// conceptFile returns the concept file that the command line names, or else the
// model's. It is empty if it cannot be read.
func conceptFile(l *complete.Line) *concept.File {
	if f, err := figure.ReadConcepts(figure.ConceptsOf(l.Value("concepts"), namedModel(l))); err == nil {
		return f
	}
	return new(concept.File)
}

// exemplifiedConcepts offers the concepts that have exemplars.
func exemplifiedConcepts(l *complete.Line) (all []complete.Candidate) {
	concepts := conceptFile(l).Concepts
	for _, name := range slices.Sorted(maps.Keys(concepts)) {
		if len(concepts[name].Exemplars) > 0 {
			all = append(all, complete.Candidate{Word: name})
		}
	}
	return all
}

func conceptScores(l *complete.Line) []complete.Candidate {
	return complete.Words(slices.Sorted(maps.Keys(conceptFile(l).Scores))...)
}

func formulas(l *complete.Line) []complete.Candidate {
	return complete.Words(each(conceptFile(l).Arithmetic, func(a concept.Arithmetic) string { return a.Formula })...)
}

func figureNumbers(*complete.Line) []complete.Candidate {
	return complete.Words(each(paperFigures(), func(f paperFigure) string { return f.Number })...)
}

// inputFlags offers the flags of all commands that name an input of a picture. The recipe
// keeps only the digest of such a file.
func inputFlags(l *complete.Line) (all []complete.Candidate) {
	root := l.Command
	for root.Parent != nil {
		root = root.Parent
	}
	for _, n := range root.Leaves(true) {
		for _, f := range n.Flags {
			known := slices.ContainsFunc(all, func(c complete.Candidate) bool { return c.Word == f.Name })
			if f.Tag.Get("recipe") == figure.RecipeInput && !known {
				all = append(all, complete.Candidate{Word: f.Name, About: f.Help})
			}
		}
	}
	return all
}
