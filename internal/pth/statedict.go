package pth

import (
	"fmt"
	"strings"

	"dcganviz/internal/refuse"
)

// DataParallel is what torch.nn.DataParallel puts before every name, a prefix
// for TrimPrefix (torch.compile puts "_orig_mod.").
const DataParallel = "module."

// StateDict is a dict of a checkpoint that looks like the state of a module.
type StateDict struct {
	// Path is where it is, such as "netG" or "state.model"; "" is the root.
	Path string
	// Tensors are in the order of the file.
	Tensors []Named
	// Others are the keys whose values are no tensors.
	Others []string

	dict    *Dict
	index   map[string]int
	weights bool // one at least is named like a weight
}

// Named is a tensor under its name in a state dict.
type Named struct {
	Name   string
	Tensor *Tensor
}

// Tensor returns the tensor of that name, or ErrNoTensor.
func (s *StateDict) Tensor(name string) (*Tensor, error) {
	if i, ok := s.index[name]; ok {
		return s.Tensors[i].Tensor, nil
	}
	return nil, fmt.Errorf("pth: tensor %s among %d: %w", refuse.Quote(name), len(s.Tensors), ErrNoTensor)
}

// TrimPrefix returns the state dict with prefix taken off the names of its
// tensors, and true. It returns s itself and false where it has no tensors or
// one without the prefix.
func (s *StateDict) TrimPrefix(prefix string) (*StateDict, bool) {
	for _, t := range s.Tensors {
		if !strings.HasPrefix(t.Name, prefix) {
			return s, false
		}
	}
	if len(s.Tensors) == 0 {
		return s, false
	}
	short := &StateDict{Path: s.Path, Others: s.Others, dict: s.dict, index: make(map[string]int, len(s.Tensors))}
	for _, t := range s.Tensors {
		short.add(strings.TrimPrefix(t.Name, prefix), t.Tensor)
	}
	return short, true
}

func (s *StateDict) add(name string, t *Tensor) {
	s.index[name] = len(s.Tensors)
	s.Tensors = append(s.Tensors, Named{name, t})
}

// StateDicts returns the candidates: dicts with only text for keys that hold
// a tensor named like a weight; where there are none, those that hold nothing
// but tensors. The states of optimizers, which count their parameters instead
// of naming them, are none. A dict that is reachable in several ways is listed
// under each path that leads to it from the containers' first ones.
func (f *File) StateDicts() []*StateDict {
	w := walker{seen: make(map[Value]bool), dicts: make(map[*Dict]*StateDict)}
	w.walk(f.Root, "")
	if len(w.weights) > 0 {
		return w.weights
	}
	return w.tensors
}

// StateDict returns the candidate at path, or the only one for "". A path may
// be cut short to its last keys where that leaves one candidate. Otherwise the
// error wraps ErrAmbiguous or ErrNoStateDict and lists the candidates.
func (f *File) StateDict(path string) (*StateDict, error) {
	all := f.StateDicts()
	var found []*StateDict
	for _, s := range all {
		if s.Path == path && path != "" {
			return s, nil
		}
		if path != "" && !strings.HasSuffix(s.Path, "."+path) {
			continue
		}
		// The same dict at two paths is one candidate.
		if len(found) == 0 || found[0].dict != s.dict {
			found = append(found, s)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("pth: %d state dicts, want the key of one: %s: %w", len(found), list(found), ErrAmbiguous)
	case len(all) == 0:
		return nil, fmt.Errorf("pth: %s without a dict of tensors by name: %w", f.Root.kind(), ErrNoStateDict)
	}
	return nil, fmt.Errorf("pth: key %s, want one of %s: %w", refuse.Quote(path), list(all), ErrNoStateDict)
}

// maxListed is how many candidates an error lists.
const maxListed = 10

func list(all []*StateDict) string {
	var parts []string
	for i, s := range all {
		if i == maxListed {
			parts = append(parts, fmt.Sprintf("and %d more", len(all)-maxListed))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%d tensors)", refuse.Quote(s.Path), len(s.Tensors)))
	}
	return strings.Join(parts, ", ")
}

// Where the search for candidates ends; no real checkpoint comes near.
const (
	maxPath       = 1000 // bytes of a path
	maxCandidates = 1000
)

// walker collects candidates, those with weights and those of tensors alone.
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
	s := &StateDict{dict: d, index: make(map[string]int)}
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
		s.add(string(name), t)
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
