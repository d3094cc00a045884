package main

import (
	"fmt"
	"math"
	"path/filepath"

	"dcganviz/probe/kid"
)

// A verdict is what was found of a net, a value for each set of samples.
type verdict struct {
	kids, precision, recall, coverage []float64
	brightness, contrast, contrastSD  []float64
	burnt, black                      int // among the first hundred samples of the first set
}

func (v *verdict) add(distance float64, o kid.Overlap, l look) {
	v.kids = append(v.kids, distance)
	v.precision, v.recall, v.coverage = append(v.precision, o.Precision), append(v.recall, o.Recall), append(v.coverage, o.Coverage)
	v.brightness = append(v.brightness, l.brightness)
	v.contrast, v.contrastSD = append(v.contrast, l.contrast), append(v.contrastSD, l.contrastSD)
}

const header = `| net | KID, mean ± SE | SD of a set | coverage ± SE | precision | recall | brightness ± | contrast | burnt, black of 100 |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`

// row is the verdict as a line of the table. A standard error is that of the mean over
// the sets: it says nothing of other pictures, or of other trainings.
func (v *verdict) row(path string) string {
	mean := func(x []float64) float64 { m, _ := spread(x); return m }
	distance, sd := spread(v.kids)
	covered, coveredSD := spread(v.coverage)
	root := math.Sqrt(float64(len(v.kids)))
	return fmt.Sprintf("| %s | %.2f ± %.2f | %.2f | %.3f ± %.3f | %.2f | %.2f | %.3f | %.3f ± %.3f | %d, %d |",
		filepath.Join(filepath.Base(filepath.Dir(path)), filepath.Base(path)), distance, sd/root, sd, covered, coveredSD/root,
		mean(v.precision), mean(v.recall), mean(v.brightness), mean(v.contrast), mean(v.contrastSD), v.burnt, v.black)
}
