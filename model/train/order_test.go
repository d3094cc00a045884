package train

import (
	"slices"
	"testing"
)

func TestOrderShowsEveryPictureOnceAnEpoch(t *testing.T) {
	for _, n := range []int{1, 2, 7, 100} {
		o := newOrder(5, n)
		previous := []int{}
		for epoch := range 4 {
			got := make([]int, n)
			for i := range got {
				got[i] = o.at(epoch*n + i)
			}
			if n == 100 && slices.Equal(got, previous) {
				t.Errorf("epoch %d repeats the order of the one before", epoch)
			}
			previous = slices.Clone(got)
			slices.Sort(got)
			for i, v := range got {
				if v != i {
					t.Fatalf("n %d, epoch %d: sorted %v", n, epoch, got)
				}
			}
		}
	}
}

// TestOrderCarriesOver checks that batches run on over the end of an epoch,
// also where a batch holds several epochs.
func TestOrderCarriesOver(t *testing.T) {
	for _, c := range []struct{ n, batch int }{{10, 4}, {3, 8}, {5, 5}, {1, 3}} {
		whole := newOrder(9, c.n)
		steps := 12
		var want []int
		for i := range steps * c.batch {
			want = append(want, whole.at(i))
		}
		cut := newOrder(9, c.n)
		var got []int
		for s := range steps {
			b := make([]int, c.batch)
			cut.Batch(b, s)
			got = append(got, b...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d pictures in batches of %d: %v, want %v", c.n, c.batch, got, want)
		}
	}
}

func TestOrderDependsOnSeedAndStepOnly(t *testing.T) {
	o := newOrder(1, 50)
	late, early, again := make([]int, 8), make([]int, 8), make([]int, 8)
	o.Batch(late, 40)
	o.Batch(early, 2)
	newOrder(1, 50).Batch(again, 40)
	if !slices.Equal(late, again) {
		t.Error("step 40 depends on the steps asked for before")
	}
	newOrder(1, 50).Batch(again, 2)
	if !slices.Equal(early, again) {
		t.Error("step 2 depends on the steps asked for before")
	}
	newOrder(2, 50).Batch(again, 2)
	if slices.Equal(early, again) {
		t.Error("seeds 1 and 2 give one order")
	}
}
