package npy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
)

// file puts the preamble before a header and data bytes of zeros after it.
func file(header string, data int) []byte {
	b := append([]byte(magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

// dict is the header of two float32 numbers, with parts replaced.
func dict(oldnew ...string) string {
	return strings.NewReplacer(oldnew...).Replace("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n")
}

func TestHostileFiles(t *testing.T) {
	const shape, order = "(2,)", "False"
	for _, c := range []struct {
		name string
		b    []byte
		want error
		text string
	}{
		{"empty", nil, ErrCorrupt, "0 bytes, want at least 8"},
		{"png", []byte("\x89PNG\r\n\x1a\n and more"), ErrCorrupt, `begins with "\x89PNG\r\n", want "\x93NUMPY"`},
		{"version 0", []byte(magic + "\x00\x00\x00\x00\x00\x00"), ErrUnsupported, "version 0.0"},
		{"version 4", []byte(magic + "\x04\x00\x00\x00\x00\x00"), ErrUnsupported, "version 4.0"},
		{"version 1.1", []byte(magic + "\x01\x01\x00\x00"), ErrUnsupported, "version 1.1"},
		{"no length", []byte(magic + "\x02\x00\x00\x00"), ErrCorrupt, "length of the header"},
		{"4 GB header", []byte(magic + "\x02\x00\xff\xff\xff\xff"), ErrTooLarge, "header of 4294967295 bytes"},
		{"long header", []byte(magic + "\x01\x00\xff\xff{}"), ErrCorrupt, "only 2 follow"},
		{"no header", file("", 8), ErrCorrupt, "header ends at byte 0"},
		{"no dictionary", file("[]\n", 8), ErrCorrupt, `byte 0 is "["`},
		{"no line break", file(strings.TrimRight(dict(), "\n"), 8), ErrCorrupt, "line break"},
		{"two line breaks", file(dict()+"\n", 8), ErrCorrupt, "line break"},
		{"text after", file(dict("}", "} x"), 8), ErrCorrupt, "line break"},
		{"open", file("{'descr': '<f4'", 8), ErrCorrupt, ""},
		{"open string", file("{'descr", 8), ErrCorrupt, "a string that ends"},
		{"missing comma", file(dict(", 'shape'", " 'shape'"), 8), ErrCorrupt, `want ","`},
		{"two commas", file(dict(", }", ",, }"), 8), ErrCorrupt, "quoted string"},
		{"no descr", file(dict("'descr': '<f4', ", ""), 8), ErrCorrupt, "lacks"},
		{"no order", file(dict("'fortran_order': False, ", ""), 8), ErrCorrupt, "lacks"},
		{"no shape", file(dict("'shape': (2,), ", ""), 8), ErrCorrupt, "lacks"},
		{"shape twice", file(dict("'descr': '<f4'", "'shape': (2,)"), 8), ErrCorrupt, "shape twice"},
		{"unknown key", file(dict("descr", "dtype"), 8), ErrUnsupported, `"dtype"`},
		{"code", file(dict(order, "__import__('os')"), 8), ErrCorrupt, "True or False"},
		{"Falsehood", file(dict(order, "Falsehood"), 8), ErrCorrupt, `"h"`},
		{"order 1", file(dict(order, "1"), 8), ErrCorrupt, "True or False"},
		{"list", file(dict(shape, "[2,]"), 8), ErrCorrupt, `want "("`},
		{"number", file(dict(shape, "2"), 8), ErrCorrupt, `want "("`},
		{"no tuple", file(dict(shape, "(2)"), 8), ErrCorrupt, "shape (2), want (2,)"},
		{"only a comma", file(dict(shape, "(,)"), 8), ErrCorrupt, "a number"},
		{"negative", file(dict(shape, "(-2,)"), 8), ErrCorrupt, "a number"},
		{"real", file(dict(shape, "(2.0,)"), 8), ErrCorrupt, `"."`},
		{"name", file(dict(shape, "(N,)"), 8), ErrCorrupt, "a number"},
		{"many axes", file(dict(shape, "("+strings.Repeat("1,", 65)+")"), 4), ErrTooLarge, "64 axes"},
		{"long axis", file(dict(shape, "(0,2147483648)"), 0), ErrTooLarge, "axis 1"},
		{"2^64 axis", file(dict(shape, "(18446744073709551618,)"), 8), ErrTooLarge, "axis 0"},
		{"wraps to 0", file(dict(shape, "(65536,65536,65536,65536)"), 0), ErrCorrupt, "overflows"},
		{"bytes wrap", file(dict(shape, "(2147483647,2147483647,2)", "f4", "f8"), 0), ErrCorrupt, "overflows"},
		{"100 GB", file(dict(shape, "(250000,100000)"), 900), ErrCorrupt, "900 bytes of data, want 100000000000"},
		{"cut short", file(dict(), 7), ErrCorrupt, "7 bytes of data, want 8"},
		{"second array", file(dict(), 9), ErrCorrupt, "1 bytes after the 8"},
		{"native order", file(dict("<f4", "=f4"), 8), ErrUnsupported, `"=f4"`},
		{"long double", file(dict("<f4", "<f16"), 32), ErrUnsupported, `"<f16"`},
		{"control character", file(dict("<f4", "\x1b[31m"), 8), ErrUnsupported, `"\x1b[31m"`},
		{"pickle", file(dict("<f4", "|O"), 8), ErrUnsupported, "Python objects"},
		{"structure", file(dict("'<f4'", "[('x', '<f4')]"), 8), ErrUnsupported, "structured"},
		{"numpy int", load(t, "odd_int"), ErrUnsupported, `"<i8"`},
		{"numpy complex", load(t, "odd_complex"), ErrUnsupported, `"<c8"`},
		{"numpy bool", load(t, "odd_bool"), ErrUnsupported, `"|b1"`},
		{"numpy text", load(t, "odd_text"), ErrUnsupported, `"<U2"`},
		{"numpy structure", load(t, "odd_struct"), ErrUnsupported, "structured"},
		{"numpy object", load(t, "odd_object"), ErrUnsupported, "Python objects"},
		{"1e300", load(t, "odd_large"), ErrUnsupported, "element [0 1] is 1e+300"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := parse(c.b)
			if !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.text) || a != nil {
				t.Errorf("%+v, %v, want %q: %v", a, err, c.text, c.want)
			}
			if text := fmt.Sprint(err); len(text) > 500 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
				t.Errorf("the error %q is long or steers the terminal", err)
			}
		})
	}
}

