package neon

import (
	"fmt"
	"math"
	"strings"
)

// An asm is the text of one file of assembly.
type asm struct {
	text    strings.Builder
	table   []uint32 // the constants, each four times
	places  map[uint32]int
	args    map[string]int // offsets of the arguments of the function at hand
	scalars int            // general registers given out to it
	vectors int            // vector registers
}

type (
	// A gp is a general register, by its number.
	gp int
	// A vec is a vector register of 4 floats, by its number.
	vec int
	// A wide is 8 floats, in two registers. Both halves of a constant may be one.
	wide [2]vec
)

func (r gp) String() string { return fmt.Sprintf("R%d", int(r)) }

func (a *asm) line(format string, args ...any) { fmt.Fprintf(&a.text, "\t"+format+"\n", args...) }
func (a *asm) label(name string)               { fmt.Fprintf(&a.text, "\n%s:\n", name) }

// begin starts a function. Its arguments are pointers and ints of 8 bytes, and float32.
func (a *asm) begin(name, signature string) {
	a.args, a.scalars, a.vectors = map[string]int{}, 0, 0
	size := 0
	var group []string
	for _, arg := range strings.Split(signature[len("func("):len(signature)-1], ", ") {
		name, kind, ok := strings.Cut(arg, " ")
		group = append(group, name)
		if !ok {
			continue // the type follows
		}
		width := 8
		if kind == "float32" {
			width = 4
		}
		for _, name := range group {
			size = (size + width - 1) / width * width
			a.args[name], size = size, size+width
		}
		group = nil
	}
	fmt.Fprintf(&a.text, "\n// %s\nTEXT ·%s(SB), NOSPLIT, $0-%d\n", strings.Replace(signature, "func", "func "+name, 1), name, size)
}

// gp gives out a general register. R18 and those from R26 on belong to the system and to
// Go.
func (a *asm) gp() gp {
	r := gp(a.scalars)
	if a.scalars++; r == 17 {
		a.scalars++
	}
	if r > 25 {
		panic("neon: no general register is left")
	}
	return r
}

func (a *asm) vec() vec {
	if a.vectors++; a.vectors > 32 {
		panic("neon: no vector register is left")
	}
	return vec(a.vectors - 1)
}

func (a *asm) wide() wide { return wide{a.vec(), a.vec()} }

// ptr loads an argument of 8 bytes.
func (a *asm) ptr(name string) gp {
	r := a.gp()
	a.line("MOVD %s+%d(FP), %v", name, a.args[name], r)
	return r
}

// spread loads a float32 argument into every lane.
func (a *asm) spread(name string) wide {
	v := a.vec()
	a.line("FMOVS %s+%d(FP), F%d", name, a.args[name], v)
	a.line("VDUP V%d.S[0], V%d.S4", v, v)
	return wide{v, v}
}

// copy does d = v.
func (a *asm) copy(d, v wide) {
	for h := range d {
		a.line("VMOV V%d.B16, V%d.B16", v[h], d[h])
	}
}

func (a *asm) clear(v vec) { a.line("VEOR V%d.B16, V%d.B16, V%d.B16", v, v, v) }

// load reads 8 floats, and store writes them; loadNext and storeNext then move p on.
func (a *asm) load(p gp, off int, v wide)  { a.line("FLDPQ %d(%v), (F%d, F%d)", off, p, v[0], v[1]) }
func (a *asm) store(v wide, p gp, off int) { a.line("FSTPQ (F%d, F%d), %d(%v)", v[0], v[1], off, p) }
func (a *asm) loadNext(p gp, v wide)       { a.line("FLDPQ.P 32(%v), (F%d, F%d)", p, v[0], v[1]) }
func (a *asm) storeNext(v wide, p gp)      { a.line("FSTPQ.P (F%d, F%d), 32(%v)", v[0], v[1], p) }

// tableAddress loads the address of the constants.
func (a *asm) tableAddress() gp {
	r := a.gp()
	a.line("MOVD $constants<>(SB), %v", r)
	return r
}

// constant loads v into every lane of a register of its own.
func (a *asm) constant(table gp, v float32) wide { return a.bits(table, math.Float32bits(v)) }

func (a *asm) bits(table gp, v uint32) wide {
	r := a.vec()
	a.set(table, v, r)
	return wide{r, r}
}

// set loads v into every lane of r.
func (a *asm) set(table gp, v uint32, r ...vec) {
	at, ok := a.places[v]
	if !ok {
		if a.places == nil {
			a.places = map[uint32]int{}
		}
		at = len(a.table) * 4
		a.places[v], a.table = at, append(a.table, v, v, v, v)
	}
	for _, r := range r {
		a.line("FMOVQ %d(%v), F%d", at, table, r)
	}
}

// constants declares the table.
func (a *asm) constants() string {
	var b strings.Builder
	b.WriteString("\n")
	for i, v := range a.table {
		fmt.Fprintf(&b, "DATA constants<>+%d(SB)/4, $0x%08x\n", i*4, v)
	}
	fmt.Fprintf(&b, "GLOBL constants<>(SB), RODATA|NOPTR, $%d\n", len(a.table)*4)
	return b.String()
}
