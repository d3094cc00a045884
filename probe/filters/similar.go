package filters

import (
	"math"
	"slices"

	"dcganviz/probe/stats"
)

// heat returns how strong a map [H, W, C] is in each pixel of a field: the sum
// of magnitudes over the channels, row by row.
func heat(m []float32, width, channels int, f Field) []float64 {
	out := make([]float64, 0, f.Pixels())
	for y := f.Y0; y < f.Y1; y++ {
		for x := f.X0; x < f.X1; x++ {
			var sum float64
			for _, v := range m[(y*width+x)*channels:][:channels] {
				sum += math.Abs(float64(v))
			}
			out = append(out, sum)
		}
	}
	return out
}

const (
	ssimWindow = 11  // pixels a side
	ssimSigma  = 1.5 // of the window's Gaussian
	ssimK1     = .01
	ssimK2     = .03
)

// SSIM returns the structural similarity of two pictures of height h and width
// w, each divided by its largest value so that it lies in [0, 1]: at most 1,
// which equal pictures have. It is the mean over all places where the window
// fits; a picture smaller than the window's 11 pixels gets a window of its own
// size. NaN where a picture is all zero.
//
// Method: Wang et al. 2004 (doi:10.1109/TIP.2003.819861), section III, with
// its constants.
func SSIM(a, b []float64, h, w int) float64 {
	ta, tb := slices.Max(a), slices.Max(b)
	if !(ta > 0 && tb > 0) {
		return math.NaN()
	}
	gy, gx := gaussian(min(h, ssimWindow)), gaussian(min(w, ssimWindow))
	local := func(of func(p, q float64) float64) []float64 {
		v := make([]float64, len(a))
		for i := range v {
			v[i] = of(a[i]/ta, b[i]/tb)
		}
		return weigh(v, w, gy, gx)
	}
	ma := local(func(p, _ float64) float64 { return p })
	mb := local(func(_, q float64) float64 { return q })
	aa := local(func(p, _ float64) float64 { return p * p })
	bb := local(func(_, q float64) float64 { return q * q })
	ab := local(func(p, q float64) float64 { return p * q })
	const c1, c2 = ssimK1 * ssimK1, ssimK2 * ssimK2
	for i, p := range ma {
		q := mb[i]
		variances, covariance := aa[i]-p*p+bb[i]-q*q, ab[i]-p*q
		ma[i] = (2*p*q + c1) * (2*covariance + c2) / ((p*p + q*q + c1) * (variances + c2))
	}
	return stats.Sum(ma) / float64(len(ma))
}

// weigh returns the weighted mean of each window of a picture of width w, where
// a pixel's weight is the product of its row's and its column's.
func weigh(v []float64, w int, rows, columns []float64) []float64 {
	h, out := len(v)/w, w-len(columns)+1
	across := make([]float64, 0, h*out)
	for y := range h {
		for x := range out {
			var sum float64
			for j, g := range columns {
				sum += g * v[y*w+x+j]
			}
			across = append(across, sum)
		}
	}
	down := make([]float64, 0, (h-len(rows)+1)*out)
	for at := range (h - len(rows) + 1) * out {
		var sum float64
		for i, g := range rows {
			sum += g * across[at+i*out]
		}
		down = append(down, sum)
	}
	return down
}

// gaussian returns n weights that sum to 1.
func gaussian(n int) []float64 {
	out := make([]float64, n)
	var sum float64
	for i := range out {
		d := float64(i) - float64(n-1)/2
		out[i] = math.Exp(-d * d / (2 * ssimSigma * ssimSigma))
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
