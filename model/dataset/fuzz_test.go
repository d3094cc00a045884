package dataset

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"dcganviz/internal/hostile"
)

// Some inputs here are kilobytes long, and what they cover varies from run to
// run: fuzz with -fuzzminimizetime=10x, or the time goes into making them
// smaller.

// fuzzOptions keep one input cheap.
var fuzzOptions = Options{Size: 4, Width: 4, Channels: 3, MaxPixels: 1 << 12, MaxBytes: 1 << 16, MaxSpool: 1 << 18, Workers: 1, MemoryLimit: 1 << 20}

// checkContents uses what an opener made of hostile bytes as Open would, and
// fails on an error without a kind or on a result that breaks a promise.
func checkContents(t *testing.T, c *contents, err error) {
	if err != nil {
		for _, kind := range []error{ErrEmpty, ErrCorrupt, ErrUnsupported, ErrLimit} {
			if errors.Is(err, kind) {
				return
			}
		}
		t.Fatalf("error without a kind: %v", err)
	}
	if len(c.entries) == 0 {
		c.src.Close()
		return
	}
	s, err := newSet("fuzz", c, fuzzOptions)
	if err != nil {
		c.src.Close()
		if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrLimit) {
			t.Fatalf("error without a kind: %v", err)
		}
		return
	}
	defer s.Close()
	if err := s.Check(context.Background(), nil); err != nil {
		t.Fatalf("Check: %v", err)
	}
	dst := make([]float32, s.Len()*48)
	all := make([]int, s.Len())
	for i := range all {
		all[i] = i
		if l := s.Label(i); l < -1 || l >= len(s.Classes()) {
			t.Fatalf("picture %d has class %d of %d", i, l, len(s.Classes()))
		}
	}
	if err := s.Load(context.Background(), all, dst); err != nil {
		t.Fatalf("Load: %v", err)
	}
	for _, v := range dst {
		if !(v >= -1 && v <= 1) {
			t.Fatalf("value %v outside [-1, 1]", v)
		}
	}
}

func FuzzPicture(f *testing.F) {
	addPictures(f)
	f.Fuzz(checkPicture)
}

// FuzzPictureResealed is FuzzPicture with the checksums of PNGs made right.
func FuzzPictureResealed(f *testing.F) {
	addPictures(f)
	f.Fuzz(func(t *testing.T, b []byte) { checkPicture(t, hostile.Reseal(b)) })
}

func addPictures(f *testing.F) {
	m := ramp(9, 7)
	f.Add(asPNG(f, m))
	f.Add(asJPEG(f, m))
	f.Add(asGIF(f, m))
	f.Add(withOrientation(asJPEG(f, m), binary.BigEndian, 6))
	f.Add(hugePNG())
	f.Add(hugeJPEG())
	f.Add(hugeGIF())
	f.Add(rawJPEG(20, 9, true, "\x22\x11\x11", 2, "\xff\xff\xff\xd0"))
	f.Add(rawJPEG(9, 20, true, "\x11\x11\x11\x11", 1, ""))
	f.Add(rawPNG(f, 9, 7, 16, 6, 1, nil))
	f.Add(withExif(asPNG(f, m), 6))
	addWebP(f)
	for kind := range netpbms(m) {
		f.Add(netpbms(m)[kind])
	}
}

func addWebP(f *testing.F) {
	for _, name := range []string{"lossy", "lossless", "lossy-alpha", "lossless-alpha", "turned", "animated"} {
		f.Add(readWebP(f, name+".webp"))
	}
}

// checkPicture is the body of the fuzz targets.
func checkPicture(t *testing.T, b []byte) {
	was := bytes.Clone(b)
	got, err := decodeOne(b, 4, 3, 1<<12)
	again, err2 := decodeOne(b, 4, 3, 1<<12)
	if (err == nil) != (err2 == nil) || err == nil && !bytes.Equal(got, again) {
		t.Fatalf("two decodings differ: %v, %v", err, err2)
	}
	if !bytes.Equal(b, was) {
		t.Fatal("the input was changed")
	}
	if err != nil && !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrUnsupported) && !errors.Is(err, ErrLimit) {
		t.Fatalf("error without a kind: %v", err)
	}
}

// FuzzCost: a decoder takes no more than is counted for it.
func FuzzCost(f *testing.F) {
	f.Add(rawJPEG(20, 9, true, "\x22\x11\x11", 2, ""))
	f.Add(rawJPEG(9, 20, false, "\x41\x11\x11", 0, ""))
	f.Add(rawPNG(f, 9, 7, 16, 6, 1, nil))
	for _, b := range netpbms(ramp(9, 7)) {
		f.Add(b)
	}
	f.Add(asGIF(f, ramp(9, 7)))
	addWebP(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := openPicture(b, 1<<16)
		if err != nil {
			return
		}
		// What a decoder takes for itself and for rows: tables, bits and bytes of text.
		own := uint64(300<<10 + 64*(p.w+p.h) + 16*len(b))
		if got := hostile.Allocated(func() { p.pixels() }); got > uint64(p.taken)+own {
			t.Fatalf("%dx%d pixels took %d bytes, counted were %d", p.w, p.h, got, p.taken)
		}
	})
}

