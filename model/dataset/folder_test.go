package dataset

import (
	"errors"
	"image/color"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestFolderOfFacades(t *testing.T) {
	s := mustOpen(t, facades, Options{Strict: true})
	if s.Len() != 12 || !slices.Equal(s.Classes(), []string{"plain", "windows"}) {
		t.Errorf("%d pictures of classes %q, want 12 of plain and windows", s.Len(), s.Classes())
	}
	if want := []int{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}; !slices.Equal(labels(s), want) {
		t.Errorf("labels %v, want %v", labels(s), want)
	}
	if !slices.IsSorted(names(s)) || s.Name(0) != "plain/p00010.jpg" {
		t.Errorf("names %q, want them sorted from plain/p00010.jpg", names(s))
	}
	if err := s.Check(t.Context(), nil); err != nil {
		t.Error(err)
	}
	for i := range s.Len() {
		px := load(t, s, i)
		if lo, hi := slices.Min(px), slices.Max(px); hi-lo < 50 {
			t.Errorf("%s spans only %d to %d", s.Name(i), lo, hi)
		}
	}
}

func TestFolderPassesOverWhatIsNoPicture(t *testing.T) {
	png := asPNG(t, ramp(4, 4))
	dir := write(t, []file{
		{"b/2.png", png}, {"a/1.PNG", png}, {"README", []byte("text")}, {"a/labels.csv", []byte("1,2")},
		{".DS_Store", []byte("x")}, {"a/._1.png", []byte("fork")}, {"__MACOSX/a/1.png", []byte("fork")}, {".cache/c.png", png},
	})
	s := mustOpen(t, dir, Options{Size: 4})
	if err := s.Check(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a/1.PNG", "b/2.png"}; !slices.Equal(names(s), want) || len(s.Bad()) != 0 {
		t.Errorf("pictures %q, bad %v, want %q and none", names(s), s.Bad(), want)
	}
}

func TestFolderFollowsLinksOnceAndSurvivesLoops(t *testing.T) {
	png := asPNG(t, ramp(4, 4))
	dir := write(t, []file{{"b/real/1.png", png}})
	other := write(t, []file{{"2.png", png}, {"3.png", png}})
	link := func(to, at string) {
		if err := os.Symlink(to, filepath.Join(dir, at)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	link(dir, "b/loop")                          // to the root
	link(filepath.Join(dir, "b"), "a")           // an alias that sorts before the real folder
	link(other, "c")                             // outside, followed
	link(filepath.Join(other), "d")              // outside again, not twice
	link(filepath.Join(other, "2.png"), "e.png") // a file
	link("nowhere", "f.png")
	link("self.png", "self.png")
	s := mustOpen(t, dir, Options{Size: 4})
	if err := s.Check(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if want := []string{"b/real/1.png", "c/2.png", "c/3.png", "e.png", "f.png", "self.png"}; !slices.Equal(names(s), want) {
		t.Errorf("got %q, want %q", names(s), want)
	}
	bad := s.Bad()
	if len(bad) != 2 || bad[0].Name != "f.png" || bad[1].Name != "self.png" || !strings.Contains(bad[0].Err.Error(), "leads nowhere") {
		t.Errorf("bad %v, want f.png and self.png", bad)
	}
}

func TestWebOfLinksIsListedOnce(t *testing.T) {
	dir := t.TempDir()
	const n = 12 // n folders with a link to each other one: n! paths without loops
	for i := range n {
		if err := os.Mkdir(filepath.Join(dir, string(rune('a'+i))), 0o755); err != nil {
			t.Fatal(err)
		}
		for j := range n {
			if err := os.Symlink(filepath.Join(dir, string(rune('a'+j))), filepath.Join(dir, string(rune('a'+i)), string(rune('a'+j)))); err != nil {
				t.Skipf("no symbolic links here: %v", err)
			}
		}
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v, want ErrEmpty", err)
	}
}

func TestVanishedFileIsTheSystemsErrorNotABadPicture(t *testing.T) {
	png := asPNG(t, flat(4, 4, color.Black))
	dir := write(t, []file{{"1.png", png}, {"2.png", png}})
	s := mustOpen(t, dir, Options{Size: 4})
	if err := os.Remove(filepath.Join(dir, "2.png")); err != nil {
		t.Fatal(err)
	}
	err := s.Load(t.Context(), []int{0, 1}, make([]float32, 2*48))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "2.png") {
		t.Errorf("got %v, want a missing 2.png", err)
	}
	if len(s.Bad()) != 0 {
		t.Errorf("bad %v, want none", s.Bad())
	}
}

func TestFileOverTheByteLimitIsBad(t *testing.T) {
	small, large := asPNG(t, flat(4, 4, color.Black)), asPNG(t, ramp(40, 40))
	s := mustOpen(t, write(t, []file{{"1.png", small}, {"2.png", large}}), Options{Size: 4, MaxBytes: int64(len(small))})
	if err := s.Check(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if bad := s.Bad(); len(bad) != 1 || bad[0].Index != 1 || !errors.Is(bad[0].Err, ErrLimit) {
		t.Errorf("bad %v, want 2.png over the limit", bad)
	}
}

func TestSetWhoseFilesAllTurnedBadSaysSo(t *testing.T) {
	dir := write(t, []file{{"1.png", asPNG(t, ramp(4, 4))}, {"2.png", asPNG(t, ramp(5, 5))}})
	s := mustOpen(t, dir, Options{Size: 4, MemoryLimit: -1})
	for _, name := range []string{"1.png", "2.png"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("<html>"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Load(t.Context(), []int{1}, make([]float32, 48)); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "any more") {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
}
