package random

import "testing"

func TestEachPartOfTheKeyCounts(t *testing.T) {
	seen := make(map[uint64][3]int)
	for seed := range 4 {
		for purpose := range 4 {
			for index := range 4 {
				k := [3]int{seed, purpose, index}
				v := New(uint64(seed), uint64(purpose), index).Uint64()
				if other, ok := seen[v]; ok {
					t.Errorf("%v and %v begin alike", k, other)
				}
				seen[v] = k
				if v != New(uint64(seed), uint64(purpose), index).Uint64() {
					t.Errorf("%v is another generator again", k)
				}
			}
		}
	}
}
