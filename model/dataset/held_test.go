package dataset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestHoldoutSplitsTheSet: the two sets together are the whole, in its order, and one is
// taken of each part.
func TestHoldoutSplitsTheSet(t *testing.T) {
	all := names(mustOpen(t, facades, Options{Size: 8}))
	seen := map[string]bool{}
	for seed := range uint64(8) {
		s := mustOpen(t, facades, Options{Size: 8, Holdout: 4, HoldoutSeed: seed})
		rest, held := names(s), names(s.Held())
		if len(rest) != 8 || len(held) != 4 {
			t.Fatalf("%d and %d pictures, want 8 and 4", len(rest), len(held))
		}
		both := append(slices.Clone(rest), held...)
		slices.Sort(both)
		want := slices.Clone(all)
		slices.Sort(want)
		if !slices.Equal(both, want) {
			t.Errorf("both sets hold %q, want %q", both, want)
		}
		for k, name := range held {
			if i := slices.Index(all, name); i/3 != k {
				t.Errorf("picture %d of those held out is number %d of 12, want one of part %d", k, i, k)
			}
		}
		again := mustOpen(t, facades, Options{Size: 8, Holdout: 4, HoldoutSeed: seed})
		if !slices.Equal(names(again.Held()), held) || again.Fingerprint() != s.Fingerprint() {
			t.Error("the same seed holds out others")
		}
		seen[strings.Join(held, " ")] = true
		// What is read is what the whole set has by that name.
		got, want1 := load(t, s.Held(), 2), load(t, mustOpen(t, facades, Options{Size: 8}), slices.Index(all, held[2]))
		if !slices.Equal(got, want1) {
			t.Error("a picture that is held out is another one")
		}
	}
	if len(seen) < 4 {
		t.Errorf("8 seeds hold out %d different sets, want more", len(seen))
	}
}

// TestHeldPicturesReplaceNoBadOne: the next good picture takes a bad one's place, but none
// that is held out does.
func TestHeldPicturesReplaceNoBadOne(t *testing.T) {
	var files []file
	for i := range 8 {
		m := ramp(8, 8)
		m.Pix[0] = byte(i) // all differ
		files = append(files, file{fmt.Sprintf("p%d.png", i), asPNG(t, m)})
	}
	dir := write(t, files)
	s := mustOpen(t, dir, Options{Size: 8, Holdout: 2})
	held := names(s.Held())
	for _, name := range names(s) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("no picture"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(dir, Options{Size: 8, Holdout: 2}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("no picture is left beside %q: %v, want ErrCorrupt", held, err)
	}
}

// TestHoldoutTakesAllOfARepeatedName: a list may name a picture twice.
func TestHoldoutTakesAllOfARepeatedName(t *testing.T) {
	all := names(mustOpen(t, facades, Options{Size: 8}))
	list := filepath.Join(t.TempDir(), "list.txt")
	text := strings.Join(append(slices.Clone(all), all...), "\n")
	if err := os.WriteFile(list, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, facades, Options{Size: 8, List: list, Holdout: 6})
	for _, name := range names(s.Held()) {
		if slices.Contains(names(s), name) {
			t.Errorf("%q is held out and is not", name)
		}
	}
	for n, ok := range map[int]bool{6: true, 7: false} {
		set, err := Open(facades, Options{Size: 8, Holdout: n})
		if err == nil {
			set.Close()
		}
		if (err == nil) != ok || err != nil && !errors.Is(err, ErrLimit) {
			t.Errorf("%d of 12 held out: %v", n, err)
		}
	}
}

func TestHeldIsClosedWithItsSet(t *testing.T) {
	s, err := Open(facades, Options{Size: 8, Holdout: 2})
	if err != nil {
		t.Fatal(err)
	}
	held := s.Held()
	held.Close() // alone, it leaves the set open
	load(t, s, 0)
	s.Close()
	if err := held.Load(t.Context(), []int{0}, make([]float32, 8*8*3)); !errors.Is(err, ErrClosed) {
		t.Errorf("%v, want ErrClosed", err)
	}
}
