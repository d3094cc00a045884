package nearest

import (
	"context"
	"fmt"
	"math"
	"slices"

	"dcganviz/model"
)

// A Variety is how much pictures differ from each other. Distances are the root
// mean square error, of values in [-1, 1].
type Variety struct {
	Pictures int `json:"pictures"`
	// Median is the median of each picture's distance to the one most alike.
	Median float64 `json:"median"`
	// Least is the smallest of them, between the pictures Pair.
	Least float64 `json:"least"`
	Pair  [2]int  `json:"pair"`
	// Shifted is the control: the median distance of a picture to itself moved by
	// one pixel to the side, over the part that both have.
	Shifted float64 `json:"shifted"`
}

// VarietyOf compares pictures, [N, H, W, C], with each other. It takes two or more,
// of two or more pixels a row.
func VarietyOf(ctx context.Context, pool *model.Pool, x model.Tensor) (*Variety, error) {
	if len(x.Shape) != 4 || x.Len() < 2 || x.Shape[2] < 2 {
		return nil, fmt.Errorf("nearest: pictures of shape %v, want 2 or more of 2 pixels a row or more", x.Shape)
	}
	n := x.Len()
	hits, err := Search(ctx, pool, x, x, 2)
	if err != nil {
		return nil, err
	}
	values := math.Sqrt(float64(len(x.Data) / n))
	v := &Variety{Pictures: n, Least: math.Inf(1)}
	var apart, shifted []float64
	for i, h := range hits {
		other := h[0]
		if other.Index == i {
			other = h[1]
		}
		d := other.Distance / values
		if d < v.Least {
			v.Least, v.Pair = d, [2]int{min(i, other.Index), max(i, other.Index)}
		}
		apart, shifted = append(apart, d), append(shifted, shift(x.Row(i), x.Shape[2], x.Shape[3]))
	}
	slices.Sort(apart)
	slices.Sort(shifted)
	v.Median, v.Shifted = (apart[(n-1)/2]+apart[n/2])/2, (shifted[(n-1)/2]+shifted[n/2])/2
	return v, nil
}

// shift is the distance of a picture to itself moved by a pixel.
func shift(row []float32, w, c int) float64 {
	sum, count := 0.0, 0
	for line := range slices.Chunk(row, w*c) {
		for k := c; k < len(line); k++ {
			d := float64(line[k]) - float64(line[k-c])
			sum += float64(d * d)
			count++
		}
	}
	return math.Sqrt(sum / float64(count))
}
