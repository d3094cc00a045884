package viz

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
	"sync"

	"github.com/klauspost/compress/flate"
)

// bandBytes is about how many filtered bytes are compressed in one go. Bands
// are independent, so their size sets the bytes of the file and the number
// of workers does not.
const bandBytes = 1 << 18

// compress filters and compresses the picture. The parts, joined, are the
// zlib stream (RFC 1950) of its rows.
func (r *raster) compress() [][]byte {
	length := 1 + r.width*r.color().samples() // of a filtered row
	bandRows := max(1, bandBytes/length)
	bands := (r.height + bandRows - 1) / bandRows
	parts, sums := make([][]byte, bands+2), make([]uint32, bands)
	parts[0] = []byte{0x78, 0x9c} // deflate, 32 kB window, default level
	parallel(bands, func(i int) {
		d := deflaters.Get().(*deflater)
		defer deflaters.Put(d)
		from, to := i*bandRows, min((i+1)*bandRows, r.height)
		band := d.room((to - from) * length)
		r.filter(band, from, to)
		parts[i+1], sums[i] = d.band(band, i == bands-1, r.forced), adler32.Checksum(band)
	})
	sum := uint32(1) // of nothing
	for i, s := range sums {
		sum = joinAdler(sum, s, length*(min((i+1)*bandRows, r.height)-i*bandRows))
	}
	parts[bands+1] = binary.BigEndian.AppendUint32(nil, sum)
	return parts
}

// joinAdler joins the Adler-32 checksums (RFC 1950, section 8.2) of two runs of
// bytes, one behind the other. The second run is n bytes long.
func joinAdler(first, second uint32, n int) uint32 {
	const base = 65521
	// The low half counts the bytes from 1, the high half adds up the low
	// halves: the second run began at 1, where the first had already got on.
	low, high := first&0xffff, first>>16
	ahead := (low + base - 1) % base
	high = (high + second>>16 + uint32(uint64(ahead)*uint64(n)%base)) % base
	return high<<16 | (ahead+second&0xffff)%base
}

// filter writes the filtered rows from..to into dst.
func (r *raster) filter(dst []byte, from, to int) {
	f := rowFilter{r.color().samples()}
	n := r.width * f.each
	line, row := f.line(n)
	above, rowAbove := f.line(n)
	if from > 0 {
		r.row(rowAbove, from-1)
	}
	for y := from; y < to; y++ {
		r.row(row, y)
		f.apply(dst[:n+1], line, above)
		dst = dst[n+1:]
		line, row, above, rowAbove = above, rowAbove, line, row
	}
}

// A deflater compresses bands, keeping its large tables between them.
type deflater struct {
	fast, huffman, best, least *flate.Writer
	rows                       []byte
	buf                        bytes.Buffer
}

// deflaters keeps tables between pictures, such as the frames of an
// animation, since they are larger than most frames.
var deflaters = sync.Pool{New: func() any { return new(deflater) }}

// room returns n bytes for filtered rows.
func (d *deflater) room(n int) []byte {
	if cap(d.rows) < n {
		d.rows = make([]byte, n)
	}
	return d.rows[:n]
}

// noisyShare tells photographs: a band is taken for one if level 1 leaves at least
// this share of its size. Matches are of little use there. Coding the differences by
// their frequency alone is as small and six times faster.
const noisyShare = 0.5

// band compresses data into whole bytes of a deflate stream (RFC 1951).
// Photographs and flat drawings need different methods, so two are tried
// and the smaller result is kept. An animation is many pictures in one file, which pages
// load whole: it gets the strongest level, a twelfth smaller for enlarged tiles.
func (d *deflater) band(data []byte, last, animation bool) []byte {
	fast := d.run(&d.fast, flate.BestSpeed, data, last)
	second, level := &d.best, flate.DefaultCompression
	if animation {
		second, level = &d.least, 7
	}
	if float64(len(fast)) > noisyShare*float64(len(data)) {
		second, level = &d.huffman, flate.HuffmanOnly
	}
	if other := d.run(second, level, data, last); len(other) < len(fast) {
		return other
	}
	return fast
}

func (d *deflater) run(w **flate.Writer, level int, data []byte, last bool) []byte {
	d.buf.Reset()
	if *w == nil {
		// The levels are constants, and a bytes.Buffer takes every write:
		// there is no error to come from here or below.
		*w, _ = flate.NewWriter(&d.buf, level)
	} else {
		(*w).Reset(&d.buf)
	}
	(*w).Write(data)
	if last {
		(*w).Close()
	} else {
		(*w).Flush()
	}
	return bytes.Clone(d.buf.Bytes())
}
