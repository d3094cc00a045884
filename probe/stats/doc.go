// Package stats does the statistics that the experiments below probe share:
// intervals by the bootstrap, the area under a ROC curve, logistic regression and
// rank correlation.
//
//	auc, err := stats.AUC(scores, labels, photographs, 1)
//	if err != nil {
//		return err
//	}
//	fmt.Printf("%.3f (%.3f to %.3f)\n", auc.Mean, auc.Lo, auc.Hi)
//
// An Interval is a figure with its 95% interval, a Spread a mean with its standard
// deviation. Nothing here depends on the number of threads, and what is drawn at
// random is a function of a seed. The package knows no images and no nets.
package stats
