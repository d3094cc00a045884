package neon

import "fmt"

// tileRows rows by 16 columns are 24 accumulators. A row of columns is read in two
// halves through one pair of registers, and 6 registers hold 4 k of the rows, which makes
// 32. For 4 k that is 96 multiply-adds and 17 other instructions. With all columns at
// hand 5 rows by 16 have 80 and 16, and 7 rows by 12, which no net's width is a multiple
// of, 84 and 16.
const tileRows = 6

// Offsets of the fields of kernel.tile, and kernel.rowStride in bytes.
const (
	fieldA, fieldB, fieldC = 0, 8, 16
	fieldK, fieldRows      = 24, 32
	fieldOff, fieldAdd     = 40, 48
	rowStride              = (256 + 16) * 4
)

func tiles(a *asm) {
	for _, kind := range []string{"pack", "gather"} {
		for rows := 1; rows <= tileRows; rows++ {
			tile(a, kind, rows)
		}
	}
}

// An operand is one factor of each row: a lane of a register.
type operand struct {
	v    vec
	lane int
}

// A micro is the micro-kernel that is being written.
type micro struct {
	*asm
	t, a, b, k gp
	acc        [][2]wide // of each row, 16 columns
	columns    wide      // 8 columns of one k
	rows       []vec     // what is read of the rows
}

func tile(a *asm, kind string, rows int) {
	a.begin(fmt.Sprintf("%sNEON_%d", kind, rows), "func(t *tile)")
	m := &micro{asm: a, t: a.ptr("t")}
	m.a, m.b, m.k = m.field(fieldA), m.field(fieldB), m.field(fieldK)
	m.acc = make([][2]wide, rows)
	for r := range m.acc {
		for h := range m.acc[r] {
			m.acc[r][h] = a.wide()
			a.clear(m.acc[r][h][0])
			a.clear(m.acc[r][h][1])
		}
	}
	m.columns = a.wide()
	if kind == "pack" {
		for range rows {
			m.rows = append(m.rows, a.vec())
		}
		m.loops(m.packed)
	} else {
		m.rows = []vec{a.vec(), a.vec()}
		m.loops(m.gathered())
	}
	m.storeTile()
}

func (m *micro) field(off int) gp {
	r := m.gp()
	m.line("MOVD %d(%v), %v", off, m.t, r)
	return r
}

// loops does rounds of 4 k, then single ones. read reads the rows for the next n k and
// returns the operands of each.
func (m *micro) loops(read func(n int) [][]operand) {
	const unroll = 4
	m.line("SUBS $%d, %v, %v", unroll, m.k, m.k)
	m.line("BLT tail")
	m.label("loop")
	m.multiply(read(unroll))
	m.line("SUBS $%d, %v, %v", unroll, m.k, m.k)
	m.line("BGE loop")
	m.label("tail")
	m.line("ADDS $%d, %v, %v", unroll, m.k, m.k)
	m.line("BEQ store")
	m.label("single")
	m.multiply(read(1))
	m.line("SUBS $1, %v, %v", m.k, m.k)
	m.line("BNE single")
	m.label("store")
}

// multiply adds the products of the operands of each k by its columns.
func (m *micro) multiply(ks [][]operand) {
	for _, rows := range ks {
		for h := range 2 {
			m.loadNext(m.b, m.columns)
			for r, o := range rows {
				for i, d := range m.acc[r][h] {
					m.byElement(d, m.columns[i], o.v, o.lane)
				}
			}
		}
	}
}

// packed reads n k of each packed row: 4 into a register's lanes, or 1.
func (m *micro) packed(n int) [][]operand {
	move := map[int]string{4: "FMOVQ", 1: "FMOVS"}[n]
	for r, v := range m.rows {
		m.line("%s %d(%v), F%d", move, r*rowStride, m.a, v)
	}
	m.line("ADD $%d, %v, %v", n*4, m.a, m.a)
	ks := make([][]operand, n)
	for k := range ks {
		for _, v := range m.rows {
			ks[k] = append(ks[k], operand{v, k})
		}
	}
	return ks
}

// gathered returns a reader of the rows of one k that lie side by side at an offset.
// Nothing beyond them is read.
func (m *micro) gathered() func(n int) [][]operand {
	off, at := m.field(fieldOff), m.gp()
	// The rows are read in one or two parts, of 4, 2 or 1.
	rest, first := len(m.acc), 1
	for first*2 <= min(rest, 4) {
		first *= 2
	}
	rest -= first
	second := m.gp()
	m.line("ADD $%d, %v, %v", first*4, m.a, second)
	return func(n int) [][]operand {
		// Each k is multiplied before the next is read, into the same two registers.
		for k := range n {
			m.line("MOVD.P 8(%v), %v", off, at)
			m.indexed(first*4, m.rows[0], m.a, at)
			if rest > 0 {
				m.indexed(rest*4, m.rows[1], second, at)
			}
			var rows []operand
			for r := range m.acc {
				rows = append(rows, operand{m.rows[r/first], r % first})
			}
			if k == n-1 {
				return [][]operand{rows}
			}
			m.multiply([][]operand{rows})
		}
		return nil
	}
}

// storeTile writes the sums, or adds them to what is there.
func (m *micro) storeTile() {
	c, at, add, p := m.field(fieldC), m.field(fieldRows), m.field(fieldAdd), m.gp()
	place := func(r int) {
		m.line("MOVD %d(%v), %v", r*8, at, p)
		m.line("ADD %v, %v, %v", c, p, p)
	}
	m.line("CBZ %v, overwrite", add)
	for r := range m.acc {
		place(r)
		for h, sum := range m.acc[r] {
			m.load(p, h*32, m.columns)
			m.three8(fadd, sum, m.columns, sum)
			m.store(sum, p, h*32)
		}
	}
	m.line("RET")
	m.label("overwrite")
	for r := range m.acc {
		place(r)
		for h, sum := range m.acc[r] {
			m.store(sum, p, h*32)
		}
	}
	m.line("RET")
}
