package checkpoint

import (
	"encoding/json"
	"strings"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint/internal/infer"
)

// An ownFile is what a file of Save holds.
type ownFile struct {
	meta Meta
	g, d *ownNet // nil if it is not there
}

// An ownNet is a net of a file of Save.
type ownNet struct {
	outline model.Outline
	prefix  string
	dict    *safetensors.Dict
}

// decodeOwn checks what a file of Save says of its nets, and that their tensors
// are there.
func decodeOwn(f *safetensors.File) (*ownFile, error) {
	switch kind := f.Metadata[kindKey]; {
	case strings.HasPrefix(kind, "state "):
		return nil, infer.Unsupported("this is the resume state of a training run, want the model beside it")
	case kind != kindName:
		return nil, infer.Unsupported("metadata %q is %.40q, want %q: written by another version", kindKey, kind, kindName)
	}
	own := new(ownFile)
	if err := json.Unmarshal([]byte(f.Metadata[metaKey]), &own.meta); err != nil {
		return nil, infer.Refuse("metadata %q: %w", metaKey, err)
	}
	g, d, err := split(f)
	if err != nil {
		return nil, err
	}
	if len(g) == 0 && len(d) == 0 {
		return nil, infer.Refuse("neither a G nor a D in it")
	}
	if own.g, err = newOwnNet(own.meta.Config.GOutline, prefixG, g); err != nil {
		return nil, err
	}
	if own.d, err = newOwnNet(own.meta.Config.DOutline, prefixD, d); err != nil {
		return nil, err
	}
	return own, nil
}

// newOwnNet checks one net. Without tensors it returns nil.
func newOwnNet(outline func() (model.Outline, error), prefix string, tensors []*safetensors.Tensor) (*ownNet, error) {
	if len(tensors) == 0 {
		return nil, nil
	}
	o, err := outline()
	if err != nil {
		return nil, infer.Refuse("metadata %q: %w", metaKey, err)
	}
	n := &ownNet{outline: o, prefix: prefix, dict: safetensors.NewDict(tensors)}
	if err := o.CheckDict(prefix, n.dict); err != nil {
		return nil, infer.Refuse("%w", err)
	}
	return n, nil
}

// split separates the tensors of G from the tensors of D.
func split(f *safetensors.File) (g, d []*safetensors.Tensor, err error) {
	for i := range f.Tensors {
		t := &f.Tensors[i]
		switch {
		case strings.HasPrefix(t.Name, prefixG):
			g = append(g, t)
		case strings.HasPrefix(t.Name, prefixD):
			d = append(d, t)
		default:
			return nil, nil, infer.Refuse("tensor %.80q, want names that begin with %s or %s", t.Name, prefixG, prefixD)
		}
	}
	return g, d, nil
}
