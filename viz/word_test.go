package viz

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// samples takes a word apart.
func samples(w word) (s [wordBytes]uint8) {
	binary.LittleEndian.PutUint64(s[:], w)
	return s
}

// TestWordsFollowTheSpecification compares each of eight samples with the words
// of section 9.2 to 9.4, for every pair of neighbours.
func TestWordsFollowTheSpecification(t *testing.T) {
	size := func(v int) int { return max(v, -v) }
	r := rand.New(rand.NewPCG(1, 0))
	for at := range 1 << 16 {
		// Neighbouring samples are unlike, and one is each pair in turn.
		a, b, c, v := r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()
		k := at % wordBytes
		a = a&^(0xff<<(8*k)) | word(at&0xff)<<(8*k)
		b = b&^(0xff<<(8*k)) | word(at>>8)<<(8*k)
		if at%3 == 0 { // upper left as the left one, or near to it
			c = subtract(a, c&0x0101010101010101)
		}
		minus, mean, paeth := samples(subtract(a, b)), samples(average(a, b)), samples(paeth(a, b, c))
		sum := 0
		for i := range wordBytes {
			a, b, c := int(samples(a)[i]), int(samples(b)[i]), int(samples(c)[i])
			sum += size(int(int8(samples(v)[i])))
			p := a + b - c
			want := c
			if size(p-a) <= size(p-b) && size(p-a) <= size(p-c) {
				want = a
			} else if size(p-b) <= size(p-c) {
				want = b
			}
			if minus[i] != uint8(a-b) || int(mean[i]) != (a+b)/2 || int(paeth[i]) != want {
				t.Fatalf("sample %d, a %d, b %d, c %d: a-b %d, average %d, paeth %d; want %d, %d, %d", i, a, b, c, minus[i], mean[i], paeth[i], uint8(a-b), (a+b)/2, want)
			}
		}
		if got := magnitude(v); got != sum {
			t.Fatalf("magnitude of % x is %d, want %d", samples(v), got, sum)
		}
	}
	if got := magnitude(top); got != 8*128 {
		t.Errorf("magnitude of eight -128 is %d, want %d", got, 8*128)
	}
}
