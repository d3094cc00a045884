package dataset

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"strconv"
)

// A netpbm is the header of a picture of the Netpbm programs, gray (P2, P5) or in colour
// (P3, P6), its values as text (P2, P3) or as bytes.
//
// Source: the manual pages pgm(5) and ppm(5).
type netpbm struct {
	text     bool
	channels int // 1 or 3
	w, h     int
	most     int // the value of white, up to 65535
	body     int // where the values begin
}

// netpbmMagic returns what pictures of these kinds begin with.
func netpbmMagic(kinds string) (magic []string) {
	for _, kind := range kinds {
		for _, space := range "\n \t\r" {
			magic = append(magic, "P"+string(kind)+string(space))
		}
	}
	return magic
}

// maxNetpbmHeader bounds the comments in a header.
const maxNetpbmHeader = 64 << 10

func parseNetpbm(b []byte) (*netpbm, error) {
	if len(b) < 3 {
		return nil, fail(ErrCorrupt, "header cut short")
	}
	p := &netpbm{text: b[1] < '4', channels: 1}
	if b[1] == '3' || b[1] == '6' {
		p.channels = 3
	}
	at := 2
	for _, v := range []*int{&p.w, &p.h, &p.most} {
		n, next, err := netpbmNumber(b[:min(len(b), maxNetpbmHeader)], at)
		if err != nil {
			return nil, err
		}
		*v, at = n, next
	}
	if p.most < 1 || p.most > 65535 {
		return nil, fail(ErrCorrupt, "white is %d, want 1 to 65535", p.most)
	}
	p.body = at + 1 // one space
	return p, nil
}

// netpbmNumber reads the number at or after a place, and returns the place behind it.
func netpbmNumber(b []byte, at int) (n, next int, err error) {
	for at < len(b) {
		switch c := b[at]; {
		case c == '#':
			end := bytes.IndexAny(b[at:], "\r\n")
			if end < 0 {
				return 0, 0, fail(ErrCorrupt, "header cut short")
			}
			at += end
		case c == ' ' || '\t' <= c && c <= '\r':
			at++
		default:
			from := at
			for at < len(b) && at-from < 10 && '0' <= b[at] && b[at] <= '9' {
				at++
			}
			n, err := strconv.ParseInt(string(b[from:at]), 10, 32)
			if err != nil {
				return 0, 0, fail(ErrCorrupt, "%q, want a number", b[from:min(at+1, len(b))])
			}
			return int(n), at, nil
		}
	}
	return 0, 0, fail(ErrCorrupt, "cut short")
}

func netpbmConfig(r io.Reader) (image.Config, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxNetpbmHeader))
	if err != nil {
		return image.Config{}, err
	}
	p, err := parseNetpbm(b)
	if err != nil {
		return image.Config{}, err
	}
	return image.Config{ColorModel: color.RGBAModel, Width: p.w, Height: p.h}, nil
}

// netpbmMemory returns what netpbmDecode allocates: a copy of the file, and the pixels. A
// picture has a byte a value at least, or it is cut short.
func netpbmMemory(b []byte, w, h int) (taken, kept int64, err error) {
	p, err := parseNetpbm(b)
	if err != nil {
		return 0, 0, err
	}
	values := int64(w) * int64(h) * int64(p.channels)
	if have := int64(len(b) - p.body); have < values {
		return 0, 0, fail(ErrCorrupt, "netpbm cut short: %d bytes for %dx%dx%d values", max(have, 0), w, h, p.channels)
	}
	kept = int64(w) * int64(h)
	if p.channels == 3 {
		kept *= 4
	}
	return kept + 2*int64(len(b)), kept, nil
}

func netpbmDecode(r io.Reader) (image.Image, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	p, err := parseNetpbm(b)
	if err != nil {
		return nil, err
	}
	gray, rgba := (*image.Gray)(nil), (*image.RGBA)(nil)
	var m image.Image
	if bounds := image.Rect(0, 0, p.w, p.h); p.channels == 1 {
		gray = image.NewGray(bounds)
		m = gray
	} else {
		rgba = image.NewRGBA(bounds)
		m = rgba
	}
	at := p.body
	for i := range p.w * p.h * p.channels {
		var v int
		if v, at, err = p.value(b, at); err != nil {
			return nil, err
		}
		if gray != nil {
			gray.Pix[i] = byte(v)
			continue
		}
		to := 4*(i/3) + i%3
		if rgba.Pix[to] = byte(v); i%3 == 2 {
			rgba.Pix[to+1] = 255
		}
	}
	return m, nil
}

// value returns the value at a place, of 8 bits, and the next place.
func (p *netpbm) value(b []byte, at int) (v, next int, err error) {
	switch {
	case p.text:
		if v, next, err = netpbmNumber(b, at); err != nil {
			return 0, 0, err
		}
	case p.most > 255 && at+2 <= len(b):
		v, next = int(b[at])<<8|int(b[at+1]), at+2
	case p.most <= 255 && at < len(b):
		v, next = int(b[at]), at+1
	default:
		return 0, 0, fail(ErrCorrupt, "cut short")
	}
	if v > p.most {
		return 0, 0, fail(ErrCorrupt, "a value of %d, want at most %d", v, p.most)
	}
	return (v*255 + p.most/2) / p.most, next, nil
}
