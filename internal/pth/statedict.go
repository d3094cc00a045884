package pth

import "strings"

// StateDict is a dict of a checkpoint that looks like the state of a module.
type StateDict struct {
	// Path is where it is, such as "netG" or "state.model"; "" is the root.
	Path string
	// Tensors are in the order of the file.
	Tensors []Named
	// Others are the keys whose values are no tensors.
	Others []string

	weights bool // one at least is named like a weight
}

// Named is a tensor under its name in a state dict.
type Named struct {
	Name   string
	Tensor *Tensor
}

// StateDicts returns the candidates: dicts whose keys are all text and that hold a
// tensor named like a weight. If the file has no such dict, it returns the dicts
// that hold nothing but tensors. The state of an optimizer is no candidate, because
// it numbers its parameters instead of naming them. A dict that is reachable in
// several ways is listed under each path that leads to it from the containers'
// first ones.
func (f *File) StateDicts() []*StateDict {
	w := walker{seen: make(map[Value]bool), dicts: make(map[*Dict]*StateDict)}
	w.walk(f.Root, "")
	if len(w.weights) > 0 {
		return w.weights
	}
	return w.tensors
}

// Where the search for candidates ends; no real checkpoint comes near.
const (
	maxPath       = 1000 // bytes of a path
	maxCandidates = 1000
)

// walker collects the candidates with weights and those with tensors alone.
type walker struct {
	seen             map[Value]bool
	dicts            map[*Dict]*StateDict // what each dict is, at its first path
	weights, tensors []*StateDict
}

func (w *walker) walk(v Value, path string) {
	if len(path) > maxPath || len(w.weights)+len(w.tensors) >= maxCandidates {
		return
	}
	d, isDict := v.(*Dict)
	if isDict {
		w.visit(d, path)
	}
	_, items := children(v)
	if items == nil || w.seen[v] {
		return
	}
	w.seen[v] = true
	for key, item := range items {
		switch item.(type) {
		case *Dict, *List, *Tuple:
		default:
			continue
		}
		if _, isText := key.(String); isText || !isDict {
			w.walk(item, join(path, key))
		}
	}
}

// visit adds d when it looks like a state dict.
func (w *walker) visit(d *Dict, path string) {
	s, known := w.dicts[d]
	if !known {
		s = candidate(d)
		w.dicts[d] = s
	}
	if s == nil {
		return
	}
	at := *s
	at.Path = path
	if at.weights {
		w.weights = append(w.weights, &at)
	} else {
		w.tensors = append(w.tensors, &at)
	}
}

// candidate returns d as a state dict, or nil where it does not look like one.
func candidate(d *Dict) *StateDict {
	s := &StateDict{}
	for key, value := range d.All() {
		name, ok := key.(String)
		if !ok {
			return nil
		}
		t, ok := value.(*Tensor)
		if !ok {
			s.Others = append(s.Others, string(name))
			continue
		}
		s.Tensors = append(s.Tensors, Named{string(name), t})
		s.weights = s.weights || isWeight(string(name))
	}
	if s.weights || len(s.Tensors) > 0 && len(s.Others) == 0 {
		return s
	}
	return nil
}

// isWeight reports whether a name ends as torch's modules name their weights,
// also under spectral and weight normalization.
func isWeight(name string) bool {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "weight", "weight_orig", "weight_v":
		return true
	}
	return false
}
