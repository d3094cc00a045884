package main

import (
	"fmt"

	"dcganviz/gallery/figure"
	"dcganviz/probe/kid"
)

// scoreKIDCmd holds a model's samples against real pictures.
type scoreKIDCmd struct {
	modelFlag
	figure.LikenessOptions
	Seed    uint64 `group:"Comparison" default:"1" placeholder:"N" help:"Decides the samples, the halves of the pictures and the noise (default: ${default})."`
	Verbose bool   `group:"Comparison" short:"v" help:"Print all numbers, not the most important ones alone."`
	JSON    bool   `group:"Comparison" name:"json" help:"Print the result as JSON."`
	Threads int    `group:"Comparison" placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
}

func (*scoreKIDCmd) examples() []string {
	return []string{"dcganviz score kid", "dcganviz score kid runs/mine --images photos --neighbours 2 --json"}
}

// likeness is what the command answers.
type likeness struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Command string `json:"command"`
	Model   string `json:"model"`
	SHA256  string `json:"sha256"`
	Seed    uint64 `json:"seed"`
	Images  string `json:"images"`
	figure.Said
	kid.Report
}

func (c *scoreKIDCmd) Run(e *env) error {
	if err := c.LikenessOptions.Check(); err != nil {
		return err
	}
	if err := checkThreads(c.Threads); err != nil {
		return err
	}
	lab, err := c.open(e)
	if err != nil {
		return err
	}
	defer use(e, lab, c.Threads)()
	if err := lab.Settle(); err != nil {
		return err
	}
	r, err := c.Measure(e.ctx, lab, c.Seed)
	if err != nil {
		return err
	}
	a := likeness{Program: figure.Program, Version: figure.Version, Command: "score kid", Model: lab.Model.Title, SHA256: lab.Model.SHA256, Seed: c.Seed, Images: r.Images, Report: *r.Report}
	a.Say(figure.LikenessWords(r.Report, r.Images))
	if c.JSON {
		return e.json(a)
	}
	a.print(e, c.Verbose)
	return nil
}

// print writes the answer for people; all says whether it has all numbers.
func (a *likeness) print(e *env, all bool) {
	for _, line := range a.Words.Lines(all) {
		e.printf("%s", line)
	}
	if !all {
		return
	}
	t := table(e)
	defer t.Flush()
	fmt.Fprintln(t, "  images\tKID\tSD\tbounded\tSD\tcoverage\trecall\tprecision\tdensity")
	for _, h := range a.Halves {
		fmt.Fprintf(t, "  %s\t%.4f\t%.4f\t%.4f\t%.4f\t%.3f\t%.3f\t%.3f\t%.3f\n", h.Name, h.KID.Value, h.KID.SD, h.Bounded.Value, h.Bounded.SD, h.Coverage, h.Recall, h.Precision, h.Density)
	}
}
