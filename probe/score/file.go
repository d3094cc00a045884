package score

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"dcganviz/internal/plainjson"
	"dcganviz/internal/refuse"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// ErrNoScorer means that a file is not one of a scorer.
var ErrNoScorer = errors.New("not a scorer")

const (
	kindKey  = "dcganviz"
	kindName = "scorer 1"
	infoKey  = "info"
	prefix   = "net."
	// maxInfo bounds the metadata that is decoded.
	maxInfo = 1 << 20
)

// Write writes s as a safetensors file: the state dict of its net, each name
// after "net.", and Info as JSON. The weights of convolutions are float16.
// Equal scorers give equal bytes.
func (s *Scorer) Write(w io.Writer) error {
	text, err := plainjson.Marshal(s.Info)
	if err != nil {
		return fmt.Errorf("score: write: %w", err)
	}
	metadata := map[string]string{kindKey: kindName, infoKey: string(text), "format": "pt"}
	return checkpoint.WriteState(w, metadata, prefix, s.net.Tensors(), checkpoint.SaveOptions{Half: true})
}

// Load reads what Write wrote. A scorer on features then needs Attach.
//
// Errors wrap fs.ErrNotExist, ErrNoScorer, checkpoint.ErrRefused for a damaged or
// hostile file, or what the system says.
func Load(path string) (*Scorer, error) {
	f, err := safetensors.ReadFile(path)
	return scorerOf(f, err, path)
}

// Parse is Load for a file in memory, which is not kept.
func Parse(b []byte) (*Scorer, error) {
	f, err := safetensors.Parse(b)
	return scorerOf(f, err, "scorer")
}

// scorerOf returns the scorer in a file that was read with err.
func scorerOf(f *safetensors.File, err error, name string) (*Scorer, error) {
	if errors.Is(err, safetensors.ErrCorrupt) || errors.Is(err, safetensors.ErrTooLarge) {
		return nil, refused(err)
	}
	if err != nil {
		return nil, err
	}
	s, err := decode(f)
	if err != nil {
		return nil, fmt.Errorf("score: %s: %w", name, err)
	}
	return s, nil
}

func refused(err error) error { return refuse.WithKind(err, checkpoint.ErrRefused) }

// Limits on what a file may claim of its images. The net's own sizes are
// checked against the tensors that are there.
const (
	maxSize     = 1 << 10
	maxChannels = 3
	maxText     = 1 << 12
)

func decode(f *safetensors.File) (*Scorer, error) {
	kind, ok := f.Metadata[kindKey]
	switch {
	case !ok:
		return nil, fmt.Errorf("no metadata %q: %w of this program", kindKey, ErrNoScorer)
	case kind != kindName:
		return nil, fmt.Errorf("metadata %q is %.40q, want %q: %w that this version reads", kindKey, kind, kindName, ErrNoScorer)
	case len(f.Metadata[infoKey]) > maxInfo:
		return nil, refused(fmt.Errorf("metadata %q of %d bytes, want at most %d", infoKey, len(f.Metadata[infoKey]), maxInfo))
	}
	s := new(Scorer)
	if err := json.Unmarshal([]byte(f.Metadata[infoKey]), &s.Info); err != nil {
		return nil, refused(fmt.Errorf("metadata %q: %w", infoKey, err))
	}
	if err := s.Info.check(); err != nil {
		return nil, refused(err)
	}
	size, channels := s.Info.Size, s.Info.Channels
	if s.Info.Kind == Features {
		// The first weight says how wide the hypercolumns are.
		size, channels = columnsSide(s.Info.Side), 0
		for i := range f.Tensors {
			if t := &f.Tensors[i]; len(t.Shape) == 4 && channels == 0 {
				channels = t.Shape[1]
			}
		}
	}
	tensors := make([]*safetensors.Tensor, len(f.Tensors))
	for i := range f.Tensors {
		tensors[i] = &f.Tensors[i]
	}
	net, err := model.NewGridNetFrom(size, channels, s.Info.Layers, prefix, safetensors.NewDict(tensors))
	if err != nil {
		return nil, refused(err)
	}
	if h, w := net.Grid(); h != s.Info.Side || w != s.Info.Side {
		return nil, refused(fmt.Errorf("its net maps to %dx%d locations, want %dx%d", h, w, s.Info.Side, s.Info.Side))
	}
	s.net = net
	return s, nil
}

func (i *Info) check() error {
	switch {
	case i.Size < 1 || i.Size > maxSize || i.Side < 1 || i.Side > i.Size || i.Size%i.Side != 0:
		return fmt.Errorf("images of %d pixels a side and a grid of %d, want 1 to %d and a divisor", i.Size, i.Side, maxSize)
	case i.Channels < 1 || i.Channels > maxChannels:
		return fmt.Errorf("images of %d channels, want 1 to %d", i.Channels, maxChannels)
	case i.Concept == "" || len(i.Concept) > maxText:
		return fmt.Errorf("a concept of %d bytes, want 1 to %d", len(i.Concept), maxText)
	}
	return nil
}
