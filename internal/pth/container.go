package pth

import "dcganviz/internal/refuse"

// last makes an opcode of f, which gets the last n objects of the stack.
func last(n int, f func(u *machine, items []Value) error) func(*machine) error {
	return func(u *machine) error {
		items, err := u.popItems(n)
		if err != nil {
			return err
		}
		return f(u, items)
	}
}

// marked makes an opcode of f, which gets the objects above the last mark.
func marked(f func(u *machine, items []Value) error) func(*machine) error {
	return func(u *machine) error {
		items, err := u.popMark()
		if err != nil {
			return err
		}
		return f(u, items)
	}
}

// container pushes an empty one.
func (u *machine) container(v Value) error {
	if err := u.spend(costObject); err != nil {
		return err
	}
	return u.push(v)
}

func (u *machine) tuple(items []Value) error {
	return u.container(&Tuple{Items: append([]Value(nil), items...)})
}

func (u *machine) frozenSet(items []Value) error {
	return u.container(&Set{Items: append([]Value(nil), items...)})
}

// topAs returns the object on top of the stack, which must be a T.
func topAs[T Value](u *machine, want string) (T, error) {
	v, err := u.top()
	t, ok := v.(T)
	if err == nil && !ok {
		err = refuse.Corrupt("%s, want %s", v.kind(), want)
	}
	return t, err
}

// appendTo appends items to the list on top of the stack.
func (u *machine) appendTo(items []Value) error {
	list, err := topAs[*List](u, "a list")
	if err != nil {
		return err
	}
	list.Items = append(list.Items, items...)
	return nil
}

// addItems adds items to the set on top of the stack.
func (u *machine) addItems(items []Value) error {
	set, err := topAs[*Set](u, "a set")
	if err != nil {
		return err
	}
	set.Items = append(set.Items, items...)
	return nil
}

// setIn puts keys and values into the dict on top of the stack.
func (u *machine) setIn(items []Value) error {
	d, err := topAs[*Dict](u, "a dict")
	if err != nil {
		return err
	}
	return u.addPairs(d, items)
}

// addPairs adds items, keys and values by turns, to d.
func (u *machine) addPairs(d *Dict, items []Value) error {
	if len(items)%2 != 0 {
		return refuse.Corrupt("%d objects, want keys and values by turns", len(items))
	}
	if err := u.spend(costEntry * (len(items) / 2)); err != nil {
		return err
	}
	d.grow(len(items) / 2)
	for i := 0; i < len(items); i += 2 {
		if err := d.add(items[i], items[i+1]); err != nil {
			return err
		}
	}
	return nil
}
