package main

import (
	"fmt"
	"strings"

	"dcganviz/model/checkpoint"
	"dcganviz/model/zoo"
)

// modelsCmd shows the embedded models.
type modelsCmd struct {
	Name string `arg:"" optional:"" complete:"embedded-models" help:"Print this model's card: data and their terms, training, figures."`
	JSON bool   `name:"json" help:"Print the result as JSON."`
}

func (*modelsCmd) examples() []string {
	return []string{"dcganviz models", "dcganviz models " + zoo.Default}
}

// embedded is what models answers of each.
type embedded struct {
	Name   string          `json:"name"`
	SHA256 string          `json:"sha256"`
	HasD   bool            `json:"has_d"`
	Meta   checkpoint.Meta `json:"meta"`
	Title  string          `json:"title"` // the card's first line
	Card   string          `json:"card"`
}

func (c *modelsCmd) Run(e *env) error {
	names := zoo.Names()
	if c.Name != "" {
		names = []string{c.Name}
	}
	all := make([]embedded, 0, len(names))
	for _, name := range names {
		s, err := zoo.Inspect(name, checkpoint.OpenOptions{}, false)
		if err != nil {
			return err
		}
		digest, err := zoo.Digest(name)
		if err != nil {
			return err
		}
		card, err := zoo.Card(name)
		if err != nil {
			return err
		}
		all = append(all, embedded{name, digest, s.D != nil, s.Meta, titleOf(card), card})
	}
	switch {
	case c.JSON && c.Name != "":
		return e.json(all[0])
	case c.JSON:
		return e.json(all)
	case c.Name != "":
		fmt.Fprintln(e.stdout, strings.TrimRight(all[0].Card, "\n"))
	case len(all) == 0:
		e.printf("No models are embedded in this build.")
	default:
		w := table(e)
		defer w.Flush()
		fmt.Fprintln(w, "model\tpictures\tnets\tsha256\tcard")
		for _, m := range all {
			nets := "G, D"
			if !m.HasD {
				nets = "G"
			}
			height, width, channels := m.Meta.Config.Dims()
			fmt.Fprintf(w, "%s\t%dx%dx%d\t%s\t%.12s\t%s\n", m.Name, height, width, channels, nets, m.SHA256, m.Title)
		}
	}
	return nil
}

// titleOf returns a card's first line.
func titleOf(card string) string {
	first, _, _ := strings.Cut(card, "\n")
	return strings.TrimSpace(strings.TrimLeft(first, "#"))
}
