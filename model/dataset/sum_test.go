package dataset

import (
	"bytes"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"dcganviz/internal/hostile"
)

func TestSumIsThatOfTheBytesThatWereRead(t *testing.T) {
	dir := mixed(t)
	sums := func(limit int64) (s *Set, all [7]uint64) {
		s = mustOpen(t, dir, Options{Size: 2, Channels: 1, MemoryLimit: limit})
		load(t, s, 0, 1, 2, 3, 4, 5, 6)
		for i := range all {
			if all[i] = s.Sum(i); all[i] == 0 {
				t.Errorf("no sum of picture %d", i)
			}
		}
		return s, all
	}
	cachedSet, want := sums(0)
	uncached, got := sums(-1)
	if got != want {
		t.Errorf("sums %x without a cache, %x with one", got, want)
	}
	// Each good picture, and each bad one that another stands for.
	for _, c := range []struct {
		name    string
		at      int
		changes [7]bool
	}{
		{"4.png", 0, [7]bool{2: true, 3: true, 4: true}},
		{"3.gif", 3, [7]bool{2: true, 3: true}},
		{"2.jpg", 100, [7]bool{2: true}},
		{"1.png", 0, [7]bool{0: true, 1: true, 6: true}},
	} {
		path := filepath.Join(dir, c.name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		changed := bytes.Clone(whole)
		if c.at == 0 { // a good one
			changed = asPNG(t, flat(5, 4, color.Gray{200}))
		} else {
			changed[c.at] ^= 1
		}
		if err := os.WriteFile(path, changed, 0o644); err != nil {
			t.Fatal(err)
		}
		_, got := sums(0)
		for i := range got {
			if (got[i] != want[i]) != c.changes[i] {
				t.Errorf("%s changed: sum of picture %d is %x, was %x", c.name, i, got[i], want[i])
			}
		}
		if err := os.WriteFile(path, whole, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// A set that is open reads its pictures anew, if it does not keep them.
	if err := os.WriteFile(filepath.Join(dir, "5.jpg"), asPNG(t, flat(5, 4, color.Gray{7})), 0o644); err != nil {
		t.Fatal(err)
	}
	load(t, cachedSet, 5)
	load(t, uncached, 5)
	if cachedSet.Sum(5) != want[5] || uncached.Sum(5) == want[5] {
		t.Errorf("after a change: kept %x, read anew %x, was %x", cachedSet.Sum(5), uncached.Sum(5), want[5])
	}
}

func TestLargeFileIsReadIntoItsSize(t *testing.T) {
	const size = 20 << 20
	dir := write(t, []file{{"a.png", append(asPNG(t, ramp(4, 4)), make([]byte, size)...)}})
	got := hostile.Allocated(func() { mustOpen(t, dir, Options{Size: 4}) })
	if got > size+1<<20 {
		t.Errorf("%d bytes were allocated for %d", got, size)
	}
}

func TestSumIsThatOfAnArchiveToo(t *testing.T) {
	dir := mustOpen(t, facades, Options{Size: 4})
	packed := mustOpen(t, writeFile(t, "set.tar.gz", asGzip(t, asTar(t, facadeFiles(t)))), Options{Size: 4})
	idx := mustOpen(t, writeFile(t, "idx", idxFile(2, 4, 4)), Options{Size: 4})
	load(t, dir, 3)
	load(t, packed, 3)
	load(t, idx, 1)
	if dir.Sum(3) == 0 || dir.Sum(3) != packed.Sum(3) || dir.Sum(4) != 0 || idx.Sum(1) != 0 {
		t.Errorf("sums %x, %x, %x, %x", dir.Sum(3), packed.Sum(3), dir.Sum(4), idx.Sum(1))
	}
}
