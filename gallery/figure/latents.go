package figure

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"path/filepath"

	"dcganviz/internal/npy"
	"dcganviz/model"
)

// LatentOptions are the latents of the figures that draw some.
type LatentOptions struct {
	Seed  uint64 `group:"Latents" default:"1" placeholder:"N" help:"Decides the latents (default: ${default})."`
	First int    `group:"Latents" default:"0" placeholder:"N" help:"Number of the first of the seed's latents (default: ${default})."`
	Z     string `group:"Latents" name:"z" placeholder:"FILE" recipe:"input" help:"Take the latents from a .npy or .npz file of shape [N, nz] or [N, nz, 1, 1] instead."`

	// numbers are those of the latents to take, by the seed or in the file; nil: from
	// First on, or all of the file.
	numbers []int
}

// TileOptions are how images are laid out.
type TileOptions struct {
	Cols   int  `group:"Output" placeholder:"N" help:"Tiles in a row (default: as many as rows)."`
	Scale  int  `group:"Output" placeholder:"N" help:"Enlarge tiles by this factor."`
	Smooth bool `group:"Output" help:"Where tiles are enlarged, put smooth passages for blocks: what lies between pixels is made up."`
}

// maxScale bounds the memory that a typing error claims.
const maxScale = 64

func checkScale(scale int) error {
	if scale < 0 || scale > maxScale {
		return usage("--scale is %d, want 1 to %d", scale, maxScale)
	}
	return nil
}

func (o *TileOptions) check() error {
	if o.Cols < 0 {
		return usage("--cols is %d, want 1 or more", o.Cols)
	}
	return checkScale(o.Scale)
}

// idle says that tiles which are not enlarged are not smoothed; enlarged reports whether
// they are without --scale.
func (o *TileOptions) idle(enlarged bool) []Idle {
	if o.Scale > 1 || enlarged && o.Scale == 0 {
		return nil
	}
	return []Idle{{"without --scale, as in --scale 4, no tile is enlarged", []string{"smooth"}}}
}

func (o *LatentOptions) check() error {
	if o.First < 0 {
		return usage("--first is %d, want 0 or more", o.First)
	}
	return nil
}

// idle says what a file of latents makes do nothing; counted says how many latents
// there are.
func (o *LatentOptions) idle(counted string) []Idle {
	if o.Z == "" {
		return nil
	}
	return []Idle{{"--z brings the latents", []string{"seed", "first", counted}}}
}

// latents returns n latents of the seed. Where a file is named, it returns all
// latents of the file, whatever n is. Of either it returns those with numbers, if there
// are some.
func (o *LatentOptions) latents(n int, g *model.G) (model.Tensor, error) {
	if o.Z == "" {
		if o.numbers != nil {
			return numbered(o.Seed, o.numbers, g), nil
		}
		return g.Latents(o.Seed, o.First, n), nil
	}
	cfg := g.Config()
	a, err := npy.ReadFileOrArchive(o.Z)
	if err != nil {
		return model.Tensor{}, fmt.Errorf("--z: %w", err)
	}
	n, err = a.Latents(cfg.LatentDim)
	if err != nil {
		return model.Tensor{}, fmt.Errorf("--z %s: %w", o.Z, err)
	}
	all := model.Tensor{Shape: []int{n, cfg.LatentDim}, Data: a.Data}
	if o.numbers == nil {
		return all, nil
	}
	z := model.NewTensor(len(o.numbers), cfg.LatentDim)
	for i, at := range o.numbers {
		if at >= n {
			return z, usage("latent %d of --z %s, which holds 0 to %d", at, o.Z, n-1)
		}
		copy(z.Row(i), all.Row(at))
	}
	return z, nil
}

// numbered returns the latents of a seed that have these numbers.
func numbered(seed uint64, numbers []int, g *model.G) model.Tensor {
	z := model.NewTensor(len(numbers), g.Config().LatentDim)
	for i, n := range numbers {
		copy(z.Row(i), g.Latents(seed, n, 1).Data)
	}
	return z
}

// digest identifies latents that came from a file.
func (o *LatentOptions) digest(z model.Tensor) string {
	if o.Z == "" {
		return ""
	}
	h := sha256.New()
	for i := range z.Len() {
		var b []byte
		for _, v := range z.Row(i) {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// A DrawnHead is what the numbers of Sample and Walk begin with.
type DrawnHead struct {
	Image  string `json:"image"`
	NPY    string `json:"npy,omitempty"`
	Model  string `json:"model"`
	SHA256 string `json:"sha256"`
	Said
	Seed   uint64 `json:"seed"`
	First  int    `json:"first"`
	Z      string `json:"z,omitempty"`
	Images int    `json:"images"`

	x model.Tensor // the images
}

// head returns it. Whichever folder holds the files, the numbers are the same, and
// tell nothing of it.
func (o *LatentOptions) head(l *Lab, x model.Tensor) DrawnHead {
	h := DrawnHead{Model: l.Model.Title, SHA256: l.Model.SHA256, Seed: o.Seed, First: o.First, Images: x.Len(), x: x}
	if o.Z != "" {
		h.Z = filepath.Base(o.Z)
	}
	return h
}

// Pixels returns the images that were drawn, [N, H, W, C] in [-1, 1].
func (h *DrawnHead) Pixels() model.Tensor { return h.x }

// Name says which files the images went to.
func (h *DrawnHead) Name(image, npy string) { h.Image, h.NPY = image, npy }
