package hdf5

import (
	"strings"
	"unicode/utf8"

	"dcganviz/internal/refuse"
)

// A Node is a group or an array.
type Node struct {
	// Path is the names from the root on, with slashes between them; "" for the root.
	Path string
	// Data is the array, or nil for a group.
	Data *Array

	names      []string
	children   map[string]*Node
	attributes map[string]*Array
}

// Names returns the names of a group's members, in the order of the file.
func (n *Node) Names() []string { return n.names }

// Find returns what lies at a path below a group, or nil.
func (n *Node) Find(path string) *Node {
	for _, name := range strings.Split(path, "/") {
		if n = n.children[name]; n == nil {
			return nil
		}
	}
	return n
}

// Attribute returns the attribute of a name, or nil. What is asked of nil is an error.
func (n *Node) Attribute(name string) *Array { return n.attributes[name] }

// node reads the object at an address, and all below it.
func (f *File) node(path string, at uint64, depth int) (*Node, error) {
	switch {
	case f.seen[at]:
		return nil, refuse.Corrupt("%s: an object with two names", refuse.Quote(path))
	case depth > MaxDepth:
		return nil, refuse.TooLarge("%s: groups in groups, want at most %d", refuse.Quote(path), MaxDepth)
	}
	f.seen[at] = true
	n := &Node{Path: path, children: map[string]*Node{}, attributes: map[string]*Array{}}
	if err := f.count(1); err != nil {
		return nil, err
	}
	all, err := f.messages(at)
	if err != nil {
		return nil, within(path, err)
	}
	if err := f.readAttributes(n, all); err != nil {
		return nil, within(path, err)
	}
	if layout := only(all, messageLayout); layout != nil {
		n.Data, err = f.dataset(all, layout)
		return n, within(path, err)
	}
	links, err := f.links(all)
	if err != nil {
		return nil, within(path, err)
	}
	for _, l := range links {
		if !utf8.ValidString(l.name) || l.name == "" || strings.Contains(l.name, "/") {
			return nil, within(path, refuse.Corrupt("a member with the name %s", refuse.Quote(l.name)))
		}
		if n.children[l.name] != nil {
			return nil, within(path, refuse.Corrupt("two members with the name %s", refuse.Quote(l.name)))
		}
		below := l.name
		if path != "" {
			below = path + "/" + l.name
		}
		child, err := f.node(below, l.at, depth+1)
		if err != nil {
			return nil, err
		}
		n.names, n.children[l.name] = append(n.names, l.name), child
	}
	return n, nil
}

// within names the object that an error is about.
func within(path string, err error) error {
	if err == nil || path == "" {
		return err
	}
	return refuse.WithKind(prefixed{path, err}, err)
}

type prefixed struct {
	path string
	err  error
}

func (p prefixed) Error() string { return refuse.Quote(p.path) + ": " + p.err.Error() }
func (p prefixed) Unwrap() error { return p.err }
