package dataset

import (
	"math"
	"testing"
)

func TestFloatMapsBytesToMinusOneToOne(t *testing.T) {
	src := make([]byte, 256)
	for i := range src {
		src[i] = byte(i)
	}
	dst := make([]float32, 256)
	Float(dst, src)
	if dst[0] != -1 || dst[255] != 1 {
		t.Errorf("ends are %v and %v, want -1 and 1", dst[0], dst[255])
	}
	for i, v := range dst {
		// Half a unit in the last place of a float32 near 1.
		const tol = 1.0 / (1 << 25)
		if want := float64(i)/127.5 - 1; !(math.Abs(float64(v)-want) <= tol) {
			t.Errorf("%d: got %v, want %v", i, v, want)
		}
		if v != -dst[255-i] && math.Abs(float64(v+dst[255-i])) > tol {
			t.Errorf("%d and %d are not opposite: %v, %v", i, 255-i, v, dst[255-i])
		}
	}
	for i, b := range toBytes(dst) {
		if int(b) != i {
			t.Errorf("%d came back as %d", i, b)
		}
	}
}
