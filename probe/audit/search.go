package audit

import "slices"

// A search looks for the largest part of a walk or of the memoriser, in one space.
type search struct {
	change  func(from, to int) float64
	sampled []float64 // their changes, in rising order
	median  float64
	pieces  []piece // from the beginning to the end of the walk
}

// A piece lies between two ends of parts that were drawn.
type piece struct {
	from, to int
	change   float64
}

func (p piece) speed() float64 { return p.change / float64(p.to-p.from) }

// newSearch begins with the pieces between ends.
func newSearch(ends, sampled []int, change func(from, to int) float64) *search {
	s := &search{change: change}
	for i, to := range ends[1:] {
		s.pieces = append(s.pieces, piece{ends[i], to, change(ends[i], to)})
	}
	for _, p := range sampled {
		s.sampled = append(s.sampled, change(p, p+1))
	}
	slices.Sort(s.sampled)
	s.median = middle(s.sampled)
	return s
}

// doubtful reports which pieces are to be halved.
func (s *search) doubtful() func(i int) bool {
	fastest := 0
	for i, p := range s.pieces {
		if p.speed() > s.pieces[fastest].speed() {
			fastest = i
		}
	}
	return func(i int) bool {
		p := s.pieces[i]
		return p.to-p.from > 1 && p.change > 0 && (i == fastest || s.median > 0 && p.change >= Sharp*s.median)
	}
}

// middles returns where the next pieces are to be halved.
func (s *search) middles() (ends []int) {
	doubtful := s.doubtful()
	for i, p := range s.pieces {
		if doubtful(i) {
			ends = append(ends, (p.from+p.to)/2)
		}
	}
	return ends
}

// halve halves them: their middles are drawn.
func (s *search) halve() {
	doubtful := s.doubtful()
	var pieces []piece
	for i, p := range s.pieces {
		if !doubtful(i) {
			pieces = append(pieces, p)
			continue
		}
		m := (p.from + p.to) / 2
		pieces = append(pieces, piece{p.from, m, s.change(p.from, m)}, piece{m, p.to, s.change(m, p.to)})
	}
	s.pieces = pieces
}

// jumps returns what was found.
func (s *search) jumps(c Sparse) (j Jumps) {
	for i := range c.Tiles.Len() - 1 {
		j.Steps = append(j.Steps, s.change(i*c.Refine, (i+1)*c.Refine))
	}
	at := 0
	for _, p := range s.pieces {
		if p.to-p.from > 1 {
			continue
		}
		j.Parts, j.At = append(j.Parts, p.change), append(j.At, p.from)
		if p.change > j.Largest {
			j.Largest, at = p.change, p.from
		}
	}
	j.Median, j.Still = s.median, still(s.sampled)
	j.conclude(at / c.Refine)
	return j
}
