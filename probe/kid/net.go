package kid

import (
	"fmt"
	"math"

	"dcganviz/model"
)

// A Net is the random net: a discriminator of the paper's kind that was never
// trained, the same one in every program.
type Net struct {
	d      *model.D
	layers []model.LayerInfo
}

const (
	netWidth = 32
	netSeed  = 0x6b6964 // never to change: figures would no longer compare
)

// NewNet returns the net for images of h x w pixels, which a model.Config of the PyTorch
// family has to have.
func NewNet(h, w, channels int) (*Net, error) {
	cfg := model.Config{Arch: model.PyTorch, Channels: channels, LatentDim: 1, GWidth: 1, DWidth: netWidth}
	d, err := model.NewD(cfg.Sized(h, w), netSeed)
	if err != nil {
		return nil, fmt.Errorf("kid: %w", err)
	}
	n := &Net{d: d}
	for _, l := range d.Layers() {
		if l.Activation == "leaky_relu" {
			n.layers = append(n.layers, l)
		}
	}
	shapes := map[string][]int{} // as the state dict has them
	for _, t := range d.State() {
		shapes[t.Name] = t.Shape
	}
	// Weights of variance 2/inputs keep the size of activations from layer to
	// layer (He et al. 2015, arXiv:1502.01852, section 2.2).
	for _, p := range d.Params() {
		var sum float64
		for _, w := range p.W {
			sum += float64(w) * float64(w)
		}
		shape := shapes[p.Name]
		if len(shape) != 4 {
			continue // gains and biases
		}
		inputs := shape[1] * shape[2] * shape[3]
		scale := math.Sqrt(2 / float64(inputs) / (sum / float64(len(p.W))))
		for i := range p.W {
			p.W[i] = float32(float64(p.W[i]) * scale)
		}
		p.Changed()
	}
	return n, nil
}

// batch is how many images are in work at a time.
const batch = 50

// Features returns [N, F]: the mean activation of each unit of each hidden
// layer over the image, and its standard deviation. Of opt the Pool counts.
func (n *Net) Features(images model.Tensor, opt model.RunOptions) (model.Tensor, error) {
	points, width := []model.Point{}, 0
	for _, l := range n.layers {
		points = append(points, model.Point{Layer: l.Name})
		width += 2 * l.Channels
	}
	out := model.NewTensor(images.Len(), width)
	for from := 0; from < images.Len(); from += batch {
		to := min(from+batch, images.Len())
		acts, err := n.d.Activations(images.Slice(from, to), points, model.RunOptions{Pool: opt.Pool})
		if err != nil {
			return out, fmt.Errorf("kid: %w", err)
		}
		for i := range to - from {
			row := out.Row(from + i)
			for _, a := range acts {
				row = pooled(row, a.Row(i), a.Shape[3])
			}
		}
	}
	return out, nil
}

// pooled writes the means and the deviations of the units of act, [H, W, units],
// and returns the rest of dst.
func pooled(dst, act []float32, units int) (rest []float32) {
	mean, square := make([]float64, units), make([]float64, units)
	for at := 0; at < len(act); at += units {
		for u, v := range act[at : at+units] {
			mean[u] += float64(v)
			square[u] += float64(v) * float64(v)
		}
	}
	n := float64(len(act) / units)
	for u := range units {
		m := mean[u] / n
		dst[u] = float32(m)
		dst[units+u] = float32(math.Sqrt(max(0, square[u]/n-m*m)))
	}
	return dst[2*units:]
}
