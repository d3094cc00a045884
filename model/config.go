package model

import (
	"fmt"
	"strings"
)

// An Arch is one of the two families of DCGAN.
type Arch uint8

const (
	// PyTorch is the DCGAN of pytorch/examples: 4x4 kernels, and a transposed
	// convolution that projects the latent.
	PyTorch Arch = iota
	// Paper is the DCGAN of the paper and its authors' code: 5x5 kernels, a
	// linear projection, and a linear layer at the end of D.
	Paper
)

var archNames = [...]string{"pytorch", "paper"}

func (a Arch) String() string {
	if int(a) >= len(archNames) {
		return fmt.Sprintf("Arch(%d)", uint8(a))
	}
	return archNames[a]
}

// ParseArch returns the family of that name: pytorch or paper.
func ParseArch(name string) (Arch, error) {
	for i, n := range archNames {
		if n == name {
			return Arch(i), nil
		}
	}
	return 0, fmt.Errorf("model: architecture %q, want %s", name, strings.Join(archNames[:], " or "))
}

// MarshalText writes the family's name.
func (a Arch) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Arch) UnmarshalText(text []byte) (err error) {
	*a, err = ParseArch(string(text))
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

func (l Law) String() string {
	if int(l) >= len(lawNames) {
		return fmt.Sprintf("Law(%d)", uint8(l))
	}
	return lawNames[l]
}

// ParseLaw returns the law of that name: normal or uniform.
func ParseLaw(name string) (Law, error) {
	for i, n := range lawNames {
		if n == name {
			return Law(i), nil
		}
	}
	return 0, fmt.Errorf("model: law of the latents %q, want %s", name, strings.Join(lawNames[:], " or "))
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
	// Size is the images' height and width in pixels: 16, 28, 32, 64 or 128.
	Size int `json:"size"`
	// Channels is 3 for colour, 1 for grey.
	Channels int `json:"channels"`
	// LatentDim is how many numbers a latent has.
	LatentDim int `json:"latent_dim"`
	// GWidth is the number of feature maps of G's last hidden layer; each layer
	// before it has twice as many.
	GWidth int `json:"g_width"`
	// DWidth is the number of feature maps of D's first layer; each layer after
	// it has twice as many.
	DWidth int `json:"d_width"`
	// Law is what latents are drawn from.
	Law Law `json:"law"`
	// BNEps is added to the variance in batch normalisation; 0 means 1e-5.
	BNEps float64 `json:"bn_eps,omitempty"`
}

// limits on what Validate takes: above them a config is a corrupt file, not a
// net that anyone can run.
const (
	maxWidth      = 1 << 13
	maxLatentDim  = 1 << 16
	maxParameters = 1 << 30
)

// doublings returns how many times G doubles the side of its first feature
// map, and that side.
func doublings(size int) (times, base int, ok bool) {
	switch size {
	case 16:
		return 2, 4, true
	case 28:
		return 2, 7, true
	case 32:
		return 3, 4, true
	case 64:
		return 4, 4, true
	case 128:
		return 5, 4, true
	}
	return 0, 0, false
}

// Validate reports a config that no net can be made for.
func (c Config) Validate() error {
	switch {
	case int(c.Arch) >= len(archNames):
		return fmt.Errorf("model: config: architecture %d, want %s", c.Arch, strings.Join(archNames[:], " or "))
	case int(c.Law) >= len(lawNames):
		return fmt.Errorf("model: config: law of the latents %d, want %s", c.Law, strings.Join(lawNames[:], " or "))
	case c.Channels != 1 && c.Channels != 3:
		return fmt.Errorf("model: config: %d channels, want 1 or 3", c.Channels)
	case c.LatentDim < 1 || c.LatentDim > maxLatentDim:
		return fmt.Errorf("model: config: latents of %d numbers, want 1 to %d", c.LatentDim, maxLatentDim)
	case c.GWidth < 1 || c.GWidth > maxWidth:
		return fmt.Errorf("model: config: width %d of G, want 1 to %d", c.GWidth, maxWidth)
	case c.DWidth < 1 || c.DWidth > maxWidth:
		return fmt.Errorf("model: config: width %d of D, want 1 to %d", c.DWidth, maxWidth)
	case !(c.BNEps >= 0 && c.BNEps < 1):
		return fmt.Errorf("model: config: batch norm's epsilon %g, want 0 to below 1", c.BNEps)
	}
	if _, _, ok := doublings(c.Size); !ok {
		return fmt.Errorf("model: config: images of %d pixels a side, want 16, 28, 32, 64 or 128", c.Size)
	}
	for _, layers := range [][]layer{c.generatorLayers(), c.discriminatorLayers()} {
		if n := parameters(layers); n > maxParameters {
			return fmt.Errorf("model: config: a net of %d parameters, want at most %d", n, maxParameters)
		}
	}
	return nil
}

func (c Config) bnEps() float64 {
	if c.BNEps == 0 {
		return 1e-5
	}
	return c.BNEps
}
