package dataset

// floats holds x/127.5 - 1 of every byte, rounded once.
var floats = func() (t [256]float32) {
	for i := range t {
		t[i] = float32(float64(i)/127.5 - 1)
	}
	return t
}()

// Float converts 8-bit values to the network's range: dst[i] = src[i]/127.5 - 1,
// so 0 becomes -1 and 255 becomes 1. dst must be as long as src.
func Float(dst []float32, src []byte) {
	dst = dst[:len(src)]
	for i, b := range src {
		dst[i] = floats[b]
	}
}
