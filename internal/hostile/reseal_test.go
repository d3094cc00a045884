package hostile

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"image"
	"image/color"
	"image/png"
	"io"
	"testing"

	"dcganviz/internal/safetensors"
)

// change changes one byte behind the first occurrence of a text.
func change(t *testing.T, b []byte, behind string) []byte {
	t.Helper()
	b = bytes.Clone(b)
	i := bytes.Index(b, []byte(behind))
	if i < 0 {
		t.Fatalf("no %q", behind)
	}
	b[i+len(behind)] ^= 1
	return b
}

// Each reader refuses a changed file, and takes it resealed.
func TestResealedFilesAreTaken(t *testing.T) {
	write := func(do func(w io.Writer) error) []byte {
		var out bytes.Buffer
		if err := do(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	img := image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{color.Black, color.White})
	picture := write(func(w io.Writer) error { return (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(w, img) })
	archive := write(func(w io.Writer) error {
		z := zip.NewWriter(w)
		for method, text := range map[uint16]string{zip.Store: "kept as it is", zip.Deflate: "packed packed packed"} {
			f, err := z.CreateHeader(&zip.FileHeader{Name: text[:4], Method: method})
			if err != nil {
				return err
			}
			io.WriteString(f, text)
		}
		return z.Close()
	})
	tarred := write(func(w io.Writer) error {
		a := tar.NewWriter(w)
		a.WriteHeader(&tar.Header{Name: "a.txt", Mode: 0o644, Size: 5})
		io.WriteString(a, "hello")
		return a.Close()
	})
	gzipped := write(func(w io.Writer) error {
		g := gzip.NewWriter(w)
		g.Write(tarred)
		return g.Close()
	})
	x, err := safetensors.New("w", []int{2}, []float32{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	tensors := write(func(w io.Writer) error {
		return safetensors.Write(w, map[string]string{"arch": "x"}, []safetensors.Tensor{x})
	})
	readZip := func(b []byte) error {
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return err
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err == nil {
				_, err = io.ReadAll(r)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	readTar := func(r io.Reader) error { _, err := tar.NewReader(r).Next(); return err }
	for name, c := range map[string]struct {
		file []byte
		read func(b []byte) error
	}{
		"PNG":         {change(t, picture, "PLTE"), func(b []byte) error { _, err := png.Decode(bytes.NewReader(b)); return err }},
		"PNG pixels":  {change(t, picture, "IDAT\x78\x01\x00\x04\x00\xfb\xff\x00"), func(b []byte) error { _, err := png.Decode(bytes.NewReader(b)); return err }},
		"zip":         {change(t, archive, "kept as"), readZip},
		"tar":         {change(t, tarred, "a.t"), func(b []byte) error { return readTar(bytes.NewReader(b)) }},
		"safetensors": {change(t, tensors, `"arch":"`), func(b []byte) error { _, err := safetensors.Parse(b); return err }},
		"more header": {bytes.Replace(tensors, []byte(`"arch":"x"`), []byte(`"arch":"xyz"`), 1), func(b []byte) error { _, err := safetensors.Parse(b); return err }},
		"gzip": {change(t, gzipped, string(gzipped[:len(gzipped)-8])), func(b []byte) error {
			g, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				return err
			}
			if err := readTar(g); err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, g)
			return err
		}},
	} {
		if c.read(c.file) == nil {
			t.Errorf("%s: the change is not noticed", name)
		}
		if err := c.read(Reseal(c.file)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
