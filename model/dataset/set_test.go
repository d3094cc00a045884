package dataset

import (
	"bytes"
	"context"
	"errors"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// mixed is a folder in which pictures 0, 2, 3 and 6 of seven are bad; good
// picture i is flat gray 10*i.
func mixed(t testing.TB) string {
	t.Helper()
	gray := func(i uint8) []byte { return asPNG(t, flat(5, 4, color.Gray{10 * i})) }
	jpg := asJPEG(t, ramp(32, 32))
	return write(t, []file{
		{"0.png", hugePNG()}, {"1.png", gray(1)}, {"2.jpg", jpg[:len(jpg)/2]}, {"3.gif", []byte("<html>")},
		{"4.png", gray(4)}, {"5.jpg", gray(5)}, // a png by another name
		{"6.jpeg", nil},
	})
}

// substitutes are what each picture of mixed is replaced by.
var substitutes = []byte{10, 10, 40, 40, 40, 50, 10}

func TestBadPicturesAreReplacedByTheNextGoodOne(t *testing.T) {
	for _, limit := range []int64{0, -1} {
		s := mustOpen(t, mixed(t), Options{Size: 2, Channels: 1, MemoryLimit: limit})
		if s.Cached() != (limit == 0) {
			t.Errorf("limit %d: cached %v", limit, s.Cached())
		}
		for range 2 { // the second time from what is known
			for _, order := range [][]int{{6, 5, 4, 3, 2, 1, 0}, {0, 1, 2, 3, 4, 5, 6, 0, 0}} {
				got := load(t, s, order...)
				for k, i := range order {
					if px := got[4*k : 4*k+4]; !bytes.Equal(px, bytes.Repeat(substitutes[i:i+1], 4)) {
						t.Errorf("limit %d: picture %d is %v, want %d", limit, i, px, substitutes[i])
					}
				}
			}
		}
		var at []int
		for _, b := range s.Bad() {
			at = append(at, b.Index)
			if b.Name != s.Name(b.Index) || b.Err == nil {
				t.Errorf("bad item %+v does not describe picture %d", b, b.Index)
			}
		}
		if !slices.Equal(at, []int{0, 2, 3, 6}) {
			t.Errorf("limit %d: bad are %v, want 0 2 3 6", limit, at)
		}
	}
}

func TestCheckCompletesBad(t *testing.T) {
	s := mustOpen(t, mixed(t), Options{Size: 2})
	if n := len(s.Bad()); n != 1 {
		t.Errorf("%d bad pictures after Open, want the one before the first good", n)
	}
	done := 0
	if err := s.Check(t.Context(), func(n int) { done = n }); err != nil || done != 7 {
		t.Errorf("Check: %v, %d done", err, done)
	}
	if n := len(s.Bad()); n != 4 {
		t.Errorf("%d bad pictures after Check, want 4", n)
	}
}

func TestStrictStopsAtTheFirstBadPicture(t *testing.T) {
	dir := mixed(t)
	if _, err := Open(dir, Options{Strict: true}); !errors.Is(err, ErrLimit) || !strings.Contains(err.Error(), "0.png") {
		t.Errorf("Open: %v, want 0.png over the limit", err)
	}
	if err := os.Remove(filepath.Join(dir, "0.png")); err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int64{0, -1} {
		s := mustOpen(t, dir, Options{Size: 2, Channels: 1, Strict: true, MemoryLimit: limit, Workers: 4})
		dst := make([]float32, 6*4)
		for range 3 { // also when the picture is known to be bad
			err := s.Load(t.Context(), []int{0, 3, 2, 1, 5, 4}, dst)
			if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "3.gif") {
				t.Errorf("Load: %v, want 3.gif, the first in the indices", err)
			}
			if err := s.Check(t.Context(), nil); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "2.jpg") {
				t.Errorf("Check: %v, want 2.jpg, the first in the set", err)
			}
		}
		if err := s.Load(t.Context(), []int{0, 1}, dst[:8]); err == nil {
			t.Errorf("a batch with a bad picture was loaded")
		}
		if err := s.Load(t.Context(), []int{0, 0}, dst[:8]); err != nil {
			t.Errorf("a batch of good pictures: %v", err)
		}
	}
}

