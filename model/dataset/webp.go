package dataset

import (
	"encoding/binary"
	"image"
	"io"
	"iter"

	"golang.org/x/image/webp"
)

// chunks goes through the chunks of a WebP file that lie in it whole, with their names.
//
// Source: RFC 9649, section 2.3.
func chunks(b []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		const head = 8
		for b := b[min(12, len(b)):]; len(b) >= head; {
			n := int64(binary.LittleEndian.Uint32(b[4:]))
			if n > int64(len(b)-head) || !yield(string(b[:4]), b[head:head+n]) {
				return
			}
			b = b[min(int64(len(b)), head+n+n%2):]
		}
	}
}

// webpExif returns the TIFF structure in a WebP's EXIF chunk, nil without one.
func webpExif(b []byte) []byte {
	for name, data := range chunks(b) {
		if name == "EXIF" {
			return data
		}
	}
	return nil
}

// The memory that x/image/vp8l takes for a lossless picture or a mask, besides its pixels:
// at most 2,600 groups of Huffman trees of 50 KB each, which need a 256th of that in the
// file. The pictures within it (the groups, the transforms) have a 16th of its pixels.
const (
	vp8lTrees    = 130 << 20
	vp8lExpanded = 256
	vp8lPerPixel = 9 // 4 before the last transform, 4 after it, 1 for what is within
)

// webpMemory returns what x/image/webp allocates for the picture in b, of w*h pixels, and
// studio after it. It refuses an animation, and a file whose chunk claims more bytes than
// there are: they would be allocated.
func webpMemory(b []byte, w, h int) (taken, kept int64, err error) {
	pixels := int64(w) * int64(h)
	trees := min(int64(vp8lTrees), vp8lExpanded*int64(len(b)))
	for name, data := range chunks(b) {
		switch name {
		case "ANIM", "ANMF":
			return 0, 0, fail(ErrUnsupported, "animated webp, want a still one")
		case "ALPH":
			taken += (vp8lPerPixel+1)*pixels + trees
		case "VP8L":
			return taken + vp8lPerPixel*pixels + trees, 4 * pixels, nil
		case "VP8 ":
			// Its planes are of whole blocks of 16 by 16.
			blocks := int64((w+15)/16) * int64((h+15)/16)
			return taken + blocks*(256*3/2+64) + int64(len(data)) + 4*pixels, 4 * pixels, nil
		}
	}
	return 0, 0, fail(ErrCorrupt, "webp without a picture, or cut short")
}

// webpDecode is webp.Decode in right colours.
func webpDecode(r io.Reader) (image.Image, error) {
	m, err := webp.Decode(r)
	if err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *image.YCbCr:
		return studio(m, nil, 0), nil
	case *image.NYCbCrA:
		return studio(&m.YCbCr, m.A, m.AStride), nil
	}
	return m, nil
}

// studio returns a picture whose luma goes from 16 to 235 and whose chroma goes from 16 to
// 240, as WebP's do; image.YCbCr takes them to be JPEG's, of 0 to 255, which makes black a
// grey. Without alpha the result is opaque.
//
// Source: RFC 6386, section 9.2, and ITU-R BT.601.
func studio(m *image.YCbCr, alpha []byte, stride int) *image.NRGBA {
	out := image.NewNRGBA(m.Rect)
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		for x := m.Rect.Min.X; x < m.Rect.Max.X; x++ {
			// In 65,536ths.
			luma := 76309*(int32(m.Y[m.YOffset(x, y)])-16) + 1<<15
			cb, cr := int32(m.Cb[m.COffset(x, y)])-128, int32(m.Cr[m.COffset(x, y)])-128
			p := out.Pix[out.PixOffset(x, y):]
			p[0], p[1], p[2], p[3] = level(luma+104597*cr), level(luma-25674*cb-53278*cr), level(luma+132201*cb), 255
			if alpha != nil {
				p[3] = alpha[(y-m.Rect.Min.Y)*stride+x-m.Rect.Min.X]
			}
		}
	}
	return out
}

// level is v in 65,536ths as a byte.
func level(v int32) byte { return byte(min(max(v>>16, 0), 255)) }
