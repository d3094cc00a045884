package filters

import (
	"cmp"
	"math"
	"slices"
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

// Spearman returns the rank correlation of two lists of one length, in [-1, 1]:
// Pearson's of the ranks, where equal values share the mean of theirs. It is
// NaN where a list is constant, and for fewer than two values.
func Spearman(a, b []float64) float64 { return pearson(ranks(a), ranks(b)) }

// ranks returns each value's rank, counted from 1.
func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(v[i], v[j]) })
	out := make([]float64, len(v))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && v[order[to]] == v[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+1+to) / 2
		}
		from = to
	}
	return out
}

func pearson(a, b []float64) float64 {
	ma, mb := mean(a), mean(b)
	var ab, aa, bb float64
	for i := range a {
		x, y := a[i]-ma, b[i]-mb
		ab += x * y
		aa += x * x
		bb += y * y
	}
	if aa == 0 || bb == 0 {
		return math.NaN()
	}
	return ab / math.Sqrt(aa*bb)
}

func mean(v []float64) float64 {
	var sum float64
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
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
	return mean(ma)
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
