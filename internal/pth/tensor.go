package pth

import (
	"math"
	"math/bits"
	"slices"

	"dcganviz/internal/refuse"
)

const (
	// MaxRank is the largest number of axes of a tensor.
	MaxRank = 16
	// MaxDim is the largest length of an axis.
	MaxDim = math.MaxInt32
)

// Tensor is a view of a storage.
type Tensor struct {
	// Name is the path of keys at which the pickle holds the tensor first, such
	// as "netG.main.0.weight".
	Name  string
	DType DType
	// Shape is empty for a scalar. Strides counts elements, one for each axis,
	// none negative; Offset is where in the storage the first element is.
	Shape, Strides []int
	Offset         int
	Storage        *Storage
}

// Storage is the memory that one or more tensors show.
type Storage struct {
	Key    string // its name in the file
	DType  DType
	Len    int    // in elements
	Device string // where it was, such as "cpu" or "cuda:0"

	data  []byte
	big   bool   // big-endian
	doubt string // why elements are not given out, in a legacy file
}

// Len returns the number of elements.
func (t *Tensor) Len() int {
	n, _ := elements(t.Shape)
	return n
}

// elements returns the product of shape, and whether it and the bytes for it
// fit an int.
func elements(shape []int) (n int, ok bool) {
	n = 1
	for _, d := range shape {
		hi, lo := bits.Mul64(uint64(n), uint64(d))
		if hi != 0 || lo > math.MaxInt/8 {
			return 0, false
		}
		n = int(lo)
	}
	return n, true
}

// check reports whether shape and strides make sense and stay in the storage.
func (t *Tensor) check() error {
	if len(t.Shape) != len(t.Strides) {
		return refuse.Corrupt("tensor with shape %v and strides %v", t.Shape, t.Strides)
	}
	if len(t.Shape) > MaxRank {
		return refuse.TooLarge("tensor with %d axes, want at most %d", len(t.Shape), MaxRank)
	}
	for axis, d := range t.Shape {
		if d < 0 || t.Strides[axis] < 0 || t.Offset < 0 {
			return refuse.Corrupt("tensor with shape %v, strides %v, offset %d", t.Shape, t.Strides, t.Offset)
		}
		if d > MaxDim {
			return refuse.TooLarge("axis %d has length %d, want at most %d", axis, d, MaxDim)
		}
	}
	n, ok := elements(t.Shape)
	if !ok {
		return refuse.Corrupt("shape %v overflows the size of a file", t.Shape)
	}
	last := uint64(t.Offset)
	for axis, d := range t.Shape {
		hi, lo := bits.Mul64(uint64(max(d-1, 0)), uint64(t.Strides[axis]))
		sum, carry := bits.Add64(last, lo, 0)
		if hi != 0 || carry != 0 {
			return refuse.Corrupt("shape %v with strides %v overflows the size of a file", t.Shape, t.Strides)
		}
		last = sum
	}
	if n > 0 && last >= uint64(t.Storage.Len) || t.Offset > t.Storage.Len {
		return refuse.Corrupt("tensor reaches to element %d of storage %s, want at most %d", last, refuse.Quote(t.Storage.Key), t.Storage.Len-1)
	}
	return nil
}

// axis is one or more axes of a tensor that are walked as one.
type axis struct{ n, step int }

// axes joins neighbouring axes that have one step between their elements, and
// drops axes of length 1. At least one axis is left. The innermost is the last.
func (t *Tensor) axes() []axis {
	var axes []axis
	for i, n := range t.Shape {
		if n == 1 {
			continue
		}
		a := axis{n, t.Strides[i]}
		if k := len(axes) - 1; k >= 0 && axes[k].step == a.n*a.step {
			a.n *= axes[k].n
			axes = axes[:k]
		}
		axes = append(axes, a)
	}
	if len(axes) == 0 {
		return []axis{{1, 1}}
	}
	return axes
}

// runs calls f for the elements in C order: n of them from place at of the
// storage, each step behind the one before.
func (t *Tensor) runs(f func(at, step, n int)) {
	if t.Len() == 0 {
		return
	}
	axes := t.axes()
	inner, outer := axes[len(axes)-1], axes[:len(axes)-1]
	index := make([]int, len(outer))
	at := t.Offset
	for {
		f(at, inner.step, inner.n)
		k := len(outer) - 1
		for ; k >= 0; k-- {
			index[k]++
			at += outer[k].step
			if index[k] < outer[k].n {
				break
			}
			at -= outer[k].step * outer[k].n
			index[k] = 0
		}
		if k < 0 {
			return
		}
	}
}

// dense reports whether the elements fill one range of the storage without
// gaps or overlaps, in whatever order.
func (t *Tensor) dense() bool {
	if t.Len() == 0 {
		return true
	}
	axes := t.axes()
	slices.SortFunc(axes, func(a, b axis) int { return a.step - b.step })
	next := 1
	for _, a := range axes {
		if a.n != 1 && a.step != next {
			return false
		}
		next *= a.n
	}
	return true
}
