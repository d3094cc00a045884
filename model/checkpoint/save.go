package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"dcganviz/internal/plainjson"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// SaveOptions say how Save writes. The zero value writes float32.
type SaveOptions struct {
	// Half writes the weights of convolutions and linear layers as float16,
	// half the bytes. Batch norm's gains, biases and statistics stay float32:
	// they are a thousandth of the numbers, and a variance may lie far outside
	// what a float16 can hold.
	Half bool
	// Within is a folder above the file of Save. A symbolic link below it is an error
	// on the way to the file or in its place. Empty: links are followed.
	Within string
}

const (
	kindKey  = "dcganviz"
	kindName = "model 1"
	metaKey  = "meta"
	prefixG  = "G."
	prefixD  = "D."
)

// Save writes c to path, replacing a file that is there in one step: at every
// moment, also after a crash, path is the old file or the whole new one.
//
// Weights that are NaN or infinite are refused, and with Half those that a
// float16 cannot hold; nothing is written then.
func Save(path string, c *Checkpoint, opt SaveOptions) error {
	entries, tensors, err := c.contents(opt)
	if err != nil {
		return fmt.Errorf("model: save: %w", err)
	}
	return safetensors.WriteFile(path, opt.Within, entries, tensors)
}

// Write writes to w what Save writes to a file.
func Write(w io.Writer, c *Checkpoint, opt SaveOptions) error {
	entries, tensors, err := c.contents(opt)
	if err != nil {
		return fmt.Errorf("model: write: %w", err)
	}
	return safetensors.Write(w, entries, tensors)
}

// contents returns the metadata and the tensors of a file of c.
func (c *Checkpoint) contents(opt SaveOptions) (map[string]string, []safetensors.Tensor, error) {
	meta := c.Meta
	switch {
	case c.G == nil && c.D == nil:
		return nil, nil, errors.New("neither a G nor a D")
	case c.G == nil:
		meta.Config = c.D.Config()
	case c.D == nil, c.G.Config() == c.D.Config():
		meta.Config = c.G.Config()
	default:
		return nil, nil, fmt.Errorf("nets of two kinds: G is %+v, but D is %+v", c.G.Config(), c.D.Config())
	}
	tensors, err := c.tensors(opt)
	if err != nil {
		return nil, nil, err
	}
	text, err := plainjson.Marshal(meta)
	if err != nil {
		return nil, nil, err
	}
	// "format" is what other readers of safetensors look for.
	return map[string]string{kindKey: kindName, metaKey: string(text), "format": "pt"}, tensors, nil
}

// WriteState writes one net's state dict, as its method Tensors goes through it, to
// w as a safetensors file with that metadata. Each name is after prefix. Weights
// are refused as by Save.
func WriteState(w io.Writer, metadata map[string]string, prefix string, tensors iter.Seq[model.NamedTensor], opt SaveOptions) error {
	out, err := encode(nil, prefix, tensors, opt.Half)
	if err != nil {
		return fmt.Errorf("model: write: %w", err)
	}
	return safetensors.Write(w, metadata, out)
}

func (c *Checkpoint) tensors(opt SaveOptions) (out []safetensors.Tensor, err error) {
	if c.G != nil {
		if out, err = encode(out, prefixG, c.G.Tensors(), opt.Half); err != nil {
			return nil, err
		}
	}
	if c.D != nil {
		out, err = encode(out, prefixD, c.D.Tensors(), opt.Half)
	}
	return out, err
}

// encode appends a net's state dict to out. It takes little memory besides: it
// runs in the midst of training.
func encode(out []safetensors.Tensor, prefix string, tensors iter.Seq[model.NamedTensor], half bool) ([]safetensors.Tensor, error) {
	for t := range tensors {
		t.Name = prefix + t.Name
		x, err := encodeTensor(&t, half)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func encodeTensor(t *model.NamedTensor, half bool) (safetensors.Tensor, error) {
	if t.Ints != nil {
		return safetensors.New(t.Name, t.Shape, t.Ints)
	}
	if err := t.CheckFinite(); err != nil {
		return safetensors.Tensor{}, err
	}
	if half && halved(t) {
		return safetensors.NewHalf(t.Name, t.Shape, t.Data, safetensors.RefuseOverflow)
	}
	return safetensors.New(t.Name, t.Shape, t.Data)
}

// halved reports whether SaveOptions.Half is about t.
func halved(t *model.NamedTensor) bool { return len(t.Shape) > 1 }
