// Package kid tells how far two sets of images are apart, by the kernel
// inception distance on the features of a random net, and how far each lies
// within the other, by precision and recall on the same features.
//
//	net, err := kid.NewNet(64, 3)
//	if err != nil {
//		return err
//	}
//	a, err := net.Features(samples, model.RunOptions{})
//	...
//	d, err := kid.Between(a, real)
//	fmt.Printf("%.4f ± %.4f\n", d.Value, d.SE)
//
// Such figures say little alone: Study takes them of several sets of samples beside
// controls, counts photographs rather than the patches that were cut from them, and adds
// a kernel that no single image can carry. A generator that draws only a few real pictures
// may have a small distance, so coverage belongs beside it.
//
// The features know nothing of any data set: no G or D of ours was trained on
// them, so none can have learnt to please them. Naeem et al. 2020
// (arXiv:2002.09797) find random embeddings the more sensible ones where data
// are unlike ImageNet's.
package kid
