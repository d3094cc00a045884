package viz

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/adler32"
	"runtime"
	"sync"
	"sync/atomic"
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
	filtered := make([]byte, length*r.height)
	parts := make([][]byte, bands+2)
	parts[0] = []byte{0x78, 0x9c} // deflate, 32 kB window, default level
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(bands, runtime.GOMAXPROCS(0)) {
		done.Go(func() {
			d := deflaters.Get().(*deflater)
			defer deflaters.Put(d)
			for {
				i := int(next.Add(1)) - 1
				if i >= bands {
					return
				}
				from, to := i*bandRows, min((i+1)*bandRows, r.height)
				band := filtered[from*length : to*length]
				r.filter(band, from, to)
				parts[i+1] = d.band(band, i == bands-1)
			}
		})
	}
	done.Wait()
	parts[bands+1] = binary.BigEndian.AppendUint32(nil, adler32.Checksum(filtered))
	return parts
}

// filter writes the filtered rows from..to into dst.
func (r *raster) filter(dst []byte, from, to int) {
	each := r.color().samples()
	n := r.width * each
	row, above := make([]byte, n), make([]byte, n)
	if from > 0 {
		r.row(above, from-1)
	}
	f := rowFilter{each}
	for y := from; y < to; y++ {
		r.row(row, y)
		f.apply(dst[:n+1], row, above)
		dst = dst[n+1:]
		row, above = above, row
	}
}

// A deflater compresses bands, keeping its large tables between them.
type deflater struct {
	fast, huffman, best *flate.Writer
	buf                 bytes.Buffer
}

// deflaters keeps tables between pictures, such as the frames of an
// animation, since they are larger than most frames.
var deflaters = sync.Pool{New: func() any { return new(deflater) }}

// noisyShare is the share of its size to which level 1 reduces a band that
// is taken for a photograph. Matches are of little use there: coding the
// differences by their frequency alone is as small and six times faster.
const noisyShare = 0.5

// band compresses data into whole bytes of a deflate stream (RFC 1951).
// Photographs and flat drawings need different methods, so two are tried
// and the smaller result is kept.
func (d *deflater) band(data []byte, last bool) []byte {
	fast := d.run(&d.fast, flate.BestSpeed, data, last)
	second, level := &d.best, flate.DefaultCompression
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
