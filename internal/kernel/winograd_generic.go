package kernel

// winoInputGo transforms n floats of 3x3 cells: the cell in row i and column j
// begins at src[i*row+j*cell], position (i, j) goes to dst[(3*i+j)*stride].
func winoInputGo(dst, src []float32, stride, row, cell, n int) {
	for x := range n {
		var d [3][3]float32
		for i := range d {
			r := src[i*row+x:]
			a, b, c := r[0], r[cell], r[2*cell]
			d[i] = [3]float32{a - b, b, c - b}
		}
		for j := range 3 {
			dst[j*stride+x] = d[0][j] - d[1][j]
			dst[(3+j)*stride+x] = d[1][j]
			dst[(6+j)*stride+x] = d[2][j] - d[1][j]
		}
	}
}

// winoTapsGo transforms n floats of 2x2 taps, each from float at on: position
// (i, j) goes to dst[(3*i+j)*stride].
func winoTapsGo(dst []float32, stride int, src *[4][]float32, at, n int) {
	for x := range n {
		a, b, c, d := src[0][at+x], src[1][at+x], src[2][at+x], src[3][at+x]
		rows := [3][2]float32{{a, b}, {a + c, b + d}, {c, d}}
		for i, r := range rows {
			dst[(3*i)*stride+x] = r[0]
			dst[(3*i+1)*stride+x] = r[0] + r[1]
			dst[(3*i+2)*stride+x] = r[1]
		}
	}
}

// winoOutputGo adds up n floats of 3x3 products, position q at src[q*stride],
// to 2x2 results.
func winoOutputGo(dst *[4][]float32, src []float32, stride, n int) {
	for x := range n {
		var r [2][3]float32
		for j := range 3 {
			a, b, c := src[j*stride+x], src[(3+j)*stride+x], src[(6+j)*stride+x]
			r[0][j], r[1][j] = a+b, b+c
		}
		for i := range 2 {
			dst[2*i][x] = r[i][0] + r[i][1]
			dst[2*i+1][x] = r[i][1] + r[i][2]
		}
	}
}
