package units

import (
	"math/bits"
	"slices"
)

// An area is pixels of an image, a bit each, row by row.
type area []uint64

func newArea(pixels int) area { return make(area, (pixels+63)/64) }

func (a area) set(at int)      { a[at/64] |= 1 << (at % 64) }
func (a area) has(at int) bool { return a[at/64]>>(at%64)&1 == 1 }

// count returns how many pixels it has.
func (a area) count() (n int) {
	for _, w := range a {
		n += bits.OnesCount64(w)
	}
	return n
}

// common returns how many pixels two areas share.
func (a area) common(b area) (n int) {
	for i, w := range a {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}

// sum adds up what v has where the area is.
func (a area) sum(v []float32) (sum float64) {
	for i, w := range a {
		for ; w != 0; w &= w - 1 {
			sum += float64(v[i*64+bits.TrailingZeros64(w)])
		}
	}
	return sum
}

// An upsampler takes maps of h x w locations to images of so many rows and cols of pixels,
// bilinearly: locations lie in the middle of the pixels that they stand for, and
// beyond the outermost the map goes on as it ends.
type upsampler struct {
	h, w       int
	rows, cols []blend
}

// A blend is two neighbours and the share of the second.
type blend struct {
	from, to int
	share    float32
}

func newUpsampler(h, w, height, width int) *upsampler {
	return &upsampler{h: h, w: w, rows: blends(h, height), cols: blends(w, width)}
}

func blends(n, size int) []blend {
	out := make([]blend, size)
	for i := range out {
		at := max(0, (float64(i)+.5)*float64(n)/float64(size)-.5)
		from := min(int(at), n-1)
		out[i] = blend{from, min(from+1, n-1), float32(at - float64(from))}
	}
	return out
}

// over returns the pixels where a map, upsampled, exceeds a level. v holds the
// map in every stride-th value from the first on.
func (u *upsampler) over(v []float32, stride int, level float32) area {
	out := newArea(len(u.rows) * len(u.cols))
	line := make([]float32, u.w)
	for y, r := range u.rows {
		for x := range line {
			a, b := v[(r.from*u.w+x)*stride], v[(r.to*u.w+x)*stride]
			line[x] = a + float32(r.share*(b-a))
		}
		if slices.Max(line) <= level {
			continue // nor does what lies between
		}
		for x, c := range u.cols {
			a, b := line[c.from], line[c.to]
			if a+float32(c.share*(b-a)) > level {
				out.set(y*len(u.cols) + x)
			}
		}
	}
	return out
}
