package pth

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// small are files of both formats, those of whose flips every bit is tried
// first. Of the others, which hold every sort of object, it is one of each byte.
var small = []string{"plain", "plain_legacy", "python2_legacy", "shared_legacy", "protocol4_legacy", "training", "training_legacy", "dtypes_legacy", "strided_legacy"}

const allBits = 4

// some returns small, or a part of it that takes a second.
func some() []string {
	if testing.Short() {
		return small[:3]
	}
	return small
}

func TestEveryTruncationIsRefused(t *testing.T) {
	for k, name := range some() {
		good := load(t, name)
		for n := range good {
			if _, err := Parse(good[:n]); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%s: %d of %d bytes: %v, want ErrCorrupt", name, n, len(good), err)
			}
			if k >= 3 {
				continue
			}
			for what, read := range map[string]func() (*File, error){
				"header":              func() (*File, error) { return ReadHeader(bytes.NewReader(good[:n]), int64(n)) },
				"header, size to big": func() (*File, error) { return ReadHeader(bytes.NewReader(good[:n]), int64(len(good))+1) },
			} {
				if _, err := read(); !errors.Is(err, ErrCorrupt) {
					t.Fatalf("%s: %d of %d bytes, %s: %v, want ErrCorrupt", name, n, len(good), what, err)
				}
			}
		}
	}
}

// comparison collects how two files differ: in a number or other value, a key,
// an element of a tensor, or the description of one. Text that a file holds
// once and uses in several places is one value.
type comparison struct {
	seen    map[Value]bool
	changes map[string]bool
	err     error // of the second file's data
}

func compared(a, b *File) *comparison {
	c := &comparison{seen: make(map[Value]bool), changes: make(map[string]bool)}
	c.add(a.Root, b.Root)
	return c
}

func (c *comparison) add(a, b Value) {
	if c.seen[a] {
		return
	}
	switch a := a.(type) {
	case *Dict:
		c.seen[a] = true
		if d, ok := b.(*Dict); ok && d.Len() == a.Len() {
			for i := range a.keys {
				c.add(a.keys[i], d.keys[i])
				c.add(a.values[i], d.values[i])
			}
			return
		}
	case *List, *Tuple, *Set:
		c.seen[a] = true
		x, y := itemsOf(a), itemsOf(b)
		if a.kind() == b.kind() && len(x) == len(y) {
			for i := range x {
				c.add(x[i], y[i])
			}
			return
		}
	case *Tensor:
		c.seen[a] = true
		if d, ok := b.(*Tensor); ok && a.DType == d.DType && slices.Equal(a.Shape, d.Shape) && slices.Equal(a.Strides, d.Strides) && a.Offset == d.Offset {
			c.tensor(a, d)
			return
		}
		if d, ok := b.(*Tensor); ok {
			if _, err := d.Bytes(); err != nil {
				c.err = err
			}
		}
	default:
		if show(a) == show(b) {
			return
		}
	}
	if x, ok := a.(*Tensor); ok {
		c.changes[x.Name] = true
		return
	}
	c.changes[show(a)+" became "+show(b)] = true
}

func (c *comparison) tensor(a, b *Tensor) {
	x, err1 := a.Bytes()
	y, err2 := b.Bytes()
	if err2 != nil {
		c.err = err2
		return
	}
	if err1 != nil || len(x) != len(y) {
		c.changes[a.Name] = true
		return
	}
	size := a.DType.Size()
	for i := 0; i < len(x); i += size {
		if !bytes.Equal(x[i:i+size], y[i:i+size]) {
			c.changes[fmt.Sprint(a.Name, i)] = true
		}
	}
}

func itemsOf(v Value) []Value {
	if s, ok := v.(*Set); ok {
		return s.Items
	}
	return sequence(v)
}

func TestEveryBitFlipIsRefusedOrChangesOneValue(t *testing.T) {
	for k, name := range some() {
		good := load(t, name)
		want := mustParse(t, good)
		limit := 0
		if want.Format == Legacy {
			limit = 1
		}
		tried, refused, unseen, changed := 0, 0, 0, 0
		for i := range good {
			for bit := range 8 {
				if k >= allBits && bit != i%8 {
					continue
				}
				tried++
				bad := slices.Clone(good)
				bad[i] ^= 1 << bit
				f, err := Parse(bad)
				if err != nil {
					if !hasCause(err) {
						t.Fatalf("%s: bit %d of byte %d: error %v has no cause", name, bit, i, err)
					}
					refused++
					continue
				}
				c := compared(want, f)
				switch {
				case c.err != nil:
					refused++
				case len(c.changes) > limit:
					t.Errorf("%s: bit %d of byte %d (%q) changed %d values, want at most %d: %v", name, bit, i, good[max(0, i-12):min(len(good), i+12)], len(c.changes), limit, c.changes)
				case len(c.changes) == 0:
					unseen++
				default:
					changed++
				}
			}
		}
		t.Logf("%s: of %d flips %d are refused, %d change one value, %d nothing", name, tried, refused, changed, unseen)
	}
}

func hasCause(err error) bool {
	return errors.Is(err, ErrCorrupt) || errors.Is(err, ErrTooLarge) || errors.Is(err, ErrUnsupported) || errors.Is(err, ErrForeign)
}
