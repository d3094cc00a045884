package kernel

// A packed is the weights, ordered as one pass reads them: parts in one piece of memory.
type packed struct {
	parts []panels
	made  packKey
	valid bool
	data  []float32
}

// packKey is what the order depends on besides the weights.
type packKey struct {
	nr, stride, pad, parts int
	plane                  plane
}

// pack sizes m for key, part by part, and reports whether the caller must pack the
// weights into it.
func (f *Filter) pack(m *packed, key packKey, shape func(part int) (k, n int)) bool {
	if m.valid && m.made == key {
		return false
	}
	if m.made != key {
		m.parts, m.made = make([]panels, key.parts), key
	}
	size := 0
	for i := range m.parts {
		k, n := shape(i)
		m.parts[i] = panels{k: k, n: n, nr: key.nr}
		size += k * m.parts[i].count() * key.nr
	}
	if f.Lean {
		for _, other := range f.forms() {
			if other != m && other.data != nil {
				m.data, other.data, other.valid = larger(m.data, other.data), nil, false
			}
		}
	}
	if cap(m.data) < size {
		m.data = make([]float32, size)
	}
	rest := m.data[:size]
	for i := range m.parts {
		p := &m.parts[i]
		size := p.k * p.count() * p.nr
		p.data, rest = rest[:size:size], rest[size:]
	}
	m.valid = true
	return true
}

func larger(a, b []float32) []float32 {
	if cap(a) < cap(b) {
		return b
	}
	return a
}

// panels is a matrix [k][n] in panels of nr columns: panel j holds columns
// j*nr to j*nr+nr-1 of every row, row after row; columns past n are zero.
type panels struct {
	data []float32
	k, n int
	nr   int
}

func (p *panels) count() int { return (p.n + p.nr - 1) / p.nr }

// at returns panel j from row k on.
func (p *panels) at(j, k int) []float32 {
	return p.data[(j*p.k+k)*p.nr : (j+1)*p.k*p.nr]
}
