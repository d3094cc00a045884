package pth

import (
	"iter"
	"slices"

	"dcganviz/internal/refuse"
)

// Value is an object of a pickle: None, Bool, Int, BigInt, Float, String,
// Bytes, DType, *List, *Tuple, *Set, *Dict, *Tensor or *Storage, and in a pickle of data
// *Array.
//
// Containers may be shared, that is reached in several ways, as in Python; none
// holds itself.
type Value interface {
	// kind names the sort of value in an error message, with its article.
	kind() string
}

type (
	// None is Python's None.
	None struct{}
	// Bool is True or False, also one of numpy's.
	Bool bool
	// Int is an integer, also one of numpy's.
	Int int64
	// BigInt is an integer that does not fit an Int, in decimal digits.
	BigInt string
	// Float is a float, also one of numpy's.
	Float float64
	// String is text in UTF-8, or the name of a device such as "cuda:0".
	String string
	// Bytes are bytes, or text of Python 2 that is not in UTF-8.
	Bytes string
	// List is a list.
	List struct {
		Items []Value
		mark  mark
	}
	// Tuple is a tuple; torch.Size is one.
	Tuple struct {
		Items []Value
		mark  mark
	}
	// Set is a set or frozenset, in the order of the file.
	Set struct {
		Items []Value
		mark  mark
	}
)

func (None) kind() string     { return "None" }
func (Bool) kind() string     { return "a bool" }
func (Int) kind() string      { return "an int" }
func (BigInt) kind() string   { return "an int" }
func (Float) kind() string    { return "a float" }
func (String) kind() string   { return "a string" }
func (Bytes) kind() string    { return "bytes" }
func (DType) kind() string    { return "a dtype" }
func (*List) kind() string    { return "a list" }
func (*Tuple) kind() string   { return "a tuple" }
func (*Set) kind() string     { return "a set" }
func (*Dict) kind() string    { return "a dict" }
func (*Tensor) kind() string  { return "a tensor" }
func (*Storage) kind() string { return "a storage" }

// Dict is a dict in the order of the file: a dict, OrderedDict, defaultdict or
// Counter.
type Dict struct {
	keys, values []Value
	index        map[Value]int // nil while there are few
	mark         mark
}

// Len returns the number of entries.
func (d *Dict) Len() int { return len(d.keys) }

// All yields the keys and values in order.
func (d *Dict) All() iter.Seq2[Value, Value] {
	return func(yield func(k, v Value) bool) {
		for i, k := range d.keys {
			if !yield(k, d.values[i]) {
				return
			}
		}
	}
}

// Get returns the value of a string key.
func (d *Dict) Get(key string) (Value, bool) {
	if i := d.find(String(key)); i >= 0 {
		return d.values[i], true
	}
	return nil, false
}

// fewEntries is up to where looking at every key is cheaper than a map.
const fewEntries = 8

// find returns where key is, or -1. Tuples are equal only to themselves.
func (d *Dict) find(key Value) int {
	if d.index != nil {
		if i, ok := d.index[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range d.keys {
		if k == key {
			return i
		}
	}
	return -1
}

// add appends an entry, for which there is room. No file of torch.save gives a key twice.
func (d *Dict) add(key, value Value) error {
	switch key.(type) {
	case None, Bool, Int, BigInt, Float, String, Bytes, DType, *Tuple:
	default:
		return refuse.Corrupt("%s as the key of a dict, want one that Python can hash", key.kind())
	}
	if d.find(key) >= 0 {
		if s, ok := key.(String); ok {
			return refuse.Corrupt("key %s given twice in one dict", refuse.Quote(string(s)))
		}
		return refuse.Corrupt("key %s given twice in one dict", join("", key))
	}
	d.keys, d.values = append(d.keys, key), append(d.values, value)
	if d.index != nil {
		d.index[key] = len(d.keys) - 1
	}
	return nil
}

// grow makes room for n more entries.
func (d *Dict) grow(n int) {
	d.keys, d.values = slices.Grow(d.keys, n), slices.Grow(d.values, n)
	if n += len(d.keys); d.index == nil && n > fewEntries {
		d.index = make(map[Value]int, n)
		for i, k := range d.keys {
			d.index[k] = i
		}
	}
}
