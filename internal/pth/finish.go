package pth

import (
	"iter"
	"strconv"

	"dcganviz/internal/refuse"
)

// mark is what finish knows of a container: 0 nothing yet, -1 that it is being
// looked at, and otherwise 1 plus the levels of containers below it.
type mark int8

const open mark = -1

// finish looks at every object once: it refuses cycles, deep nesting and
// functions that were named but not called, and names the tensors. It returns
// how many levels of containers v has.
func (u *machine) finish(v Value, path string, depth int) (levels int, err error) {
	m, items := children(v)
	if m == nil {
		return 0, leaf(v, path)
	}
	switch {
	case *m == open:
		return 0, refuse.Corrupt("a container holds itself")
	case *m > 0:
		levels = int(*m)
	}
	if depth+max(levels, 1) > MaxDepth {
		return 0, refuse.TooLarge("containers nested deeper than %d", MaxDepth)
	}
	if levels > 0 {
		return levels, nil
	}
	*m = open
	for key, item := range items {
		below := path
		switch item.(type) {
		case *Dict, *List, *Tuple, *Set, *Tensor:
			below = join(path, key)
			if err := u.spend(len(below)); err != nil {
				return 0, err
			}
		}
		n, err := u.finish(item, below, depth+1)
		if err != nil {
			return 0, err
		}
		levels = max(levels, n)
	}
	levels++
	*m = mark(levels)
	return levels, nil
}

// leaf is finish for what is no container.
func leaf(v Value, path string) error {
	switch v := v.(type) {
	case *Tensor:
		if v.Name == "" {
			v.Name = path
		}
	case *callable, *storageClass, *numpyType:
		return foreign("%s as a value, want only tensors, containers and numbers", v.kind())
	}
	return nil
}

// children returns the mark of a container and its items by key. Anything else has
// a nil mark and no items. The keys of a dict are items too; they have no key.
func children(v Value) (*mark, iter.Seq2[Value, Value]) {
	switch v := v.(type) {
	case *Dict:
		return &v.mark, func(yield func(key, item Value) bool) {
			for i, k := range v.keys {
				if !yield(None{}, k) || !yield(k, v.values[i]) {
					return
				}
			}
		}
	case *List:
		return &v.mark, numbered(v.Items)
	case *Tuple:
		return &v.mark, numbered(v.Items)
	case *Set:
		return &v.mark, numbered(v.Items)
	}
	return nil, nil
}

func numbered(items []Value) iter.Seq2[Value, Value] {
	return func(yield func(key, item Value) bool) {
		for i, item := range items {
			if !yield(Int(i), item) {
				return
			}
		}
	}
}

// join appends a key to a path of keys, which is empty at the root. Keys that
// are neither text nor numbers appear as their kind.
func join(path string, key Value) string {
	var name string
	switch key := key.(type) {
	case String:
		name = string(key)
	case Int:
		name = strconv.FormatInt(int64(key), 10)
	default:
		name = "(" + key.kind() + ")"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}
