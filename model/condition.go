package model

import (
	"fmt"

	"dcganviz/internal/enum"
)

// A Condition says how G is told which class to draw. Each class has a row of numbers,
// which is joined to noise: that is G's latent. The zero value is of nets that know no
// classes.
type Condition struct {
	// Classes is how many classes there are.
	Classes int `json:"classes"`
	// Numbers is how many numbers a row has. Without a Module it is Classes: the row of
	// a class is one there and zero elsewhere.
	Numbers int `json:"numbers"`
	// Module is the name of the trained rows in a state dict, [Classes, Numbers] as of
	// PyTorch's Embedding, without ".weight".
	Module string `json:"module,omitempty"`
	// Join is how noise and a row become a latent.
	Join Join `json:"join"`
}

// A Join is how noise and a class's row become a latent.
type Join uint8

const (
	// RowLast puts the row behind the noise.
	RowLast Join = iota
	// RowFirst puts it before the noise.
	RowFirst
	// RowTimes multiplies the noise by the row, number by number.
	RowTimes
)

var joinNames = [...]string{"last", "first", "times"}

func (j Join) String() string { return enum.Name(j, joinNames[:]) }

// MarshalText writes last, first or times.
func (j Join) MarshalText() ([]byte, error) { return []byte(j.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (j *Join) UnmarshalText(text []byte) (err error) {
	*j, err = enum.Parse[Join]("model: join of noise and class", string(text), joinNames[:])
	return err
}

// maxClasses bounds the rows that a file may ask for.
const maxClasses = 1 << 16

// Check reports a condition that latents of that many numbers cannot have.
func (c Condition) Check(latentDim int) error {
	switch {
	case c == Condition{}:
		return nil
	case c.Classes < 1 || c.Classes > maxClasses || c.Numbers < 1 || c.Numbers > maxLatentDim || int(c.Join) >= len(joinNames):
		return fmt.Errorf("%d classes of %d numbers, joined as %v", c.Classes, c.Numbers, c.Join)
	case c.Classes*c.Numbers > MaxFeature:
		return fmt.Errorf("%d classes of %d numbers, more than anyone has", c.Classes, c.Numbers)
	case c.Module == "" && c.Numbers != c.Classes:
		return fmt.Errorf("%d classes of %d numbers, want as many without trained rows", c.Classes, c.Numbers)
	case len(c.Module) > maxModule:
		return fmt.Errorf("a module's name of %d bytes, want at most %d", len(c.Module), maxModule)
	case c.Join == RowTimes && c.Numbers != latentDim, c.Join != RowTimes && c.Numbers >= latentDim:
		return fmt.Errorf("rows of %d numbers, joined as %v, in latents of %d", c.Numbers, c.Join, latentDim)
	}
	return nil
}

// NoiseDim is how many numbers of a latent are drawn at random: all but the class's row.
func (c Config) NoiseDim() int {
	if c.Condition.Join == RowTimes {
		return c.LatentDim
	}
	return c.LatentDim - c.Condition.Numbers
}

// OfClass returns g with latents of one class, or with class -1 of each class in turn,
// as they are at first. Both share everything else.
func (g *G) OfClass(class int) (*G, error) {
	if n := g.cfg.Condition.Classes; class < -1 || class >= n {
		return nil, fmt.Errorf("model: class %d, want 0 to %d", class, n-1)
	}
	return &G{g.net, class + 1}, nil
}

// Class returns the class of the latents that Latents draws, -1 for each in turn.
func (g *G) Class() int { return g.class - 1 }

// row returns a class's row.
func (g *G) row(class int) []float32 {
	n := g.cfg.Condition.Numbers
	if g.rows != nil {
		return g.rows.W[class*n:][:n]
	}
	row := make([]float32, n)
	row[class] = 1
	return row
}

// Latents draws latents first to first+n-1 of a seed by G's law: [n, LatentDim]. Latent
// i of a seed is the same whatever first and n are. If G draws classes, its noise is the
// same for each; without one of OfClass the class of latent i is i modulo Classes.
func (g *G) Latents(seed uint64, first, n int) Tensor {
	noise := Latents(seed, first, n, g.cfg)
	if g.cfg.Condition.Classes == 0 {
		return noise
	}
	z := NewTensor(n, g.cfg.LatentDim)
	for i := range n {
		class := g.class - 1
		if class < 0 {
			class = (first + i) % g.cfg.Condition.Classes
		}
		g.cfg.Condition.Latent(z.Row(i), noise.Row(i), g.row(class))
	}
	return z
}

// Latent writes the latent of noise and a class's row to dst.
func (c Condition) Latent(dst, noise, row []float32) {
	switch c.Join {
	case RowLast:
		copy(dst[copy(dst, noise):], row)
	case RowFirst:
		copy(dst[copy(dst, row):], noise)
	case RowTimes:
		for i, v := range noise {
			dst[i] = v * row[i]
		}
	}
}

// Split takes latents [N, LatentDim] apart into noise, [N, NoiseDim], and rows of
// classes, [N, Numbers]. Where the one was multiplied by the other, and where there are
// no classes, the latents are the noise and the rows are empty.
func (g *G) Split(z Tensor) (noise, rows Tensor, err error) {
	n, err := g.checkInput(z)
	if err != nil {
		return noise, rows, err
	}
	c, d := g.cfg.Condition, g.cfg.NoiseDim()
	if c.Classes == 0 || c.Join == RowTimes {
		return Tensor{Shape: []int{n, d}, Data: z.Data}, NewTensor(n, 0), nil
	}
	noise, rows = NewTensor(n, d), NewTensor(n, c.Numbers)
	for i := range n {
		from := z.Row(i)
		if c.Join == RowFirst {
			copy(rows.Row(i), from)
			copy(noise.Row(i), from[c.Numbers:])
		} else {
			copy(noise.Row(i), from)
			copy(rows.Row(i), from[d:])
		}
	}
	return noise, rows, nil
}

// Joined undoes Split, with one row for all of the noise; an empty row is none.
func (g *G) Joined(noise Tensor, row []float32) (Tensor, error) {
	if len(row) == 0 {
		return noise, nil
	}
	if d, n := g.cfg.NoiseDim(), g.cfg.Condition.Numbers; len(noise.Shape) != 2 || noise.Shape[1] != d || len(row) != n {
		return Tensor{}, fmt.Errorf("model: noise of shape %v and a row of %d, want [N %d] and %d", noise.Shape, len(row), d, n)
	}
	z := NewTensor(noise.Len(), g.cfg.LatentDim)
	for i := range noise.Len() {
		g.cfg.Condition.Latent(z.Row(i), noise.Row(i), row)
	}
	return z, nil
}

// rowsEntry is the classes' rows in the state dict; false if none are trained.
func (o *outline) rowsEntry() (name string, shape []int, ok bool) {
	c := o.cfg.Condition
	return c.Module + ".weight", []int{c.Classes, c.Numbers}, c.Module != "" && !o.image
}
