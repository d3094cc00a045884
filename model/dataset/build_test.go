package dataset

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// facades is a folder of twelve JPEGs in two class folders.
const facades = "../../testdata/data/facades"

// file is a name and its bytes, in the order an archive is to hold them.
type file struct {
	name string
	data []byte
}

// flat returns a w*h picture of one colour.
func flat(w, h int, c color.Color) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, c)
		}
	}
	return m
}

// ramp returns a w*h picture in which every pixel differs from its neighbours.
func ramp(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(10 * x), uint8(10 * y), uint8(7*x + 3*y), 255})
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asGIF(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// asZip packs files, every second one stored rather than deflated.
func asZip(t testing.TB, files []file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, f := range files {
		method := zip.Deflate
		if i%2 == 1 {
			method = zip.Store
		}
		fw, err := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: method})
		if err == nil {
			_, err = fw.Write(f.data)
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

func asTar(t testing.TB, files []file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: f.name, Size: int64(len(f.data)), Mode: 0o644})
		if err == nil {
			_, err = w.Write(f.data)
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

func asGzip(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// idxFile returns n pictures of rows*cols pixels; pixel j of picture i is i+j.
func idxFile(n, rows, cols int) []byte {
	b := []byte(idxImages)
	for _, d := range []int{n, rows, cols} {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	for i := range n {
		for j := range rows * cols {
			b = append(b, byte(i+j))
		}
	}
	return b
}

func idxLabelFile(labels ...byte) []byte {
	b := binary.BigEndian.AppendUint32([]byte(idxLabels), uint32(len(labels)))
	return append(b, labels...)
}

// cifarBatch returns one record a label, whose red, green and blue are 10, 20
// and 30 plus the label.
func cifarBatch(labels ...byte) []byte {
	var b []byte
	for _, l := range labels {
		b = append(b, l)
		for plane := range 3 {
			b = append(b, bytes.Repeat([]byte{byte(10*(plane+1)) + l}, cifarPlane)...)
		}
	}
	return b
}

// write puts files below a new folder and returns it.
func write(t testing.TB, files []file) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		p := filepath.Join(dir, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, f.data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// writeFile puts one file in a new folder and returns its path.
func writeFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	return filepath.Join(write(t, []file{{name, data}}), name)
}

// mustOpen opens a set and closes it when the test ends.
func mustOpen(t testing.TB, path string, o Options) *Set {
	t.Helper()
	s, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return s
}

// load returns the pictures of the given indices as bytes.
func load(t testing.TB, s *Set, indices ...int) []byte {
	t.Helper()
	h, w, c := s.Dims()
	dst := make([]float32, len(indices)*h*w*c)
	if err := s.Load(context.Background(), indices, dst); err != nil {
		t.Fatal(err)
	}
	return toBytes(dst)
}

// toBytes inverts Float on its own results.
func toBytes(x []float32) []byte {
	b := make([]byte, len(x))
	for i, v := range x {
		b[i] = byte((v+1)*127.5 + 0.5)
	}
	return b
}

func names(s *Set) []string {
	var n []string
	for i := range s.Len() {
		n = append(n, s.Name(i))
	}
	return n
}

func labels(s *Set) []int {
	var l []int
	for i := range s.Len() {
		l = append(l, s.Label(i))
	}
	return l
}
