package pth

import (
	"encoding/binary"
	"math"
	"math/big"
	"slices"
	"strconv"
	"unicode/utf8"

	"dcganviz/internal/refuse"
)

const (
	opProto = 0x80
	opStop  = '.'
)

// opcode is one instruction of the machine.
type opcode struct {
	name string
	do   func(u *machine) error // nil for those that are refused by name
	code bool                   // it makes an object by running its class's code
}

// opcodes are the instructions that Python's picklers write for tensors,
// containers and numbers at protocols 2 to 5, and the names of the others.
// Python 2 writes some of the text ones even at protocol 2.
//
// Source: Python's pickletools.
var opcodes = [256]opcode{
	opProto: {name: "PROTO", do: (*machine).proto},
	opStop:  {name: "STOP"}, // run looks for it first
	0x95:    {name: "FRAME", do: (*machine).frame},
	'(':     {name: "MARK", do: (*machine).setMark},

	'N':  {name: "NONE", do: func(u *machine) error { return u.push(None{}) }},
	0x88: {name: "NEWTRUE", do: func(u *machine) error { return u.push(Bool(true)) }},
	0x89: {name: "NEWFALSE", do: func(u *machine) error { return u.push(Bool(false)) }},
	'I':  {name: "INT", do: (*machine).textInt},
	'J':  {name: "BININT", do: func(u *machine) error { return u.binInt(4) }},
	'K':  {name: "BININT1", do: func(u *machine) error { return u.binInt(1) }},
	'M':  {name: "BININT2", do: func(u *machine) error { return u.binInt(2) }},
	0x8a: {name: "LONG1", do: func(u *machine) error { return u.long(1) }},
	0x8b: {name: "LONG4", do: func(u *machine) error { return u.long(4) }},
	'G':  {name: "BINFLOAT", do: (*machine).binFloat},

	'X':  {name: "BINUNICODE", do: func(u *machine) error { return u.text(4) }},
	0x8c: {name: "SHORT_BINUNICODE", do: func(u *machine) error { return u.text(1) }},
	0x8d: {name: "BINUNICODE8", do: func(u *machine) error { return u.text(8) }},
	'T':  {name: "BINSTRING", do: func(u *machine) error { return u.textOfPython2(4) }},
	'U':  {name: "SHORT_BINSTRING", do: func(u *machine) error { return u.textOfPython2(1) }},
	'B':  {name: "BINBYTES", do: func(u *machine) error { return u.binBytes(4) }},
	'C':  {name: "SHORT_BINBYTES", do: func(u *machine) error { return u.binBytes(1) }},
	0x8e: {name: "BINBYTES8", do: func(u *machine) error { return u.binBytes(8) }},
	0x96: {name: "BYTEARRAY8", do: func(u *machine) error { return u.binBytes(8) }},

	')':  {name: "EMPTY_TUPLE", do: last(0, (*machine).tuple)},
	0x85: {name: "TUPLE1", do: last(1, (*machine).tuple)},
	0x86: {name: "TUPLE2", do: last(2, (*machine).tuple)},
	0x87: {name: "TUPLE3", do: last(3, (*machine).tuple)},
	't':  {name: "TUPLE", do: marked((*machine).tuple)},
	']':  {name: "EMPTY_LIST", do: func(u *machine) error { return u.container(&List{}) }},
	'a':  {name: "APPEND", do: last(1, (*machine).appendTo)},
	'e':  {name: "APPENDS", do: marked((*machine).appendTo)},
	'}':  {name: "EMPTY_DICT", do: func(u *machine) error { return u.container(&Dict{}) }},
	's':  {name: "SETITEM", do: last(2, (*machine).setIn)},
	'u':  {name: "SETITEMS", do: marked((*machine).setIn)},
	0x8f: {name: "EMPTY_SET", do: func(u *machine) error { return u.container(&Set{}) }},
	0x90: {name: "ADDITEMS", do: marked((*machine).addItems)},
	0x91: {name: "FROZENSET", do: marked((*machine).frozenSet)},

	'q':  {name: "BINPUT", do: func(u *machine) error { return u.binPut(1) }},
	'r':  {name: "LONG_BINPUT", do: func(u *machine) error { return u.binPut(4) }},
	0x94: {name: "MEMOIZE", do: func(u *machine) error { return u.put(uint32(len(u.memo))) }},
	'h':  {name: "BINGET", do: func(u *machine) error { return u.binGet(1) }},
	'j':  {name: "LONG_BINGET", do: func(u *machine) error { return u.binGet(4) }},

	'c':  {name: "GLOBAL", do: (*machine).global},
	0x93: {name: "STACK_GLOBAL", do: last(2, (*machine).stackGlobal)},
	'R':  {name: "REDUCE", do: last(2, (*machine).reduce)},
	'b':  {name: "BUILD", do: (*machine).build},
	'Q':  {name: "BINPERSID", do: (*machine).persistent},

	'0': {name: "POP"}, '1': {name: "POP_MARK"}, '2': {name: "DUP"},
	'F': {name: "FLOAT"}, 'L': {name: "LONG"}, 'S': {name: "STRING"}, 'V': {name: "UNICODE"},
	'd': {name: "DICT"}, 'l': {name: "LIST"}, 'p': {name: "PUT"}, 'g': {name: "GET"},
	'P': {name: "PERSID"}, 'i': {name: "INST", code: true}, 'o': {name: "OBJ", code: true},
	0x81: {name: "NEWOBJ", code: true}, 0x92: {name: "NEWOBJ_EX", code: true},
	0x82: {name: "EXT1", code: true}, 0x83: {name: "EXT2", code: true}, 0x84: {name: "EXT4", code: true},
	0x97: {name: "NEXT_BUFFER"}, 0x98: {name: "READONLY_BUFFER"},
}

