package random

import (
	"encoding/binary"
	"math/rand/v2"
)

// New returns the generator of a stream for a seed.
func New(seed uint64, s Stream) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(s))) }

// At returns the generator of one purpose at one index. It is ChaCha8, with seed,
// purpose and index for its key. Purposes are constants of the package that draws. So
// no number depends on how many others were drawn.
func At[P ~uint64](seed uint64, purpose P, index int) *rand.Rand {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(purpose))
	binary.LittleEndian.PutUint64(key[16:], uint64(index))
	return rand.New(rand.NewChaCha8(key))
}
