package viz

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// paletteSize is the number of colours that a GIF can have.
const paletteSize = 256

// binBits is the precision, per channel, at which colours are counted before
// they are grouped. A bin remembers the mean of its colours.
const binBits = 6

// refinements is how often the groups are formed anew around their means.
const refinements = 4

// weights are how much a difference in R, G and B counts: about the eye's
// sensitivity, as whole numbers so that distances are exact.
var weights = [3]int{3, 6, 1}

// A palette is a table of colours and the way to them.
type palette struct {
	colors color.Palette
	// byGreen are the colours sorted by green, with their index.
	byGreen []entry
	// recent remembers the last colours that were looked up: the colour
	// plus one, or 0, above the index.
	recent []uint64
}

type entry struct {
	rgb   [3]int
	index int
}

// newPalette chooses colours for frames: the colours that occur, or the means of
// groups if those are too many.
func newPalette(frames []*image.RGBA) *palette {
	chosen, few := distinct(frames)
	if !few {
		bins := countColors(frames)
		chosen = refine(bins, cut(bins))
	}
	slices.SortFunc(chosen, func(a, b [3]int) int { return slices.Compare(a[:], b[:]) })
	chosen = slices.Compact(chosen)
	p := &palette{recent: make([]uint64, 1<<15)}
	for i, c := range chosen {
		p.colors = append(p.colors, color.RGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), 255})
		p.byGreen = append(p.byGreen, entry{c, i})
	}
	slices.SortStableFunc(p.byGreen, func(a, b entry) int { return cmp.Compare(a.rgb[1], b.rgb[1]) })
	return p
}

// apply gives img in the colours of the palette.
func (p *palette) apply(img *image.RGBA) *image.Paletted {
	out := image.NewPaletted(img.Rect, p.colors)
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for x := range out.Pix[y*out.Stride:][:img.Rect.Dx()] {
			c := row[4*x : 4*x+3]
			rgb := uint64(c[0])<<16 | uint64(c[1])<<8 | uint64(c[2])
			slot := &p.recent[rgb*0x9e3779b97f4a7c15>>(64-15)]
			if *slot>>8 != rgb+1 {
				*slot = (rgb+1)<<8 | uint64(p.nearest([3]int{int(c[0]), int(c[1]), int(c[2])}))
			}
			out.Pix[y*out.Stride+x] = uint8(*slot)
		}
	}
	return out
}

// nearest is the index of the colour closest to c, the lowest of equals. It
// walks away from c's green both ways until green alone is too far.
func (p *palette) nearest(c [3]int) int {
	start, _ := slices.BinarySearchFunc(p.byGreen, c[1], func(e entry, g int) int { return cmp.Compare(e.rgb[1], g) })
	best, index := 1<<62, 0
	try := func(e entry) bool {
		d := distance(e.rgb, c)
		if d < best || d == best && e.index < index {
			best, index = d, e.index
		}
		g := e.rgb[1] - c[1]
		return weights[1]*g*g <= best
	}
	for i := start; i < len(p.byGreen) && try(p.byGreen[i]); i++ {
	}
	for i := start - 1; i >= 0 && try(p.byGreen[i]); i-- {
	}
	return index
}

func distance(a, b [3]int) (sum int) {
	for k, w := range weights {
		d := a[k] - b[k]
		sum += w * d * d
	}
	return sum
}

// distinct lists the colours of frames. few is false, and the list cut
// short, when they are more than a palette holds.
func distinct(frames []*image.RGBA) (list [][3]int, few bool) {
	seen := map[[3]uint8]bool{}
	var last [3]uint8
	for _, f := range frames {
		for y := range f.Rect.Dy() {
			row := f.Pix[y*f.Stride:][:4*f.Rect.Dx()]
			for ; len(row) >= 4; row = row[4:] {
				c := [3]uint8(row[:3])
				if c == last && len(list) > 0 || seen[c] {
					continue
				}
				if last = c; len(list) == paletteSize {
					return list, false
				}
				seen[c] = true
				list = append(list, [3]int{int(c[0]), int(c[1]), int(c[2])})
			}
		}
	}
	return list, true
}

