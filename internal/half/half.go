package half

import "math"

// Max is the largest finite binary16 value.
const Max = 65504

// overflowBits is the float32 pattern of 65520, half way between Max and the
// next power of two: from here on, rounding to nearest even gives infinity.
const overflowBits = 0x477ff000

// ToFloat32 widens the binary16 pattern h, exactly.
func ToFloat32(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exp := uint32(h>>10) & 0x1f
	frac := uint32(h & 0x3ff)
	switch {
	case exp == 0x1f:
		return math.Float32frombits(sign | 0x7f800000 | frac<<13)
	case exp != 0:
		return math.Float32frombits(sign | (exp+127-15)<<23 | frac<<13)
	case frac == 0:
		return math.Float32frombits(sign)
	}
	// A subnormal is frac * 2^-24, and float32 holds every one as a normal
	// number, so this product does not round.
	v := float32(frac) * 0x1p-24
	return math.Float32frombits(sign | math.Float32bits(v))
}

// FromFloat32 narrows f to a binary16 pattern, to the nearest value and ties
// to even. Magnitudes from 65520 on become infinity: ask Overflows first
// where that would be a loss. A NaN stays a NaN.
func FromFloat32(f float32) uint16 {
	bits := math.Float32bits(f)
	sign := uint16(bits>>16) & 0x8000
	mag := bits & 0x7fffffff
	switch {
	case mag > 0x7f800000:
		return sign | 0x7c00 | nanPayload(mag>>13&0x3ff, 0x200)
	case mag >= overflowBits:
		return sign | 0x7c00
	case mag >= 0x38800000: // 2^-14, the smallest normal binary16
		// Rebias the exponent and drop 13 bits; a carry out of the fraction
		// raises the exponent, as it should.
		return sign | uint16(roundShift(mag-(127-15)<<23, 13))
	case mag <= 0x33000000: // 2^-25: half the smallest subnormal, a tie with zero
		return sign
	}
	// Subnormal: the fraction with its hidden bit, in units of 2^-24.
	shift := 126 - mag>>23
	return sign | uint16(roundShift(mag&0x7fffff|0x800000, shift))
}

// Overflows reports whether f is finite and FromFloat32 would make it infinite.
func Overflows(f float32) bool {
	mag := math.Float32bits(f) & 0x7fffffff
	return mag >= overflowBits && mag < 0x7f800000
}

// BFloat16ToFloat32 widens the bfloat16 pattern b, exactly.
func BFloat16ToFloat32(b uint16) float32 {
	return math.Float32frombits(uint32(b) << 16)
}

// Widen returns f as a float64, exactly; unlike a Go conversion it leaves a
// signalling NaN signalling.
func Widen(f float32) float64 {
	if f == f {
		return float64(f)
	}
	bits := math.Float32bits(f)
	return math.Float64frombits(uint64(bits>>31)<<63 | 0x7ff<<52 | uint64(bits&0x7fffff)<<29)
}

// Narrow returns f as a float32, to the nearest value and ties to even. ok is
// false where f is finite and too large for one, and the result infinite. A
// NaN stays a NaN and keeps its upper payload bits.
func Narrow(f float64) (v float32, ok bool) {
	if f != f {
		bits := math.Float64bits(f)
		frac := uint32(bits >> 29 & 0x7fffff)
		if frac == 0 {
			frac = 0x400000
		}
		return math.Float32frombits(uint32(bits>>63)<<31 | 0x7f800000 | frac), true
	}
	v = float32(f)
	return v, !math.IsInf(float64(v), 0) || math.IsInf(f, 0)
}

// nanPayload returns frac, or quiet if frac is 0 because all bits that were set have
// been dropped. A fraction of 0 would read as infinity.
func nanPayload(frac uint32, quiet uint16) uint16 {
	if frac == 0 {
		return quiet
	}
	return uint16(frac)
}

// roundShift returns x / 2^shift to the nearest integer, ties to even.
func roundShift(x, shift uint32) uint32 {
	kept := x >> shift
	rest := x & (1<<shift - 1)
	tie := uint32(1) << (shift - 1)
	if rest > tie || rest == tie && kept&1 == 1 {
		kept++
	}
	return kept
}
