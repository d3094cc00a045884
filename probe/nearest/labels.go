package nearest

import (
	"context"
	"fmt"

	"dcganviz/model"
)

// Labels gives each row of a, [N, ...], the label of the nearest row of b, [M, ...]:
// a guess, as good as the nearest neighbour is at the labels of b. Its errors are those of
// Search, and labels that are not M.
func Labels(ctx context.Context, pool *model.Pool, a, b model.Tensor, labels []int) ([]int, error) {
	if len(labels) != b.Len() {
		return nil, fmt.Errorf("nearest: %d labels of %d rows", len(labels), b.Len())
	}
	hits, err := Search(ctx, pool, a, b, 1)
	if err != nil {
		return nil, err
	}
	out := make([]int, len(hits))
	for i, h := range hits {
		out[i] = labels[h[0].Index]
	}
	return out, nil
}
