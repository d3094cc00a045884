package pth

import "dcganviz/internal/refuse"

// container pushes an empty one.
func (u *machine) container(v Value) error {
	if err := u.spend(costObject); err != nil {
		return err
	}
	return u.push(v)
}

func (u *machine) tuple(n int) error {
	items, err := u.popItems(n)
	if err != nil {
		return err
	}
	return u.container(&Tuple{Items: items})
}

func (u *machine) markedTuple() error {
	items, err := u.popMark()
	if err != nil {
		return err
	}
	return u.container(&Tuple{Items: append([]Value(nil), items...)})
}

func (u *machine) appendOne() error {
	items, err := u.popItems(1)
	if err != nil {
		return err
	}
	return u.appendTo(items)
}

func (u *machine) appends() error {
	items, err := u.popMark()
	if err != nil {
		return err
	}
	return u.appendTo(items)
}

// appendTo appends items to the list on top of the stack.
func (u *machine) appendTo(items []Value) error {
	v, err := u.top()
	if err != nil {
		return err
	}
	list, ok := v.(*List)
	if !ok {
		return refuse.Corrupt("%s, want a list", v.kind())
	}
	list.Items = append(list.Items, items...)
	return nil
}

func (u *machine) setItem() error {
	items, err := u.popItems(2)
	if err != nil {
		return err
	}
	return u.setIn(items)
}

func (u *machine) setItems() error {
	items, err := u.popMark()
	if err != nil {
		return err
	}
	return u.setIn(items)
}

// setIn puts keys and values into the dict on top of the stack.
func (u *machine) setIn(items []Value) error {
	v, err := u.top()
	if err != nil {
		return err
	}
	d, ok := v.(*Dict)
	if !ok {
		return refuse.Corrupt("%s, want a dict", v.kind())
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

func (u *machine) addItems() error {
	items, err := u.popMark()
	if err != nil {
		return err
	}
	v, err := u.top()
	if err != nil {
		return err
	}
	set, ok := v.(*Set)
	if !ok {
		return refuse.Corrupt("%s, want a set", v.kind())
	}
	set.Items = append(set.Items, items...)
	return nil
}

func (u *machine) frozenSet() error {
	items, err := u.popMark()
	if err != nil {
		return err
	}
	return u.container(&Set{Items: append([]Value(nil), items...)})
}
