package hartley

// A stage rests on cas(a+b) = cas(a) cos(b) + cas(-a) sin(b): with E and O the
// transforms of the even and odd elements, M = size/2, and c and s the cosine
// and sine of 2 pi k / size,
//
//	H(k)   = E(k) + (c O(k) + s O(M-k))
//	H(k+M) = E(k) - (c O(k) + s O(M-k))
//
// join computes this, E in the first half of the block and O in the second.
// split, its transpose, goes the other way: as the transform is a symmetric
// matrix, splitting all blocks from the largest to the smallest gives it too,
// with the frequencies in the order that even and odd halves leave.

// rowOf returns row i.
func rowOf(x []float32, i int) *row { return (*row)(x[i*Lanes:]) }

// join makes one transform from two.
func (s *stage) join(x []float32) {
	m := s.size / 2
	x = x[:s.size*Lanes]
	sumDifference(rowOf(x, 0), rowOf(x, m))
	if m%2 == 0 {
		sumDifference(rowOf(x, m/2), rowOf(x, m+m/2))
	}
	for i, c := range s.cos {
		k := i + 1
		joinRows(rowOf(x, k), rowOf(x, m-k), rowOf(x, m+k), rowOf(x, s.size-k), c, s.sin[i])
	}
}

// split undoes join, times two.
func (s *stage) split(x []float32) {
	m := s.size / 2
	x = x[:s.size*Lanes]
	sumDifference(rowOf(x, 0), rowOf(x, m))
	if m%2 == 0 {
		sumDifference(rowOf(x, m/2), rowOf(x, m+m/2))
	}
	for i, c := range s.cos {
		k := i + 1
		splitRows(rowOf(x, k), rowOf(x, m-k), rowOf(x, m+k), rowOf(x, s.size-k), c, s.sin[i])
	}
}

// splitHalf is split of a block whose second half is zero, and not read.
func (s *stage) splitHalf(x []float32) {
	m := s.size / 2
	x = x[:s.size*Lanes]
	*rowOf(x, m) = *rowOf(x, 0)
	if m%2 == 0 {
		*rowOf(x, m+m/2) = *rowOf(x, m/2)
	}
	for i, c := range s.cos {
		k := i + 1
		turn(rowOf(x, m+k), rowOf(x, s.size-k), rowOf(x, k), rowOf(x, m-k), c, s.sin[i])
	}
}

// joinHalf is join for the first half of the block only.
func (s *stage) joinHalf(x []float32) {
	m := s.size / 2
	x = x[:s.size*Lanes]
	addRow(rowOf(x, 0), rowOf(x, m))
	if m%2 == 0 {
		addRow(rowOf(x, m/2), rowOf(x, m+m/2))
	}
	for i, c := range s.cos {
		k := i + 1
		addTurned(rowOf(x, k), rowOf(x, m-k), rowOf(x, m+k), rowOf(x, s.size-k), c, s.sin[i])
	}
}

func sumDifference(a, b *row) {
	for i := range a {
		u, v := a[i], b[i]
		a[i], b[i] = u+v, u-v
	}
}

func addRow(a, b *row) {
	for i := range a {
		a[i] += b[i]
	}
}

func joinRows(e, f, o, q *row, c, s float32) {
	for i := range e {
		a, b, u, v := e[i], f[i], o[i], q[i]
		t := float32(c*u) + float32(s*v)
		w := float32(s*u) - float32(c*v)
		e[i], o[i] = a+t, a-t
		f[i], q[i] = b+w, b-w
	}
}

func splitRows(e, f, o, q *row, c, s float32) {
	for i := range e {
		a, b, u, v := e[i], f[i], o[i], q[i]
		e[i], f[i] = a+u, b+v
		u, v = a-u, b-v
		o[i] = float32(c*u) + float32(s*v)
		q[i] = float32(s*u) - float32(c*v)
	}
}

// turn writes the pair (u, v), turned and mirrored, to (o, q).
func turn(o, q, u, v *row, c, s float32) {
	for i := range o {
		a, b := u[i], v[i]
		o[i] = float32(c*a) + float32(s*b)
		q[i] = float32(s*a) - float32(c*b)
	}
}

// addTurned adds the pair (o, q), turned and mirrored, to (e, f).
func addTurned(e, f, o, q *row, c, s float32) {
	for i := range e {
		u, v := o[i], q[i]
		e[i] += float32(c*u) + float32(s*v)
		f[i] += float32(s*u) - float32(c*v)
	}
}

// eachBlock calls f for each block of the stage's size.
func (s *stage) eachBlock(x []float32, f func([]float32)) {
	for ; len(x) > 0; x = x[s.size*Lanes:] {
		f(x[:s.size*Lanes])
	}
}

// bases transforms each block of length base.
func (p *Plan) bases(x []float32) {
	switch p.base {
	case 3:
		threes(x)
	case 5:
		fives(x)
	}
}

func threesGo(x []float32) {
	for ; len(x) > 0; x = x[3*Lanes:] {
		threeRows(rowOf(x, 0), rowOf(x, 1), rowOf(x, 2))
	}
}

func fivesGo(x []float32) {
	for ; len(x) > 0; x = x[5*Lanes:] {
		fiveRows(rowOf(x, 0), rowOf(x, 1), rowOf(x, 2), rowOf(x, 3), rowOf(x, 4))
	}
}

func transposeGo(dst []float32, dstStep int, src []float32, srcStep, blocks int) {
	for b := range blocks {
		d, s := (*[Lanes * Lanes]float32)(dst[b*dstStep:]), (*[Lanes * Lanes]float32)(src[b*srcStep:])
		for i := range Lanes {
			for j := range Lanes {
				d[j*Lanes+i] = s[i*Lanes+j]
			}
		}
	}
}

func multiplyGo(x, by []float32) {
	for i, v := range by {
		x[i] *= v
	}
}

// Cosines and sines of a third, a fifth and two fifths of a turn.
const (
	cosThird     = -.5
	sinThird     = 0.86602540378443864676372317075294
	cosFifth     = 0.30901699437494742410229341718282
	sinFifth     = 0.95105651629515357211643933337938
	cosTwoFifths = -0.80901699437494742410229341718282
	sinTwoFifths = 0.58778525229247312916870595463907
)

// threeRows is the transform of length 3. Sums of mirrored elements go with the
// cosines, differences with the sines.
func threeRows(a, b, c *row) {
	for i := range a {
		x, s, d := a[i], b[i]+c[i], b[i]-c[i]
		u, v := x+float32(cosThird*s), float32(sinThird*d)
		a[i], b[i], c[i] = x+s, u+v, u-v
	}
}

// fiveRows is the transform of length 5.
func fiveRows(a, b, c, d, e *row) {
	for i := range a {
		x := a[i]
		s, t := b[i]+e[i], c[i]+d[i]
		p, q := b[i]-e[i], c[i]-d[i]
		u := x + float32(cosFifth*s) + float32(cosTwoFifths*t)
		v := float32(sinFifth*p) + float32(sinTwoFifths*q)
		a[i], b[i], e[i] = x+s+t, u+v, u-v
		u = x + float32(cosTwoFifths*s) + float32(cosFifth*t)
		v = float32(sinTwoFifths*p) - float32(sinFifth*q)
		c[i], d[i] = u+v, u-v
	}
}