func TestOddButValidHeaders(t *testing.T) {
	for name, header := range map[string]string{
		"as it is":      dict(),
		"double quotes": dict("'", `"`),
		"no spaces":     dict(" ", ""),
		"more spaces":   dict(" ", " \t ", "(", "( ", ",)", " , )"),
		"other order":   "{'shape': (2,), 'fortran_order': True, 'descr': '<f4'}\n",
		"python 2":      dict("(2,)", "(2L,)"),
		"padded":        dict("\n", strings.Repeat(" ", 1000)+"\n"),
	} {
		a, err := parse(file(header, 8))
		if err != nil || !slices.Equal(a.Shape, []int{2}) || !slices.Equal(a.Data, []float32{0, 0}) {
			t.Errorf("%s: %+v (%v)", name, a, err)
		}
	}
}

func TestEveryTruncationIsRefused(t *testing.T) {
	for _, name := range []string{"z4", "fortran_big_f8", "version2", "f2"} {
		good := load(t, name)
		for n := range good {
			if _, err := parse(good[:n]); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%s: %d of %d bytes: %v, want ErrCorrupt", name, n, len(good), err)
			}
			// A file that shrinks while it is read.
			if _, err := Read(bytes.NewReader(good[:n]), int64(len(good))); !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%s: %d of a promised %d bytes: %v, want ErrCorrupt", name, n, len(good), err)
			}
		}
	}
}

// The format has no digest: a flip may go unseen in a number, in the byte or
// memory order, or in the padding.
func TestBitFlipNeverMakesMoreThanTheFileHolds(t *testing.T) {
	for _, name := range []string{"z4", "fortran_big_f8", "version2"} {
		good := load(t, name)
		want, err := parse(good)
		if err != nil {
			t.Fatal(err)
		}
		headerBytes := len(good) - len(want.Data)*4
		if name == "fortran_big_f8" {
			headerBytes = len(good) - len(want.Data)*8
		}
		for i := range good {
			for bit := range 8 {
				bad := slices.Clone(good)
				bad[i] ^= 1 << bit
				got, err := parse(bad)
				if err != nil {
					continue
				}
				if !slices.Equal(got.Shape, want.Shape) || len(got.Data) != len(want.Data) {
					t.Fatalf("%s: bit %d of byte %d: shape %v, want %v", name, bit, i, got.Shape, want.Shape)
				}
				changed := 0
				for k := range want.Data {
					if got.Data[k] != want.Data[k] {
						changed++
					}
				}
				if i >= headerBytes && changed > 1 {
					t.Fatalf("%s: bit %d of byte %d changed %d numbers", name, bit, i, changed)
				}
			}
		}
	}
}