// A bin is some colours that are taken together.
type bin struct {
	n    int
	mean [3]int // of the colours, rounded
}

// countColors counts the colours of frames in bins.
func countColors(frames []*image.RGBA) []bin {
	const down = 8 - binBits
	counts := make([]int, 1<<(3*binBits))
	sums := make([][3]int, len(counts))
	for _, f := range frames {
		for y := range f.Rect.Dy() {
			row := f.Pix[y*f.Stride:][:4*f.Rect.Dx()]
			for ; len(row) >= 4; row = row[4:] {
				i := int(row[0]>>down)<<(2*binBits) | int(row[1]>>down)<<binBits | int(row[2]>>down)
				counts[i]++
				for k := range 3 {
					sums[i][k] += int(row[k])
				}
			}
		}
	}
	var bins []bin
	for i, n := range counts {
		if n > 0 {
			b := bin{n: n}
			for k := range 3 {
				b.mean[k] = (sums[i][k] + n/2) / n
			}
			bins = append(bins, b)
		}
	}
	return bins
}

// A box is a group of bins, with the weighted squared error that each
// channel makes when all of them become their mean.
type box struct {
	bins  []bin
	mean  [3]float64
	error [3]float64
	total float64
}

func newBox(bins []bin) box {
	b := box{bins: bins}
	n := 0.0
	for _, v := range bins {
		n += float64(v.n)
		for k := range 3 {
			b.mean[k] += float64(v.n * v.mean[k])
		}
	}
	for k := range 3 {
		b.mean[k] /= n
	}
	for _, v := range bins {
		for k := range 3 {
			d := float64(v.mean[k]) - b.mean[k]
			b.error[k] += float64(float64(weights[k]*v.n) * float64(d*d))
		}
	}
	b.total = b.error[0] + b.error[1] + b.error[2]
	return b
}

// cut divides the colours as Heckbert's median cut (SIGGRAPH 1982) does,
// except that it divides the box with the largest error, across the channel
// that makes most of it, at the mean: few pixels of a strong colour then
// keep a colour of their own.
func cut(bins []bin) [][3]int {
	boxes := []box{newBox(slices.Clone(bins))}
	for len(boxes) < paletteSize {
		worst := 0
		for i, b := range boxes {
			if b.total > boxes[worst].total {
				worst = i
			}
		}
		b := boxes[worst]
		if b.total <= 0 {
			break
		}
		axis := 0
		for k := range 3 {
			if b.error[k] > b.error[axis] {
				axis = k
			}
		}
		slices.SortStableFunc(b.bins, func(p, q bin) int { return cmp.Compare(p.mean[axis], q.mean[axis]) })
		at := 1
		for at < len(b.bins)-1 && float64(b.bins[at].mean[axis]) <= b.mean[axis] {
			at++
		}
		boxes[worst] = newBox(b.bins[:at])
		boxes = append(boxes, newBox(b.bins[at:]))
	}
	out := make([][3]int, len(boxes))
	for i, b := range boxes {
		for k := range 3 {
			out[i][k] = int(b.mean[k] + 0.5)
		}
	}
	return out
}

// refine moves colours to the means of the bins that are nearest to them
// (Lloyd's algorithm), a few times.
func refine(bins []bin, colors [][3]int) [][3]int {
	for range refinements {
		p := &palette{}
		for i, c := range colors {
			p.byGreen = append(p.byGreen, entry{c, i})
		}
		slices.SortStableFunc(p.byGreen, func(a, b entry) int { return cmp.Compare(a.rgb[1], b.rgb[1]) })
		counts, sums := make([]int, len(colors)), make([][3]int, len(colors))
		for _, b := range bins {
			i := p.nearest(b.mean)
			counts[i] += b.n
			for k := range 3 {
				sums[i][k] += b.n * b.mean[k]
			}
		}
		for i, n := range counts {
			if n == 0 {
				continue
			}
			for k := range 3 {
				colors[i][k] = (sums[i][k] + n/2) / n
			}
		}
	}
	return colors
}
