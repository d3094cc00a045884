package dataset

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// The markers of a JPEG that this package looks at.
//
// Source: ITU-T T.81, table B.1; the APP14 segment is Adobe's.
const (
	markerSOF2  = 0xc2 // progressive; 0xc0 and 0xc1 are not
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerAPP1  = 0xe1
	markerAPP14 = 0xee
)

// A scan goes through all blocks of a picture, and may take a dozen bytes to ask for
// it. libjpeg writes 10 scans, and no program writes 100.
const (
	maxScans = 1000
	// maxScanned bounds scans times pixels: 32 scans of the largest picture take some
	// three seconds.
	maxScanned = 2 << 30
)

// segments goes through the segments of a JPEG that have a length, with their markers:
// the same that image/jpeg meets. It passes over fill bytes, the data of scans, and what
// stands behind the picture.
func segments(b []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for b := b[min(2, len(b)):]; ; {
			i := bytes.IndexByte(b, 0xff)
			if i < 0 {
				return
			}
			for b = b[i:]; len(b) > 0 && b[0] == 0xff; {
				b = b[1:]
			}
			if len(b) == 0 {
				return
			}
			marker := b[0]
			b = b[1:]
			switch {
			case marker == markerEOI:
				return
			case marker == 0 || markerRST0 <= marker && marker <= markerRST7:
				continue // a byte of a scan, a pause in it
			case len(b) < 2:
				return
			}
			n := int(binary.BigEndian.Uint16(b))
			if n < 2 || n > len(b) {
				return
			}
			if !yield(marker, b[2:n]) {
				return
			}
			b = b[n:]
		}
	}
}

// jpegMemory returns what image/jpeg allocates for the picture in b, of w*h pixels: the
// samples, the coefficients of progressive pictures and the pixels of those that are not
// kept as YCbCr. It refuses a picture of too many scans.
func jpegMemory(b []byte, w, h int) (taken, kept int64, err error) {
	pixels := int64(w) * int64(h)
	var samples, converted int64
	scans, perSample := int64(0), int64(1)
	for marker, s := range segments(b) {
		switch {
		case marker == markerSOS:
			scans++
		case marker <= markerSOF2 && marker >= 0xc0 && len(s) >= 6:
			if marker == markerSOF2 {
				perSample = 1 + 4 // an int32 each
			}
			components := s[6:min(len(s), 6+3*4)]
			samples = jpegSamples(components, w, h)
			if n := len(components) / 3; n == 4 || n == 3 && components[0] == 'R' {
				converted = 4 * pixels
			}
		case marker == markerAPP14 && len(s) >= 12 && string(s[:5]) == "Adobe" && s[11] == 0:
			converted = 4 * pixels // RGB
		}
	}
	if most := min(maxScans, maxScanned/pixels); scans > most {
		return 0, 0, fail(ErrLimit, "jpeg of %dx%d pixels in %d scans, limit %d", w, h, scans, most)
	}
	return samples*perSample + converted, max(samples, converted), nil
}

// jpegSamples returns how many samples the components of a frame have, three bytes
// each, filled up to whole units of the scan.
func jpegSamples(components []byte, w, h int) int64 {
	var across, down, area int64 = 1, 1, 0
	for c := components; len(c) >= 3; c = c[3:] {
		x, y := int64(c[1]>>4), int64(c[1]&15)
		across, down, area = max(across, x), max(down, y), area+x*y
	}
	if len(components) < 2*3 {
		across, down, area = 1, 1, 1 // one component alone is not subsampled
	}
	units := func(side int, of int64) int64 { return (int64(side) + 8*of - 1) / (8 * of) }
	return units(w, across) * units(h, down) * 64 * area
}
