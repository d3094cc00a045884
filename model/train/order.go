package train

import "math/rand/v2"

// An Order is the endless sequence of pictures that training sees: epoch after
// epoch, each a permutation of all of them, drawn without replacement.
//
// Batches are cut from the sequence without regard to its epochs. Where the
// number of pictures is no multiple of the batch, the last batch of an epoch
// is filled up with the first pictures of the next one, so that none is left
// out and every batch is full.
type Order struct {
	n     int // pictures
	rng   func(epoch int) *rand.Rand
	epoch int // that perm belongs to
	perm  []int
}

// NewOrder returns the sequence of n pictures that rng, the generator of each
// epoch, decides.
func NewOrder(n int, rng func(epoch int) *rand.Rand) *Order { return &Order{n: n, rng: rng, epoch: -1} }

// newOrder is the order of a training run.
func newOrder(seed uint64, n int) *Order {
	return NewOrder(n, func(epoch int) *rand.Rand { return stream(seed, forOrder, epoch) })
}

// Batch writes the indices of the pictures of one step, counted from 0.
func (o *Order) Batch(dst []int, step int) {
	at := step * len(dst)
	for i := range dst {
		dst[i] = o.at(at + i)
	}
}

// at returns the index at one place of the sequence.
func (o *Order) at(place int) int {
	if epoch := place / o.n; epoch != o.epoch {
		o.epoch, o.perm = epoch, o.rng(epoch).Perm(o.n)
	}
	return o.perm[place%o.n]
}
