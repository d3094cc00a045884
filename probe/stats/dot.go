package stats

// Dot returns the product of two vectors of one length. It keeps four sums, which do not
// wait for one another, so that it rounds alike on every machine and is not slow.
func Dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s [4]float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s[0] += float64(a[i] * b[i])
		s[1] += float64(a[i+1] * b[i+1])
		s[2] += float64(a[i+2] * b[i+2])
		s[3] += float64(a[i+3] * b[i+3])
	}
	for ; i < len(a); i++ {
		s[0] += float64(a[i] * b[i])
	}
	return s[0] + s[1] + (s[2] + s[3])
}
