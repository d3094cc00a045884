package stats_test

import (
	"fmt"

	"dcganviz/probe/stats"
)

// Five of six positives score above all negatives.
func ExampleAUC() {
	scores := []float32{.9, .8, .8, .7, .6, .1, .5, .4, .3, .3, .2, .2}
	labels := []float32{1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0}
	photographs := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	auc, err := stats.AUC(scores, labels, photographs, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f (%.1f to %.1f)\n", auc.Mean, auc.Lo, auc.Hi)
	fmt.Printf("rank correlation %.2f\n", stats.Spearman([]float64{1, 2, 3, 4}, []float64{1, 10, 2, 1000}))
	// Output:
	// 0.83 (0.4 to 1.0)
	// rank correlation 0.80
}
