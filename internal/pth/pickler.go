package pth

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"dcganviz/internal/refuse"
)

// pickler writes the pickle of state dicts at protocol 2: byte for byte what
// CPython writes for fresh tensors, memo numbers included, so that every
// reader that takes torch's files takes these.
type pickler struct {
	b        []byte
	memos    int            // how many objects were memoized
	known    map[string]int // the memo of a global or shared string
	storages [][]byte
}

func newPickler() *pickler {
	return &pickler{b: []byte{opProto, 2}, known: make(map[string]int)}
}

// batch is how many entries CPython sets at once.
const batch = 1000

// stateDict appends an OrderedDict of tensors.
func (p *pickler) stateDict(tensors []NamedTensor) error {
	seen := make(map[string]bool, len(tensors))
	p.orderedDict()
	p.memoize()
	for i := range tensors {
		t := &tensors[i]
		if err := t.check(); err != nil {
			return err
		}
		if !utf8.ValidString(t.Name) || seen[t.Name] {
			return fmt.Errorf("pth: tensor %s: %w", refuse.Quote(t.Name), refuse.Unsupported("want names in UTF-8, each once"))
		}
		seen[t.Name] = true
		p.begin(i, len(tensors))
		p.text(t.Name)
		p.tensor(t)
		p.end(i, len(tensors))
	}
	return nil
}

// dicts appends a dict of state dicts.
func (p *pickler) dicts(dicts []NamedDict) error {
	seen := make(map[string]bool, len(dicts))
	p.b = append(p.b, '}')
	p.memoize()
	for i, d := range dicts {
		if !utf8.ValidString(d.Key) || seen[d.Key] {
			return fmt.Errorf("pth: state dict %s: %w", refuse.Quote(d.Key), refuse.Unsupported("want keys in UTF-8, each once"))
		}
		seen[d.Key] = true
		p.begin(i, len(dicts))
		p.text(d.Key)
		if err := p.stateDict(d.Tensors); err != nil {
			return err
		}
		p.end(i, len(dicts))
	}
	return nil
}

// begin and end stand around entry i of n of a dict.
func (p *pickler) begin(i, n int) {
	if i%batch == 0 && i != n-1 {
		p.b = append(p.b, '(')
	}
}

func (p *pickler) end(i, n int) {
	switch last := i == n-1; {
	case last && i%batch == 0:
		p.b = append(p.b, 's')
	case last || i%batch == batch-1:
		p.b = append(p.b, 'u')
	}
}

// orderedDict appends a new, empty one.
func (p *pickler) orderedDict() {
	p.global("collections", "OrderedDict")
	p.b = append(p.b, ')', 'R')
}

// tensor appends the call that makes a tensor from its storage.
func (p *pickler) tensor(t *NamedTensor) {
	p.global("torch._utils", "_rebuild_tensor_v2")
	p.b = append(p.b, '(', '(')
	p.sharedText("storage")
	p.global("torch", t.DType.storageName())
	p.text(strconv.Itoa(len(p.storages)))
	p.sharedText("cpu")
	n, _ := elements(t.Shape)
	p.int(n)
	p.b = append(p.b, 't')
	p.memoize()
	p.b = append(p.b, 'Q')
	p.int(0)
	p.ints(t.Shape)
	strides := make([]int, len(t.Shape))
	next := 1
	for i := len(strides) - 1; i >= 0; i-- {
		strides[i] = next
		next *= max(t.Shape[i], 1)
	}
	p.ints(strides)
	p.b = append(p.b, 0x89)
	p.orderedDict()
	p.memoize()
	p.b = append(p.b, 't')
	p.memoize()
	p.b = append(p.b, 'R')
	p.memoize()
	p.storages = append(p.storages, t.Data)
}

func (p *pickler) memoize() {
	if p.memos < 256 {
		p.b = append(p.b, 'q', byte(p.memos))
	} else {
		p.b = le.AppendUint32(append(p.b, 'r'), uint32(p.memos))
	}
	p.memos++
}

// recall appends what is known by name, or reports that it has to be written,
// and that its memo will be the next one.
func (p *pickler) recall(name string) bool {
	memo, ok := p.known[name]
	switch {
	case !ok:
		p.known[name] = p.memos
	case memo < 256:
		p.b = append(p.b, 'h', byte(memo))
	default:
		p.b = le.AppendUint32(append(p.b, 'j'), uint32(memo))
	}
	return ok
}

func (p *pickler) global(module, name string) {
	if full := "c" + module + "\n" + name + "\n"; !p.recall(full) {
		p.b = append(p.b, full...)
		p.memoize()
	}
}

func (p *pickler) sharedText(s string) {
	if !p.recall(s) {
		p.text(s)
	}
}

func (p *pickler) text(s string) {
	p.b = le.AppendUint32(append(p.b, 'X'), uint32(len(s)))
	p.b = append(p.b, s...)
	p.memoize()
}

// int appends a number that is not negative.
func (p *pickler) int(n int) {
	switch {
	case n < 1<<8:
		p.b = append(p.b, 'K', byte(n))
	case n < 1<<16:
		p.b = append(p.b, 'M', byte(n), byte(n>>8))
	case n <= math.MaxInt32:
		p.b = le.AppendUint32(append(p.b, 'J'), uint32(n))
	default: // LONG1, with a last byte that leaves the sign clear
		var digits []byte
		for m := n; m > 0; m >>= 8 {
			digits = append(digits, byte(m))
		}
		if digits[len(digits)-1] >= 0x80 {
			digits = append(digits, 0)
		}
		p.b = append(append(p.b, 0x8a, byte(len(digits))), digits...)
	}
}

// ints appends a tuple.
func (p *pickler) ints(list []int) {
	if len(list) == 0 {
		p.b = append(p.b, ')')
		return
	}
	end := byte(0x84 + len(list)) // TUPLE1 to TUPLE3
	if len(list) > 3 {
		p.b, end = append(p.b, '('), 't'
	}
	for _, n := range list {
		p.int(n)
	}
	p.b = append(p.b, end)
	p.memoize()
}
