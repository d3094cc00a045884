package viz

import "encoding/binary"

// PNG's row filters, by their numbers in the file.
const (
	filterNone = iota
	filterSub
	filterUp
	filterAverage
	filterPaeth
	filterCount
)

// A rowFilter replaces the rows of a picture by differences that compress
// better. Which of PNG's five filters serves a row is guessed by the least
// sum of absolute differences, as the specification recommends (section
// 12.7), on every fourth word: that costs a quarter and, on photographs,
// less than a thousandth of the size.
type rowFilter struct {
	each int // bytes of a pixel
}

// sampling is the distance of the words that a filter is chosen by.
const sampling = 4

// line returns room for a row of n bytes, and the row in it. Before the row
// stands a pixel of zeros, which is what the specification takes for the one
// left of the first, and behind it are bytes enough to read whole words.
func (f rowFilter) line(n int) (line, row []uint8) {
	line = make([]uint8, f.each+n+wordBytes)
	return line, line[f.each : f.each+n]
}

// apply writes the filter's number and the filtered row to dst, which is one
// longer than the row. line and above are as line makes them: the row and the
// one before, all zero for the first.
func (f rowFilter) apply(dst, line, above []uint8) {
	kind := f.choose(line, above, len(dst)-1)
	dst[0] = byte(kind)
	dst = dst[1:]
	row, up := line[f.each:], above[f.each:]
	for i := 0; i < len(dst); i += wordBytes {
		v, a, b, c := load(row, i), load(line, i), load(up, i), load(above, i)
		difference := subtract(v, predict(kind, a, b, c))
		if i+wordBytes <= len(dst) {
			binary.LittleEndian.PutUint64(dst[i:], difference)
			continue
		}
		for ; i < len(dst); i++ { // the last word is not whole
			dst[i] = uint8(difference)
			difference >>= 8
		}
	}
}

// choose guesses the best filter of a row of n bytes.
func (f rowFilter) choose(line, above []uint8, n int) int {
	var sums [filterCount]int
	row, up := line[f.each:], above[f.each:]
	for i := 0; i < n; i += sampling * wordBytes {
		v, a, b, c := load(row, i), load(line, i), load(up, i), load(above, i)
		sums[filterNone] += magnitude(v)
		sums[filterSub] += magnitude(subtract(v, a))
		sums[filterUp] += magnitude(subtract(v, b))
		sums[filterAverage] += magnitude(subtract(v, average(a, b)))
		sums[filterPaeth] += magnitude(subtract(v, paeth(a, b, c)))
	}
	best := filterNone
	for kind, sum := range sums {
		if sum < sums[best] {
			best = kind
		}
	}
	return best
}

// load reads the word at i.
func load(b []uint8, i int) word { return binary.LittleEndian.Uint64(b[i:]) }

// predict is what a filter expects at a word, from the left, upper and
// upper-left neighbours.
func predict(kind int, a, b, c word) word {
	switch kind {
	case filterSub:
		return a
	case filterUp:
		return b
	case filterAverage:
		return average(a, b)
	case filterPaeth:
		return paeth(a, b, c)
	}
	return 0
}
