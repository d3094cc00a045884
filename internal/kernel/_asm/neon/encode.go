package neon

import "fmt"

// An op is an instruction on vectors, as its machine word with all registers 0. Shapes
// are Arm's: 4S is 4 float32, 2D 2 float64.
//
// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C7.2, "Advanced
// SIMD and floating-point instructions".
type op struct {
	name     string
	word     uint32
	to, from string // shapes of result and operands
}

// Of three registers: fmla and fmls are fused, d ± n*m; bsl takes n where d's bits are
// set, and m elsewhere.
var (
	fadd   = op{"FADD", 0x4e20d400, "4S", "4S"}
	fsub   = op{"FSUB", 0x4ea0d400, "4S", "4S"}
	fmul   = op{"FMUL", 0x6e20dc00, "4S", "4S"}
	fdiv   = op{"FDIV", 0x6e20fc00, "4S", "4S"}
	fmin   = op{"FMIN", 0x4ea0f400, "4S", "4S"}
	fmla   = op{"FMLA", 0x4e20cc00, "4S", "4S"}
	fmls   = op{"FMLS", 0x4ea0cc00, "4S", "4S"}
	fcmgt  = op{"FCMGT", 0x6ea0e400, "4S", "4S"}
	fcmeq  = op{"FCMEQ", 0x4e20e400, "4S", "4S"}
	add    = op{"ADD", 0x4ea08400, "4S", "4S"}
	bsl    = op{"BSL", 0x6e601c00, "16B", "16B"}
	fadd64 = op{"FADD", 0x4e60d400, "2D", "2D"}
	fmla64 = op{"FMLA", 0x4e60cc00, "2D", "2D"}
)

// Of two: positive is n > 0, fcvtl and fcvtl2 widen the lower and the upper half.
var (
	fabs     = op{"FABS", 0x4ea0f800, "4S", "4S"}
	fsqrt    = op{"FSQRT", 0x6ea1f800, "4S", "4S"}
	frintn   = op{"FRINTN", 0x4e218800, "4S", "4S"}
	fcvtns   = op{"FCVTNS", 0x4e21a800, "4S", "4S"}
	positive = op{"FCMGT", 0x4ea0c800, "4S", "4S"}
	fcvtl    = op{"FCVTL", 0x0e617800, "2D", "2S"}
	fcvtl2   = op{"FCVTL2", 0x4e617800, "2D", "4S"}
)

// word writes an instruction that Go's assembler lacks.
func (a *asm) word(w uint32, format string, args ...any) {
	a.line("WORD $0x%08x // %s", w, fmt.Sprintf(format, args...))
}

// three is d = n o m.
func (a *asm) three(o op, d, n, m vec) {
	a.word(o.word|uint32(m)<<16|uint32(n)<<5|uint32(d), "%s V%d.%s, V%d.%s, V%d.%s", o.name, d, o.to, n, o.from, m, o.from)
}

// two is d = o(n).
func (a *asm) two(o op, d, n vec) {
	zero := ""
	if o == positive {
		zero = ", #0.0"
	}
	a.word(o.word|uint32(n)<<5|uint32(d), "%s V%d.%s, V%d.%s%s", o.name, d, o.to, n, o.from, zero)
}

// byElement is d += n * m[lane], fused.
func (a *asm) byElement(d, n, m vec, lane int) {
	const word = 0x4f801000
	a.word(word|uint32(lane&1)<<21|uint32(lane>>1)<<11|uint32(m)<<16|uint32(n)<<5|uint32(d),
		"FMLA V%d.4S, V%d.4S, V%d.S[%d]", d, n, m, lane)
}

// indexed loads 4, 8 or 16 bytes at p + i.
func (a *asm) indexed(bytes int, d vec, p, i gp) {
	size, word := "S", uint32(0xbc606800)
	switch bytes {
	case 8:
		size, word = "D", 0xfc606800
	case 16:
		size, word = "Q", 0x3ce06800
	}
	a.word(word|uint32(i)<<16|uint32(p)<<5|uint32(d), "LDR %s%d, [X%d, X%d]", size, d, int(p), int(i))
}

// These do the same to both halves of 8 floats.

func (a *asm) three8(o op, d, n, m wide) {
	for h := range d {
		a.three(o, d[h], n[h], m[h])
	}
}

func (a *asm) two8(o op, d, n wide) {
	for h := range d {
		a.two(o, d[h], n[h])
	}
}
