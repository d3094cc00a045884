package checkpoint

import (
	"strings"

	"dcganviz/internal/enum"
	"dcganviz/model"
	"dcganviz/model/checkpoint/internal/infer"
)

// A Checkpoint is a trained G, its D, or both, and where they come from.
//
// On disk it is one safetensors file. The tensors are the state dicts of
// PyTorch, each name after "G." or "D.": whoever strips the prefix can hand
// them to load_state_dict. The metadata entry "dcganviz" is the kind and
// version of the file, "meta" is Meta as JSON, "sha256" the file's digest.
type Checkpoint struct {
	G *model.G // may be nil
	D *model.D // may be nil
	// Title is what the caller calls the model; Open and OpenBytes set it to the
	// path and the name.
	Title string
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
	// Told is what Open took the nets of another program to be, and why.
	Told Told
}

// Meta is what a checkpoint says of itself. The zero value of each field but
// Config means that it is not known or does not apply.
type Meta struct {
	Config model.Config `json:"config"`
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
	// ClassNames are the names of the classes that G draws, joined by commas.
	ClassNames string `json:"class_names,omitempty"`
	// Origin says in words what Open made the nets of; empty for our own.
	Origin string `json:"origin,omitempty"`
}

// Classes returns the names of the classes, as far as they are known.
func (m *Meta) Classes() []string {
	if m.ClassNames == "" {
		return nil
	}
	return strings.Split(m.ClassNames, ",")
}

// Generator returns G. Without one its error wraps ErrUnsupported.
func (c *Checkpoint) Generator() (*model.G, error) {
	if c.G == nil {
		return nil, infer.Unsupported("%s holds no G, which draws the pictures", c.Title)
	}
	return c.G, nil
}

// Discriminator returns D. Without one its error wraps ErrUnsupported.
func (c *Checkpoint) Discriminator() (*model.D, error) {
	if c.D == nil {
		return nil, infer.Unsupported("%s holds no D, which scores pictures", c.Title)
	}
	return c.D, nil
}

// RunOptions returns how the nets are meant to be run on pool.
func (c *Checkpoint) RunOptions(pool *model.Pool) model.RunOptions {
	return model.RunOptions{Pool: pool, BatchStats: c.Meta.BN == BatchStats}
}

// A BNMode says whose mean and variance batch norm uses.
type BNMode uint8

const (
	// RunningStats: the statistics that training gathered.
	RunningStats BNMode = iota
	// BatchStats: the statistics of the batch, for nets whose training gathered none.
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
