// Package kmeans finds clusters, and encodes pictures by how near their patches lie to
// clusters of patches: features that nothing but K-means learnt.
//
//	e, err := kmeans.Learn(ctx, images, model.RunOptions{}, kmeans.LearnOptions{Centres: 400})
//	if err != nil {
//		return err
//	}
//	x, err := e.Encode(ctx, images, model.RunOptions{})
//
// Radford et al. 2015 (arXiv:1511.06434), table 1, hold their discriminator against such
// features: Coates, Ng & Lee 2011 ("An Analysis of Single-Layer Networks in Unsupervised
// Feature Learning", AISTATS, sections 3 and 4): patches of 6x6 pixels, each brought to
// mean 0 and variance 1, whitened (ZCA), clustered; of each patch of a picture the triangle
// activation, max(0, mean distance - distance) for each centre; summed in each quadrant.
package kmeans