func TestOpenErrorsHaveTheirKind(t *testing.T) {
	png := asPNG(t, ramp(4, 4))
	html := []byte("<!DOCTYPE html><html></html>")
	tests := []struct {
		name, path string
		kind       error
		text       string
	}{
		{"no path", "", ErrNotFound, "no path"},
		{"missing", filepath.Join(t.TempDir(), "none"), ErrNotFound, "none"},
		{"empty folder", t.TempDir(), ErrEmpty, "folder"},
		{"folder of text", write(t, []file{{"README", html}}), ErrEmpty, "folder"},
		{"empty file", writeFile(t, "a.zip", nil), ErrEmpty, "0 bytes"},
		{"empty zip", writeFile(t, "a.zip", asZip(t, nil)), ErrEmpty, "archive"},
		{"empty tar", writeFile(t, "a.tar", asTar(t, nil)), ErrEmpty, "archive"},
		{"empty tar.gz", writeFile(t, "a.tar.gz", asGzip(t, asTar(t, nil))), ErrEmpty, "archive"},
		{"gzip of nothing", writeFile(t, "a.tar.gz", asGzip(t, nil)), ErrEmpty, "unpacks to 0"},
		{"zip of text", writeFile(t, "a.zip", asZip(t, []file{{"a.txt", html}})), ErrEmpty, "archive"},
		{"html named zip", writeFile(t, "a.zip", html), ErrCorrupt, "named .zip"},
		{"html named tar", writeFile(t, "a.tar", html), ErrCorrupt, "tar"},
		{"html named tgz", writeFile(t, "a.tgz", html), ErrCorrupt, "named .tgz"},
		{"html named bin", writeFile(t, "a.bin", html), ErrCorrupt, "3073"},
		{"html", writeFile(t, "a.html", html), ErrUnsupported, "<!DOCTYP"},
		{"gzip of html", writeFile(t, "a.gz", asGzip(t, html)), ErrUnsupported, "<!DOCTYP"},
		{"tar.gz of html", writeFile(t, "a.tar.gz", asGzip(t, html)), ErrCorrupt, "tar"},
		{"picture", writeFile(t, "a.png", png), ErrUnsupported, "single png"},
		{"no good picture", write(t, []file{{"a.png", html}, {"b.jpg", nil}}), ErrCorrupt, "none of its 2 pictures"},
		{"zip of bad pictures", writeFile(t, "a.zip", asZip(t, []file{{"a.png", html}})), ErrCorrupt, "none of its 1 pictures"},
		{"only heic", write(t, []file{{"a.HEIC", []byte("\x00\x00\x00\x18ftypheic")}}), ErrUnsupported, "heic"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Open(tt.path, Options{})
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) || !strings.HasPrefix(err.Error(), "dataset: ") {
				t.Fatalf("got %v, want %v with %q", err, tt.kind, tt.text)
			}
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("%q is not one line", err)
			}
			for _, other := range []error{ErrNotFound, ErrEmpty, ErrCorrupt, ErrUnsupported, ErrLimit, ErrNotInSet, ErrClosed} {
				if other != tt.kind && errors.Is(err, other) {
					t.Errorf("%v is also %v", err, other)
				}
			}
		})
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{{Size: -1}, {Size: maxSide + 1}, {Channels: 2}, {Channels: 4}, {Workers: -1}, {MaxPixels: -1}, {MaxBytes: -1}, {MaxSpool: -1}} {
		if s, err := Open(facades, o); err == nil {
			s.Close()
			t.Errorf("%+v was accepted", o)
		}
	}
	s := mustOpen(t, facades, Options{})
	if h, w, c := s.Dims(); h != 64 || w != 64 || c != 3 {
		t.Errorf("zero options give %dx%dx%d, want 64x64x3", h, w, c)
	}
}

func TestLoadChecksItsArguments(t *testing.T) {
	s := mustOpen(t, facades, Options{Size: 8})
	for _, tt := range []struct {
		indices []int
		n       int
	}{{[]int{0}, 191}, {[]int{0}, 193}, {[]int{-1}, 192}, {[]int{0, 12}, 384}, {nil, 1}} {
		if err := s.Load(t.Context(), tt.indices, make([]float32, tt.n)); err == nil {
			t.Errorf("indices %v into %d values were accepted", tt.indices, tt.n)
		}
	}
	if err := s.Load(t.Context(), nil, nil); err != nil {
		t.Errorf("no indices: %v", err)
	}
}

func TestMemoryLimitIsExact(t *testing.T) {
	const whole = 12 * 8 * 8 * 3
	if !mustOpen(t, facades, Options{Size: 8, MemoryLimit: whole}).Cached() {
		t.Errorf("a set of %d bytes is not kept under that limit", whole)
	}
	if mustOpen(t, facades, Options{Size: 8, MemoryLimit: whole - 1}).Cached() {
		t.Errorf("a set of %d bytes is kept over its limit", whole)
	}
}

