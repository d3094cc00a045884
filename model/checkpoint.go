package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"dcganviz/internal/enum"
	"dcganviz/internal/safetensors"
)

// A Checkpoint is a trained G, its D, or both, and where they come from.
//
// On disk it is one safetensors file. The tensors are the state dicts of
// PyTorch, each name after "G." or "D.": whoever strips the prefix can hand
// them to load_state_dict. The metadata entry "dcganviz" is the kind and
// version of the file, "meta" is Meta as JSON, "sha256" the file's digest.
type Checkpoint struct {
	G *G // may be nil
	D *D // may be nil
	// Meta's Config is filled in by Save.
	Meta Meta
	// SHA256 is the digest of the file that was read, in hex: it names the
	// model in recipes. Empty when a file of Save has none.
	SHA256 string
	// DiscSHA256 is the digest of the file that D was read from, if Open was
	// given another one for it.
	DiscSHA256 string
	// Notes say what Open found in a file and left out.
	Notes []string
}

// Meta is what a checkpoint says of itself. The zero value of each field but
// Config means that it is not known or does not apply.
type Meta struct {
	Config Config `json:"config"`
	// BN is what batch norm is meant to use when images are drawn.
	BN BNMode `json:"bn"`
	// Step counts the training steps, Batch the images of one.
	Step  int `json:"step,omitempty"`
	Batch int `json:"batch,omitempty"`
	// Seed is the seed of the training run.
	Seed uint64 `json:"seed,omitempty"`
	// Dataset says in words what the images are; it is no path.
	Dataset string `json:"dataset,omitempty"`
	// Images is how many images the data set has, and Fingerprint what
	// identifies it.
	Images      int    `json:"images,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
	// EMA is the decay of the moving average that G is; 0 if G is the weights
	// themselves.
	EMA float64 `json:"ema,omitempty"`
	// Origin says in words what Open made the nets of; empty for our own.
	Origin string `json:"origin,omitempty"`
}

// A BNMode says whose mean and variance batch norm uses.
type BNMode uint8

const (
	// RunningStats: those gathered in training.
	RunningStats BNMode = iota
	// BatchStats: those of the batch, for nets whose training gathered none.
	BatchStats
)

var bnModeNames = [...]string{"running", "batch"}

func (m BNMode) String() string { return enum.Name(m, bnModeNames[:]) }

// MarshalText writes running or batch.
func (m BNMode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (m *BNMode) UnmarshalText(text []byte) (err error) {
	*m, err = enum.Parse[BNMode]("model: batch norm mode", string(text), bnModeNames[:])
	return err
}

// SaveOptions say how Save writes. The zero value writes float32.
type SaveOptions struct {
	// Half writes the weights of convolutions and linear layers as float16,
	// half the bytes. Batch norm's gains, biases and statistics stay float32:
	// they are a thousandth of the numbers, and a variance may lie far outside
	// what a float16 can hold.
	Half bool
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
	meta := c.Meta
	switch {
	case c.G == nil && c.D == nil:
		return errors.New("model: save: neither a G nor a D")
	case c.G == nil:
		meta.Config = c.D.Config()
	case c.D == nil, c.G.Config() == c.D.Config():
		meta.Config = c.G.Config()
	default:
		return fmt.Errorf("model: save: G is %+v, but D is %+v", c.G.Config(), c.D.Config())
	}
	tensors, err := c.tensors(opt)
	if err != nil {
		return fmt.Errorf("model: save: %w", err)
	}
	text, err := json.Marshal(meta)
	if err != nil {
		return fmt.Errorf("model: save: %w", err)
	}
	// "format" is what other readers of safetensors look for.
	entries := map[string]string{kindKey: kindName, metaKey: string(text), "format": "pt"}
	return safetensors.WriteFile(path, entries, tensors)
}

func (c *Checkpoint) tensors(opt SaveOptions) (out []safetensors.Tensor, err error) {
	if c.G != nil {
		if out, err = c.G.encode(out, prefixG, opt.Half); err != nil {
			return nil, err
		}
	}
	if c.D != nil {
		out, err = c.D.encode(out, prefixD, opt.Half)
	}
	return out, err
}

// encode appends the net's state dict to out. It takes little memory besides:
// it runs in the midst of training.
func (n *net) encode(out []safetensors.Tensor, prefix string, half bool) ([]safetensors.Tensor, error) {
	var disk []float32
	for _, e := range n.entries() {
		t, err := e.encode(&disk, prefix+e.name, half)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func (e *entry) encode(scratch *[]float32, name string, half bool) (safetensors.Tensor, error) {
	if e.count != nil {
		return safetensors.New(name, e.shape, []int64{*e.count})
	}
	if err := e.copyTo(scratch, name); err != nil {
		return safetensors.Tensor{}, err
	}
	if half && e.halved() {
		return safetensors.NewHalf(name, e.shape, *scratch, safetensors.RefuseOverflow)
	}
	return safetensors.New(name, e.shape, *scratch)
}

// halved reports whether SaveOptions.Half is about e.
func (e *entry) halved() bool { return len(e.shape) > 1 }

// copyTo fills scratch, which grows as needed, with the values in the order of
// a file. They have to be finite; name is what an error calls them.
func (e *entry) copyTo(scratch *[]float32, name string) error {
	*scratch = slices.Grow((*scratch)[:0], len(e.data))[:len(e.data)]
	disk := *scratch
	e.store(disk, e.data)
	for i, v := range disk {
		if v-v != 0 { // NaN or infinite
			return fmt.Errorf("%q: value %d is %v, want finite weights", name, i, v)
		}
	}
	return nil
}
