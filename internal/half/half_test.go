package half

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

// What numpy 1.24.2 computes: printed by testdata/numpy_digests.py.
const (
	numpyWiden  = "680bbc22915f61aa1bbfc7265bc3882a6aa42d299bfd2c571807196e5544de2e"
	numpyPoints = "d51e0d92049a3b140d6ed2ecaccc74b2988b15d3daf08e3f2c09cdf0c5c289ee"
	numpyNarrow = "a808ac68b510d22e6140dca0f4dfacd72df6d18df1b55425474514b1d2173578"
)

func isNaN16(h uint16) bool { return h&0x7fff > 0x7c00 }

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestToFloat32IsWhatNumpyWidens(t *testing.T) {
	var b []byte
	for h := range 1 << 16 {
		if !isNaN16(uint16(h)) {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(ToFloat32(uint16(h))))
		}
	}
	if got := digest(b); got != numpyWiden {
		t.Errorf("digest %s, want numpy's %s", got, numpyWiden)
	}
}

func TestFromFloat32IsWhatNumpyNarrows(t *testing.T) {
	var base []uint32
	point := func(v float64) { base = append(base, math.Float32bits(float32(v))) }
	value := func(h int) float64 { return float64(ToFloat32(uint16(h))) }
	for h := range 0x7c00 {
		point(value(h))
	}
	for h := range 0x7c00 - 1 {
		point((value(h) + value(h+1)) / 2)
	}
	point(65520)
	point(65536)
	point(3e38)
	var all []uint32
	for _, u := range base {
		all = append(all, max(u, 1)-1)
	}
	all = append(all, base...)
	for _, u := range base {
		all = append(all, u+1)
	}
	for _, u := range all[:3*len(base)] {
		all = append(all, u|0x80000000)
	}
	var points, narrow []byte
	for _, u := range all {
		points = binary.LittleEndian.AppendUint32(points, u)
		narrow = binary.LittleEndian.AppendUint16(narrow, FromFloat32(math.Float32frombits(u)))
	}
	if got := digest(points); got != numpyPoints {
		t.Fatalf("the test asks other questions than numpy was asked: digest %s, want %s", got, numpyPoints)
	}
	if got := digest(narrow); got != numpyNarrow {
		t.Errorf("digest %s, want numpy's %s", got, numpyNarrow)
	}
}

func TestHalfRoundTripIsIdentity(t *testing.T) {
	for i := range 1 << 16 {
		h := uint16(i)
		f := ToFloat32(h)
		if got := FromFloat32(f); got != h {
			t.Fatalf("pattern %#04x came back as %#04x through %v", h, got, f)
		}
		if isNaN16(h) != (f != f) {
			t.Fatalf("pattern %#04x is NaN: %t, widened %v", h, isNaN16(h), f)
		}
	}
}

// The definition, computed in float64 where it is exact.
func TestToFloat32FollowsTheDefinition(t *testing.T) {
	for i := range 0x7c00 {
		exp, frac := i>>10, float64(i&0x3ff)
		want := math.Ldexp(frac, -24)
		if exp > 0 {
			want = math.Ldexp(1024+frac, exp-25)
		}
		if got := float64(ToFloat32(uint16(i))); got != want {
			t.Fatalf("pattern %#04x is %v, want %v", i, got, want)
		}
		if got := float64(ToFloat32(uint16(i) | 0x8000)); got != -want || !math.Signbit(got) {
			t.Fatalf("pattern %#04x is %v, want %v", i|0x8000, got, -want)
		}
	}
}

func TestOverflowsMarksExactlyTheValuesThatTurnInfinite(t *testing.T) {
	for _, c := range []struct {
		f    float32
		want bool
	}{
		{0, false}, {Max, false}, {-Max, false},
		{math.Nextafter32(65520, 0), false}, {65520, true}, {-65520, true},
		{math.MaxFloat32, true},
		{float32(math.Inf(1)), false}, {float32(math.Inf(-1)), false}, {float32(math.NaN()), false},
	} {
		if got := Overflows(c.f); got != c.want {
			t.Errorf("Overflows(%v) = %t, want %t", c.f, got, c.want)
		}
		turned := FromFloat32(c.f)&0x7fff == 0x7c00 && !math.IsInf(float64(c.f), 0)
		if turned != c.want {
			t.Errorf("FromFloat32(%v) turned infinite: %t, want %t", c.f, turned, c.want)
		}
	}
}

func TestNaNPayloadsSurvive(t *testing.T) {
	bits := func(f float32) uint32 { return math.Float32bits(f) }
	if got, want := bits(ToFloat32(0xfc01)), uint32(0xff802000); got != want {
		t.Errorf("half 0xfc01 widens to %#x, want %#x", got, want)
	}
	if got, want := bits(BFloat16ToFloat32(0x7f81)), uint32(0x7f810000); got != want {
		t.Errorf("bfloat16 0x7f81 widens to %#x, want %#x", got, want)
	}
	// Only payload bits that a half cannot hold: quiet, rather than infinite.
	if got, want := FromFloat32(math.Float32frombits(0xff800001)), uint16(0xfe00); got != want {
		t.Errorf("float32 0xff800001 narrows to %#x, want %#x", got, want)
	}
	if got, want := math.Float64bits(Widen(math.Float32frombits(0xff800001))), uint64(0xfff0000020000000); got != want {
		t.Errorf("float32 0xff800001 widens to %#x, want %#x", got, want)
	}
	for _, c := range []struct {
		f    uint64
		want uint32
	}{
		{0xfff0000020000000, 0xff800001},
		{0x7ff0000000000001, 0x7fc00000},
		{0x7ffc000000000000, 0x7fe00000},
	} {
		v, ok := Narrow(math.Float64frombits(c.f))
		if bits(v) != c.want || !ok {
			t.Errorf("float64 %#x narrows to %#x, %t, want %#x, true", c.f, bits(v), ok, c.want)
		}
	}
}

func TestNarrowReportsOnlyTrueOverflow(t *testing.T) {
	tie := 0x1.ffffffp127 // half way between MaxFloat32 and 2^128
	for _, c := range []struct {
		f    float64
		want float32
		ok   bool
	}{
		{1.5, 1.5, true},
		{math.MaxFloat32, math.MaxFloat32, true},
		{math.Nextafter(tie, 0), math.MaxFloat32, true},
		{tie, float32(math.Inf(1)), false},
		{-1e300, float32(math.Inf(-1)), false},
		{math.Inf(-1), float32(math.Inf(-1)), true},
		{5e-324, 0, true},
	} {
		v, ok := Narrow(c.f)
		if v != c.want || ok != c.ok {
			t.Errorf("Narrow(%v) = %v, %t, want %v, %t", c.f, v, ok, c.want, c.ok)
		}
	}
}

func TestBFloat16IsTheUpperHalfOfAFloat32(t *testing.T) {
	for i := range 1 << 16 {
		if got := math.Float32bits(BFloat16ToFloat32(uint16(i))); got != uint32(i)<<16 {
			t.Fatalf("pattern %#04x widens to %#x, want %#x", i, got, i<<16)
		}
	}
}
