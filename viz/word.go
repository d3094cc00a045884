package viz

// A word is eight samples of 8 bits, worked on together: Go has no vector
// instructions, and this takes half the time of one after the other.
type word = uint64

const (
	wordBytes = 8

	top   word = 0x8080808080808080 // the highest bit of each sample
	lanes word = 0x00ff00ff00ff00ff // every other sample, with room above it
	ones  word = 0x0001000100010001 // 1 in each such lane of 16 bits
	signs word = 0x8000800080008000 // the highest bit of each lane
)

// subtract is x - y in each sample, modulo 256.
func subtract(x, y word) word {
	// The highest bits are kept out of the way, so that none borrows from its
	// neighbour, and put right after.
	return ((x | top) - (y &^ top)) ^ ((x ^ ^y) & top)
}

// average is (x + y) / 2 in each sample, rounded down.
func average(x, y word) word {
	return (x & y) + ((x^y)>>1)&^top
}

// magnitude is the sum of the sizes of eight differences that wrap around.
func magnitude(d word) int {
	negative := (d & top) >> 7            // 1 in each negative sample
	d = (d ^ (negative * 255)) + negative // -128 becomes 128, which fits
	sum := d&lanes + (d>>8)&lanes         // at most 256 in each of four lanes
	return int(sum * ones >> 48)
}

// paeth predicts each sample by whichever of its left, upper and upper-left
// neighbours is nearest to left + up - upper left; ties go in that order.
func paeth(a, b, c word) word {
	even := paethLanes(a&lanes, b&lanes, c&lanes)
	odd := paethLanes((a>>8)&lanes, (b>>8)&lanes, (c>>8)&lanes)
	return even | odd<<8
}

// paethLanes is paeth of four samples, each alone in a lane of 16 bits.
func paethLanes(a, b, c word) word {
	pa, pb, pc := laneDistance(b, c), laneDistance(a, c), laneDistance(a+b, 2*c)
	left := atMost(pa, pb)
	nearest := a&left | b&^left
	corner := ^atMost(pa&left|pb&^left, pc)
	return nearest&^corner | c&corner
}

// laneDistance is |x - y| in each lane, of values below 2^15.
func laneDistance(x, y word) word {
	d := (x | signs) - y // x - y above the sign
	less := ^d & signs >> 15
	return (d^less*0xffff)&^signs + less
}

// atMost is all ones in each lane where x <= y, values below 2^15.
func atMost(x, y word) word {
	return ((y | signs) - x) & signs >> 15 * 0xffff
}
