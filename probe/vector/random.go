package vector

import (
	"encoding/binary"
	"math/rand/v2"
)

// A purpose names what random numbers are for. Every number is a function of
// (seed, purpose, index), so that none depends on how many others were drawn.
type purpose uint64

const (
	forNeighbours purpose = 1 + iota
	forDraws
	forControls
	forDirections
)

// newRand returns the generator of one purpose at one index: ChaCha8, whose key
// they are, so that no two are related.
func newRand(seed uint64, what purpose, index int) *rand.Rand {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(what))
	binary.LittleEndian.PutUint64(key[16:], uint64(index))
	return rand.New(rand.NewChaCha8(key))
}
