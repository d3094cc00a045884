package kmeans

import (
	"cmp"
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"dcganviz/internal/kernel"
	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
)

// An Encoder turns pictures into features: 4 numbers for each centre.
type Encoder struct {
	// Side is the height and width of a patch in pixels.
	Side int
	// Stride is how many pixels lie from one patch to the next; 0 means 1.
	Stride int
	// Mean, [D], and White, [D, D], whiten patches p: (p - Mean) White.
	Mean  []float64
	White []float64
	// Centres are of whitened patches, [K, D].
	Centres model.Tensor
}

// LearnOptions say how an Encoder is learnt.
type LearnOptions struct {
	probe.Settings
	// Centres is how many there are.
	Centres int
	// Side is that of a patch; 0 means 6. Images that are smaller take theirs.
	Side int
	// Patches is how many are clustered; 0 means 50 for each centre, 10,000 at least.
	Patches int
	// Steps bounds the steps of K-means; 0 means 50.
	Steps int
}

// whitenFloor is added to the variances along the patches' principal components.
const whitenFloor = 0.1

// Learn takes patches from random places of images, [N, H, W, C] in [-1, 1], and clusters
// them. It looks at no labels.
func Learn(ctx context.Context, images model.Tensor, run model.RunOptions, opt LearnOptions) (*Encoder, error) {
	if images.Len() == 0 {
		return nil, probe.Input("kmeans: no pictures")
	}
	side := min(cmp.Or(opt.Side, 6), images.Shape[1], images.Shape[2])
	n := cmp.Or(opt.Patches, max(10_000, 50*opt.Centres))
	x := somePatches(images, n, side, random.New(opt.Seed, random.KMeansPatches))
	e := &Encoder{Side: side, Stride: strideFor(images.Shape[1], images.Shape[2], side)}
	if err := e.whiten(x); err != nil {
		return nil, err
	}
	white, bias := e.filter()
	flat := model.NewTensor(x.Shape...)
	err := probe.InParts(ctx, n, rowsAtOnce, func(from, to int) error {
		e.apply(run.Pool, flat.Slice(from, to).Data, x.Slice(from, to).Data, white, bias)
		return nil
	})
	if err != nil {
		return nil, err
	}
	c, err := Fit(ctx, flat, opt.Centres, run, Options{Settings: opt.Settings, Steps: cmp.Or(opt.Steps, 50)})
	if err != nil {
		return nil, err
	}
	e.Centres = c.Centres
	return e, nil
}

// mostPlaces is how many patches lie in a row of an image at most: as on 32 pixels, where
// Coates et al. take one at each pixel.
const mostPlaces = 27

func strideFor(h, w, side int) int {
	return max(1, (max(h, w)-side+mostPlaces)/mostPlaces)
}

