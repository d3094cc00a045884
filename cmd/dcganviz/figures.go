package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/model/zoo"
)

// figuresCmd draws the paper's figures from the embedded models, and makes a page
// of them.
type figuresCmd struct {
	Out     string   `placeholder:"DIR" default:"${gallery}" help:"Folder for the pictures, their numbers and the page (default: ${default}/, which is replaced freely)."`
	Only    []string `placeholder:"N" complete:"figures" help:"Only these figures, as in --only 4,6,tsne (default: 2 to 9, signboard, unit, nearest, tsne, and the sheets of the cards, facades and faces)."`
	Force   bool     `help:"Replace files in --out."`
	JSON    bool     `name:"json" help:"Print the result as JSON."`
	Threads int      `placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
}

func (*figuresCmd) examples() []string {
	return []string{
		"dcganviz figures",
		"dcganviz figures --only 4,5 --out figures",
	}
}

// A figure is one of the paper's: the command that draws it, which may be run
// alone, and what it needs to be embedded.
type paperFigure struct {
	number, name string
	model        string
	args         []string
}

// paperFigures are Figs. 2 to 9 of Radford et al. 2015 (arXiv:1511.06434), and the
// probes that the paper has no figure of, by their names. The sheets on the
// models' cards are Fig. 9, facades and faces, whose real pictures are nobody's
// to ship.
var paperFigures = []paperFigure{
	{"2", "fig2-epoch1", "facades-epoch1", []string{"compare", "--shown", "64"}},
	{"3", "fig3-epoch5", "facades-epoch5", []string{"compare", "--shown", "64"}},
	{"4", "fig4-walk", "facades", []string{"walk"}},
	{"5", "fig5-filters", "facades", []string{"filters"}},
	{"6", "fig6-forget-windows", "facades", []string{"forget-windows", "--method", "all"}},
	{"7", "fig7-arithmetic", "faces", []string{"arithmetic"}},
	{"8", "fig8-turn", "faces", []string{"turn"}},
	{"9", "fig9-digits", "digits", []string{"compare"}},
	{"signboard", "forget-signboard", "facades", []string{"forget", "--concept", "signboard", "--method", "paper,fill-seen"}},
	{"unit", "unit", "facades", []string{"units", "--unit", "34"}},
	{"nearest", "nearest", "facades", []string{"nearest"}},
	{"tsne", "tsne", "facades", []string{"tsne"}},
	{"facades", "card-facades", "facades", []string{"compare"}},
	{"faces", "card-faces", "faces", []string{"sample"}},
}

// drawnFigure is what figures answers of each.
type drawnFigure struct {
	Figure  string `json:"figure"`
	Image   string `json:"image"`
	Command string `json:"command"`
}

// Run is the command.
func (c *figuresCmd) Run(e *env) error {
	if err := checkThreads(c.Threads); err != nil {
		return err
	}
	chosen, err := c.chosen()
	if err != nil {
		return err
	}
	if err := c.makeFolder(); err != nil {
		return err
	}
	if _, _, err := pageFile(c.Out, c.Force); err != nil {
		return err
	}
	shown := e.newCount("figures drawn", len(chosen))
	defer shown.Close()
	var drawn []drawnFigure
	for i, f := range chosen {
		shown.Describe("%s", f.name)
		shown.Reach(i)
		out := filepath.Join(c.Out, f.name+".png")
		args := append(slices.Clone(f.args), "--model", f.model, "--out", out)
		command := "dcganviz " + strings.Join(args, " ")
		if c.Force || !e.given["out"] {
			args = append(args, "--force")
		}
		if c.Threads > 0 {
			args = append(args, fmt.Sprintf("--threads=%d", c.Threads))
		}
		// The count shows how far all is; the parts of a figure are not shown.
		if err := (&env{ctx: e.ctx, stdout: io.Discard, stderr: io.Discard}).dispatch(args); err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
		drawn = append(drawn, drawnFigure{f.number, out, command})
	}
	page, _, err := makePage(e, c.Out, c.Force)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(drawn)
	}
	for _, f := range drawn {
		e.printf("%s: %s", f.Figure, f.Image)
	}
	e.printf("all of them in a browser: %s", page.Page)
	return nil
}

// chosen are the figures to draw. Those whose model this build lacks are left
// out, unless they were asked for.
func (c *figuresCmd) chosen() (out []paperFigure, err error) {
	known := make([]string, 0, len(paperFigures))
	for _, f := range paperFigures {
		known = append(known, f.number)
		asked := slices.Contains(c.Only, f.number)
		if !asked && len(c.Only) > 0 {
			continue
		}
		if slices.Contains(zoo.Names(), f.model) {
			out = append(out, f)
		} else if asked {
			return nil, noModel(f.model)
		}
	}
	for _, n := range c.Only {
		if !slices.Contains(known, n) {
			return nil, usageError("--only %.20q, want some of %s", n, strings.Join(known, ", "))
		}
	}
	return out, nil
}

// makeFolder makes the folder of --out where there is none.
func (c *figuresCmd) makeFolder() error {
	if err := os.MkdirAll(c.Out, 0o777); err != nil && !errors.Is(err, os.ErrExist) {
		return &coded{fmt.Errorf("--out: %w", err), exitOutput}
	}
	return nil
}
