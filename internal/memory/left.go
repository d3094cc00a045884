package memory

import "math"

// A Room is how much memory there is.
type Room struct {
	// Bytes is math.MaxInt64 where nothing is known.
	Bytes int64
	// By is what sets the limit, as in "the machine has", for a message.
	By string
}

// Left returns how much memory the process can still get, by the tightest of what the
// machine has free and of the limits that are set for the process. It is a guess: other
// processes may take the memory before this one does.
func Left() Room {
	least := Room{Bytes: math.MaxInt64}
	for _, r := range rooms() {
		if r.Bytes < least.Bytes {
			least = Room{max(r.Bytes, 0), r.By}
		}
	}
	return least
}
