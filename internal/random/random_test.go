package random

import (
	"math/rand/v2"
	"testing"
)

func TestEachPartOfTheKeyCounts(t *testing.T) {
	seen := make(map[uint64][3]int)
	for seed := range 4 {
		for purpose := range 4 {
			for index := range 4 {
				k := [3]int{seed, purpose, index}
				v := At(uint64(seed), uint64(purpose), index).Uint64()
				if other, ok := seen[v]; ok {
					t.Errorf("%v and %v begin alike", k, other)
				}
				seen[v] = k
				if v != At(uint64(seed), uint64(purpose), index).Uint64() {
					t.Errorf("%v is another generator again", k)
				}
			}
		}
	}
}

// TestStreamsAreThoseOfPCG: each stream has the generator that figures were drawn
// with. The compiler refuses a map with the same constant twice, so that no two
// streams are one.
func TestStreamsAreThoseOfPCG(t *testing.T) {
	for s, name := range map[Stream]string{
		DatasetHoldout: "holdout", DoctorShuffle: "pair", FiltersBootstrap: "filters", FiltersJitter: "jitter", FiltersSwaps: "swaps", FiltersStart: "start",
		ForgetControls: "controls", ForgetNegatives: "negative", KidHalves: "kid", NearestBootstrap: "nearest",
		NearestMemoriser: "memorise", NearestStrangers: "stranger", TSNEJitter: "\x07\x54\x3e", UnitsBootstrap: "unitsb", UnitsShuffles: "unitss",
	} {
		var value uint64
		for i := range len(name) {
			value = value<<8 | uint64(name[i])
		}
		if got, want := New(7, s).Uint64(), rand.New(rand.NewPCG(7, value)).Uint64(); got != want {
			t.Errorf("stream %q begins with %#x, want %#x", name, got, want)
		}
	}
}
