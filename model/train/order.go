package train

// An order is the endless sequence of pictures that training sees: epoch after
// epoch, each a permutation of all of them, drawn without replacement.
//
// Batches are cut from the sequence without regard to its epochs. Where the
// number of pictures is no multiple of the batch, the last batch of an epoch
// is filled up with the first pictures of the next one, so that none is left
// out and every batch is full.
type order struct {
	seed  uint64
	n     int // pictures
	epoch int // that perm belongs to
	perm  []int32
}

func newOrder(seed uint64, n int) *order {
	return &order{seed: seed, n: n, epoch: -1, perm: make([]int32, n)}
}

// batch writes the indices of the pictures of one step, counted from 0.
func (o *order) batch(dst []int, step int) {
	at := step * len(dst)
	for i := range dst {
		dst[i] = o.at(at + i)
	}
}

// at returns the index at one place of the sequence.
func (o *order) at(place int) int {
	if epoch := place / o.n; epoch != o.epoch {
		o.shuffle(epoch)
	}
	return int(o.perm[place%o.n])
}

func (o *order) shuffle(epoch int) {
	for i := range o.perm {
		o.perm[i] = int32(i)
	}
	stream(o.seed, forOrder, epoch).Shuffle(o.n, func(i, j int) {
		o.perm[i], o.perm[j] = o.perm[j], o.perm[i]
	})
	o.epoch = epoch
}
