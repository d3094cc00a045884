// Package tsne lays points of many coordinates out in the plane, so that near
// neighbours stay near: t-distributed stochastic neighbour embedding (van der
// Maaten and Hinton 2008), and the figures that say how far to trust the
// picture.
//
//	p, err := tsne.Components(ctx, pool, features, 50)
//	if err != nil {
//		return err
//	}
//	e, err := tsne.Embed(ctx, pool, p.X, tsne.Options{})
//	if err != nil {
//		return err
//	}
//	trust, err := tsne.Trustworthiness(ctx, pool, p.X, e.Y, 12, 0)
//
// Neighbours are exact. Few points repel each other one by one; many do through
// a grid and by their close neighbours (field.go), in a time that grows little
// faster than their number. Every result is a function of its arguments alone:
// the number of threads does not change a bit.
//
// It leaves out pictures, other dimensions than two, and placing new points in
// an old embedding.
package tsne
