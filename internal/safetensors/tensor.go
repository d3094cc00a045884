package safetensors

import (
	"math"
	"math/bits"

	"dcganviz/internal/refuse"
)

// Limits of what is read and written. No network that this program could run
// comes near them; they bound the memory that a small hostile file can claim.
const (
	// MaxHeader is the largest header in bytes, the format's own limit.
	MaxHeader = 100_000_000
	// MaxFile is the largest file whose data is read.
	MaxFile = 4 << 30
	// MaxTensors is the largest number of tensors, and of metadata entries.
	MaxTensors = 1 << 14
	// MaxRank is the largest number of axes of a tensor.
	MaxRank = 16
	// MaxDim is the largest length of an axis.
	MaxDim = math.MaxInt32
)

// Tensor is one tensor of a file: its description and its bytes.
type Tensor struct {
	Name  string
	DType DType
	// Shape is in C order, the last axis fastest; empty for a scalar.
	Shape []int
	// Offset is where the bytes begin, counted from the end of the header. A
	// reader sets it; the writer lays out the data itself and ignores it.
	Offset int64
	// Data are the elements, little-endian. nil when only the header was read.
	Data []byte
}

// Len returns the number of elements that the shape describes; 1 for a scalar.
// It is -1 for a shape that no file can have.
func (t *Tensor) Len() int {
	n, ok := elements(t.Shape)
	if !ok {
		return -1
	}
	return n
}

// size returns the number of bytes that dtype and shape ask for.
func (t *Tensor) size() (int, error) {
	unit := t.DType.Bits()
	if unit == 0 {
		return 0, refuse.Unsupported("dtype %s, want one of the format's, such as F32, F16 or I64", refuse.Quote(string(t.DType)))
	}
	if len(t.Shape) > MaxRank {
		return 0, refuse.TooLarge("shape has %d axes, want at most %d", len(t.Shape), MaxRank)
	}
	for axis, d := range t.Shape {
		if d < 0 || d > MaxDim {
			return 0, refuse.TooLarge("axis %d has length %d, want 0 to %d", axis, d, MaxDim)
		}
	}
	n, ok := elements(t.Shape)
	hi, total := bits.Mul64(uint64(n), uint64(unit))
	if !ok || hi != 0 || total > math.MaxInt64 || total/8 > math.MaxInt {
		return 0, refuse.Corrupt("shape %v overflows the size of a file", t.Shape)
	}
	if total%8 != 0 {
		return 0, refuse.Corrupt("%d elements of %s do not fill whole bytes", n, t.DType)
	}
	return int(total / 8), nil
}

// elements returns the product of shape, and whether it fits an int. As in the
// reference implementation a zero does not excuse an overflow before it.
func elements(shape []int) (n int, ok bool) {
	n = 1
	for _, d := range shape {
		if d < 0 {
			return 0, false
		}
		hi, lo := bits.Mul64(uint64(n), uint64(d))
		if hi != 0 || lo > math.MaxInt {
			return 0, false
		}
		n = int(lo)
	}
	return n, true
}
