package nearest

import (
	"cmp"
	"context"
	"slices"

	"dcganviz/model"
)

// mirrored returns pictures, [N, H, W, C], with left and right exchanged.
func mirrored(x model.Tensor) model.Tensor {
	out := model.NewTensor(x.Shape...)
	for i := range x.Len() {
		Mirror(out.Row(i), x.Row(i), x.Shape[2], x.Shape[3])
	}
	return out
}

// Mirror writes a picture [H, w, c] to dst with left and right exchanged.
func Mirror(dst, src []float32, w, c int) {
	for at := 0; at < len(src); at += w * c {
		for x := range w {
			copy(dst[at+x*c:][:c], src[at+(w-1-x)*c:][:c])
		}
	}
}

// A look is a set of pictures in one space, and the same pictures mirrored if mirror
// images are searched for.
type look struct{ own, mirrored model.Tensor }

// nearestTo finds the k nearest rows of training to each picture, as it is or mirrored,
// whichever is nearer.
func (l look) nearestTo(ctx context.Context, pool *model.Pool, training model.Tensor, k int) ([][]Hit, error) {
	hits, err := Search(ctx, pool, l.own, training, k)
	if err != nil || l.mirrored.Shape == nil {
		return hits, err
	}
	other, err := Search(ctx, pool, l.mirrored, training, k)
	if err != nil {
		return nil, err
	}
	for i := range hits {
		hits[i] = nearer(hits[i], other[i])
	}
	return hits, nil
}

// nearer merges the nearest rows of a picture and of its mirror image. Each row counts
// once.
func nearer(own, other []Hit) []Hit {
	all := slices.Clone(own)
	for _, h := range other {
		h.Mirrored = true
		all = append(all, h)
	}
	slices.SortStableFunc(all, func(a, b Hit) int { return cmp.Compare(a.Distance, b.Distance) })
	seen := make(map[int]bool)
	merged := all[:0]
	for _, h := range all {
		if !seen[h.Index] && len(merged) < len(own) {
			seen[h.Index] = true
			merged = append(merged, h)
		}
	}
	return merged
}
