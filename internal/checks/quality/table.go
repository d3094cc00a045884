package main

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// table prints a line for each side, in the order of sides.
func table(w io.Writer, figures [][]likeness) {
	fmt.Fprintln(w, "| trained by | KID of each seed | mean ± spread | precision | recall |")
	fmt.Fprintln(w, "| --- | --- | ---: | ---: | ---: |")
	for i, f := range figures {
		var seeds []string
		var precision, recall float64
		for _, k := range f {
			seeds = append(seeds, fmt.Sprintf("%.2f", k.Whole.KID.Value))
			precision += k.Whole.Precision / float64(len(f))
			recall += k.Whole.Recall / float64(len(f))
		}
		mean, spread := spreadOf(f)
		fmt.Fprintf(w, "| %s | %s | %.2f ± %.2f | %.2f | %.2f |\n", sides[i].name, strings.Join(seeds, ", "), mean, spread, precision, recall)
	}
}

// spreadOf is the mean of the KIDs and their standard deviation.
func spreadOf(f []likeness) (mean, spread float64) {
	n := float64(len(f))
	for _, k := range f {
		mean += k.Whole.KID.Value / n
	}
	for _, k := range f {
		d := k.Whole.KID.Value - mean
		spread += d * d / (n - 1)
	}
	return mean, math.Sqrt(spread)
}

// noWorse reports whether the mean of a is at most the mean of b plus b's spread.
func noWorse(a, b []likeness) bool {
	mine, _ := spreadOf(a)
	theirs, spread := spreadOf(b)
	return mine <= theirs+spread
}
