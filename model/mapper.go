package model

import (
	"fmt"

	"dcganviz/internal/safetensors"
)

// A Mapper is a net of any stack of layers that gives each location of a grid
// laid over an image one logit: how sure it is that something is there.
//
// Its methods may be called from several goroutines, one after the other
// running; writing Params, LoadState and training need it for themselves.
type Mapper struct{ *net }

// NewMapper returns an untrained mapper of images [N, size, size, channels],
// drawn from seed as NewG does. The last of layers has one channel and no
// activation, and its height and width are the grid's. Unlike those of a D,
// images may have any number of channels.
func NewMapper(size, channels int, layers Stack, seed uint64) (*Mapper, error) {
	cfg, list, err := mapperLayers(size, channels, layers)
	if err != nil {
		return nil, err
	}
	m := &Mapper{newNet(cfg, list, true)}
	m.initialise(seed, streamMapper)
	return m, nil
}

// LoadMapper returns the mapper whose state dict, each name after prefix, is
// tensors, as Encode makes them. Names and shapes are checked before anything
// is allocated. Errors wrap ErrRefused.
func LoadMapper(size, channels int, layers Stack, prefix string, tensors []*safetensors.Tensor) (*Mapper, error) {
	cfg, list, err := mapperLayers(size, channels, layers)
	if err != nil {
		return nil, &refusal{err, ErrRefused}
	}
	n, err := loadNet(cfg, list, true, prefix, tensors)
	if err != nil {
		return nil, classify(err)
	}
	return &Mapper{n}, nil
}

func mapperLayers(size, channels int, layers Stack) (Config, []layer, error) {
	cfg := Config{Arch: Custom, Size: size, Channels: channels, DStack: layers}
	if size < 1 || size > maxSide || channels < 1 || channels > maxLatentDim {
		return cfg, nil, fmt.Errorf("model: mapper: images of %dx%dx%d, want 1 to %d pixels a side and 1 to %d channels",
			size, size, channels, maxSide, maxLatentDim)
	}
	list, err := layers.layers(volumeOf{size, size, channels})
	if err != nil {
		return cfg, nil, fmt.Errorf("model: mapper: %w", err)
	}
	last := &list[len(list)-1]
	if h, w, c := last.out(); c != 1 {
		return cfg, nil, fmt.Errorf("model: mapper: it ends in %dx%dx%d, want one logit a location", h, w, c)
	}
	if last.slope != 1 || last.tanh || last.bn {
		return cfg, nil, fmt.Errorf("model: mapper: it ends in a batch norm or an activation, want none after the logits")
	}
	if n := parameters(list); n > maxParameters {
		return cfg, nil, fmt.Errorf("model: mapper: %d parameters, want at most %d", n, maxParameters)
	}
	name(list, "", "logit")
	return cfg, list, nil
}

// Stack returns the layers.
func (m *Mapper) Stack() Stack { return m.cfg.DStack }

// Grid returns the height and width of the grid.
func (m *Mapper) Grid() (h, w int) {
	h, w, _ = m.layers[len(m.layers)-1].out()
	return h, w
}

// Clone returns a copy that shares nothing with m.
func (m *Mapper) Clone() *Mapper {
	_, list, err := mapperLayers(m.cfg.Size, m.cfg.Channels, m.cfg.DStack)
	if err != nil {
		panic("model: mapper: " + err.Error()) // m has these layers
	}
	c := &Mapper{newNet(m.cfg, list, true)}
	c.copyFrom(m.net)
	return c
}

// Logits maps images x, [N, size, size, channels]: [N, H, W] of the grid,
// before the sigmoid.
func (m *Mapper) Logits(x Tensor, opt RunOptions) (Tensor, error) {
	out, err := m.activations(x, []place{{layer: len(m.layers) - 1}}, opt)
	if err != nil {
		return Tensor{}, err
	}
	return Tensor{Shape: out[0].Shape[:3], Data: out[0].Data}, nil
}

// Encode returns the state dict for a file, each name after prefix; half writes
// the convolutions' weights as float16. Weights that are NaN or infinite are
// refused.
func (m *Mapper) Encode(prefix string, half bool) ([]safetensors.Tensor, error) {
	t, err := m.encode(nil, prefix, half)
	if err != nil {
		return nil, fmt.Errorf("model: mapper: %w", err)
	}
	return t, nil
}
