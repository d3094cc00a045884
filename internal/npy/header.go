package npy

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strings"

	"dcganviz/internal/refuse"
)

const (
	// MaxHeader is the largest header in bytes. numpy itself refuses more than
	// 10,000; version 1 of the format cannot say more than 65,535.
	MaxHeader = 1<<16 - 1
	// MaxRank is the largest number of axes, numpy's own limit.
	MaxRank = 64
	// MaxDim is the largest length of an axis.
	MaxDim = math.MaxInt32
)

// magic begins every file; two bytes of version and the length of the header follow.
const magic = "\x93NUMPY"

// preamble returns how many bytes stand before the header, given the first 8
// bytes of a file.
func preamble(first []byte) (int, error) {
	if string(first[:len(magic)]) != magic {
		return 0, refuse.Corrupt("begins with %s, want %s: no .npy file", refuse.Quote(string(first[:len(magic)])), refuse.Quote(magic))
	}
	switch major, minor := first[6], first[7]; {
	case minor != 0 || major == 0 || major > 3:
		return 0, refuse.Unsupported("format version %d.%d, want 1.0 to 3.0", major, minor)
	case major == 1:
		return 10, nil
	}
	return 12, nil
}

// headerLength reads the length field of the preamble p.
func headerLength(p []byte) int64 {
	if len(p) == 10 {
		return int64(binary.LittleEndian.Uint16(p[8:]))
	}
	return int64(binary.LittleEndian.Uint32(p[8:]))
}

// header is what the dictionary of a file says.
type header struct {
	bits    int // 16, 32 or 64
	big     bool
	fortran bool
	shape   []int
}

// elements returns the product of the shape, or an error where that and the
// bytes for it do not fit an int.
func (h *header) elements() (int, error) {
	n := uint64(1)
	for _, d := range h.shape {
		hi, lo := bits.Mul64(n, uint64(d))
		if hi != 0 || lo > math.MaxInt/8 {
			return 0, refuse.Corrupt("shape %v overflows the size of a file", h.shape)
		}
		n = lo
	}
	return int(n), nil
}

// parseHeader reads the dictionary: a Python literal of exactly the keys
// descr, fortran_order and shape, each once, padded with spaces and ended by a
// line break.
func parseHeader(text string) (header, error) {
	var h header
	p := &parser{s: text}
	seen := map[string]bool{}
	err := p.items('{', '}', func() error {
		key, err := p.text()
		if err != nil {
			return err
		}
		if err := p.expect(':'); err != nil {
			return err
		}
		if seen[key] {
			return refuse.Corrupt("header names %s twice", key)
		}
		seen[key] = true
		switch key {
		case "descr":
			err = h.parseDescr(p)
		case "fortran_order":
			h.fortran, err = p.boolean()
		case "shape":
			h.shape, err = p.tuple()
		default:
			err = refuse.Unsupported("header key %s, want descr, fortran_order and shape", refuse.Quote(key))
		}
		return err
	})
	if err != nil {
		return h, err
	}
	if len(seen) != 3 {
		return h, refuse.Corrupt("header lacks descr, fortran_order or shape")
	}
	if strings.TrimLeft(p.s[p.at:], " \t") != "\n" {
		return h, p.fail("only spaces and a line break")
	}
	return h, nil
}

// parseDescr reads the element type.
func (h *header) parseDescr(p *parser) error {
	p.space()
	if p.next() == '[' || p.next() == '(' {
		return refuse.Unsupported("structured elements, want a plain float type such as '<f4'")
	}
	descr, err := p.text()
	if err != nil {
		return err
	}
	switch descr {
	case "<f2", ">f2":
		h.bits = 16
	case "<f4", ">f4":
		h.bits = 32
	case "<f8", ">f8":
		h.bits = 64
	case "|O", "O":
		return refuse.Unsupported("Python objects, which only unpickling could read, want a float type such as '<f4'")
	default:
		return refuse.Unsupported("element type %s, want f2, f4 or f8 with < or > (in numpy: a.astype('<f4'))", refuse.Quote(descr))
	}
	h.big = descr[0] == '>'
	return nil
}
