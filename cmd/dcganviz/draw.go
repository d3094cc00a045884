package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"image"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/internal/npy"
	"dcganviz/model"
	"dcganviz/viz"
)

// drawFlags are common to the commands that draw latents.
type drawFlags struct {
	Seed    uint64 `group:"Latents" default:"1" placeholder:"N" help:"Decides the latents (default: ${default})."`
	First   int    `group:"Latents" default:"0" placeholder:"N" help:"Number of the first of the seed's latents (default: ${default})."`
	Z       string `group:"Latents" name:"z" placeholder:"FILE" recipe:"input" help:"Take the latents from a .npy file of shape [N, nz] or [N, nz, 1, 1] instead."`
	Out     string `group:"Output" placeholder:"FILE" recipe:"none" help:"Where the picture goes (default: in ${gallery}/, which is replaced freely); its numbers go beside it, ending in .json."`
	Force   bool   `group:"Output" recipe:"none" help:"Replace files that --out and --npy name."`
	NPY     string `group:"Output" name:"npy" placeholder:"FILE" recipe:"none" help:"Write the images as float32 too, [N, C, H, W] in [-1, 1]."`
	JSON    bool   `group:"Output" name:"json" recipe:"none" help:"Print the result as JSON."`
	Cols    int    `group:"Output" placeholder:"N" help:"Tiles in a row (default: as many as rows)."`
	Scale   int    `group:"Output" placeholder:"N" help:"Enlarge tiles by this factor."`
	Threads int    `group:"Output" placeholder:"N" recipe:"none" help:"Threads to use (default: all processors). The result does not depend on it."`
}

// maxScale bounds the memory that a typing error claims.
const maxScale = 64

// check looks at the flags' values. counted is the flag that says how many
// latents there are.
func (f *drawFlags) check(e *env, counted string) error {
	switch {
	case f.First < 0:
		return usageError("--first is %d, want 0 or more", f.First)
	case f.Cols < 0:
		return usageError("--cols is %d, want 1 or more", f.Cols)
	case f.Scale < 0 || f.Scale > maxScale:
		return usageError("--scale is %d, want 1 to %d", f.Scale, maxScale)
	}
	if f.Z != "" {
		if err := e.exclude("--z brings the latents", "seed", "first", counted); err != nil {
			return err
		}
	}
	return checkThreads(f.Threads)
}

// pictureExtensions are those by which viewers know what a picture is.
var pictureExtensions = []string{".png", ".apng", ".gif", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}

// checkExtension refuses a name for --out that promises another kind of
// picture than one whose names end with fits.
func checkExtension(out, kind string, fits ...string) error {
	ext := extension(out)
	if slices.Contains(pictureExtensions, ext) && !slices.Contains(fits, ext) {
		return usageError("--out %s is to be %s: let its name end with %s", out, kind, strings.Join(fits, " or "))
	}
	return nil
}

func extension(path string) string { return strings.ToLower(filepath.Ext(path)) }

// maxThreads is more than there is work for.
const maxThreads = 256

func checkThreads(n int) error {
	if n < 0 || n > maxThreads {
		return usageError("--threads is %d, want 1 to %d, or 0 for all processors", n, maxThreads)
	}
	return nil
}

// maxPixels bounds what one command draws: 16384 images of 64x64, 800 MB as
// floats.
const maxPixels = 1 << 26

// checkCount refuses more images than maxPixels.
func checkCount(flag string, n, least, size int) error {
	if most := maxPixels / (size * size); n < least || n > most {
		return usageError("%s is %d, want %d to %d of %dx%d pixels", flag, n, least, most, size, size)
	}
	return nil
}

// latents returns n latents of the seed, or those of the file whatever n is.
func (f *drawFlags) latents(n int, cfg model.Config) (model.Tensor, error) {
	if f.Z == "" {
		return model.Latents(f.Seed, f.First, n, cfg), nil
	}
	a, err := npy.ReadFile(f.Z)
	if err != nil {
		return model.Tensor{}, fmt.Errorf("--z: %w", err)
	}
	n, err = a.Latents(cfg.LatentDim)
	if err != nil {
		return model.Tensor{}, fmt.Errorf("--z %s: %w", f.Z, err)
	}
	return model.Tensor{Shape: []int{n, cfg.LatentDim}, Data: a.Data}, nil
}

