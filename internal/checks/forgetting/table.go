package main

import (
	"fmt"
	"io"
	"math"

	"dcganviz/probe/forget"
)

// A row is what the rule does to one net and concept: what dcganviz forget --json says, as
// far as it is used here.
type row struct {
	net
	Concept string `json:"concept"`
	Dropped struct {
		Of int `json:"of"`
	} `json:"dropped"`
	Rule          forget.Rule    `json:"rule"`
	Random        forget.Control `json:"random"`
	DamageMatched forget.Control `json:"damage_matched"`
}

// maps is the mean number of maps that the probes drop.
func (r *row) maps() (mean float64) {
	for _, p := range r.Rule.Probes {
		mean += float64(p.Units) / float64(len(r.Rule.Probes))
	}
	return mean
}

// table prints a line for each row, and what they say together.
func table(w io.Writer, rows []row) {
	fmt.Fprintln(w, "| width | seed | concept | maps dropped | removed, by the judge | by the finder | random maps | p | of like damage | p |")
	fmt.Fprintln(w, "| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	for _, r := range rows {
		fmt.Fprintf(w, "| %d | %d | %s | %.0f of %d | %.0f%% (%.0f to %.0f) | %.0f%% | %.0f%% ± %.0f | %.3f | %.0f%% ± %.0f | %.3f |\n", r.Width, r.Seed, r.Concept, r.maps(), r.Dropped.Of,
			100*r.Rule.Removed.Mean, 100*r.Rule.Removed.Lo, 100*r.Rule.Removed.Hi, 100*r.Rule.ScorerRemoved.Mean,
			100*r.Random.Removed.Mean, 100*r.Random.Removed.SD, r.Random.P, 100*r.DamageMatched.Removed.Mean, 100*r.DamageMatched.Removed.SD, r.DamageMatched.P)
	}
	fmt.Fprintln(w)
	for _, c := range concepts {
		var all, random []float64
		rare := [2]int{}
		for _, r := range rows {
			if r.Concept != c.name {
				continue
			}
			all, random = append(all, r.Rule.Removed.Mean), append(random, r.Random.Removed.Mean)
			for i, p := range []float64{r.Random.P, r.DamageMatched.P} {
				if p <= .05 {
					rare[i]++
				}
			}
		}
		if len(all) == 0 {
			continue
		}
		mean, sd := spread(all)
		chance, _ := spread(random)
		fmt.Fprintf(w, "%s: over %d nets the rule removes %.0f%% ± %.0f, random maps %.0f%%; p is at most 0.05 in %d, beside maps of like damage in %d.\n",
			c.name, len(all), 100*mean, 100*sd, 100*chance, rare[0], rare[1])
	}
}

// spread is the mean and the standard deviation, 0 of one number.
func spread(v []float64) (mean, sd float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		sd += (x - mean) * (x - mean) / float64(max(1, len(v)-1))
	}
	return mean, math.Sqrt(sd)
}
