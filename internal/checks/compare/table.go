package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// quiet is how much others may compute during a measurement that counts.
const quiet = 0.15

// result compares one peer with ours for one kind of work.
type result struct {
	work, peer string
	theirs     []sample
	ours       []sample
	err        error // why there is nothing to compare
}

// repeats is how often a measurement is made again while others compute.
const repeats = 4

// compare runs the sides of w in turn, rounds times over. A side that fails
// once is not run again, and its result carries the error.
func compare(w work, rounds int, measure func(side string) (sample, error), progress io.Writer) []result {
	sides := w.sides()
	got, failed := map[string][]sample{}, map[string]error{}
	for round := range rounds {
		for _, side := range sides {
			if failed[side] != nil {
				continue
			}
			s, err := measure(side)
			for again := 0; err == nil && s.others > quiet && again < repeats; again++ {
				fmt.Fprintf(progress, "%s: round %d: %s again (others used %s cores)\n", w.name, round+1, side, load(s.others))
				s, err = measure(side)
			}
			if err != nil {
				failed[side] = err
				fmt.Fprintf(progress, "%s: %s: %v\n", w.name, side, err)
				continue
			}
			got[side] = append(got[side], s)
			fmt.Fprintf(progress, "%s: round %d: %s %.1f images/s (others used %s cores)\n", w.name, round+1, side, s.images, load(s.others))
		}
	}
	var results []result
	for _, peer := range sides[:len(sides)-1] {
		r := result{work: w.name, peer: peer, theirs: got[peer], ours: got[ours], err: failed[peer]}
		if r.err == nil {
			r.err = failed[ours]
		}
		results = append(results, r)
	}
	return results
}

// ratio is the median, over the rounds, of ours by theirs.
func (r result) ratio() float64 {
	var each []float64
	for i := range min(len(r.ours), len(r.theirs)) {
		each = append(each, r.ours[i].images/r.theirs[i].images)
	}
	return median(each)
}

// bytes is the size of our file divided by the size of the peer's, and 0 without a
// file.
func (r result) bytes() float64 {
	if r.err != nil || r.theirs[0].bytes == 0 {
		return 0
	}
	return r.ours[0].bytes / r.theirs[0].bytes
}

// others is the most that other processes used in a measurement of r, and
// negative if one of them is unknown.
func (r result) others() float64 {
	worst := 0.0
	for _, s := range slices.Concat(r.theirs, r.ours) {
		if s.others < 0 {
			return -1
		}
		worst = max(worst, s.others)
	}
	return worst
}

func images(samples []sample) float64 {
	return medianOf(samples, func(s sample) float64 { return s.images })
}

func speed(samples []sample) float64 {
	return medianOf(samples, func(s sample) float64 { return s.gflops })
}

func medianOf(samples []sample, value func(sample) float64) float64 {
	var v []float64
	for _, s := range samples {
		v = append(v, value(s))
	}
	return median(v)
}

// median returns the middle value, for an even number the mean of the two in
// the middle, and 0 for none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// table prints results in Markdown. limit is the machine's, in GFLOP/s; 0: unknown.
func table(out io.Writer, results []result, limit float64) {
	fmt.Fprintln(out, "| work | peer | peer, images/s | dcganviz, images/s | ratio | of the limit | others' cores, at most |")
	fmt.Fprintln(out, "| --- | --- | ---: | ---: | ---: | ---: | ---: |")
	busy := false
	for _, r := range results {
		fmt.Fprintf(out, "| %s | %s |", r.work, r.peer)
		if r.err != nil {
			why := strings.ReplaceAll(r.err.Error(), "|", `\|`)
			fmt.Fprintf(out, " %s | %s | %s | | |\n", figure(images(r.theirs)), figure(images(r.ours)), why)
			continue
		}
		o := r.others()
		busy = busy || o > quiet
		fmt.Fprintf(out, " %s | %s | %.2f | %s | %s |\n", figure(images(r.theirs)), figure(images(r.ours)), r.ratio(),
			share(speed(r.ours), limit), load(o))
	}
	fmt.Fprintln(out, "\nMedians of the rounds; the ratio is the median of each round's own ratio.")
	for _, r := range results {
		if n := r.bytes(); n > 0 {
			fmt.Fprintf(out, "%s: our file has %.3f times the bytes of %s's.\n", r.work, n, r.peer)
		}
	}
	if limit > 0 {
		fmt.Fprintln(out, "The limit is the machine's, in fused multiply-adds. Operations are counted as those of direct convolution, of which Winograd's algorithm makes fewer.")
	}
	if busy {
		fmt.Fprintf(out, "The machine was not quiet: where others used more than %.2f cores, do not trust the figures.\n", quiet)
	}
}

// figure prints images a second, and nothing for none.
func figure(v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", v)
}

// share prints speed by the machine's limit, and nothing where either is unknown.
func share(speed, limit float64) string {
	if speed == 0 || limit == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f%%", 100*speed/limit)
}

func load(cores float64) string {
	if cores < 0 {
		return "?"
	}
	return fmt.Sprintf("%.2f", cores)
}
