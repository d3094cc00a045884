package model

import (
	"cmp"
	"fmt"
	"math/bits"
	"strings"

	"dcganviz/internal/enum"
)

// An Arch is one of the two families of DCGAN, or neither.
type Arch uint8

const (
	// PyTorch is the DCGAN of pytorch/examples: 4x4 kernels, and a transposed
	// convolution that projects the latent.
	PyTorch Arch = iota
	// Paper is the DCGAN of the paper and its authors' code: 5x5 kernels, a
	// linear projection, and a linear layer at the end of D.
	Paper
	// Custom is a net that is neither: its Config holds the list of its layers.
	// Open makes such nets of other people's checkpoints.
	Custom
)

var archNames = [...]string{"pytorch", "paper", "custom"}

// families is how many of the names are of a family.
const families = 2

func (a Arch) String() string { return enum.Name(a, archNames[:]) }

// ParseArch returns the family of that name: pytorch or paper.
func ParseArch(name string) (Arch, error) {
	return enum.Parse[Arch]("model: architecture", name, archNames[:families])
}

// MarshalText writes the family's name.
func (a Arch) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Arch) UnmarshalText(text []byte) (err error) {
	*a, err = enum.Parse[Arch]("model: architecture", string(text), archNames[:])
	return err
}

// A Law is the distribution of each component of a latent.
type Law uint8

const (
	// Normal is N(0, 1).
	Normal Law = iota
	// Uniform is U(-1, 1).
	Uniform
)

var lawNames = [...]string{"normal", "uniform"}

func (l Law) String() string { return enum.Name(l, lawNames[:]) }

// ParseLaw returns the law of that name: normal or uniform.
func ParseLaw(name string) (Law, error) {
	return enum.Parse[Law]("model: law of the latents", name, lawNames[:])
}

// MarshalText writes the law's name.
func (l Law) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (l *Law) UnmarshalText(text []byte) (err error) {
	*l, err = ParseLaw(string(text))
	return err
}

// A Config says what a G and a D look like.
type Config struct {
	// Arch is the family.
	Arch Arch `json:"arch"`
	// Size is the images' height in pixels, and their width too unless Width is
	// another one: 0 means as high as wide. A family's nets begin with 3 to 8 pixels
	// a side and double them to at most 256; those of a Custom net are any.
	Size  int `json:"size"`
	Width int `json:"width,omitempty"`
	// Channels is 3 for colour, 1 for grey.
	Channels int `json:"channels"`
	// LatentDim is how many numbers a latent has, a class's row among them.
	LatentDim int `json:"latent_dim"`
	// Condition is how G is told which class to draw.
	Condition Condition `json:"condition,omitzero"`
	// DCondition is how D is told which class to expect. In a family it is Condition, and
	// each layer of both nets is told the class (see Conditional), or it is zero: then D
	// is told none, and G by its latent alone. Of a Custom net its Join is not used.
	// Rows that have as many numbers as the images have pixels, times Joined of D's first
	// layer, are feature maps themselves: [Joined, H, W] in PyTorch's order.
	DCondition Condition `json:"d_condition,omitzero"`
	// GWidth is the number of feature maps of G's last hidden layer; each layer
	// before it has twice as many. 0 for a Custom net, and in the checkpoint of
	// a D alone.
	GWidth int `json:"g_width"`
	// DWidth is the number of feature maps of D's first layer; each layer after
	// it has twice as many. 0 for a Custom net, and in the checkpoint of a G
	// alone.
	DWidth int `json:"d_width"`
	// Hidden is how many units the linear layer has that is between the latent and G's
	// first feature map, and the one between D's last feature map and its logit. 0:
	// there are none, as always in a Custom net.
	Hidden int `json:"hidden,omitempty"`
	// Law is what latents are drawn from.
	Law Law `json:"law"`
	// BNEps is added to the variance in batch normalisation; 0 means 1e-5.
	BNEps float64 `json:"bn_eps,omitempty"`
	// GStack and DStack are the layers of Custom nets. One of them may be zero:
	// there is no such net then.
	GStack Stack `json:"g_stack,omitzero"`
	DStack Stack `json:"d_stack,omitzero"`
}

// limits on what Validate takes: above them a config is a corrupt file, not a
// net that anyone can run.
const (
	maxWidth      = 1 << 13
	maxLatentDim  = 1 << 16
	maxParameters = 1 << 30
)

// Dims returns the height, the width and the channels of the images.
func (c Config) Dims() (h, w, channels int) { return c.Size, cmp.Or(c.Width, c.Size), c.Channels }

// SameImages reports whether the nets of both configs have images of one shape.
func (c Config) SameImages(o Config) bool {
	h, w, n := c.Dims()
	oh, ow, on := o.Dims()
	return h == oh && w == ow && n == on
}

// Sized returns c for images of h x w pixels.
func (c Config) Sized(h, w int) Config {
	if c.Size, c.Width = h, w; h == w {
		c.Width = 0
	}
	return c
}

const (
	// maxFamilySide is the largest height and width that a family's nets have.
	maxFamilySide = 256
	// leastStart and mostStart bound the sides of G's first feature map, usualStart is
	// the least that is chosen where another one will do.
	leastStart, usualStart, mostStart = 3, 4, 8
)

// A start is the first feature map of a family's G, which doubles its sides some
// times.
type start struct{ h, w, times int }

