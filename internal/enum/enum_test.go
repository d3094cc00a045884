package enum

import (
	"strings"
	"testing"
)

type size uint8

func (s size) String() string { return Name(s, sizes) }

var sizes = []string{"small", "wide", "large"}

func TestNamesGoThereAndBack(t *testing.T) {
	for i, name := range sizes {
		got, err := Parse[size]("size", name, sizes)
		if err != nil || got != size(i) || got.String() != name {
			t.Errorf("%q: got %d, %v (%v), want %d", name, got, got, err, i)
		}
	}
	if got := size(3).String(); got != "size(3)" {
		t.Errorf("got %q", got)
	}
	for _, name := range []string{"", "Small", "wide ", strings.Repeat("x", 1<<20)} {
		if _, err := Parse[size]("house: size", name, sizes); err == nil || len(err.Error()) > 120 ||
			!strings.HasPrefix(err.Error(), "house: size \"") || !strings.HasSuffix(err.Error(), "want small, wide or large") {
			t.Errorf("%.9q: %v", name, err)
		}
	}
}
