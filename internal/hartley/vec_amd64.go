//go:build amd64 && !purego

package hartley

import "golang.org/x/sys/cpu"

// vectors says whether this machine runs vec_amd64.s. The bits are the same either way.
var vectors = cpu.X86.HasAVX2

// table returns where cosines and sines begin; the smallest stages have none.
func (s *stage) table() (cos, sin *float32) {
	if len(s.cos) == 0 {
		return nil, nil
	}
	return &s.cos[0], &s.sin[0]
}

func (s *stage) joinAll(x []float32) {
	if !vectors {
		s.eachBlock(x, s.join)
		return
	}
	cos, sin := s.table()
	joinAVX2(&x[0], len(x)/Lanes, s.size, cos, sin)
}

func (s *stage) splitAll(x []float32) {
	if !vectors {
		s.eachBlock(x, s.split)
		return
	}
	cos, sin := s.table()
	splitAVX2(&x[0], len(x)/Lanes, s.size, cos, sin)
}

func (s *stage) splitFirst(x []float32) {
	if !vectors {
		s.splitHalf(x)
		return
	}
	cos, sin := s.table()
	splitHalfAVX2(&x[0], s.size, cos, sin)
}

func (s *stage) joinLast(x []float32) {
	if !vectors {
		s.joinHalf(x)
		return
	}
	cos, sin := s.table()
	joinHalfAVX2(&x[0], s.size, cos, sin)
}

func threes(x []float32) {
	if !vectors {
		threesGo(x)
		return
	}
	threeAVX2(&x[0], len(x)/Lanes)
}

func fives(x []float32) {
	if !vectors {
		fivesGo(x)
		return
	}
	fiveAVX2(&x[0], len(x)/Lanes)
}

// Transpose transposes so many blocks of [Lanes][Lanes] from src to dst; a block
// begins so many floats behind the one before.
func Transpose(dst []float32, dstStep int, src []float32, srcStep, blocks int) {
	if blocks == 0 {
		return
	}
	// Panics here where a slice is too short.
	_, _ = dst[(blocks-1)*dstStep+Lanes*Lanes-1], src[(blocks-1)*srcStep+Lanes*Lanes-1]
	if !vectors {
		transposeGo(dst, dstStep, src, srcStep, blocks)
		return
	}
	transposeAVX2(&dst[0], dstStep, &src[0], srcStep, blocks)
}

// Multiply sets x to the products of its rows and those of by.
func Multiply(x, by []float32) {
	by = by[:len(x)]
	if !vectors || len(x) == 0 || len(x)%Lanes != 0 {
		multiplyGo(x, by)
		return
	}
	multiplyAVX2(&x[0], &by[0], len(x))
}
