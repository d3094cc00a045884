package pth

// DType is the type of a tensor's elements, spelled as torch does. A pickle
// may also hold one as a value.
type DType string

// The types that torch.save stores in a storage class of their own and that
// this package converts.
const (
	Float32  DType = "float32"
	Float16  DType = "float16"
	Float64  DType = "float64"
	BFloat16 DType = "bfloat16"
	Int64    DType = "int64"
	Int32    DType = "int32"
	Int16    DType = "int16"
	Int8     DType = "int8"
	UInt8    DType = "uint8"
	Boolean  DType = "bool"
)

// Size returns the bytes of one element, or 0 for a type that is not read.
func (d DType) Size() int {
	switch d {
	case Float64, Int64:
		return 8
	case Float32, Int32:
		return 4
	case Float16, BFloat16, Int16:
		return 2
	case Int8, UInt8, Boolean:
		return 1
	}
	return 0
}

// float reports whether Float32s converts the type.
func (d DType) float() bool {
	return d == Float32 || d == Float16 || d == Float64 || d == BFloat16
}

// storageNames are the classes of the module torch (and torch.cuda) whose
// elements have a type that is read.
var storageNames = map[string]DType{
	"FloatStorage": Float32, "HalfStorage": Float16, "DoubleStorage": Float64, "BFloat16Storage": BFloat16,
	"LongStorage": Int64, "IntStorage": Int32, "ShortStorage": Int16, "CharStorage": Int8, "ByteStorage": UInt8, "BoolStorage": Boolean,
}

// storageName returns the class that stores d, and "" for a type without one.
func (d DType) storageName() string {
	for name, t := range storageNames {
		if t == d {
			return name
		}
	}
	return ""
}

// dtypeNames are the constants of the module torch that name a type of
// elements, of any kind: they may be values of a checkpoint.
var dtypeNames = map[string]bool{
	"float32": true, "float16": true, "float64": true, "bfloat16": true,
	"int64": true, "int32": true, "int16": true, "int8": true, "uint8": true, "bool": true,
	"complex64": true, "complex128": true,
}
