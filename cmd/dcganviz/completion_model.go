package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/zoo"
	"dcganviz/probe/concept"
)

// cardTitle says what an embedded model is.
func cardTitle(name string) string {
	card, _ := zoo.Card(name)
	title := titleOf(card)
	run, epoch, early := strings.Cut(name, "-epoch")
	title = strings.TrimPrefix(title, run+": ")
	if early { // the card is that of the run
		title += ", after epoch " + epoch
	}
	return title
}

// model returns the model that the command line names.
func (c *cursor) model() string {
	return cmp.Or(c.value("model"), zoo.Default)
}

// survey says what is in that model, by the headers of its file: nothing is
// loaded. There is none if the model cannot be read.
func (c *cursor) survey() *checkpoint.Survey {
	reader := inspectCmd{modelFlag: modelFlag{Where: c.model()}}
	p, err := reader.find()
	if err != nil {
		return new(checkpoint.Survey)
	}
	s, err := reader.survey(p)
	if err != nil {
		return new(checkpoint.Survey)
	}
	return s
}

// hiddenLayers are the layers of G that units can be dropped of.
func (c *cursor) hiddenLayers() []string {
	layers := c.survey().G
	return layerNames(layers[:max(0, len(layers)-1)])
}

func (c *cursor) layersOfD() []string { return layerNames(c.survey().D) }

func layerNames(layers []model.LayerInfo) []string {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.Name
	}
	return names
}

// scored are the concepts that an embedded scorer of the model finds.
func (c *cursor) scored() (all []string) {
	for _, name := range zoo.Scorers() {
		of, ok := strings.CutSuffix(name, "-scorer")
		if name, ours := strings.CutPrefix(of, c.model()+"-"); ok && ours {
			all = append(all, name)
		}
	}
	return all
}

// conceptFile returns the concept file that the command line names, or that of
// the model; an empty one if it cannot be read.
func (c *cursor) conceptFile() *concept.File {
	f, err := readConcepts(conceptsOf(c.value("concepts"), c.model()))
	if err != nil {
		return new(concept.File)
	}
	return f
}

// concepts are those with exemplars.
func (c *cursor) concepts() (all []string) {
	concepts := c.conceptFile().Concepts
	for _, name := range slices.Sorted(maps.Keys(concepts)) {
		if len(concepts[name].Exemplars) > 0 {
			all = append(all, name)
		}
	}
	return all
}

func (c *cursor) scores() []string { return slices.Sorted(maps.Keys(c.conceptFile().Scores)) }

func (c *cursor) formulas() (all []string) {
	for _, a := range c.conceptFile().Arithmetic {
		all = append(all, a.Formula)
	}
	return all
}
