package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A source is a checkpoint file or folder that was read.
type source struct {
	path   string
	format string // in words
	// sha256 waits for the digest, which is computed while nets are made: the
	// one takes as long as the other.
	sha256 func() string
	size   int         // in bytes
	own    *Checkpoint // of Save; its nets are nil in a survey
	// ownG and ownD are the layers of its nets.
	ownG, ownD []layer
	leaves     []*leaf // of others
	arrays     bool    // the authors'
	// Of a survey: the state dicts that are no leaves, and why they are none.
	dicts []*foreignDict
	why   error
}

// A leaf is a state dict that is one net, or of which it cannot be told.
type leaf struct {
	dict *foreignDict
	also []string // other paths to it
	g, d *chain   // what it is as a G and as a D; nil if it is none
	why  error    // why it is neither
}

func (l *leaf) path() string { return l.dict.path }

func (l *leaf) whyNotD() error {
	if l.why != nil {
		return l.why
	}
	return errors.New("it is a G")
}

// leaf returns the state dict at a key, nil for no key.
func (s *source) leaf(key string) (*leaf, error) {
	switch {
	case key == "":
		return nil, nil
	case s.own != nil:
		return nil, ambiguous("a key %.80q, but a checkpoint of this program has no state dicts to choose from", key)
	}
	var exact, ends []*leaf
	for _, l := range s.leaves {
		paths := append([]string{l.path()}, l.also...)
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
		return nil, ambiguous("%d state dicts at %.80q, want one of %s", len(exact), key, s.list(s.leaves))
	}
	return exact[0], nil
}

// only returns the only G, or D, besides other; nil if there is none.
func (s *source) only(image bool, other *leaf) (*leaf, error) {
	var all []*leaf
	for _, l := range s.leaves {
		if l != other && (image && l.d != nil || !image && l.g != nil) {
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
	return nil, undecided([]string{option}, "%d state dicts can be %s, say which: %s", len(all), what, s.list(all))
}

// list names state dicts in an error.
func (s *source) list(leaves []*leaf) string {
	var paths []string
	for _, l := range leaves {
		paths = append(paths, fmt.Sprintf("%.80q", l.path()))
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
		return unsupported("it does not have the net asked for")
	case len(s.leaves) == 0:
		return unsupported("no state dict in it")
	}
	l := s.leaves[0]
	if l.why == nil {
		return unsupported("it does not have the net asked for")
	}
	if l.path() == "" {
		return unsupported("it is no plain stack of convolutions and linear layers: %w", l.why)
	}
	return unsupported("state dict %.80q is no plain stack of convolutions and linear layers: %w", l.path(), l.why)
}
