package kid

import (
	"fmt"
	"math/rand/v2"
)

// groups say which images belong together, as those that were cut from one photograph.
type groups struct {
	of    []int     // the group of each image, from 0
	sizes []float64 // how many images each group has
}

// alone makes each of n images a group of its own.
func alone(n int) groups {
	g := groups{of: make([]int, n), sizes: make([]float64, n)}
	for i := range n {
		g.of[i], g.sizes[i] = i, 1
	}
	return g
}

// together makes groups of the images that have the same number. Nil: each is alone.
func together(sources []int, n int) groups {
	if sources == nil {
		return alone(n)
	}
	var g groups
	at := make(map[int]int)
	for _, s := range sources {
		k, known := at[s]
		if !known {
			k = len(g.sizes)
			at[s] = k
			g.sizes = append(g.sizes, 0)
		}
		g.of = append(g.of, k)
		g.sizes[k]++
	}
	return g
}

// pick returns the groups of some of the images.
func (g groups) pick(rows []int) groups {
	sources := make([]int, len(rows))
	for i, r := range rows {
		sources[i] = g.of[r]
	}
	return together(sources, len(rows))
}

// apart is how many ordered pairs of images are of two groups.
func (g groups) apart() float64 {
	n, within := float64(len(g.of)), 0.0
	for _, s := range g.sizes {
		within += s * s
	}
	return n*n - within
}

// halve divides the images in two, n times, and keeps groups whole: each goes to the
// half that is smaller yet. The order of groups, and of the images in a half, is at random.
func halve(g groups, rng *rand.Rand, n int) ([][2][]int, error) {
	if len(g.sizes) < leastSources {
		return nil, fmt.Errorf("kid: pictures of %d photographs, want %d or more", len(g.sizes), leastSources)
	}
	images := make([][]int, len(g.sizes))
	for i, k := range g.of {
		images[k] = append(images[k], i)
	}
	all := make([][2][]int, n)
	for i := range all {
		for _, k := range rng.Perm(len(images)) {
			to := &all[i][0]
			if len(all[i][1]) < len(*to) {
				to = &all[i][1]
			}
			*to = append(*to, images[k]...)
		}
		for _, half := range all[i] {
			rng.Shuffle(len(half), func(a, b int) { half[a], half[b] = half[b], half[a] })
		}
	}
	return all, nil
}
