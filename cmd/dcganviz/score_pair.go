package main

import (
	"fmt"
	"path/filepath"
	"strconv"

	"dcganviz/gallery/figure"
	"dcganviz/internal/fileio"
	"dcganviz/internal/shell"
	"dcganviz/probe/score"
)

// scorePairCmd fits the two that forget needs.
type scorePairCmd struct {
	figure.BoxedOptions
	Concept  string `group:"Pictures" required:"" placeholder:"NAME" complete:"text" help:"Class of the boxes to find, such as window. Pictures without such a box are taken not to show it."`
	Out      string `group:"Scorer" required:"" placeholder:"DIR" help:"Folder for scorer.safetensors, of the first half of the photographs, and judge.safetensors, of the second."`
	Force    bool   `group:"Scorer" help:"Replace the files if they are there."`
	Epochs   int    `group:"Scorer" placeholder:"N" help:"Times to go through the pictures (default: 30)."`
	Size     int    `group:"Scorer" default:"64" placeholder:"N" help:"Side of the images, as G draws them (default: ${default})."`
	Channels int    `group:"Scorer" default:"3" placeholder:"N" help:"3 for colour, 1 for gray: viewers of gray images take colour ones, too (default: ${default})."`
	Seed     uint64 `group:"Scorer" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	Threads  int    `group:"Scorer" placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
	JSON     bool   `group:"Scorer" name:"json" help:"Print the result as JSON."`
	Verbose  bool   `group:"Scorer" short:"v" help:"Print all numbers, not the most important ones alone."`
}

func (*scorePairCmd) examples() []string {
	return []string{"dcganviz score pair --data photos --boxes photos/boxes.csv --sources photos/sources.csv --concept window --out viewers"}
}

// A paired is one of the two: what it learns from, and what it is measured on.
type paired struct {
	role           string
	learns, judged score.Half
	info           score.Info
}

func (c *scorePairCmd) Run(e *env) error {
	if c.Boxes == "" {
		return usageError("--boxes is missing: what is forgotten lies somewhere in a picture")
	}
	if err := checkFit(c.Epochs, c.Size, c.Channels, c.Threads); err != nil {
		return err
	}
	files, finish := e.outputs()
	defer finish()
	both := []paired{{role: "scorer", learns: score.First, judged: score.Second}, {role: "judge", learns: score.Second, judged: score.First}}
	for _, p := range both {
		files.add("--out", c.file(p.role), fileio.Options{Force: c.Force})
	}
	if err := files.check(); err != nil {
		return err
	}
	lab := new(figure.Lab)
	defer use(e, lab, c.Threads)()
	all, err := c.Open(e.ctx, c.List, c.Concept, c.Size, c.Channels, c.Threads)
	if err != nil {
		return err
	}
	defer all.Close()
	for i := range both {
		p := &both[i]
		s, err := figure.FitScorer(e.ctx, lab, score.Pixels, all.Half(p.learns), score.Options{Epochs: c.Epochs, Seed: c.Seed})
		if err != nil {
			return fmt.Errorf("the %s, on the %v half: %w", p.role, p.learns, err)
		}
		s.Info.Concept, s.Info.Command, s.Info.Seed, s.Info.List, s.Info.Half = c.Concept, c.command(), c.Seed, all.Fingerprint(), p.learns.String()
		other := &figure.BoxedSet{Set: all.Set, Examples: all.Half(p.judged)}
		if s.Info.Heldout, err = other.Measure(e.ctx, lab, s, c.Seed); err != nil {
			return fmt.Errorf("the %s, on the %v half: %w", p.role, p.judged, err)
		}
		p.info = s.Info
		files.set(c.file(p.role), s.Write)
	}
	if err := files.commit(); err != nil {
		return err
	}
	if c.JSON {
		return e.json(map[string]score.Info{both[0].role: both[0].info, both[1].role: both[1].info})
	}
	c.print(e, both)
	return nil
}

// print says how good the two are, and what to do with them.
func (c *scorePairCmd) print(e *env, both []paired) {
	for _, p := range both {
		e.printf("The %s, by the half of the photographs that it has not seen:", p.role)
		for _, line := range figure.ScorerWords(p.info.Heldout, c.Concept).Lines(c.Verbose) {
			e.printf("  %s", line)
		}
	}
	e.printf("What forget measures is no better than its judge:")
	e.printf("%s", shell.Join("dcganviz", "forget", "--concept", c.Concept, "--scorer", shell.File(c.file("scorer")), "--judge", shell.File(c.file("judge"))))
}

// file is where the viewer of a role goes.
func (c *scorePairCmd) file(role string) string { return filepath.Join(c.Out, role+".safetensors") }

// command returns the command line that makes the same two, files without their folders.
func (c *scorePairCmd) command() string {
	words := append([]string{"dcganviz", "score", "pair"},
		fileFlags([][2]string{{"data", c.Data}, {"list", c.List}, {"boxes", c.Boxes}, {"sources", c.Sources}})...)
	for _, f := range []struct {
		flag           string
		value, usually int
	}{{"epochs", c.Epochs, 0}, {"size", c.Size, 64}, {"channels", c.Channels, 3}} {
		if f.value != f.usually {
			words = append(words, "--"+f.flag, strconv.Itoa(f.value))
		}
	}
	return shell.Join(append(words, "--concept", c.Concept, "--seed", fmt.Sprint(c.Seed), "--out", shell.File(filepath.Base(c.Out)))...)
}
