package safetensors

// DType names the type of a tensor's elements, as the header spells it.
type DType string

// The types that Float32s, Float64s or Int64s convert. Others that the format
// knows are read and written as bytes.
const (
	F16  DType = "F16"
	BF16 DType = "BF16"
	F32  DType = "F32"
	F64  DType = "F64"
	I8   DType = "I8"
	I16  DType = "I16"
	I32  DType = "I32"
	I64  DType = "I64"
	U8   DType = "U8"
	U16  DType = "U16"
	U32  DType = "U32"
	BOOL DType = "BOOL"
)

// Bits returns the size of one element, or 0 for a type that the format does
// not know. F4 and F6 elements are smaller than a byte.
//
// Source: the enumeration of the format's reference implementation, 0.7.
func (d DType) Bits() int {
	switch d {
	case "F4":
		return 4
	case "F6_E2M3", "F6_E3M2":
		return 6
	case BOOL, U8, I8, "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ":
		return 8
	case F16, BF16, I16, U16:
		return 16
	case F32, I32, U32:
		return 32
	case F64, I64, "U64", "C64":
		return 64
	}
	return 0
}
