package kernel

import (
	"math/bits"
	"unsafe"
)

// kc is the depth of a block: sums over k are made in blocks of kc, each from
// zero, and the blocks are added in order. It is part of the specification:
// every instruction set keeps it, or their results would differ in the last
// bits. Blocks also keep a long float32 sum accurate.
const kc = 256

// pixelBlock is the block of a sum over pixels: half of kc, because the rows
// that a gather kernel reads in place take a cache line each.
const pixelBlock = 128

// rowStride is the distance in floats between two packed rows. The 16 floats
// beyond kc spread the rows over the sets of the first-level cache.
const rowStride = kc + 16

const (
	maxRows = 14 // rows of the largest tile, AVX-512
	maxCols = 32 // its columns
)

// A tile is one call of a micro-kernel: rows x nr sums over k.
//
// A row kernel reads a as packed rows, rowStride floats apart:
//
//	c[r][j] (+)= sum over k of a[r*rowStride + k] * b[k*nr + j]
//
// A gather kernel reads the rows of one k side by side, at an offset of their
// own, which lets it read a padded image in place:
//
//	c[r][j] (+)= sum over k of a[off[k] + r] * b[k*nr + j]
//
// Row r of c begins rows[r] bytes after c; off is in bytes.
type tile struct {
	a, b, c unsafe.Pointer
	k       int
	rows    *[maxRows]int
	off     unsafe.Pointer // *int, one for each k
	add     int            // 1 adds to c, 0 overwrites it

	// A row kernel fetches into the second-level cache what comes next, at step k the
	// cache line of address next + k*step. It reads nothing there.
	next uintptr
	step int
	part int // calls that have a part left to fetch, after this one
}

// fetch divides a panel, the one that comes next, among the next calls: each fetches a
// part. Panels come from memory or from a cache that other programs use, too.
func (t *tile) fetch(panel []float32, nr, calls int) {
	parts := 1 << (bits.Len(uint(min(calls, nr/4))) - 1) // steps divide a panel's row
	t.next, t.step, t.part = uintptr(ptrOf(panel)), nr*4/parts, parts-1
}

// fetched goes on to the part of the next call.
func (t *tile) fetched() {
	if t.part > 0 {
		t.next += uintptr(t.k * t.step)
		t.part--
	}
}

// An isa is one set of micro-kernels. pack[r] and gather[r] compute tiles of r
// rows, 1 <= r <= mr.
type isa struct {
	name   string
	mr, nr int
	pack   [maxRows + 1]func(*tile)
	gather [maxRows + 1]func(*tile)
	vec    *vectors
}

func ptrOf(s []float32) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }
func ptrOfInts(s []int) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }
