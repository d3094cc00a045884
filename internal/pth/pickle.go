package pth

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"dcganviz/internal/refuse"
)

// Limits of the objects that a pickle makes.
const (
	// MaxPickle is the largest pickle in bytes.
	MaxPickle = 32 << 20
	// MaxObjects is how much memory the objects of one file may take, in bytes,
	// by an estimate; what is allocated to make them stays below 64 MB. A
	// checkpoint with 10,000 tensors fits.
	MaxObjects = 24 << 20
	// MaxDepth is how deep containers may be nested.
	MaxDepth = 64
)

// What an object costs of MaxObjects: its size and the room that slices and
// maps leave when they grow.
const (
	costPush    = 24 // an entry of the stack, and then of a container
	costNumber  = 8
	costMemo    = 48
	costEntry   = 96 // an entry of a dict, beside its key and value
	costObject  = 64 // a container
	costTensor  = 96
	costAxis    = 16
	costStorage = 192
)

// machine is the stack machine that a pickle is a program for.
type machine struct {
	b     []byte
	at    int    // the next byte of b
	place string // what b is, for errors
	base  int64  // where b begins in place

	stack []Value
	marks []int // heights of the stack
	memo  map[uint32]Value
	known map[string]Value // what a GLOBAL's two lines mean
	spent *int             // of MaxObjects
	// data is set of a pickle of data, not of torch.save: numpy's arrays are read, and long
	// texts are paid for with what is left of it.
	data *int

	// load makes a storage from a persistent id.
	load func(id Value) (Value, error)
	// tensors are those that were made, in order.
	tensors []*Tensor
	// short is set when an opcode needs bytes behind the end of b.
	short bool
}

// run executes the pickle that begins at u.at and returns its object. u.at is
// then behind its end, and u can run another.
func (u *machine) run() (Value, error) {
	u.stack, u.marks = nil, nil
	u.memo, u.known = make(map[uint32]Value), make(map[string]Value)
	begin := u.at
	for {
		start := u.at
		if start-begin > MaxPickle && u.data == nil {
			return nil, u.wrap(start, refuse.TooLarge("pickle of more than %d bytes", MaxPickle))
		}
		if start == len(u.b) {
			u.short = true
			return nil, u.wrap(start, refuse.Corrupt("the pickle has no end"))
		}
		code := u.b[start]
		u.at++
		op := &opcodes[code]
		switch {
		case start == begin && code != opProto:
			return nil, u.wrap(start, refuse.Unsupported("pickle of protocol 0 or 1, or none at all, want 2 to 5"))
		case code == opStop:
			if len(u.stack) != 1 || len(u.marks) != 0 {
				return nil, u.wrap(start, refuse.Corrupt("the pickle ends with %d objects, want 1", len(u.stack)))
			}
			return u.stack[0], nil
		case op.name == "":
			return nil, u.wrap(start, refuse.Corrupt("byte %#02x, want an opcode", code))
		case op.code:
			return nil, u.wrap(start, foreign("opcode %s, which makes an object of any class: save the state dicts alone", op.name))
		case op.do == nil:
			return nil, u.wrap(start, refuse.Corrupt("opcode %s, which torch.save never writes", op.name))
		}
		if err := op.do(u); err != nil {
			return nil, u.wrap(start, fmt.Errorf("%s: %w", op.name, err))
		}
	}
}

func (u *machine) wrap(at int, err error) error {
	return fmt.Errorf("%s byte %d: %w", u.place, u.base+int64(at), err)
}

// spend takes n bytes of what the objects may cost.
func (u *machine) spend(n int) error {
	if n > MaxObjects-*u.spent {
		return refuse.TooLarge("objects of more than %d bytes", MaxObjects)
	}
	*u.spent += n
	return nil
}

// long is the length of texts that a pickle of data pays for apart.
const long = 1 << 16

// spendText is spend for n bytes of a text.
func (u *machine) spendText(n int) error {
	if u.data == nil || n < long {
		return u.spend(n)
	}
	if n > *u.data {
		return refuse.TooLarge("texts that take several times the file")
	}
	*u.data -= n
	return nil
}