// start returns where G begins: as small as its sides can be halved to, not below 4,
// and to 3 only where the other side would be more than 8. False if there is no such
// place.
func (c Config) start() (start, bool) {
	h, w, _ := c.Dims()
	if h < 1 || w < 1 || h > maxFamilySide || w > maxFamilySide {
		return start{}, false
	}
	for least := usualStart; least >= leastStart; least-- {
		for times := bits.Len(maxFamilySide); times > 0; times-- {
			s := start{h >> times, w >> times, times}
			if s.h<<times == h && s.w<<times == w && min(s.h, s.w) >= least && max(s.h, s.w) <= mostStart {
				return s, true
			}
		}
	}
	return start{}, false
}

// Validate reports a config that no nets can be made for: no pair of a family,
// neither G nor D of a Custom one.
func (c Config) Validate() error {
	if c.Arch == Custom {
		return c.validate(!c.GStack.IsZero(), !c.DStack.IsZero())
	}
	return c.validate(true, true)
}

// validate is Validate for the nets asked for.
func (c Config) validate(g, d bool) error {
	switch {
	case int(c.Arch) >= len(archNames):
		return fmt.Errorf("model: config: architecture %d, want %s", c.Arch, strings.Join(archNames[:], " or "))
	case int(c.Law) >= len(lawNames):
		return fmt.Errorf("model: config: law of the latents %d, want %s", c.Law, strings.Join(lawNames[:], " or "))
	case c.Channels != 1 && c.Channels != 3:
		return fmt.Errorf("model: config: %d channels, want 1 or 3", c.Channels)
	case g && (c.LatentDim < 1 || c.LatentDim > maxLatentDim):
		return fmt.Errorf("model: config: latents of %d numbers, want 1 to %d", c.LatentDim, maxLatentDim)
	case c.Width < 0 || c.Width == c.Size:
		return fmt.Errorf("model: config: width %d of images of height %d, want another one or 0", c.Width, c.Size)
	case !(c.BNEps >= 0 && c.BNEps < 1):
		return fmt.Errorf("model: config: batch norm's epsilon %g, want 0 to below 1", c.BNEps)
	}
	if err := c.Condition.Check(c.LatentDim); g && err != nil {
		return fmt.Errorf("model: config: %w", err)
	}
	switch {
	case c.Arch == Custom:
		return c.validateCustom(g, d)
	case c.Hidden < 0 || c.Hidden > maxWidth:
		return fmt.Errorf("model: config: a hidden layer of %d units, want 0 to %d", c.Hidden, maxWidth)
	case !c.GStack.IsZero() || !c.DStack.IsZero():
		return fmt.Errorf("model: config: lists of layers, which the architecture %v has none of", c.Arch)
	case g && (c.GWidth < 1 || c.GWidth > maxWidth):
		return fmt.Errorf("model: config: width %d of G, want 1 to %d", c.GWidth, maxWidth)
	case d && (c.DWidth < 1 || c.DWidth > maxWidth):
		return fmt.Errorf("model: config: width %d of D, want 1 to %d", c.DWidth, maxWidth)
	}
	if err := c.checkTold(); err != nil {
		return fmt.Errorf("model: config: %w", err)
	}
	if _, ok := c.start(); !ok {
		h, w, _ := c.Dims()
		return fmt.Errorf("model: config: images of %dx%d pixels, want sides of 3 to 8 times a power of two, the same one, at most %d", h, w, maxFamilySide)
	}
	return c.validateLayers(g, d)
}

func (c Config) validateCustom(g, d bool) error {
	switch {
	case !g && !d:
		return fmt.Errorf("model: config: the architecture is %v, but there are no layers", c.Arch)
	case c.Size < 1 || c.Size > MaxSide || c.Width > MaxSide:
		h, w, _ := c.Dims()
		return fmt.Errorf("model: config: images of %dx%d pixels, want 1 to %d a side", h, w, MaxSide)
	case c.GWidth != 0 || c.DWidth != 0 || c.Hidden != 0:
		return fmt.Errorf("model: config: widths %d and %d and %d hidden units, want 0 of the architecture %v", c.GWidth, c.DWidth, c.Hidden, c.Arch)
	}
	if g {
		layers, err := c.GStack.generator(c.LatentDim, c.image())
		if err == nil {
			err = c.Condition.checkJoined(layers, false)
		}
		if err != nil {
			return fmt.Errorf("model: config: G: %w", err)
		}
	}
	if d {
		layers, err := c.DStack.discriminator(c.image())
		if err == nil {
			err = c.DCondition.checkJoined(layers, true)
		}
		if err != nil {
			return fmt.Errorf("model: config: D: %w", err)
		}
	}
	return c.validateLayers(g, d)
}

func (c Config) validateLayers(g, d bool) error {
	for _, net := range []struct {
		wanted bool
		layers func() []layer
	}{{g, c.generatorLayers}, {d, c.discriminatorLayers}} {
		if !net.wanted {
			continue
		}
		if n := parameters(net.layers()); n > maxParameters {
			return fmt.Errorf("model: config: a net of %d parameters, want at most %d", n, maxParameters)
		}
	}
	return nil
}

// DefaultBNEps is what batch norm adds to the variance where Config.BNEps is 0.
const DefaultBNEps = 1e-5

func (c Config) bnEps() float64 {
	if c.BNEps == 0 {
		return DefaultBNEps
	}
	return c.BNEps
}
