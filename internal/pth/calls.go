package pth

import (
	"fmt"
	"unicode/utf8"

	"dcganviz/internal/refuse"
)

// makeDict is OrderedDict, Counter or dict: of nothing, of a dict, or of a list
// of pairs, as Python 2 wrote it.
func (u *machine) makeDict(args []Value) (Value, error) {
	d := &Dict{}
	if err := u.spend(costObject); err != nil || len(args) == 0 {
		return d, err
	}
	if len(args) != 1 {
		return nil, wrongArgs(args, "at most one")
	}
	switch from := args[0].(type) {
	case *Dict:
		if err := u.spend((costEntry + 2*costPush) * from.Len()); err != nil {
			return nil, err
		}
		d.grow(from.Len())
		for k, v := range from.All() {
			if err := d.add(k, v); err != nil {
				return nil, err
			}
		}
		return d, nil
	case *List:
		if err := u.spend((costEntry + 2*costPush) * len(from.Items)); err != nil {
			return nil, err
		}
		d.grow(len(from.Items))
		for _, item := range from.Items {
			pair := sequence(item)
			if len(pair) != 2 {
				return nil, refuse.Corrupt("%s in a list of keys with values, want a pair", item.kind())
			}
			if err := d.add(pair[0], pair[1]); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
	return nil, wrongArgs(args, "a dict or a list of pairs")
}

// makeDefaultDict makes a dict; what it would make for missing keys is dropped.
func (u *machine) makeDefaultDict(args []Value) (Value, error) {
	if len(args) == 1 {
		switch args[0].(type) {
		case *callable, None:
			return &Dict{}, u.spend(costObject)
		}
	}
	return nil, wrongArgs(args, "a class of the allow-list")
}

func (u *machine) makeList(args []Value) (Value, error) {
	if len(args) == 0 {
		return &List{}, u.spend(costObject)
	}
	return nil, wrongArgs(args, "none")
}

func (u *machine) makeSet(args []Value) (Value, error) {
	if len(args) == 0 {
		return &Set{}, u.spend(costObject)
	}
	if list, ok := args[0].(*List); ok && len(args) == 1 {
		if err := u.spend(costObject + costPush*len(list.Items)); err != nil {
			return nil, err
		}
		return &Set{Items: append([]Value(nil), list.Items...)}, nil
	}
	return nil, wrongArgs(args, "a list")
}

func (u *machine) makeSize(args []Value) (Value, error) {
	if len(args) == 1 {
		if t, ok := args[0].(*Tuple); ok {
			return t, nil
		}
	}
	return nil, wrongArgs(args, "a tuple")
}

func (u *machine) makeDevice(args []Value) (Value, error) {
	if len(args) == 1 || len(args) == 2 {
		name, ok := args[0].(String)
		if ok && len(args) == 1 {
			return name, nil
		}
		if index, isInt := args[len(args)-1].(Int); ok && isInt {
			if err := u.spend(costNumber + 2*len(name)); err != nil {
				return nil, err
			}
			return String(fmt.Sprintf("%s:%d", name, index)), nil
		}
	}
	return nil, wrongArgs(args, "the name and the number of a device")
}

// encode is _codecs.encode for text to latin1: how Python 3 spells bytes at
// protocol 2.
func (u *machine) encode(args []Value) (Value, error) {
	if len(args) != 2 {
		return nil, wrongArgs(args, "text and the name of an encoding")
	}
	text, ok := args[0].(String)
	if name := args[1]; !ok || name != Value(String("latin1")) && name != Value(String("latin-1")) {
		return nil, wrongArgs(args, `text and "latin1"`)
	}
	if err := u.spendText(len(text)); err != nil {
		return nil, err
	}
	b := make([]byte, 0, utf8.RuneCountInString(string(text)))
	for _, r := range string(text) {
		if r > 0xff {
			return nil, refuse.Corrupt("character %q as latin1", r)
		}
		b = append(b, byte(r))
	}
	return Bytes(b), nil
}

// rebuildParameter returns the tensor of a parameter: (data, requires_grad,
// hooks), with or without attributes.
func (u *machine) rebuildParameter(args []Value) (Value, error) {
	if len(args) == 3 || len(args) == 4 {
		if t, ok := args[0].(*Tensor); ok {
			return t, nil
		}
	}
	return nil, wrongArgs(args, "a tensor, requires_grad and hooks")
}

// rebuildTensor makes a tensor from (storage, offset, size, stride) and,
// in version 2, (requires_grad, hooks) and perhaps metadata.
func (u *machine) rebuildTensor(args []Value) (Value, error) {
	const want = "a storage, an offset, a size, strides, requires_grad, hooks"
	if len(args) != 4 && len(args) != 6 && len(args) != 7 {
		return nil, wrongArgs(args, want)
	}
	s, ok1 := args[0].(*Storage)
	offset, ok2 := args[1].(Int)
	shape, ok3 := ints(args[2])
	strides, ok4 := ints(args[3])
	if !ok1 || !ok2 || !ok3 || !ok4 || Int(int(offset)) != offset {
		return nil, wrongArgs(args, want)
	}
	if len(args) == 7 {
		switch bits := args[6].(type) {
		case None:
		case *Dict:
			if bits.Len() > 0 { // conjugated or negated elements
				return nil, refuse.Unsupported("a tensor whose elements are changed when they are read, save its clone()")
			}
		default:
			return nil, wrongArgs(args, want+", metadata")
		}
	}
	t := &Tensor{DType: s.DType, Shape: shape, Strides: strides, Offset: int(offset), Storage: s}
	if err := t.check(); err != nil {
		return nil, err
	}
	if err := u.spend(costTensor + 2*costAxis*len(shape)); err != nil {
		return nil, err
	}
	u.tensors = append(u.tensors, t)
	return t, nil
}

// sequence returns the items of a list or tuple.
func sequence(v Value) []Value {
	switch v := v.(type) {
	case *List:
		return v.Items
	case *Tuple:
		return v.Items
	}
	return nil
}

// ints returns the items of a tuple or list of ints.
func ints(v Value) ([]int, bool) {
	switch v.(type) {
	case *List, *Tuple:
	default:
		return nil, false
	}
	items := sequence(v)
	out := make([]int, 0, min(len(items), MaxRank+1))
	for _, item := range items[:min(len(items), MaxRank+1)] {
		n, ok := item.(Int)
		if !ok || Int(int(n)) != n {
			return nil, false
		}
		out = append(out, int(n))
	}
	return out, true
}
