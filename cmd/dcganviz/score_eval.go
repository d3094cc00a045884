package main

import (
	"fmt"

	"dcganviz/gallery/figure"
	"dcganviz/probe/score"
)

// scoreEvalCmd measures a scorer.
type scoreEvalCmd struct {
	Scorer string `arg:"" name:"scorer" complete:"scorers" help:"An embedded scorer (${scorers}) or a file that dcganviz score fit wrote."`
	figure.BoxedOptions
	Model   string `group:"Scorer" placeholder:"MODEL" complete:"models" help:"The model whose D a scorer of kind d-features was fitted on (default: ${default_model})."`
	Seed    uint64 `group:"Scorer" default:"1" placeholder:"N" help:"Decides the samples that intervals are made of (default: ${default})."`
	Threads int    `group:"Scorer" placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
	Verbose bool   `group:"Scorer" short:"v" help:"Print all numbers, not the most important ones alone."`
	JSON    bool   `group:"Scorer" name:"json" help:"Print the result as JSON."`
}

func (*scoreEvalCmd) examples() []string {
	return []string{"dcganviz score eval windows.safetensors --data photos --boxes photos/boxes.csv --sources photos/sources.csv"}
}

func (c *scoreEvalCmd) Run(e *env) error {
	if err := checkThreads(c.Threads); err != nil {
		return err
	}
	s, err := figure.OpenScorer(c.Scorer)
	if err != nil {
		return err
	}
	lab := new(figure.Lab)
	if s.Info.Kind == score.Features {
		if lab, err = (&modelFlag{Where: c.Model}).open(e); err != nil {
			return err
		}
		d, err := lab.Discriminator()
		if err != nil {
			return err
		}
		if err := s.Attach(d); err != nil {
			return usageError("--model %s: %w", lab.Model.Title, err)
		}
	}
	set, err := c.Open(e.ctx, c.List, s.Info.Concept, s.Info.Size, s.Info.Channels, c.Threads)
	if err != nil {
		return err
	}
	defer set.Close()
	defer use(e, lab, c.Threads)()
	r, err := set.Measure(e.ctx, lab, s, c.Seed)
	if err != nil {
		return err
	}
	if c.JSON {
		return e.json(struct {
			Scorer      string     `json:"scorer"`
			Kind        score.Kind `json:"kind"`
			Concept     string     `json:"concept"`
			Fingerprint string     `json:"fingerprint"`
			score.Report
		}{c.Scorer, s.Info.Kind, s.Info.Concept, set.Fingerprint(), *r})
	}
	printReport(e, r, s.Info.Concept, c.Verbose)
	return nil
}

// printReport writes a report for people; all says whether it has all numbers.
func printReport(e *env, r *score.Report, concept string, all bool) {
	for _, line := range figure.ScorerWords(r, concept).Lines(all) {
		e.printf("%s", line)
	}
	if !all {
		return
	}
	w := table(e)
	defer w.Flush()
	fmt.Fprintln(w, "  score\tlocations\tmean score\tshare with the concept")
	for _, b := range r.Calibration {
		fmt.Fprintf(w, "  %.1f to %.1f\t%d\t%.4f\t%.4f\n", b.From, b.To, b.Locations, b.Score, b.Share)
	}
}
