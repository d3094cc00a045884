package score

// A purpose names what random numbers are for. Every number is a function of
// (seed, purpose, index), so that none depends on how many others were drawn.
type purpose uint64

const (
	forOrder purpose = 1 + iota
	forChanges
)
