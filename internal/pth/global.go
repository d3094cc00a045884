package pth

import (
	"strings"

	"dcganviz/internal/refuse"
)

// callable is a function or class that the machine knows. It never stays in
// the tree that a caller gets.
type callable struct {
	name string
	call func(u *machine, args []Value) (Value, error)
}

func (c *callable) kind() string { return c.name }

// storageClass is a class of storages, as a persistent id names it.
type storageClass struct {
	name  string
	dtype DType // "" if the class does not say
}

func (c *storageClass) kind() string { return "the class " + c.name }

// callables is the allow-list of what REDUCE may do.
var callables = index(
	callable{"collections.OrderedDict", (*machine).makeDict},
	callable{"collections.Counter", (*machine).makeDict},
	callable{"collections.defaultdict", (*machine).makeDefaultDict},
	callable{"builtins.dict", (*machine).makeDict},
	callable{"builtins.list", (*machine).makeList},
	callable{"builtins.set", (*machine).makeSet},
	callable{"builtins.frozenset", (*machine).makeSet},
	callable{"builtins.int", nil}, // what a defaultdict makes
	callable{"builtins.float", nil},
	callable{"torch.Size", (*machine).makeSize},
	callable{"torch.device", (*machine).makeDevice},
	callable{"torch._utils._rebuild_tensor", (*machine).rebuildTensor},
	callable{"torch._utils._rebuild_tensor_v2", (*machine).rebuildTensor},
	callable{"torch._utils._rebuild_parameter", (*machine).rebuildParameter},
	callable{"torch._utils._rebuild_parameter_with_state", (*machine).rebuildParameter},
	callable{"_codecs.encode", (*machine).encode},
	callable{"numpy.dtype", (*machine).makeNumpyType},
	callable{"numpy.core.multiarray.scalar", (*machine).numpyScalar},
	callable{"numpy._core.multiarray.scalar", (*machine).numpyScalar},
)

func index(list ...callable) map[string]*callable {
	m := make(map[string]*callable)
	for i := range list {
		m[list[i].name] = &list[i]
	}
	return m
}

func (u *machine) global() error {
	start := u.at
	module, err := u.line()
	if err != nil {
		return err
	}
	name, err := u.line()
	if err != nil {
		return err
	}
	lines := u.b[start:u.at]
	v, ok := u.known[string(lines)]
	if !ok {
		v, err = u.named(string(module), string(name))
		if err != nil {
			return err
		}
		u.known[string(lines)] = v
	}
	return u.push(v)
}

func (u *machine) stackGlobal(items []Value) error {
	module, ok1 := items[0].(String)
	name, ok2 := items[1].(String)
	if !ok1 || !ok2 {
		return refuse.Corrupt("%s and %s, want a module and a name", items[0].kind(), items[1].kind())
	}
	v, err := u.named(string(module), string(name))
	if err != nil {
		return err
	}
	return u.push(v)
}

// named returns what module.name means, or refuses it.
func (u *machine) named(module, name string) (Value, error) {
	if module == "__builtin__" { // Python 2, and Python 3 at protocol 2
		module = "builtins"
	}
	full := module + "." + name
	if err := u.spend(2*len(full) + costMemo); err != nil {
		return nil, err
	}
	if c, ok := callables[full]; ok {
		return c, nil
	}
	if c, ok := arrayCallables[full]; ok && u.data != nil {
		return c, nil
	}
	if module == "torch" && dtypeNames[name] {
		return DType(name), nil
	}
	if module == "torch" || module == "torch.cuda" || module == "torch.storage" {
		if d, ok := storageNames[name]; ok && module != "torch.storage" {
			return &storageClass{full, d}, nil
		}
		switch strings.TrimPrefix(name, "_") {
		case "UntypedStorage":
			return &storageClass{full, UInt8}, nil
		case "TypedStorage":
			return &storageClass{full, ""}, nil
		}
		if strings.HasSuffix(name, "Storage") {
			return nil, refuse.Unsupported("%s, want elements of a real float or integer type or bool", refuse.Quote(full))
		}
	}
	if u.data != nil {
		return nil, foreign("it names %s, want only arrays of numpy, containers and numbers", refuse.Quote(full))
	}
	if len(u.stack) == u.floor() && len(u.marks) == 0 || u.isModule() {
		return nil, foreign("the file is one object of class %s, which only its own code could rebuild: "+
			"in Python, load it where you trust it and torch.save(net.state_dict(), \"net.pth\")", refuse.Quote(full))
	}
	return nil, foreign("it names %s, want only tensors, containers and numbers: "+
		"in Python, load it where you trust it and torch.save the state dicts alone", refuse.Quote(full))
}

// isModule reports whether the machine is at the class of a whole module in
// a legacy file, which is wrapped in a persistent id ('module', class, ...).
func (u *machine) isModule() bool {
	return len(u.marks) == 1 && len(u.stack) == 1 && u.stack[0] == Value(String("module"))
}

// reduce calls a function with a tuple of arguments.
func (u *machine) reduce(items []Value) error {
	c, ok := items[0].(*callable)
	args, isTuple := items[1].(*Tuple)
	if !ok || !isTuple || c.call == nil {
		return refuse.Corrupt("a call of %s with %s, want a function of the allow-list and a tuple", items[0].kind(), items[1].kind())
	}
	v, err := c.call(u, args.Items)
	if err != nil {
		return err
	}
	return u.push(v)
}

// build gives an object its state. A dict's is attributes, such as the versions
// of a state dict's modules, and is not kept.
func (u *machine) build() error {
	state, err := u.pop()
	if err != nil {
		return err
	}
	v, err := u.top()
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case *Dict:
		if _, ok := state.(*Dict); ok {
			return nil
		}
	case *numpyType:
		return v.setState(state)
	case *Array:
		return v.setState(state)
	}
	return refuse.Unsupported("%s with %s for a state, want a dict with a dict", v.kind(), state.kind())
}

// persistent makes a storage from what identifies it.
func (u *machine) persistent() error {
	id, err := u.pop()
	if err != nil {
		return err
	}
	if u.load == nil {
		return refuse.Corrupt("a storage before those of the checkpoint")
	}
	if err := u.spend(costStorage); err != nil {
		return err
	}
	v, err := u.load(id)
	if err != nil {
		return err
	}
	return u.push(v)
}

// wrongArgs says that a call has arguments of other sorts or numbers.
func wrongArgs(args []Value, want string) error {
	kinds := make([]string, 0, len(args))
	for _, a := range args[:min(len(args), 10)] {
		kinds = append(kinds, a.kind())
	}
	return refuse.Corrupt("a call with %d arguments (%s), want %s", len(args), strings.Join(kinds, ", "), want)
}
