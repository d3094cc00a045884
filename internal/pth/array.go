package pth

import (
	"encoding/binary"
	"fmt"

	"dcganviz/internal/refuse"
)

// MaxData is the largest pickle of data in bytes: CIFAR-100's has 155 million.
const MaxData = 192 << 20

// Array is an array of numpy in a pickle of data.
type Array struct {
	// Sort is 'f', 'i', 'u' or 'b', and Size the bytes of an element, as in numpy's names of types.
	Sort byte
	Size int
	// Shape has at most MaxRank axes.
	Shape []int
	// Data are the elements, little-endian and in C order: as many bytes as the shape says.
	Data string
}

func (*Array) kind() string { return "an array" }

// ParseData reads a pickle of containers, numbers, texts and numpy's arrays, as data sets
// come in: of Python 2 or 3, at protocols 2 to 5. Like Parse it runs none of the code that
// the pickle names. It takes at most three times the bytes of b, and MaxObjects, beside b.
//
// Errors wrap ErrCorrupt, ErrTooLarge, ErrUnsupported or ErrForeign.
func ParseData(b []byte) (Value, error) {
	if len(b) > MaxData {
		return nil, fmt.Errorf("pth: %w", refuse.TooLarge("pickle of %d bytes, want at most %d", len(b), MaxData))
	}
	spent, texts := 0, 3*len(b)
	u := &machine{b: b, place: "pickle", spent: &spent, data: &texts}
	v, err := u.run()
	if err == nil && u.at != len(b) {
		err = refuse.Corrupt("%d bytes after the pickle", len(b)-u.at)
	}
	if err == nil {
		_, err = u.finish(v, "", 0)
	}
	if err != nil {
		return nil, fmt.Errorf("pth: %w", err)
	}
	return v, nil
}

// Key returns the value of a key, which is text in the one Python and bytes in the other.
func (d *Dict) Key(name string) (Value, bool) {
	if v, ok := d.Get(name); ok {
		return v, ok
	}
	if i := d.find(Bytes(name)); i >= 0 {
		return d.values[i], true
	}
	return nil, false
}

// Ints returns the items of a list, tuple or array of integers.
func Ints(v Value) ([]int64, bool) {
	if a, ok := v.(*Array); ok {
		return a.ints()
	}
	items := sequence(v)
	if items == nil {
		return nil, false
	}
	out := make([]int64, len(items))
	for i, item := range items {
		n, ok := item.(Int)
		if !ok {
			return nil, false
		}
		out[i] = int64(n)
	}
	return out, true
}

// Texts returns the items of a list or tuple of texts.
func Texts(v Value) ([]string, bool) {
	items := sequence(v)
	if items == nil {
		return nil, false
	}
	out := make([]string, len(items))
	for i, item := range items {
		switch t := item.(type) {
		case String:
			out[i] = string(t)
		case Bytes:
			out[i] = string(t)
		default:
			return nil, false
		}
	}
	return out, true
}

func (a *Array) ints() ([]int64, bool) {
	if a.Sort != 'i' && a.Sort != 'u' {
		return nil, false
	}
	out := make([]int64, len(a.Data)/a.Size)
	for i := range out {
		var wide [8]byte
		copy(wide[:], a.Data[i*a.Size:(i+1)*a.Size])
		n := binary.LittleEndian.Uint64(wide[:])
		if shift := 64 - 8*a.Size; a.Sort == 'i' {
			out[i] = int64(n<<shift) >> shift
		} else {
			out[i] = int64(n)
		}
	}
	return out, true
}

// arrayCallables are what a pickle of data may call beside callables.
var arrayCallables = index(
	callable{"numpy.ndarray", nil}, // the class that _reconstruct makes
	callable{"numpy.core.multiarray._reconstruct", (*machine).reconstruct},
	callable{"numpy._core.multiarray._reconstruct", (*machine).reconstruct},
	callable{"numpy.core.numeric._frombuffer", (*machine).fromBuffer},
	callable{"numpy._core.numeric._frombuffer", (*machine).fromBuffer},
)

// reconstruct makes an empty array of (numpy.ndarray, shape, type), which BUILD fills.
func (u *machine) reconstruct(args []Value) (Value, error) {
	if len(args) == 3 {
		if c, ok := args[0].(*callable); ok && c.name == "numpy.ndarray" {
			return &Array{Sort: 'b', Size: 1, Shape: []int{0}}, u.spend(costTensor)
		}
	}
	return nil, wrongArgs(args, "numpy.ndarray, a shape and a type")
}

// setState fills an array from (version, shape, type, is in Fortran order, elements).
func (a *Array) setState(state Value) error {
	const want = "a version, a shape, a numpy.dtype, False and bytes"
	items := sequence(state)
	if len(items) != 5 {
		return wrongArgs(items, want)
	}
	if items[3] == Value(Bool(true)) {
		return refuse.Unsupported("an array in Fortran order: in Python, numpy.ascontiguousarray")
	}
	return a.fill(items[1], items[2], items[4], want)
}

// fromBuffer makes an array of (bytes, type, shape, order), as numpy does at protocol 5.
func (u *machine) fromBuffer(args []Value) (Value, error) {
	const want = `bytes, a numpy.dtype, a shape and "C"`
	if len(args) != 4 || args[3] != Value(String("C")) {
		return nil, wrongArgs(args, want)
	}
	a := &Array{}
	if err := a.fill(args[2], args[1], args[0], want); err != nil {
		return nil, err
	}
	return a, u.spend(costTensor)
}

// fill sets what an array is. The elements must be as many as the shape says.
func (a *Array) fill(shape, dtype, data Value, want string) error {
	dims, ok1 := ints(shape)
	t, ok2 := dtype.(*numpyType)
	if !ok1 || !ok2 {
		return wrongArgs([]Value{shape, dtype, data}, want)
	}
	if len(dims) > MaxRank {
		return refuse.TooLarge("an array of more than %d axes", MaxRank)
	}
	var b string
	switch d := data.(type) {
	case Bytes:
		b = string(d)
	case String: // Python 2's bytes, when they happen to be text
		b = string(d)
	default:
		return wrongArgs([]Value{shape, dtype, data}, want)
	}
	n := t.size
	for _, d := range dims {
		if d < 0 || d > 0 && n > len(b)/d {
			return refuse.Corrupt("an array of shape %v and %d bytes", dims, len(b))
		}
		n *= d
	}
	if n != len(b) {
		return refuse.Corrupt("an array of shape %v and %d bytes, want %d", dims, len(b), n)
	}
	*a = Array{Sort: t.sort, Size: t.size, Shape: dims, Data: b}
	return nil
}
