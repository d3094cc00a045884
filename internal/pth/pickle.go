package pth

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// Limits of the objects that a pickle makes.
const (
	// MaxPickle is the largest pickle in bytes.
	MaxPickle = 32 << 20
	// MaxObjects is how much memory the objects of one file may take, in bytes.
	// A checkpoint with 10,000 tensors stays below it.
	MaxObjects = 32 << 20
	// MaxDepth is how deep containers may be nested.
	MaxDepth = 64
)

// What an object costs of MaxObjects, at least: the sizes of Go's own values
// and the room that slices and maps leave when they grow.
const (
	costOp     = 32 // an entry of the stack and of a container, a small value
	costMemo   = 48
	costEntry  = 64 // an entry of a dict, beside its key and value
	costObject = 96 // a container, tensor or storage
	costAxis   = 32
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
	spent *int // of MaxObjects

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
	u.stack, u.marks, u.memo = nil, nil, make(map[uint32]Value)
	begin := u.at
	for {
		start := u.at
		if start-begin > MaxPickle {
			return nil, u.wrap(start, tooLarge("pickle of more than %d bytes", MaxPickle))
		}
		if start == len(u.b) {
			u.short = true
			return nil, u.wrap(start, corrupt("the pickle has no end"))
		}
		code := u.b[start]
		u.at++
		op := &opcodes[code]
		switch {
		case start == begin && code != opProto:
			return nil, u.wrap(start, unsupported("pickle of protocol 0 or 1, or none at all, want 2 to 5"))
		case code == opStop:
			if len(u.stack) != 1 || len(u.marks) != 0 {
				return nil, u.wrap(start, corrupt("the pickle ends with %d objects, want 1", len(u.stack)))
			}
			return u.stack[0], nil
		case op.name == "":
			return nil, u.wrap(start, corrupt("byte %#02x, want an opcode", code))
		case op.code:
			return nil, u.wrap(start, foreign("opcode %s, which makes an object of any class: save the state dicts alone", op.name))
		case op.do == nil:
			return nil, u.wrap(start, corrupt("opcode %s, which torch.save never writes", op.name))
		}
		err := u.spend(costOp)
		if err == nil {
			err = op.do(u)
		}
		if err != nil {
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
		return tooLarge("objects of more than %d bytes", MaxObjects)
	}
	*u.spent += n
	return nil
}

// bytes returns the next n bytes.
func (u *machine) bytes(n uint64) ([]byte, error) {
	if left := len(u.b) - u.at; n > uint64(left) {
		u.short = true
		return nil, corrupt("wants %d bytes, only %d are left", n, left)
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
	return b, u.spend(len(b))
}

// maxLine bounds module and class names, and numbers written in digits.
const maxLine = 255

// line reads up to a line break.
func (u *machine) line() (string, error) {
	b := u.b[u.at:min(len(u.b), u.at+maxLine+1)]
	end := strings.IndexByte(string(b), '\n')
	if end < 0 {
		u.short = len(b) <= maxLine
		return "", corrupt("wants a line of at most %d bytes, it has no end", maxLine)
	}
	u.at += end + 1
	return string(b[:end]), nil
}

func (u *machine) push(v Value) error {
	u.stack = append(u.stack, v)
	return nil
}

// floor is how low the stack may be popped: to the last mark.
func (u *machine) floor() int {
	if k := len(u.marks); k > 0 {
		return u.marks[k-1]
	}
	return 0
}

func (u *machine) pop() (Value, error) {
	k := len(u.stack) - 1
	if k < u.floor() {
		return nil, corrupt("the stack is empty")
	}
	v := u.stack[k]
	u.stack = u.stack[:k]
	return v, nil
}

// top returns the last object without popping it.
func (u *machine) top() (Value, error) {
	v, err := u.pop()
	if err != nil {
		return nil, err
	}
	return v, u.push(v)
}

// popMark returns the objects above the last mark, and takes both away. The
// slice is valid until the next push.
func (u *machine) popMark() ([]Value, error) {
	k := len(u.marks) - 1
	if k < 0 {
		return nil, corrupt("there is no mark on the stack")
	}
	items := u.stack[u.marks[k]:]
	u.stack, u.marks = u.stack[:u.marks[k]], u.marks[:k]
	return items, nil
}

// popItems returns the last n objects, copied.
func (u *machine) popItems(n int) ([]Value, error) {
	if len(u.stack)-n < u.floor() {
		return nil, corrupt("%d objects on the stack, want %d", len(u.stack)-u.floor(), n)
	}
	items := append([]Value(nil), u.stack[len(u.stack)-n:]...)
	u.stack = u.stack[:len(u.stack)-n]
	return items, nil
}

func (u *machine) put(index uint32) error {
	v, err := u.top()
	if err != nil {
		return err
	}
	if _, ok := u.memo[index]; ok {
		return corrupt("memo %d is set twice", index)
	}
	u.memo[index] = v
	return u.spend(costMemo)
}

func (u *machine) get(index uint32) error {
	v, ok := u.memo[index]
	if !ok {
		return corrupt("memo %d is not set", index)
	}
	return u.push(v)
}
