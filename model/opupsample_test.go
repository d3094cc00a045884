package model

import "testing"

// TestReachIsWhatUpsamplingReaches enlarges a line with one location after the other
// set, and holds Reach against where the result is not zero.
func TestReachIsWhatUpsamplingReaches(t *testing.T) {
	for _, method := range []Upsampling{Nearest, Bilinear, BilinearCorners} {
		for _, n := range []int{1, 2, 3, 5} {
			for _, factor := range []int{2, 3, 4} {
				for from := range n {
					for last := from; last < n; last++ {
						x := NewTensor(1, 1, n, 1)
						for i := from; i <= last; i++ {
							x.Data[i] = 1
						}
						y := method.Enlarge(x, factor, nil)
						if y.Shape[1] != factor || y.Shape[2] != n*factor {
							t.Fatalf("%v by %d: %v became %v", method, factor, x.Shape, y.Shape)
						}
						first, end := n*factor, 0
						for i, v := range y.Data[:n*factor] {
							if v != 0 {
								first, end = min(first, i), i
							}
						}
						if a, b := method.Reach(n, factor, from, last); a != first || b != end {
							t.Errorf("%v by %d: %d to %d of %d reach %d to %d, want %d to %d", method, factor, from, last, n, a, b, first, end)
						}
					}
				}
			}
		}
	}
}
