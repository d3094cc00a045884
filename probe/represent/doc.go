// Package represent measures what a discriminator's features are worth: how often a linear
// classifier on them names the class of a picture, beside features that nothing learnt.
//
//	r, err := represent.Study(ctx, d, train, test, model.RunOptions{}, represent.Options{})
//	if err != nil {
//		return err
//	}
//	for _, row := range r.Rows {
//		fmt.Println(row.Name, row.Accuracy.Mean)
//	}
//
// Radford et al. 2015 (arXiv:1511.06434), sections 5.1 and 5.2, tables 1 and 2: D learnt
// without labels, its features are those of package features, and the classifier is a
// linear L2-SVM (package svm) whose C pictures decide that it did not see.
//
// Beside D stand, on the same pictures with the same classifier: D's own net with random
// weights, which the paper lacks; raw pixels; and K-means on patches (package kmeans), with
// as many features as D has. Every kind is measured once more after a random projection to
// as many numbers as pictures have pixels: no kind wins by its size alone.
package represent