// FuzzTexts reads a list and a table of any text.
func FuzzTexts(f *testing.F) {
	f.Add([]byte("\ufeffa.png\r\n\n./b.png\na.png\n"))
	f.Add([]byte("file,source\na.png,\"1\n2\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file := writeFile(t, "text", text)
		picked, err := pick([]entry{{name: "a.png"}, {name: "b.png"}}, file)
		_, err2 := ReadColumn(file, "source")
		for _, err := range []error{err, err2} {
			if err != nil && !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrLimit) && !errors.Is(err, ErrNotInSet) {
				t.Fatalf("error without a kind: %v", err)
			}
		}
		if err == nil && (len(picked) == 0 || len(picked) > len(text)) {
			t.Fatalf("%d names in %d bytes", len(picked), len(text))
		}
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add(withOrientation(asJPEG(f, ramp(8, 8)), binary.LittleEndian, 8))
	f.Add(withOrientation([]byte("\xff\xd8\xff\xd9"), binary.BigEndian, 5))
	f.Fuzz(func(t *testing.T, b []byte) {
		if o := orientation(b); o < 1 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
	})
}

func FuzzIDX(f *testing.F) {
	f.Add(idxFile(3, 4, 5), idxLabelFile(1, 2, 3))
	f.Add(idxFile(1, 1, 1), []byte{})
	f.Fuzz(func(t *testing.T, images, labelFile []byte) {
		labels, err := parseIDXLabels(labelFile)
		if err != nil {
			labels = nil
		}
		c, err := openIDX("fuzz", bytes.NewReader(images), int64(len(images)), labels, &sections{}, fuzzOptions)
		checkContents(t, c, err)
	})
}

func FuzzCIFAR(f *testing.F) {
	f.Add(cifarBatch(3, 9), int64(2*cifarRecord))
	f.Add(cifarBatch(10), int64(cifarRecord))
	f.Add(cifarBatch(1)[:100], int64(cifarRecord))
	f.Fuzz(func(t *testing.T, b []byte, size int64) {
		if size < 0 || size > 1<<20 { // a file's size is never negative
			size = int64(len(b))
		}
		c, err := openCIFAR([]cifarPart{{name: "fuzz", size: size}}, cifar10, &sections{files: []io.ReaderAt{bytes.NewReader(b)}})
		checkContents(t, c, err)
	})
}

func fuzzFiles(f *testing.F) []file {
	return []file{{"a/1.png", asPNG(f, ramp(5, 4))}, {"b/2.jpg", asJPEG(f, ramp(4, 4))}, {"b/bad.gif", []byte("GIF8")}, {"README", []byte("x")}}
}

func FuzzZip(f *testing.F) {
	whole := asZip(f, fuzzFiles(f))
	f.Add(whole)
	f.Add(append(bytes.Clone(whole[:50]), whole[52:]...))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := openZip(bytes.NewReader(b), int64(len(b)), nil, fuzzOptions)
		checkContents(t, c, err)
	})
}

func FuzzTar(f *testing.F) {
	f.Add(asTar(f, fuzzFiles(f)))
	f.Add(asTar(f, []file{{"data_batch_1.bin", cifarBatch(1)}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := openTar(bytes.NewReader(b), int64(len(b)), nil, fuzzOptions)
		checkContents(t, c, err)
	})
}

func FuzzTarGz(f *testing.F) {
	f.Add(asGzip(f, asTar(f, fuzzFiles(f))))
	f.Add(asGzip(f, asTar(f, []file{{"data_batch_1.bin", cifarBatch(1)}})))
	f.Fuzz(func(t *testing.T, b []byte) {
		o := fuzzOptions
		o.TempDir = t.TempDir()
		c, err := openTarGz(bytes.NewReader(b), o)
		checkContents(t, c, err)
	})
}

// FuzzArchiveResealed is FuzzZip, FuzzTar and FuzzTarGz with the checksums of
// archives, and of the pictures in them, made right.
func FuzzArchiveResealed(f *testing.F) {
	packed := []file{{"data_batch_1.bin", cifarBatch(1)}}
	f.Add(asZip(f, fuzzFiles(f)))
	f.Add(asTar(f, fuzzFiles(f)))
	f.Add(asTar(f, packed))
	f.Add(asGzip(f, asTar(f, packed)))
	f.Add(asGzip(f, asTar(f, fuzzFiles(f))))
	f.Fuzz(func(t *testing.T, b []byte) {
		b = hostile.Reseal(b)
		o := fuzzOptions
		o.TempDir = t.TempDir()
		var c *contents
		var err error
		switch {
		case bytes.HasPrefix(b, []byte("PK")):
			c, err = openZip(bytes.NewReader(b), int64(len(b)), nil, o)
		case bytes.HasPrefix(b, []byte("\x1f\x8b")):
			c, err = openTarGz(bytes.NewReader(b), o)
		default:
			c, err = openTar(bytes.NewReader(b), int64(len(b)), nil, o)
		}
		checkContents(t, c, err)
	})
}
