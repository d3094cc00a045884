package viz

import (
	"hash/adler32"
	"math/rand/v2"
	"testing"
)

func TestJoinAdlerEqualsTheWhole(t *testing.T) {
	data := make([]byte, 300_000)
	r := rand.New(rand.NewPCG(2, 0))
	for i := range data {
		data[i] = 255 - uint8(r.IntN(3)) // large sums wrap around often
	}
	for _, at := range []int{0, 1, 65_520, 65_521, 65_522, 131_042, 299_999, 300_000} {
		got := joinAdler(adler32.Checksum(data[:at]), adler32.Checksum(data[at:]), len(data)-at)
		if want := adler32.Checksum(data); got != want {
			t.Errorf("cut at %d: %#x, want %#x", at, got, want)
		}
	}
}
