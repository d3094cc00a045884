package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"dcganviz/internal/safetensors"
)

// Load reads what Save wrote.
//
// Errors wrap fs.ErrNotExist, ErrRefused, ErrUnsupported or what the system
// says; they name the file, the tensor, what it is and what it should be.
func Load(path string) (*Checkpoint, error) {
	f, err := safetensors.ReadFile(path)
	if err != nil {
		return nil, classify(err)
	}
	c, err := decode(f)
	if err != nil {
		return nil, classify(fmt.Errorf("model: %s: %w", path, err))
	}
	return c, nil
}

// Parse is Load for a file in memory, which is not kept.
func Parse(b []byte) (*Checkpoint, error) {
	f, err := safetensors.Parse(b)
	if err != nil {
		return nil, classify(err)
	}
	c, err := decode(f)
	if err != nil {
		return nil, classify(fmt.Errorf("model: checkpoint: %w", err))
	}
	return c, nil
}

func decode(f *safetensors.File) (*Checkpoint, error) {
	meta, stateG, stateD, err := decodeMeta(f)
	if err != nil {
		return nil, err
	}
	c, cfg := &Checkpoint{SHA256: f.SHA256, Meta: meta}, meta.Config
	if len(stateG) > 0 {
		if c.G, err = LoadG(cfg, prefixG, stateG); err != nil {
			return nil, err
		}
	}
	if len(stateD) > 0 {
		if c.D, err = LoadD(cfg, prefixD, stateD); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// LoadG makes the G of cfg with the weights in tensors, the state dict of one
// net in a file of another kind than Save's, as of a run's state: prefix is
// what its names begin with. Its errors are those of Load, but for the file's
// name. Nothing is allocated for the net unless all of it is there.
func LoadG(cfg Config, prefix string, tensors []*safetensors.Tensor) (*G, error) {
	if err := cfg.validate(true, false); err != nil {
		return nil, &refusal{err, ErrRefused}
	}
	n, err := loadNet(cfg, cfg.generatorLayers(), false, prefix, tensors)
	if err != nil {
		return nil, err
	}
	return &G{n}, nil
}

// LoadD is LoadG for a D.
func LoadD(cfg Config, prefix string, tensors []*safetensors.Tensor) (*D, error) {
	if err := cfg.validate(false, true); err != nil {
		return nil, &refusal{err, ErrRefused}
	}
	n, err := loadNet(cfg, cfg.discriminatorLayers(), true, prefix, tensors)
	if err != nil {
		return nil, err
	}
	return &D{n}, nil
}

// decodeMeta returns what a file says of its nets, and the tensors of each.
func decodeMeta(f *safetensors.File) (meta Meta, g, d []*safetensors.Tensor, err error) {
	kind, ok := f.Metadata[kindKey]
	switch {
	case !ok:
		err = unsupported("no metadata %q: not a checkpoint of this program", kindKey)
	case strings.HasPrefix(kind, "state "):
		err = unsupported("this is the resume state of a training run, want the model beside it")
	case kind != kindName:
		err = unsupported("metadata %q is %.40q, want %q: written by another version", kindKey, kind, kindName)
	}
	if err != nil {
		return meta, nil, nil, err
	}
	if err := json.Unmarshal([]byte(f.Metadata[metaKey]), &meta); err != nil {
		return meta, nil, nil, refuse("metadata %q: %w", metaKey, err)
	}
	if g, d, err = split(f); err != nil {
		return meta, nil, nil, err
	}
	if len(g) == 0 && len(d) == 0 {
		return meta, nil, nil, refuse("neither a G nor a D in it")
	}
	if err := meta.Config.validate(len(g) > 0, len(d) > 0); err != nil {
		return meta, nil, nil, refuse("metadata %q: %w", metaKey, err)
	}
	return meta, g, d, nil
}

// split sorts the tensors of a file by net.
func split(f *safetensors.File) (g, d []*safetensors.Tensor, err error) {
	for i := range f.Tensors {
		t := &f.Tensors[i]
		switch {
		case strings.HasPrefix(t.Name, prefixG):
			g = append(g, t)
		case strings.HasPrefix(t.Name, prefixD):
			d = append(d, t)
		default:
			return nil, nil, refuse("tensor %.80q, want names that begin with %s or %s", t.Name, prefixG, prefixD)
		}
	}
	return g, d, nil
}

// loadNet makes a net of the given layers with the weights of a file. Names
// and shapes are checked before anything is allocated for the net, so that a
// small file cannot claim a large one.
func loadNet(cfg Config, layers []layer, image bool, prefix string, tensors []*safetensors.Tensor) (*net, error) {
	if err := checkShapes(layers, prefix, tensors); err != nil {
		return nil, err
	}
	given := make(map[string]*safetensors.Tensor, len(tensors))
	for _, t := range tensors {
		given[strings.TrimPrefix(t.Name, prefix)] = t
	}
	n := newNet(cfg, layers, image)
	err := n.fill(func(name string, count bool) (*NamedTensor, error) {
		t := given[name]
		if t == nil {
			return nil, nil
		}
		out := &NamedTensor{Name: name, Shape: t.Shape}
		var err error
		if count {
			out.Ints, err = t.Int64s()
		} else {
			out.Data, err = t.Float32s()
		}
		return out, err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", strings.TrimSuffix(prefix, "."), err)
	}
	return n, nil
}

// fill sets the weights and statistics to what get returns for each name, one
// after the other, so that it takes little memory beside the net. get returns
// nil for what is not there, which only a count of batches may be. After an
// error the net is of no use.
func (n *net) fill(get func(name string, count bool) (*NamedTensor, error)) error {
	for _, e := range n.entries() {
		t, err := get(e.name, e.count != nil)
		if err != nil {
			return err
		}
		if t == nil && e.count == nil {
			return refuse("state: no %q of shape %v", e.name, e.shape)
		}
		if t != nil {
			if err := e.check(t); err != nil {
				return &refusal{err, ErrRefused}
			}
		}
		e.set(t)
	}
	for _, p := range n.params {
		p.Changed()
	}
	return nil
}

func checkShapes(layers []layer, prefix string, tensors []*safetensors.Tensor) error {
	given := make(map[string]*safetensors.Tensor, len(tensors))
	for _, t := range tensors {
		given[t.Name] = t
	}
	check := func(name string, shape []int) error {
		t := given[prefix+name]
		delete(given, prefix+name)
		switch {
		case t == nil && len(shape) == 0:
			return nil // num_batches_tracked, which old files lack
		case t == nil:
			return refuse("no tensor %q of shape %v", prefix+name, shape)
		case !slices.Equal(t.Shape, shape):
			return refuse("tensor %q: shape %v, want %v", t.Name, t.Shape, shape)
		}
		return nil
	}
	for i := range layers {
		for name, shape := range layers[i].shapes() {
			if err := check(name, shape); err != nil {
				return err
			}
		}
	}
	for _, t := range tensors { // in order, so that the error is always the same
		if given[t.Name] != nil {
			return refuse("tensor %.80q of shape %v has no place in this net", t.Name, t.Shape)
		}
	}
	return nil
}

// shapes goes through the layer's entries of the state dict, in its order.
func (l *layer) shapes() func(yield func(name string, shape []int) bool) {
	return func(yield func(string, []int) bool) {
		if _, shape := l.weightOrder(); !yield(l.convKey("weight"), shape) {
			return
		}
		if l.bias && !yield(l.convKey("bias"), []int{l.biases()}) {
			return
		}
		if !l.bn {
			return
		}
		for _, what := range []string{"weight", "bias", "running_mean", "running_var"} {
			if !yield(l.bnKey(what), []int{l.bnChannels()}) {
				return
			}
		}
		yield(l.bnKey("num_batches_tracked"), nil)
	}
}
