package model

import "fmt"

// A GridNet is a net of any stack of layers that gives each location of a grid
// laid over an image one logit: how sure it is that something is there.
//
// Its methods may be called from several goroutines, one after the other
// running; writing Params, LoadState and training need it for themselves.
type GridNet struct{ *net }

// NewGridNet returns an untrained mapper of images [N, size, size, channels],
// drawn from seed as NewG does. The last of layers has one channel and no
// activation, and its height and width are the grid's. Unlike the images of a D,
// these may have any number of channels.
func NewGridNet(size, channels int, layers Stack, seed uint64) (*GridNet, error) {
	o, err := gridOutline(size, channels, layers)
	if err != nil {
		return nil, err
	}
	m := &GridNet{newNet(o)}
	m.initialise(seed, streamGridNet)
	return m, nil
}

// gridOutline returns the outline of the mapper that NewGridNet makes.
func gridOutline(size, channels int, layers Stack) (o outline, err error) {
	cfg := Config{Arch: Custom, Size: size, Channels: channels, DStack: layers}
	if size < 1 || size > MaxSide || channels < 1 || channels > maxLatentDim {
		return o, fmt.Errorf("model: grid net: images of %dx%dx%d, want 1 to %d pixels a side and 1 to %d channels",
			size, size, channels, MaxSide, maxLatentDim)
	}
	list, err := layers.layers(volumeOf{size, size, channels})
	if err != nil {
		return o, fmt.Errorf("model: grid net: %w", err)
	}
	last := &list[len(list)-1]
	if h, w, c := last.out(); c != 1 {
		return o, fmt.Errorf("model: grid net: it ends in %dx%dx%d, want one logit a location", h, w, c)
	}
	if last.slope != 1 || last.tanh || last.bn {
		return o, fmt.Errorf("model: grid net: it ends in a batch norm or an activation, want none after the logits")
	}
	if n := parameters(list); n > maxParameters {
		return o, fmt.Errorf("model: grid net: %d parameters, want at most %d", n, maxParameters)
	}
	name(list, "", "logit")
	return outline{cfg, list, true}, nil
}

// Stack returns the layers.
func (m *GridNet) Stack() Stack { return m.cfg.DStack }

// Grid returns the height and width of the grid.
func (m *GridNet) Grid() (h, w int) {
	h, w, _ = m.layers[len(m.layers)-1].out()
	return h, w
}

// Clone returns a copy that shares nothing with m.
func (m *GridNet) Clone() *GridNet { return &GridNet{m.clone()} }

// Logits maps images x, [N, size, size, channels]: [N, H, W] of the grid,
// before the sigmoid.
func (m *GridNet) Logits(x Tensor, opt RunOptions) (Tensor, error) {
	return m.result(x, 3, opt)
}