// digest identifies latents that came from a file, for the recipe.
func (f *drawFlags) digest(z model.Tensor) string {
	if f.Z == "" {
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

// A drawing is what a command draws with.
type drawing struct {
	*opened
	pool *model.Pool
	g    *model.G
}

// begin loads the model. The caller closes the pool.
func (f *drawFlags) begin(e *env, m modelFlag) (*drawing, error) {
	o, err := m.open(e)
	if err != nil {
		return nil, err
	}
	g, err := o.Generator()
	if err != nil {
		return nil, err
	}
	d := &drawing{opened: o, pool: model.NewPool(f.Threads), g: g}
	if err := o.estimate(e, d.pool); err != nil {
		d.pool.Close()
		return nil, err
	}
	return d, nil
}

// part is how many images are drawn or scored between two looks at Ctrl-C.
const part = 256

// inParts calls f for images from to to-1, a part of the n images at a time;
// what says what it does to them.
func (d *drawing) inParts(e *env, what string, n int, f func(from, to int, run model.RunOptions) error) error {
	run, step := d.RunOptions(d.pool), part
	if run.BatchStats {
		step = n // all of them are one batch
	}
	shown := newCount(e.stderr, what, n)
	defer shown.close()
	for from := 0; from < n; from += step {
		if err := e.ctx.Err(); err != nil {
			return err
		}
		to := min(from+step, n)
		if err := f(from, to, run); err != nil {
			return err
		}
		shown.reach(to)
	}
	return nil
}

// generate draws latents, as numbers and as tiles.
func (d *drawing) generate(e *env, z model.Tensor) (model.Tensor, []image.Image, error) {
	cfg, n := d.g.Config(), z.Len()
	x := model.NewTensor(n, cfg.Size, cfg.Size, cfg.Channels)
	err := d.inParts(e, "images drawn", n, func(from, to int, run model.RunOptions) error {
		y, err := d.g.Generate(z.Slice(from, to), run)
		if err != nil {
			return err
		}
		copy(x.Slice(from, to).Data, y.Data)
		return d.checkFinite(y, z.Slice(from, to), from, run)
	})
	if err != nil {
		return x, nil, err
	}
	tiles, err := viz.Images(x.Data, n, cfg.Size, cfg.Size, cfg.Channels)
	return x, tiles, err
}

// score returns what D makes of images, their logits.
func (d *drawing) score(e *env, x model.Tensor) ([]float32, error) {
	net, err := d.discriminator()
	if err != nil {
		return nil, err
	}
	logits := make([]float32, x.Len())
	err = d.inParts(e, "images scored", x.Len(), func(from, to int, run model.RunOptions) error {
		y, err := net.Logits(x.Slice(from, to), run)
		if err != nil {
			return err
		}
		copy(logits[from:to], y.Data)
		return d.checkLogits(y.Data, from)
	})
	return logits, err
}

// writeNPY returns a function that writes images in PyTorch's order.
func writeNPY(x model.Tensor) func(io.Writer) error {
	return func(w io.Writer) error {
		y, err := x.ToNCHW()
		if err != nil {
			return err
		}
		return npy.Write(w, y.Shape, y.Data)
	}
}

// drawn is what the commands that draw answer with --json.
type drawn struct {
	Image  string `json:"image"`
	NPY    string `json:"npy,omitempty"`
	Model  string `json:"model"`
	SHA256 string `json:"sha256"`
	Seed   uint64 `json:"seed"`
	First  int    `json:"first"`
	Z      string `json:"z,omitempty"`
	Images int    `json:"images"`
}

func (f *drawFlags) answer(d *drawing, image string, images int) drawn {
	return drawn{Image: image, NPY: f.NPY, Model: d.Title, SHA256: d.SHA256, Seed: f.Seed, First: f.First, Z: f.Z, Images: images}
}

// beside is the answer as the file with the numbers has it: whichever folder
// holds them, they are the same, and tell nothing of it.
func (d drawn) beside() drawn {
	for _, path := range []*string{&d.Image, &d.NPY, &d.Z} {
		if *path != "" {
			*path = filepath.Base(*path)
		}
	}
	return d
}
