package main

import (
	"fmt"

	"dcganviz/gallery/figure"
	"dcganviz/probe/score"
	"dcganviz/probe/stats"
)

// scoreEvalCmd measures a scorer.
type scoreEvalCmd struct {
	Scorer string `arg:"" name:"scorer" complete:"scorers" help:"An embedded scorer (${scorers}) or a file that dcganviz score fit wrote."`
	figure.BoxedOptions
	Model   string `group:"Scorer" placeholder:"MODEL" complete:"models" help:"The model whose D a scorer of kind d-features was fitted on (default: ${default_model})."`
	Seed    uint64 `group:"Scorer" default:"1" placeholder:"N" help:"Decides the samples that intervals are made of (default: ${default})."`
	Threads int    `group:"Scorer" placeholder:"N" help:"Threads to use (default: all processors). The result does not depend on it."`
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
	printReport(e, r)
	return nil
}

// printReport writes a report for people.
func printReport(e *env, r *score.Report) {
	e.printf("scored        %d pictures of %d photographs, %d locations, %d of them with the concept", r.Pictures, r.Groups, r.Locations, r.Positives)
	e.printf("AUC           %s a location (95%% interval by photographs)", interval(r.AUC))
	if r.PictureAUC != nil {
		e.printf("              %s a picture, by its highest location", interval(*r.PictureAUC))
	}
	e.printf("area          %.4f labelled, %.4f scored one half or more, mean score %.4f", r.AreaLabelled, r.AreaScored, r.MeanScore)
	e.printf("calibration   error %.4f, log loss %.4f, Brier %.4f", r.CalibrationError, r.LogLoss, r.Brier)
	w := table(e)
	defer w.Flush()
	fmt.Fprintln(w, "  score\tlocations\tmean score\tshare with the concept")
	for _, b := range r.Calibration {
		fmt.Fprintf(w, "  %.1f to %.1f\t%d\t%.4f\t%.4f\n", b.From, b.To, b.Locations, b.Score, b.Share)
	}
}

func interval(i stats.Interval) string { return fmt.Sprintf("%.4f (%.4f to %.4f)", i.Mean, i.Lo, i.Hi) }
