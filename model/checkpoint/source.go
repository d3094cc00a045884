package checkpoint

import (
	"fmt"
	"slices"
	"strings"

	"dcganviz/model/checkpoint/internal/infer"
)

// A source is a checkpoint file or folder that was read.
type source struct {
	path   string
	format string // in words
	// sha256 waits for the digest, which is computed while nets are made: the
	// one takes as long as the other.
	sha256 func() string
	size   int              // in bytes
	own    *ownFile         // of Save
	nets   []*infer.NetDict // of others
	arrays bool             // the authors'
	// Of a survey: other state dicts, and why no net can be made of the file.
	dicts []*infer.Dict
	why   error
}

// at returns the state dict at a key; nil for no key.
func (s *source) at(key string) (*infer.NetDict, error) {
	switch {
	case key == "":
		return nil, nil
	case s.own != nil:
		return nil, infer.Ambiguous("a key %.80q, but a checkpoint of this program has no state dicts to choose from", key)
	}
	var exact, ends []*infer.NetDict
	for _, l := range s.nets {
		paths := append([]string{l.Path()}, l.Also...)
		if slices.Contains(paths, key) {
			exact = append(exact, l)
		} else if slices.ContainsFunc(paths, func(p string) bool { return strings.HasSuffix(p, "."+key) }) {
			ends = append(ends, l)
		}
	}
	if len(exact) == 0 {
		exact = ends
	}
	if len(exact) != 1 {
		return nil, infer.Ambiguous("%d state dicts at %.80q, want one of %s", len(exact), key, s.list(s.nets))
	}
	return exact[0], nil
}

// only returns the only G, or the only D if image is set, besides other. It returns
// nil if the source has no such net.
func (s *source) only(image bool, other *infer.NetDict) (*infer.NetDict, error) {
	var all []*infer.NetDict
	for _, l := range s.nets {
		if l != other && (image && l.D != nil || !image && l.G != nil) {
			all = append(all, l)
		}
	}
	switch len(all) {
	case 0:
		return nil, nil
	case 1:
		return all[0], nil
	}
	what, option := "G", "Key"
	if image {
		what, option = "D", "DiscKey"
	}
	return nil, infer.Undecided([]string{option}, "%d state dicts can be %s, say which: %s", len(all), what, s.list(all))
}

// list names state dicts in an error.
func (s *source) list(nets []*infer.NetDict) string {
	var paths []string
	for _, l := range nets {
		paths = append(paths, fmt.Sprintf("%.80q", l.Path()))
	}
	if len(paths) == 0 {
		return "none"
	}
	return strings.Join(paths, ", ")
}

// nothing says why there is no net in a source.
func (s *source) nothing() error {
	switch {
	case s.own != nil:
		return infer.Unsupported("it does not have the net asked for")
	case len(s.nets) == 0:
		return infer.Unsupported("no state dict in it")
	}
	l := s.nets[0]
	if l.Why == nil {
		return infer.Unsupported("it does not have the net asked for")
	}
	if l.Path() == "" {
		return infer.Unsupported("it is no plain stack of convolutions and linear layers: %w", l.Why)
	}
	return infer.Unsupported("state dict %.80q is no plain stack of convolutions and linear layers: %w", l.Path(), l.Why)
}
