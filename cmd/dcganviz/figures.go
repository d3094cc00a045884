package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dcganviz/gallery/figure"
	"dcganviz/internal/shell"
	"dcganviz/model"
	"dcganviz/model/zoo"
)

// figuresCmd draws the paper's figures from the embedded models, and makes a page
// of them.
type figuresCmd struct {
	Out     string   `placeholder:"DIR" default:"${gallery}" help:"Folder for the pictures, their numbers and the page (default: ${default}/, which is replaced freely)."`
	Only    []string `placeholder:"N" complete:"figures" help:"Only these figures, as in --only 4,6,tsne (default: 2 to 9, signboard, unit, nearest, tsne, and the sheets of the cards, facades and faces; not film)."`
	Force   bool     `help:"Replace files in --out."`
	JSON    bool     `name:"json" help:"Print the result as JSON."`
	Threads int      `placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
}

func (*figuresCmd) examples() []string {
	return []string{"dcganviz figures", "dcganviz figures --only 4,5 --out figures"}
}

// drawnFigure is what the command answers about each figure.
type drawnFigure struct {
	Figure  string `json:"figure"`
	Image   string `json:"image"`
	Command string `json:"command"`
}

func (c *figuresCmd) Run(e *env) error {
	if err := checkThreads(c.Threads); err != nil {
		return err
	}
	chosen, err := c.chosen()
	if err != nil {
		return err
	}
	finish, err := e.makeFolder(c.Out)
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	defer finish()
	if _, _, err := pageFile(e, c.Out, c.Force); err != nil {
		return err
	}
	pool := model.NewPool(1)
	noteKernels(e, pool)
	pool.Close()
	drawn, err := c.drawAll(e, chosen)
	if err != nil {
		return err
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

// draw draws one figure. Its own progress and notes are not shown, because the count
// shows the progress of all figures.
func (c *figuresCmd) draw(ctx context.Context, e *env, p paperFigure, threads int) (drawnFigure, error) {
	f := p.entry.New()
	if err := figure.Fill(f, p.Args); err != nil {
		return drawnFigure{}, err
	}
	cmd := &figureCmd{modelFlag: modelFlag{sourceFlags: sourceFlags{Model: p.Model}}, Figure: f, entry: p.entry, within: within(c.Out)}
	cmd.Out, cmd.Force, cmd.Threads = filepath.Join(c.Out, p.File+".png"), c.Force || !e.given["out"], threads
	words := slices.Concat([]string{"dcganviz", p.entry.Name}, p.Args, []string{"--model", p.Model, "--out", shell.File(cmd.Out)})
	quiet, _ := newEnv(ctx, e.halt, io.Discard, io.Discard)
	quiet.given, quiet.ignored = map[string]bool{}, map[string]bool{}
	return drawnFigure{p.Number, cmd.Out, shell.Join(words...)}, cmd.Run(quiet)
}

// A paperFigure is a figure that a row of the table names.
type paperFigure struct {
	figure.Preset
	entry figure.Entry
}

// paperFigures returns the paper's figures by their numbers, then the others in the
// order of the table.
func paperFigures() (all []paperFigure) {
	for _, entry := range figure.All {
		for _, p := range entry.Paper {
			all = append(all, paperFigure{p, entry})
		}
	}
	number := func(p paperFigure) int {
		if n, err := strconv.Atoi(p.Number); err == nil {
			return n
		}
		return math.MaxInt
	}
	slices.SortStableFunc(all, func(a, b paperFigure) int { return cmp.Compare(number(a), number(b)) })
	return all
}

// chosen returns the figures to draw. A figure is left out if this build lacks its model;
// it is an error if the user asked for it.
func (c *figuresCmd) chosen() (out []paperFigure, err error) {
	var known []string
	for _, f := range paperFigures() {
		known = append(known, f.Number)
		asked := slices.Contains(c.Only, f.Number)
		if !asked && (len(c.Only) > 0 || f.entry.OnRequest) {
			continue
		}
		if slices.Contains(zoo.Names(), f.Model) {
			out = append(out, f)
		} else if asked {
			return nil, figure.NoModel(f.Model)
		}
	}
	for _, n := range c.Only {
		if !slices.Contains(known, n) {
			return nil, usageError("--only %.20q, want some of %s", n, strings.Join(known, ", "))
		}
	}
	return out, nil
}