// bytes returns the next n bytes.
func (u *machine) bytes(n uint64) ([]byte, error) {
	if left := len(u.b) - u.at; n > uint64(left) {
		u.short = true
		return nil, refuse.Corrupt("wants %d bytes, only %d are left", n, left)
	}
	u.at += int(n)
	return u.b[u.at-int(n) : u.at], nil
}

// uint reads a little-endian number of size bytes.
func (u *machine) uint(size int) (uint64, error) {
	b, err := u.bytes(uint64(size))
	if err != nil {
		return 0, err
	}
	var wide [8]byte
	copy(wide[:], b)
	return binary.LittleEndian.Uint64(wide[:]), nil
}

// counted reads a length of size bytes and as many bytes as it says, paid for.
func (u *machine) counted(size int) ([]byte, error) {
	n, err := u.uint(size)
	if err != nil {
		return nil, err
	}
	b, err := u.bytes(n)
	if err != nil {
		return nil, err
	}
	return b, u.spendText(len(b))
}

// maxLine bounds module and class names, and numbers written in digits.
const maxLine = 255

// line reads up to a line break.
func (u *machine) line() ([]byte, error) {
	b := u.b[u.at:min(len(u.b), u.at+maxLine+1)]
	end := bytes.IndexByte(b, '\n')
	if end < 0 {
		u.short = len(b) <= maxLine
		return nil, refuse.Corrupt("wants a line of at most %d bytes, it has no end", maxLine)
	}
	u.at += end + 1
	return b[:end], nil
}

func (u *machine) push(v Value) error {
	if len(u.stack) == cap(u.stack) { // double it: append would copy more often
		u.stack = slices.Grow(u.stack, max(16, len(u.stack)))
	}
	u.stack = append(u.stack, v)
	return u.spend(costPush)
}

// number pushes an object that takes memory of its own.
func (u *machine) number(v Value) error {
	if err := u.spend(costNumber); err != nil {
		return err
	}
	return u.push(v)
}

// floor is how low the stack may be popped: to the last mark.
func (u *machine) floor() int {
	if k := len(u.marks); k > 0 {
		return u.marks[k-1]
	}
	return 0
}

func (u *machine) pop() (Value, error) {
	v, err := u.top()
	if err != nil {
		return nil, err
	}
	u.stack = u.stack[:len(u.stack)-1]
	return v, nil
}

// top returns the last object without popping it.
func (u *machine) top() (Value, error) {
	k := len(u.stack) - 1
	if k < u.floor() {
		return nil, refuse.Corrupt("the stack is empty")
	}
	return u.stack[k], nil
}

// popMark returns the objects above the last mark, and takes both away. The
// slice is valid until the next push.
func (u *machine) popMark() ([]Value, error) {
	k := len(u.marks) - 1
	if k < 0 {
		return nil, refuse.Corrupt("there is no mark on the stack")
	}
	items := u.stack[u.marks[k]:]
	u.stack, u.marks = u.stack[:u.marks[k]], u.marks[:k]
	return items, nil
}

// popItems returns the last n objects, and takes them away. The slice is valid until
// the next push.
func (u *machine) popItems(n int) ([]Value, error) {
	if len(u.stack)-n < u.floor() {
		return nil, refuse.Corrupt("%d objects on the stack, want %d", len(u.stack)-u.floor(), n)
	}
	items := u.stack[len(u.stack)-n:]
	u.stack = u.stack[:len(u.stack)-n]
	return items, nil
}

func (u *machine) put(index uint32) error {
	v, err := u.top()
	if err != nil {
		return err
	}
	if _, ok := u.memo[index]; ok {
		return refuse.Corrupt("memo %d is set twice", index)
	}
	u.memo[index] = v
	return u.spend(costMemo)
}

func (u *machine) get(index uint32) error {
	v, ok := u.memo[index]
	if !ok {
		return refuse.Corrupt("memo %d is not set", index)
	}
	return u.push(v)
}
