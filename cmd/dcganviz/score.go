package main

import (
	"slices"
)

// scoreCmd makes and measures scorers, and measures models.
type scoreCmd struct {
	Fit  scoreFitCmd  `cmd:"" help:"Fit a scorer on pictures with boxes."`
	Eval scoreEvalCmd `cmd:"" help:"Measure a scorer on pictures with boxes."`
	Kid  scoreKIDCmd  `cmd:"" help:"Measure how near a model's samples come to real pictures (KID, precision, recall)."`
}

func (*scoreCmd) examples() []string {
	return slices.Concat((*scoreFitCmd)(nil).examples(), (*scoreEvalCmd)(nil).examples(), (*scoreKIDCmd)(nil).examples())
}