func TestLoadIsTheSameForAnyWorkersCacheAndOrder(t *testing.T) {
	want := load(t, mustOpen(t, facades, Options{Size: 16, Workers: 1, MemoryLimit: -1}), 3, 1, 4, 1, 5, 9, 2, 6)
	for _, workers := range []int{1, 2, 7} {
		for _, limit := range []int64{0, -1} {
			s := mustOpen(t, facades, Options{Size: 16, Workers: workers, MemoryLimit: limit})
			var wg sync.WaitGroup
			for range 4 { // all at once, over a cache that is not filled yet
				wg.Add(1)
				go func() {
					defer wg.Done()
					dst := make([]float32, 8*16*16*3)
					err := s.Load(context.Background(), []int{3, 1, 4, 1, 5, 9, 2, 6}, dst)
					if err != nil || !bytes.Equal(toBytes(dst), want) {
						t.Errorf("workers %d, limit %d: pixels differ (%v)", workers, limit, err)
					}
				}()
			}
			wg.Wait()
		}
	}
}

func TestLoadStopsWithItsContext(t *testing.T) {
	s := mustOpen(t, facades, Options{Size: 8})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Load(ctx, []int{0, 1}, make([]float32, 384)); !errors.Is(err, context.Canceled) {
		t.Errorf("Load: %v, want context.Canceled", err)
	}
	if err := s.Check(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Check: %v, want context.Canceled", err)
	}
}

func TestClosedSetRefusesToLoad(t *testing.T) {
	s, err := Open(facades, Options{Size: 8})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if err := s.Load(t.Context(), []int{0}, make([]float32, 192)); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

func TestCachedLoadAllocatesLittle(t *testing.T) {
	s := mustOpen(t, facades, Options{Size: 32, Workers: 2})
	indices := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	dst := make([]float32, 12*32*32*3)
	ctx := t.Context()
	// A job, its closures and one goroutine; a cleared pool may add a scratch.
	const most = 8
	if n := testing.AllocsPerRun(50, func() {
		if err := s.Load(ctx, indices, dst); err != nil {
			t.Fatal(err)
		}
	}); n > most {
		t.Errorf("%v allocations, want at most %d", n, most)
	}
}

func TestListSelectsInItsOrder(t *testing.T) {
	list := writeFile(t, "list.txt", []byte("\ufeffwindows/p00042.jpg\r\n\n./plain/p00037.jpg\nwindows/p00042.jpg"))
	all := mustOpen(t, facades, Options{Size: 8})
	s := mustOpen(t, facades, Options{Size: 8, List: list})
	if want := []string{"windows/p00042.jpg", "plain/p00037.jpg", "windows/p00042.jpg"}; !slices.Equal(names(s), want) {
		t.Errorf("names %q, want %q", names(s), want)
	}
	if want := []int{1, 0, 1}; !slices.Equal(labels(s), want) || !slices.Equal(s.Classes(), all.Classes()) {
		t.Errorf("labels %v of %q, want %v of the whole set's classes", labels(s), s.Classes(), want)
	}
	if !bytes.Equal(load(t, s, 0, 1), load(t, all, 8, 1)) {
		t.Errorf("pixels are not those of the named pictures")
	}
	if s.Fingerprint() == all.Fingerprint() {
		t.Errorf("a part of the set has the whole's fingerprint")
	}
}

func TestListErrors(t *testing.T) {
	absent := "plain/p00037.jpg\n" + strings.Repeat("nope/1.jpg\n", 3) + "2.jpg\n3.jpg\n4.jpg\n"
	tests := []struct {
		name, list string
		kind       error
		text       string
	}{
		{"absent", writeFile(t, "l", []byte(absent)), ErrNotInSet, `6 of 7 listed names are not among its 12 pictures: "nope/1.jpg"`},
		{"not a picture", writeFile(t, "l", []byte("README.md")), ErrNotInSet, "1 of 1"},
		{"missing", filepath.Join(t.TempDir(), "l"), ErrNotFound, "no such file"},
		{"empty", writeFile(t, "l", []byte("\n \r\n")), ErrEmpty, "list without a name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(facades, Options{List: tt.list})
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) || strings.Contains(err.Error(), "4.jpg") {
				t.Errorf("got %v, want %v with %q", err, tt.kind, tt.text)
			}
		})
	}
}

func TestFingerprintIgnoresOptionsAndNoticesChanges(t *testing.T) {
	png := asPNG(t, ramp(4, 4))
	files := []file{{"a/1.png", png}, {"b/2.png", png}}
	was := mustOpen(t, write(t, files), Options{}).Fingerprint()
	if got := mustOpen(t, write(t, files), Options{Size: 8, Channels: 1, MemoryLimit: -1}).Fingerprint(); got != was {
		t.Errorf("options or place changed the fingerprint")
	}
	for name, other := range map[string][]file{
		"renamed": {{"a/1.png", png}, {"b/3.png", png}}, "moved": {{"a/1.png", png}, {"c/2.png", png}},
		"resized": {{"a/1.png", png}, {"b/2.png", append(bytes.Clone(png), 0)}}, "added": append(files[:2:2], file{"b/3.png", png}),
	} {
		if got := mustOpen(t, write(t, other), Options{}).Fingerprint(); got == was {
			t.Errorf("%s: the same fingerprint", name)
		}
	}
}
