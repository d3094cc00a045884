package hostile

import (
	"errors"
	"testing"
)

var kept []byte

func TestAllocatedCounts(t *testing.T) {
	if got := Allocated(func() { kept = make([]byte, 3<<20) }); got < 3<<20 || got > 4<<20 {
		t.Errorf("%d bytes for 3 MB", got)
	}
}

func TestFullTakesWhatFits(t *testing.T) {
	f := Full(5)
	for _, c := range []struct {
		p    string
		n    int
		full bool
	}{{"abc", 3, false}, {"de", 2, false}, {"", 0, false}, {"f", 0, true}, {"g", 0, true}} {
		if n, err := f.Write([]byte(c.p)); n != c.n || errors.Is(err, ErrFull) != c.full {
			t.Errorf("%q: %d, %v; want %d, full %t", c.p, n, err, c.n, c.full)
		}
	}
	f = 2
	if n, err := f.Write([]byte("abc")); n != 2 || !errors.Is(err, ErrFull) {
		t.Errorf("%d, %v; want 2 of 3 and full", n, err)
	}
}
