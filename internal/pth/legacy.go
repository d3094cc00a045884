package pth

import (
	"fmt"
	"slices"

	"dcganviz/internal/refuse"
)

// protocolVersion is the only version of the legacy format that there is.
const protocolVersion = 1001

// chunk is how much of a legacy file ReadHeader looks at first.
const chunk = 64 << 10

// legacy reads the older format: five pickles (magic number, version, system,
// object, keys of the storages), then for each key the number of elements and
// the elements.
func (b *builder) legacy(f *File) error {
	u, keys, err := b.pickles(f)
	if err != nil {
		return err
	}
	if len(keys) != len(b.order) {
		return refuse.Corrupt("%d storages follow the pickles, they name %d", len(keys), len(b.order))
	}
	at := int64(u.at)
	seen := make(map[string]bool, len(keys))
	for _, item := range keys {
		key, _ := item.(String)
		s := b.storages[string(key)]
		if s == nil || seen[s.Key] {
			return refuse.Corrupt("storage %s follows the pickles, want each that they name once", refuse.Quote(string(key)))
		}
		seen[s.Key] = true
		n, err := b.src.part(at, 8)
		if err != nil {
			return fmt.Errorf("storage %s: %w", refuse.Quote(s.Key), err)
		}
		if got := le.Uint64(n); got != uint64(s.Len) {
			return refuse.Corrupt("storage %s at byte %d has %d elements, want %d", refuse.Quote(s.Key), at, got, s.Len)
		}
		at += 8
		size := int64(s.Len) * int64(s.DType.Size())
		if size > b.src.size-at {
			return refuse.Corrupt("storage %s has %d bytes, only %d are left", refuse.Quote(s.Key), size, b.src.size-at)
		}
		if b.src.mem != nil {
			s.data = b.src.mem[at : at+size : at+size]
		}
		at += size
	}
	if at != b.src.size {
		return refuse.Corrupt("%d bytes after the last storage", b.src.size-at)
	}
	b.doubt(f.Tensors)
	return nil
}

// pickles runs the five pickles, and returns the last one's list.
func (b *builder) pickles(f *File) (*machine, []Value, error) {
	size := b.src.size
	if b.src.mem == nil {
		size = min(size, chunk)
	}
	for {
		part, err := b.src.part(0, size)
		if err != nil {
			return nil, nil, err
		}
		u := &machine{b: part, place: "pickle", spent: &b.spent}
		keys, err := b.run(f, u)
		if err == nil || !u.short || size == b.src.size {
			return u, keys, err
		}
		// The pickles may go on: start again with more of the file.
		if size > MaxPickle {
			return nil, nil, refuse.TooLarge("pickles of more than %d bytes", MaxPickle)
		}
		size = min(4*size, b.src.size)
		b.spent = 0
		b.order = nil
		clear(b.storages)
	}
}

// run runs the pickles of one try.
func (b *builder) run(f *File, u *machine) ([]Value, error) {
	u.at = legacyStart(string(u.b[:min(len(u.b), SniffBytes)]))
	version, err := u.run()
	if err != nil {
		return nil, err
	}
	if version != Value(Int(protocolVersion)) {
		return nil, refuse.Corrupt("version %s, want %d", join("", version), protocolVersion)
	}
	system, err := u.run()
	if err != nil {
		return nil, err
	}
	d, ok := system.(*Dict)
	if !ok {
		return nil, refuse.Corrupt("%s in place of the writer's system, want a dict", system.kind())
	}
	if little, _ := d.Get("little_endian"); little != Value(Bool(true)) {
		return nil, refuse.Unsupported("written on a big-endian machine: load and save it again with torch")
	}
	u.load = func(id Value) (Value, error) {
		s, _, err := b.storage(id, 6)
		if err != nil {
			return nil, err
		}
		if view := id.(*Tuple).Items[5]; view != Value(None{}) {
			return nil, refuse.Unsupported("storage %s is a view of another: load and save it again with torch", refuse.Quote(s.Key))
		}
		return s, nil
	}
	root, err := u.run()
	if err != nil {
		return nil, err
	}
	u.load = nil
	if err := b.finish(f, u, root); err != nil {
		return nil, err
	}
	v, err := u.run()
	if err != nil {
		return nil, err
	}
	keys, ok := v.(*List)
	if !ok {
		return nil, refuse.Corrupt("%s in place of the storages' keys, want a list", v.kind())
	}
	return keys.Items, nil
}

// doubt marks the storages whose elements are not given out. The format has no
// checksum, so a flipped bit in a shape or a stride cannot be told from a view
// that shows a part of its storage or shows elements twice; state dicts have
// no such views.
func (b *builder) doubt(tensors []*Tensor) {
	type span struct{ from, to int }
	spans := make(map[*Storage][]span)
	for _, t := range tensors {
		s := t.Storage
		if !t.dense() {
			s.doubt = fmt.Sprintf("shape %v with strides %v skips or repeats elements, and a legacy file has no checksum "+
				"to tell that from damage: in Python, save its clone()", t.Shape, t.Strides)
		}
		spans[s] = append(spans[s], span{t.Offset, t.Offset + t.Len()})
	}
	for s, list := range spans {
		slices.SortFunc(list, func(a, b span) int { return a.from - b.from })
		covered := 0
		for _, x := range list {
			if x.from > covered {
				break
			}
			covered = max(covered, x.to)
		}
		if covered < s.Len && s.doubt == "" {
			s.doubt = fmt.Sprintf("element %d and perhaps more of its storage's %d belong to no tensor, and a legacy file has no checksum "+
				"to tell that from damage: in Python, save its clone()", covered, s.Len)
		}
	}
}
