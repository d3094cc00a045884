package model

import (
	"errors"
	"fmt"
	"slices"

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
func (n *net) row(class int) []float32 {
	size := n.condition().Numbers
	if n.rows != nil {
		return n.rows.W[class*size:][:size]
	}
	row := make([]float32, size)
	row[class] = 1
	return row
}

// Latents draws latents first to first+n-1 of a seed by G's law: [n, LatentDim]. Latent
// i of a seed is the same whatever first and n are. If G draws classes, its noise is the
// same for each; without one of OfClass the class of latent i is i modulo Classes.
func (g *G) Latents(seed uint64, first, n int) Tensor {
	return g.Told(Latents(seed, first, n, g.cfg), g.Classes(first, n))
}

// Told returns the latents of noise, [N, NoiseDim], and N classes; without classes the
// noise itself.
func (g *G) Told(noise Tensor, classes []int) Tensor {
	if g.cfg.Condition.Classes == 0 {
		return noise
	}
	z := NewTensor(noise.Len(), g.cfg.LatentDim)
	for i, class := range classes {
		g.cfg.Condition.Latent(z.Row(i), noise.Row(i), g.row(class))
	}
	return z
}

// Classes returns the classes of the latents that Latents draws; nil if there are none.
func (g *G) Classes(first, n int) []int {
	all := g.cfg.Condition.Classes
	if all == 0 {
		return nil
	}
	out := make([]int, n)
	for i := range out {
		if out[i] = g.class - 1; g.class == 0 {
			out[i] = (first + i) % all
		}
	}
	return out
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

// condition is how the net is told a class.
func (o *outline) condition() Condition {
	if o.image {
		return o.cfg.DCondition
	}
	return o.cfg.Condition
}

// rowsEntry is the classes' rows in the state dict; false if none are trained.
func (o *outline) rowsEntry() (name string, shape []int, ok bool) {
	c := o.condition()
	return c.Module + ".weight", []int{c.Classes, c.Numbers}, c.Module != ""
}

// join says where the row goes in each layer that it is joined to. Rows of as many
// numbers as the first layer's input has pixels are maps of their own.
func (c Condition) join(layers []layer) {
	if len(layers) == 0 || layers[0].joined == 0 {
		return
	}
	if h, w, _ := layers[0].in(); c.Numbers != layers[0].joined && c.Numbers == layers[0].joined*h*w {
		layers[0].join = joinPixels
	}
}

// tell joins the row to the input of each layer of a family's net.
func (c Condition) tell(layers []layer) {
	for i := range layers {
		l := &layers[i]
		if l.joined = c.Numbers; l.joined == 0 {
			continue
		}
		l.join = joinEverywhere
		if l.order == scoreOrder && l.geom.H*l.geom.W > 1 {
			l.join = joinFirst
		}
		if l.up {
			l.geom.K += l.joined
		} else {
			l.geom.C += l.joined
		}
	}
}

// checkTold reports what the nets of a family cannot be told.
func (c Config) checkTold() error {
	switch d := c.DCondition; {
	case d == Condition{}:
		return nil
	case d != c.Condition:
		return fmt.Errorf("D is told %d classes, G %d, in rows of %d and %d numbers: want the same", d.Classes, c.Condition.Classes, d.Numbers, c.Condition.Numbers)
	case d.Module != "" || d.Join != RowLast:
		return fmt.Errorf("classes of trained rows, joined as %v, in each layer of the architecture %v", d.Join, c.Arch)
	}
	return nil
}

// Conditional returns c, of a family, with nets of which each layer is told one of so
// many classes: latents get a number for each behind their own.
//
// Method: the authors' code for MNIST, after Mirza & Osindero 2014 (arXiv:1411.1784),
// section 3.2.
func (c Config) Conditional(classes int) Config {
	c.Condition = Condition{Classes: classes, Numbers: classes}
	c.DCondition = c.Condition
	c.LatentDim += classes
	return c
}

// checkJoined reports layers that join other rows than there are.
func (c Condition) checkJoined(layers []layer, image bool) error {
	if image && c != (Condition{}) {
		if c.Join != RowLast {
			return fmt.Errorf("classes joined as %v to a D, want %v", c.Join, RowLast)
		}
		if err := c.Check(maxLatentDim + 1); err != nil {
			return err
		}
	}
	c.join(layers)
	joins := false
	for i := range layers {
		l := &layers[i]
		joins = joins || l.joined > 0
		if l.joined > 0 && l.join != joinPixels && l.joined != c.Numbers {
			return fmt.Errorf("layer %d: %d numbers of a class are joined to its input, want the %d of a row", i+1, l.joined, c.Numbers)
		}
	}
	switch {
	case image && c.Classes > 0 && !joins:
		return fmt.Errorf("%d classes, but no layer is told one", c.Classes)
	case !image && joins && c.Join == RowTimes:
		return fmt.Errorf("rows are joined to layers, but the noise is multiplied by them")
	}
	return nil
}

// joins reports whether layers from the first to the last join a row.
func (o *outline) joins(first, last int) bool {
	return slices.ContainsFunc(o.layers[first:last+1], func(l layer) bool { return l.joined > 0 })
}

// told returns the rows that a run from a layer on of so many images is told; none where
// they are in its latents.
func (n *net) told(first, images int, o *RunOptions) (rows []float32, err error) {
	c := n.condition()
	switch {
	case !n.image && first == 0 || !n.joins(first, len(n.layers)-1):
		return nil, nil
	case !n.image:
		z := o.Latents
		if count, err := n.checkInput(z); err != nil || count != images {
			return nil, fmt.Errorf("model: latents of shape %v for %d images, whose classes later layers of G are told", z.Shape, images)
		}
		for i := range images {
			rows = append(rows, z.Row(i)[n.rowAt():][:c.Numbers]...)
		}
		return rows, nil
	case o.Classes == nil:
		return nil, fmt.Errorf("model: D scores images of %d classes: %w", c.Classes, ErrNoClass)
	case len(o.Classes) != images:
		return nil, fmt.Errorf("model: %d classes for %d images", len(o.Classes), images)
	}
	for _, class := range o.Classes {
		if class < 0 || class >= c.Classes {
			return nil, fmt.Errorf("model: class %d, want 0 to %d", class, c.Classes-1)
		}
		rows = append(rows, n.row(class)...)
	}
	return rows, nil
}

// ErrNoClass is of a D that is told the class of its images where none is named.
var ErrNoClass = errors.New("say of which class its images are")

// rowAt is where the row begins in a latent.
func (o *outline) rowAt() int {
	if o.cfg.Condition.Join == RowFirst {
		return 0
	}
	return o.cfg.NoiseDim()
}

// OfClass returns d for images of one class, or with class -1 as it is at first, when
// RunOptions have to say the classes. Both share everything else.
func (d *D) OfClass(class int) (*D, error) {
	if n := d.cfg.DCondition.Classes; class < -1 || class >= n {
		return nil, fmt.Errorf("model: class %d, want 0 to %d", class, n-1)
	}
	return &D{d.net, class + 1}, nil
}

// Class returns the class of the images that d scores, -1 if RunOptions have to say it.
func (d *D) Class() int { return max(d.class, 0) - 1 }

// Like returns d for images that g draws of its latents from the first on: of g's class,
// or image i of a run of class i modulo their number. If they know not the same classes,
// that is d.
func (d *D) Like(g *G) *D {
	switch {
	case d.cfg.DCondition.Classes != g.cfg.Condition.Classes || d.class > 0:
		return d
	case g.class > 0:
		return &D{d.net, g.class}
	}
	return &D{d.net, inTurn}
}

// inTurn is in place of a class and one more: images are of each class in turn.
const inTurn = -1

// of returns the options of a run of images of d's class.
func (d *D) of(images int, opt RunOptions) RunOptions {
	if opt.Classes != nil || d.class == 0 {
		return opt
	}
	opt.Classes = make([]int, images)
	for i := range opt.Classes {
		if opt.Classes[i] = d.class - 1; d.class == inTurn {
			opt.Classes[i] = i % max(d.cfg.DCondition.Classes, 1)
		}
	}
	return opt
}

// Activations runs d on images x, and returns what it finds at each point: [N, H, W, C].
// Layers after the last of the points are not computed.
func (d *D) Activations(x Tensor, points []Point, opt RunOptions) ([]Tensor, error) {
	return d.net.Activations(x, points, d.of(x.Len(), opt))
}

// InputGradient takes the gradient of target back to images x, as G's does to latents.
func (d *D) InputGradient(x Tensor, target Target, opt GradientOptions) (InputGradient, error) {
	opt.RunOptions = d.of(x.Len(), opt.RunOptions)
	return d.net.InputGradient(x, target, opt)
}

// Continue runs the rest of d on the activations of a layer, as G's does.
func (d *D) Continue(layer string, act Tensor, points []Point, opt RunOptions) ([]Tensor, error) {
	return d.net.Continue(layer, act, points, d.of(act.Len(), opt))
}