func (u *machine) proto() error {
	v, err := u.uint(1)
	if err != nil {
		return err
	}
	if v < 2 || v > 5 {
		return refuse.Unsupported("pickle protocol %d, want 2 to 5", v)
	}
	return nil
}

// frame skips the length of a frame: a hint for reading ahead.
func (u *machine) frame() error {
	n, err := u.uint(8)
	if err != nil {
		return err
	}
	if left := len(u.b) - u.at; n > uint64(left) {
		u.short = true
		return refuse.Corrupt("frame of %d bytes, only %d are left", n, left)
	}
	return nil
}

func (u *machine) setMark() error {
	u.marks = append(u.marks, len(u.stack))
	return u.spend(costPush)
}

// textInt reads an integer in digits; 00 and 01 are bools.
func (u *machine) textInt() error {
	s, err := u.line()
	if err != nil {
		return err
	}
	switch string(s) {
	case "00", "01":
		return u.push(Bool(s[1] == '1'))
	}
	n, err := strconv.ParseInt(string(s), 10, 64)
	if err != nil {
		return refuse.Corrupt("%s, want an integer of 64 bits", refuse.Quote(string(s)))
	}
	return u.number(Int(n))
}

// binInt reads an integer; only the one of 4 bytes has a sign.
func (u *machine) binInt(size int) error {
	n, err := u.uint(size)
	if err != nil {
		return err
	}
	if size == 4 {
		return u.number(Int(int32(n)))
	}
	return u.number(Int(n))
}

// long reads an integer of any length, in two's complement.
func (u *machine) long(size int) error {
	b, err := u.counted(size)
	if err != nil {
		return err
	}
	if len(b) > maxLine {
		return refuse.TooLarge("integer of %d bytes, want at most %d", len(b), maxLine)
	}
	negative := len(b) > 0 && b[len(b)-1] >= 0x80
	if len(b) <= 8 {
		var wide [8]byte
		if negative {
			wide = [8]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
		}
		copy(wide[:], b)
		return u.number(Int(binary.LittleEndian.Uint64(wide[:])))
	}
	reversed := slices.Clone(b)
	slices.Reverse(reversed)
	n := new(big.Int).SetBytes(reversed)
	if negative {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	if n.IsInt64() {
		return u.number(Int(n.Int64()))
	}
	digits := n.String()
	if err := u.spend(len(digits)); err != nil {
		return err
	}
	return u.number(BigInt(digits))
}

func (u *machine) binFloat() error {
	b, err := u.bytes(8)
	if err != nil {
		return err
	}
	return u.number(Float(math.Float64frombits(binary.BigEndian.Uint64(b))))
}

func (u *machine) text(size int) error {
	b, err := u.counted(size)
	if err != nil {
		return err
	}
	if !utf8.Valid(b) {
		return refuse.Corrupt("text is not in UTF-8: %s", refuse.Quote(string(b)))
	}
	return u.number(String(b))
}

// textOfPython2 reads a str of Python 2, which may be text or bytes.
func (u *machine) textOfPython2(size int) error {
	b, err := u.counted(size)
	if err != nil {
		return err
	}
	if !utf8.Valid(b) {
		return u.number(Bytes(b))
	}
	return u.number(String(b))
}

func (u *machine) binBytes(size int) error {
	b, err := u.counted(size)
	if err != nil {
		return err
	}
	return u.number(Bytes(b))
}

func (u *machine) binPut(size int) error {
	i, err := u.uint(size)
	if err != nil {
		return err
	}
	return u.put(uint32(i))
}

func (u *machine) binGet(size int) error {
	i, err := u.uint(size)
	if err != nil {
		return err
	}
	return u.get(uint32(i))
}
