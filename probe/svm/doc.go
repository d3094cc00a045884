// Package svm fits linear support vector machines with the squared hinge loss, one class
// against the rest, to features that are too many for a general program.
//
//	p, err := svm.New(ctx, x, labels, 10, model.RunOptions{})
//	if err != nil {
//		return err
//	}
//	m, err := p.Fit(ctx, svm.Options{C: 1})
//	if err != nil {
//		return err
//	}
//	said, err := m.Classify(ctx, test, model.RunOptions{})
//
// For each class it minimises
//
//	1/2 (|w|^2 + b^2) + C * sum over i of max(0, 1 - s_i (w.x_i + b))^2
//
// where s_i is 1 for pictures of the class and -1 for all others: what scikit-learn's
// LinearSVC minimises with its standard settings, the bias b held small like a weight.
//
// Method: the modified finite Newton method of Keerthi & DeCoste 2005 (Journal of Machine
// Learning Research 6, 341-361): Newton steps with an exact line search. Conjugate
// gradients solve each step for all classes at once, so that the features are read once
// for all of them. A preconditioner from a sketch of the features saves most of their
// rounds: the largest eigenvalues of the second moment, after Frangella, Tropp & Udell
// 2023 (SIAM Journal on Matrix Analysis and Applications 44(2), arXiv:2110.02820).
//
// The objective is strongly convex, so half the square of its gradient's length bounds
// how far it is from the smallest. That bound ends the fit, and a Machine reports it.
//
// The package neither scales features nor chooses C.
package svm
