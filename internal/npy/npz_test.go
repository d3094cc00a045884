package npy

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
)

// archive makes an .npz of name and content by turns.
func archive(t testing.TB, method uint16, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: parts[i], Method: method})
		if err == nil {
			_, err = f.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestArchivesOfNumPy reads what numpy.savez and numpy.savez_compressed wrote of arange(12), shape [3, 4].
func TestArchivesOfNumPy(t *testing.T) {
	want := []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	for _, name := range []string{"stored.npz", "deflated.npz", "named.npz"} {
		a, err := ReadFileOrArchive(filepath.Join("testdata", name))
		if err != nil || !slices.Equal(a.Shape, []int{3, 4}) || !slices.Equal(a.Data, want) {
			t.Errorf("%s: %v (%v), want 0 to 11 as [3 4]", name, a, err)
		}
	}
}

// TestOtherFilesSayHowToConvert tries the files that people have in place of a .npy file.
func TestOtherFilesSayHowToConvert(t *testing.T) {
	array := string(file(dict(), 8))
	for _, c := range []struct {
		name string
		b    []byte
		want error
		text string
	}{
		{"torch.pt", archive(t, zip.Store, "z/data.pkl", "x", "z/data/0", "y"), ErrUnsupported, "torch.load"},
		{"old.pt", []byte("\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."), ErrUnsupported, "pickle"},
		{"z.csv", []byte("0.5,-1.25,3e-2\n0.1,0.2,0.3\n"), ErrUnsupported, "numpy.loadtxt"},
		{"z.txt", []byte("0.5 größer"), ErrUnsupported, "numpy.loadtxt"},
		{"z.mat", []byte("MATLAB 5.0 MAT-file"), ErrUnsupported, "scipy"},
		{"z.h5", []byte("\x89HDF\r\n\x1a\n\x00"), ErrUnsupported, "h5py"},
		{"z.safetensors", []byte("\x40\x00\x00\x00\x00\x00\x00\x00{\"z\":"), ErrUnsupported, "safetensors"},
		{"two.npz", archive(t, zip.Store, "a.npy", array, "b.npy", array), ErrUnsupported, `2 arrays, such as "a", "b", none of them z`},
		{"other.zip", archive(t, zip.Store, "a.png", array), ErrUnsupported, "without a .npy file"},
		{"cut.npz", archive(t, zip.Deflate, "a.npy", array)[:60], ErrCorrupt, "zip"},
		{"bad.npz", archive(t, zip.Deflate, "a.npy", array[:len(array)-1]), ErrCorrupt, "7 bytes of data"},
		{"zeros.npy", make([]byte, 64), ErrCorrupt, "no .npy file"},
		{"empty.npy", nil, ErrCorrupt, "0 bytes"},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, c.b, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFileOrArchive(path); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.text)
		}
	}
}

// TestArchiveThatClaimsMuchTakesLittle forges the size of an entry.
func TestArchiveThatClaimsMuchTakesLittle(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if _, err := w.CreateRaw(&zip.FileHeader{Name: "z.npy", UncompressedSize64: MaxUnpacked + 1}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := readArchive(bytes.NewReader(b.Bytes()), int64(b.Len())); !errors.Is(err, ErrTooLarge) {
		t.Errorf("an entry of more than %d bytes: %v, want ErrTooLarge", MaxUnpacked, err)
	}
	if _, err := readArchive(bytes.NewReader(nil), MaxArchive+1); !errors.Is(err, ErrTooLarge) {
		t.Errorf("archive of more than %d bytes: %v, want ErrTooLarge", MaxArchive, err)
	}
}

// FuzzArchive looks for panics, errors without a cause and arrays whose data are not of their
// shape. Checksums are made right.
func FuzzArchive(f *testing.F) {
	array := string(file(dict(), 8))
	f.Add(archive(f, zip.Store, "z.npy", array))
	f.Add(archive(f, zip.Deflate, "a.npy", array, "z.npy", array))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, b := range [][]byte{b, hostile.Reseal(b)} {
			a, err := readArchive(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrUnsupported) {
					t.Fatalf("error %v has no cause", err)
				}
				continue
			}
			n := 1
			for _, d := range a.Shape {
				n *= d
			}
			if n != len(a.Data) {
				t.Fatalf("%d numbers of shape %v", len(a.Data), a.Shape)
			}
		}
	})
}