func readAt(r io.ReaderAt, size int64) error {
	_, err := Read(r, size)
	return err
}

func TestLyingFilesGetNoMemory(t *testing.T) {
	claims := file(dict("(2,)", "(250000,100000)"), 900)
	hostile.CheckLies(t, map[string]hostile.Lie{
		"100 GB":                       {File: claims, Size: int64(len(claims))},
		"100 GB and a size to match":   {File: claims, Size: int64(len(claims)) - 900 + 100000000000},
		"4 GB and a size to match":     {File: file(dict("(2,)", "(1073741824,)"), 900), Size: int64(len(file(dict("(2,)", "(1073741824,)"), 0))) + 4<<30},
		"4 GB header, size to match":   {File: []byte(magic + "\x03\x00\xff\xff\xff\xff{"), Size: 5 << 30},
		"64 kB header, size to match":  {File: []byte(magic + "\x01\x00\xff\xff{"), Size: 1 << 20},
		"many axes":                    {File: file(dict("(2,)", "("+strings.Repeat("1,", 30000)+")"), 4), Size: 60100},
		"nothing, but a size of 1 TB":  {Size: 1 << 40},
		"negative size":                {File: claims, Size: -1},
		"no elements in a large shape": {File: file(dict("(2,)", "(0,2147483647)"), 900), Size: 1000},
	}, readAt)
}

// An honest file takes at most twice its size and a chunk; half precision in
// Fortran order is the worst case.
func TestMemoryIsBoundedByTheFile(t *testing.T) {
	const n = 1 << 20
	b := file(dict("(2,)", "(1024,1024)", "<f4", "<f2", "False", "True"), 2*n)
	got := hostile.Allocated(func() {
		if _, err := parse(b); err != nil {
			t.Fatal(err)
		}
	})
	if limit := uint64(2*len(b) + 1<<20); got > limit {
		t.Errorf("%d bytes were allocated for a file of %d, want at most %d", got, len(b), limit)
	}
}

func TestReadErrorsAreNotTakenForDamage(t *testing.T) {
	hostile.CheckBroken(t, load(t, "z2"), []int{0, 8, 10, 128}, readAt)
}

func TestReadFileNamesThePath(t *testing.T) {
	hostile.CheckPaths(t, load(t, "z2")[:100], func(path string) error {
		_, err := ReadFile(path)
		return err
	})
}

// FuzzRead looks for panics, for arrays that the file cannot hold, and for
// ones that do not survive being written.
func FuzzRead(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.npy")
	if err != nil || len(paths) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add(file(dict("(2,)", "(2L, 1)", "False", "True"), 8))
	f.Fuzz(checkRead)
}

// FuzzHeader is FuzzRead with a preamble that is always right and data of
// zeros, so that more headers are accepted.
func FuzzHeader(f *testing.F) {
	f.Add(dict(), uint16(8))
	f.Add(dict("(2,)", "(1L, 2, 1)", "<f4", ">f8", "False", "True"), uint16(16))
	f.Add(dict("(2,)", "()", "<f4", "<f2"), uint16(2))
	f.Fuzz(func(t *testing.T, header string, data uint16) {
		if len(header) <= MaxHeader {
			checkRead(t, file(header, int(data)))
		}
	})
}

// checkRead is the body of the fuzz targets.
func checkRead(t *testing.T, b []byte) {
	a, err := parse(b)
	if err != nil {
		if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrUnsupported) {
			t.Fatalf("error %v has no cause", err)
		}
		return
	}
	if 2*len(a.Data) > len(b) {
		t.Fatalf("%d elements from %d bytes", len(a.Data), len(b))
	}
	var again bytes.Buffer
	if err := Write(&again, a.Shape, a.Data); err != nil {
		t.Fatal(err)
	}
	c, err := parse(again.Bytes())
	if err != nil || !slices.Equal(c.Shape, a.Shape) || len(c.Data) != len(a.Data) {
		t.Fatalf("%v became %+v (%v)", a.Shape, c, err)
	}
	for i, v := range a.Data {
		if c.Data[i] != v && v == v {
			t.Fatalf("element %d: %v became %v", i, v, c.Data[i])
		}
	}
	a.Latents(5)
}