// whiten learns Mean and White from patches x: ZCA with whitenFloor.
func (e *Encoder) whiten(x model.Tensor) error {
	n, d := x.Shape[0], x.Shape[1]
	e.Mean = probe.Mean(x)
	moment := make([]float64, d*d)
	row := make([]float64, d)
	for i := range n {
		for j, v := range x.Row(i) {
			row[j] = float64(v) - e.Mean[j]
		}
		for j, v := range row {
			to := moment[j*d:]
			for l, u := range row[:j+1] {
				to[l] += float64(v * u)
			}
		}
	}
	covariance := mat.NewSymDense(d, nil)
	for j := range d {
		for l := range j + 1 {
			covariance.SetSym(j, l, moment[j*d+l]/float64(max(1, n-1)))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(covariance, true) {
		return model.Unusable("kmeans: the covariance of patches has no eigenvalues")
	}
	var v mat.Dense
	eigen.VectorsTo(&v)
	e.White = make([]float64, d*d)
	for i, value := range eigen.Values(nil) {
		scale := 1 / math.Sqrt(max(value, 0)+whitenFloor)
		for j := range d {
			for l := range d {
				e.White[j*d+l] += float64(scale * v.At(j, i) * v.At(l, i))
			}
		}
	}
	return nil
}

// filter returns White as the kernels read it, and -Mean White.
func (e *Encoder) filter() (*kernel.Filter, []float32) {
	d := len(e.Mean)
	f := kernel.NewFilter(1, 1, d, d)
	bias := make([]float64, d)
	for i, v := range e.White {
		f.W[i] = float32(v)
		bias[i%d] -= float64(v * e.Mean[i/d])
	}
	out := make([]float32, d)
	for i, v := range bias {
		out[i] = float32(v)
	}
	return f, out
}

// apply whitens patches x, [n, D].
func (e *Encoder) apply(pool *model.Pool, out, x []float32, white *kernel.Filter, bias []float32) {
	multiply(pool, out, x, white)
	for i := 0; i < len(out); i += len(bias) {
		for j, b := range bias {
			out[i+j] += b
		}
	}
}

// Width is how many features an image has.
func (e *Encoder) Width() int { return 4 * e.Centres.Shape[0] }

// Encode returns the features of images [N, H, W, C] in [-1, 1]: [N, Width], a quadrant
// after the other, from the top left by rows. ctx is heeded between images.
func (e *Encoder) Encode(ctx context.Context, images model.Tensor, run model.RunOptions) (model.Tensor, error) {
	h, w, c := images.Shape[1], images.Shape[2], images.Shape[3]
	stride := max(1, e.Stride)
	rows, cols := (h-e.Side)/stride+1, (w-e.Side)/stride+1
	d, k := len(e.Mean), e.Centres.Shape[0]
	if h < e.Side || w < e.Side || e.Side*e.Side*c != d {
		return model.Tensor{}, probe.Input("kmeans: images of %dx%d with %d channels, but patches of %d numbers, %d pixels a side", h, w, c, d, e.Side)
	}
	white, bias := e.filter()
	near := newNear(e.Centres)
	raw, flat := make([]float32, rows*cols*d), make([]float32, rows*cols*d)
	products := make([]float32, rows*cols*k)
	out := model.NewTensor(images.Len(), e.Width())
	err := probe.InParts(ctx, images.Len(), 1, func(at, _ int) error {
		image := images.Row(at)
		run.Pool.Run(rows, func(y, _ int) {
			for x := range cols {
				writePatch(raw[(y*cols+x)*d:][:d], image, w, c, y*stride, x*stride, e.Side)
			}
		})
		e.apply(run.Pool, flat, raw, white, bias)
		near.products(run.Pool, products, flat)
		run.Pool.Run(rows, func(y, _ int) {
			for x := range cols {
				i := y*cols + x
				triangle(products[i*k:][:k], near.squares, flat[i*d:][:d])
			}
		})
		// A quadrant is a task's own: its sums are in one order.
		run.Pool.Run(4, func(quadrant, _ int) {
			sum := out.Row(at)[quadrant*k:][:k]
			y0, y1 := half(rows, quadrant/2)
			x0, x1 := half(cols, quadrant%2)
			for y := y0; y < y1; y++ {
				for x := x0; x < x1; x++ {
					for j, v := range products[(y*cols+x)*k:][:k] {
						sum[j] += v
					}
				}
			}
		})
		return nil
	})
	return out, err
}

// triangle turns a patch's products with the centres into its activations.
func triangle(products, squares, patch []float32) {
	own := float32(0)
	for _, v := range patch {
		own += float32(v * v)
	}
	sum := float32(0)
	for j, p := range products {
		z := float32(math.Sqrt(float64(max(0, own+squares[j]-2*p))))
		products[j] = z
		sum += z
	}
	mean := sum / float32(len(products))
	for j, z := range products {
		products[j] = max(0, mean-z)
	}
}

// half returns where the first or second half of n begins and ends; the first has the
// middle one of an odd number, as Matlab rounds.
func half(n, which int) (from, to int) {
	middle := (n + 1) / 2
	if which == 0 {
		return 0, middle
	}
	return middle, n
}
