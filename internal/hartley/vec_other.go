//go:build !amd64 || purego

package hartley

func (s *stage) joinAll(x []float32)    { s.eachBlock(x, s.join) }
func (s *stage) splitAll(x []float32)   { s.eachBlock(x, s.split) }
func (s *stage) splitFirst(x []float32) { s.splitHalf(x) }
func (s *stage) joinLast(x []float32)   { s.joinHalf(x) }

func threes(x []float32) { threesGo(x) }
func fives(x []float32)  { fivesGo(x) }

// Transpose transposes so many blocks of [Lanes][Lanes] from src to dst; a block
// begins so many floats behind the one before.
func Transpose(dst []float32, dstStep int, src []float32, srcStep, blocks int) {
	transposeGo(dst, dstStep, src, srcStep, blocks)
}

// Multiply sets x to the products of its rows and those of by.
func Multiply(x, by []float32) { multiplyGo(x, by[:len(x)]) }
