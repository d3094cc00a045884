package pth

import (
	"encoding/binary"
	"math"
	"strconv"

	"dcganviz/internal/half"
	"dcganviz/internal/refuse"
)

// numpyType is a numpy.dtype of numbers: losses and scores in checkpoints are
// often numpy scalars.
type numpyType struct {
	sort byte // 'f', 'i', 'u' or 'b'
	size int
}

func (t *numpyType) kind() string { return "a numpy.dtype" }

// makeNumpyType reads the name of a type, such as 'f8'. Two bools follow.
func (u *machine) makeNumpyType(args []Value) (Value, error) {
	if len(args) == 0 {
		return nil, wrongArgs(args, "the name of a type")
	}
	name, ok := args[0].(String)
	if !ok || len(name) < 2 {
		return nil, wrongArgs(args, "the name of a type")
	}
	size, err := strconv.Atoi(string(name[1:]))
	t := &numpyType{sort: name[0], size: size}
	switch {
	case err != nil:
	case t.sort == 'f' && (size == 2 || size == 4 || size == 8),
		(t.sort == 'i' || t.sort == 'u') && (size == 1 || size == 2 || size == 4 || size == 8),
		t.sort == 'b' && size == 1:
		return t, nil
	}
	return nil, refuse.Unsupported("numpy type %s, want a real number of at most 8 bytes or a bool: save float(x)", refuse.Quote(string(name)))
}

// setState checks the byte order, the second item of the state. Only numbers
// of big-endian machines have the other one, a bit away.
func (t *numpyType) setState(state Value) error {
	items := sequence(state)
	if len(items) < 2 {
		return refuse.Corrupt("%s for the state of a numpy.dtype", state.kind())
	}
	order := "<"
	if t.size == 1 {
		order = "|"
	}
	if items[1] != Value(String(order)) {
		return refuse.Unsupported("another byte order in a numpy.dtype, want %s: save float(x)", order)
	}
	return nil
}

// numpyScalar makes a number from its type and bytes.
func (u *machine) numpyScalar(args []Value) (Value, error) {
	const want = "a numpy.dtype and bytes"
	if len(args) != 2 {
		return nil, wrongArgs(args, want)
	}
	t, ok := args[0].(*numpyType)
	if !ok {
		return nil, wrongArgs(args, want)
	}
	var data string
	switch b := args[1].(type) {
	case Bytes:
		data = string(b)
	case String: // Python 2's bytes, when they happen to be text
		data = string(b)
	default:
		return nil, wrongArgs(args, want)
	}
	if len(data) != t.size {
		return nil, refuse.Corrupt("%d bytes for a numpy scalar, want %d", len(data), t.size)
	}
	var wide [8]byte
	copy(wide[:], data)
	n := binary.LittleEndian.Uint64(wide[:])
	switch t.sort {
	case 'b':
		return Bool(n != 0), nil
	case 'u':
		if n > math.MaxInt64 {
			return BigInt(strconv.FormatUint(n, 10)), nil
		}
		return Int(n), nil
	case 'i':
		shift := 64 - 8*t.size
		return Int(int64(n<<shift) >> shift), nil
	}
	switch t.size {
	case 2:
		return Float(half.Widen(half.ToFloat32(uint16(n)))), nil
	case 4:
		return Float(half.Widen(math.Float32frombits(uint32(n)))), nil
	}
	return Float(math.Float64frombits(n)), nil
}
