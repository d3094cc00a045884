package train

import (
	"fmt"

	"dcganviz/internal/refuse"
	"dcganviz/internal/safetensors"
	"dcganviz/model/checkpoint"
)

// A summed source tells when a picture is another than before. So the bits of a run do
// not depend on when it was stopped.
type summed interface {
	// Sum returns a digest of what Load last read for picture i, 0 if it does not know.
	Sum(i int) uint64
}

// checkSums compares a batch with what the run saw of its pictures before, and remembers
// those that are new.
func (t *Trainer) checkSums(b *load) error {
	for k, i := range b.indices {
		if old := t.sums[i]; old != 0 && b.sums[k] != 0 && b.sums[k] != old {
			return fmt.Errorf("%s has other bytes than when the run first read it: put the old picture back, or begin a new run: %w", t.pictureName(i), ErrChanged)
		}
	}
	for k, i := range b.indices {
		if b.sums[k] != 0 {
			t.sums[i] = b.sums[k]
		}
	}
	return nil
}

func (t *Trainer) pictureName(i int) string {
	if s, ok := t.loader.src.(interface{ Name(i int) string }); ok {
		return "picture " + refuse.Quote(s.Name(i))
	}
	return fmt.Sprintf("picture %d", i)
}

// sumsTensor returns the sums for StateFile, false if none is known.
func (t *Trainer) sumsTensor() (s safetensors.Tensor, ok bool, err error) {
	ints := make([]int64, len(t.sums))
	for i, sum := range t.sums {
		ints[i] = int64(sum)
		ok = ok || sum != 0
	}
	if ok {
		s, err = safetensors.New(sumsName, []int{len(ints)}, ints)
	}
	return s, ok, err
}

// restoreSums takes the sums of a state. One that no step was made from, or that an
// older version wrote, has none.
func (t *Trainer) restoreSums(tensors []*safetensors.Tensor) error {
	for _, x := range tensors {
		if x.Name != sumsName || x.DType != safetensors.I64 || len(x.Shape) != 1 || x.Shape[0] != t.data.Images {
			return refuse.Of(checkpoint.ErrRefused, "tensor %.80q: %v of shape %v, want %q: %v of shape [%d]", x.Name, x.DType, x.Shape, sumsName, safetensors.I64, t.data.Images)
		}
		ints, err := x.Int64s()
		if err != nil {
			return err
		}
		for i, sum := range ints {
			t.sums[i] = uint64(sum)
		}
	}
	return nil
}
