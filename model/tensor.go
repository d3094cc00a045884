package model

import "fmt"

// A Tensor is a shape and its values in row-major order. Images are
// [N, H, W, C] in [-1, 1], latents [N, LatentDim], logits [N].
type Tensor struct {
	Shape []int
	Data  []float32
}

// NewTensor returns a tensor of zeros.
func NewTensor(shape ...int) Tensor {
	return Tensor{Shape: append([]int(nil), shape...), Data: make([]float32, volume(shape))}
}

func volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// Len returns the size of the first axis: how many images, latents or logits.
func (t Tensor) Len() int {
	if len(t.Shape) == 0 {
		return 0
	}
	return t.Shape[0]
}

// Row returns the values of item i of the first axis. They share t's memory.
func (t Tensor) Row(i int) []float32 {
	size := volume(t.Shape[1:])
	return t.Data[i*size : (i+1)*size : (i+1)*size]
}

// Slice returns items from to to-1 of the first axis. They share t's memory.
func (t Tensor) Slice(from, to int) Tensor {
	size := volume(t.Shape[1:])
	return Tensor{Shape: append([]int{to - from}, t.Shape[1:]...), Data: t.Data[from*size : to*size : to*size]}
}

// Clone returns a copy that shares no memory with t.
func (t Tensor) Clone() Tensor {
	return Tensor{Shape: append([]int(nil), t.Shape...), Data: append([]float32(nil), t.Data...)}
}

// ToNCHW returns a copy of an [N, H, W, C] tensor in PyTorch's order
// [N, C, H, W].
func (t Tensor) ToNCHW() (Tensor, error) {
	if err := t.checkImages(); err != nil {
		return Tensor{}, err
	}
	n, h, w, c := t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3]
	out := NewTensor(n, c, h, w)
	for i := range n {
		transpose(out.Row(i), t.Row(i), h*w, c)
	}
	return out, nil
}

// FromNCHW returns a copy of a tensor in PyTorch's order [N, C, H, W] as
// [N, H, W, C].
func FromNCHW(t Tensor) (Tensor, error) {
	if err := t.checkImages(); err != nil {
		return Tensor{}, err
	}
	n, c, h, w := t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3]
	out := NewTensor(n, h, w, c)
	for i := range n {
		transpose(out.Row(i), t.Row(i), c, h*w)
	}
	return out, nil
}

func (t Tensor) checkImages() error {
	if len(t.Shape) != 4 {
		return fmt.Errorf("model: a tensor of shape %v, want four axes", t.Shape)
	}
	return t.check()
}

// check reports a shape that does not describe the data.
func (t Tensor) check() error {
	for _, d := range t.Shape {
		if d < 0 {
			return fmt.Errorf("model: a tensor of shape %v has a negative size", t.Shape)
		}
	}
	if v := volume(t.Shape); v != len(t.Data) {
		return fmt.Errorf("model: a tensor of shape %v has %d values, want %d", t.Shape, len(t.Data), v)
	}
	return nil
}

// transpose writes the [rows, cols] matrix src to dst as [cols, rows].
func transpose(dst, src []float32, rows, cols int) {
	for r := range rows {
		for c, v := range src[r*cols : (r+1)*cols] {
			dst[c*rows+r] = v
		}
	}
}
