package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestIDXWithAndWithoutLabelsAndGzip(t *testing.T) {
	images, labelled := idxFile(3, 4, 4), idxLabelFile(2, 0, 2)
	tests := []struct {
		name    string
		files   []file
		open    string // below the folder
		classes []string
		labels  []int
	}{
		{"file", []file{{"digits", images}}, "digits", nil, []int{-1, -1, -1}},
		{"folder", []file{{"train-images-idx3-ubyte", images}}, "", nil, []int{-1, -1, -1}},
		{"labels", []file{{"train-images-idx3-ubyte", images}, {"train-labels-idx1-ubyte", labelled}}, "", []string{"0", "1", "2"}, []int{2, 0, 2}},
		{"gzip", []file{{"train-images-idx3-ubyte.gz", asGzip(t, images)}, {"train-labels-idx1-ubyte.gz", asGzip(t, labelled)}}, "",
			[]string{"0", "1", "2"}, []int{2, 0, 2}},
		{"mixed", []file{{"t10k-images.idx3-ubyte.gz", asGzip(t, images)}, {"t10k-labels.idx1-ubyte", labelled}}, "t10k-images.idx3-ubyte.gz",
			[]string{"0", "1", "2"}, []int{2, 0, 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := write(t, tt.files)
			s := mustOpen(t, filepath.Join(dir, tt.open), Options{Size: 4, Channels: 1, Strict: true})
			if s.Len() != 3 || !slices.Equal(s.Classes(), tt.classes) || !slices.Equal(labels(s), tt.labels) {
				t.Errorf("%d pictures, classes %q, labels %v; want 3, %q, %v", s.Len(), s.Classes(), labels(s), tt.classes, tt.labels)
			}
			if got := load(t, s, 2, 0); !bytes.Equal(got[:16], images[16+32:16+48]) || !bytes.Equal(got[16:], images[16:32]) {
				t.Errorf("pixels %v are not those of pictures 2 and 0", got)
			}
			if !strings.HasSuffix(s.Name(2), "/00002") {
				t.Errorf("picture 2 is named %q", s.Name(2))
			}
		})
	}
}

func TestIDXOfNonSquarePicturesIsCropped(t *testing.T) {
	s := mustOpen(t, writeFile(t, "digits", idxFile(2, 3, 5)), Options{Size: 3, Channels: 3})
	got := load(t, s, 1)
	for y := range 3 {
		for x := range 3 {
			if want := byte(1 + y*5 + x + 1); got[(y*3+x)*3] != want {
				t.Errorf("(%d, %d): got %d, want %d", x, y, got[(y*3+x)*3], want)
			}
		}
	}
}

func TestIDXCutAnywhereIsRefused(t *testing.T) {
	data := idxFile(3, 4, 5)
	for n := range len(data) {
		_, err := Open(writeFile(t, "train-images-idx3-ubyte", data[:n]), Options{})
		switch {
		case n == 0 && errors.Is(err, ErrEmpty), n > 0 && n < 3 && errors.Is(err, ErrUnsupported), n >= 3 && errors.Is(err, ErrCorrupt):
		default:
			t.Errorf("cut at %d: %v", n, err)
		}
	}
	if _, err := Open(writeFile(t, "long", append(data, 0)), Options{}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("one byte too many: %v, want ErrCorrupt", err)
	}
}

func TestIDXHeaderIsCheckedBeforeUse(t *testing.T) {
	head := func(dims ...uint32) []byte {
		b := []byte(idxImages)
		for _, d := range dims {
			b = binary.BigEndian.AppendUint32(b, d)
		}
		return append(b, make([]byte, 16)...)
	}
	tests := []struct {
		name string
		data []byte
		kind error
	}{
		{"none", head(0, 4, 4), ErrEmpty},
		{"no rows", head(1, 0, 4), ErrCorrupt},
		{"no columns", head(1, 4, 0), ErrCorrupt},
		{"huge picture", head(1, 65535, 65535), ErrLimit},
		{"product over 64 bits", head(1<<31, 1<<31, 1<<31), ErrLimit},
		{"many", head(1<<32-1, 1, 1), ErrLimit},
		{"more than there are", head(5, 2, 2), ErrCorrupt},
		{"fewer than there are", head(3, 2, 2), ErrCorrupt},
		{"of floats", []byte("\x00\x00\x0d\x03aaaabbbbcccc"), ErrUnsupported},
		{"of 4 axes", []byte("\x00\x00\x08\x04aaaabbbbccccdddd"), ErrUnsupported},
		{"labels", idxLabelFile(1, 2, 3, 4, 5, 6, 7, 8), ErrUnsupported},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Open(writeFile(t, "x", tt.data), Options{}); !errors.Is(err, tt.kind) {
				t.Errorf("got %v, want %v", err, tt.kind)
			}
		})
	}
}

func TestIDXLabelsMustFit(t *testing.T) {
	for name, l := range map[string][]byte{
		"one too few": idxLabelFile(1, 2), "cut": idxLabelFile(1, 2, 3)[:10], "images": idxFile(3, 1, 1), "empty": nil,
	} {
		dir := write(t, []file{{"train-images-idx3-ubyte", idxFile(3, 4, 4)}, {"train-labels-idx1-ubyte", l}})
		if _, err := Open(dir, Options{}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: got %v, want ErrCorrupt", name, err)
		}
	}
}

func TestCIFARFileFolderAndTar(t *testing.T) {
	one, two := cifarBatch(3, 9), cifarBatch(0)
	files := []file{{"cifar-10-batches-bin/data_batch_2.bin", two}, {"cifar-10-batches-bin/data_batch_1.bin", one},
		{"cifar-10-batches-bin/test_batch.bin", cifarBatch(7)}, {"cifar-10-batches-bin/readme.html", []byte("<html>")}}
	paths := map[string]string{
		"folder": filepath.Join(write(t, files), "cifar-10-batches-bin"),
		"tar":    writeFile(t, "cifar.tar", asTar(t, files)),
		"tar.gz": writeFile(t, "cifar.tar.gz", asGzip(t, asTar(t, files))),
	}
	var prints []string
	for kind, path := range paths {
		s := mustOpen(t, path, Options{Size: 32})
		if want := []string{"data_batch_1.bin/00000", "data_batch_1.bin/00001", "data_batch_2.bin/00000"}; !slices.Equal(names(s), want) {
			t.Errorf("%s: names %q, want %q", kind, names(s), want)
		}
		if want := []int{3, 9, 0}; !slices.Equal(labels(s), want) || len(s.Classes()) != 10 || s.Classes()[3] != "cat" {
			t.Errorf("%s: labels %v of %q, want %v", kind, labels(s), s.Classes(), want)
		}
		if got := load(t, s, 1, 2); !bytes.Equal(got[:3], []byte{19, 29, 39}) || !bytes.Equal(got[3072:3075], []byte{10, 20, 30}) {
			t.Errorf("%s: pixels begin %v and %v", kind, got[:3], got[3072:3075])
		}
		prints = append(prints, s.Fingerprint())
	}
	if prints[0] != prints[1] || prints[1] != prints[2] {
		t.Errorf("fingerprints differ: %q", prints)
	}
	single := mustOpen(t, writeFile(t, "test_batch.bin", cifarBatch(7)), Options{Size: 16, Channels: 1})
	if single.Len() != 1 || single.Label(0) != 7 {
		t.Errorf("single batch: %d pictures, label %d", single.Len(), single.Label(0))
	}
}

func TestCIFARPlanesAreRowMajor(t *testing.T) {
	b := cifarBatch(0)
	for i := range cifarPlane {
		b[1+i], b[1+cifarPlane+i], b[1+2*cifarPlane+i] = byte(i%32), byte(i/32), byte(i)
	}
	got := load(t, mustOpen(t, writeFile(t, "a.bin", b), Options{Size: 32}), 0)
	for y := range 32 {
		for x := range 32 {
			if px := got[(y*32+x)*3:][:3]; px[0] != byte(x) || px[1] != byte(y) || px[2] != byte(y*32+x) {
				t.Fatalf("(%d, %d): got %v", x, y, px)
			}
		}
	}
}

func TestCIFARCutAnywhereIsRefusedUnlessBetweenRecords(t *testing.T) {
	data := cifarBatch(1, 2, 3)
	path := writeFile(t, "data_batch_1.bin", data)
	for n := len(data); n >= 0; n-- {
		if err := os.Truncate(path, int64(n)); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path, Options{Size: 32})
		switch {
		case n == 0 && errors.Is(err, ErrEmpty):
		case n > 0 && n%cifarRecord == 0 && err == nil && s.Len() == n/cifarRecord:
		case n%cifarRecord != 0 && errors.Is(err, ErrCorrupt):
		default:
			t.Errorf("cut at %d: %v", n, err)
		}
		if err == nil {
			s.Close()
		}
	}
}

func TestCIFARBadLabelIsABadPicture(t *testing.T) {
	s := mustOpen(t, writeFile(t, "a.bin", cifarBatch(1, 10, 3)), Options{Size: 32})
	if got, want := load(t, s, 1), load(t, s, 2); !bytes.Equal(got, want) {
		t.Errorf("the bad picture is not replaced by the next")
	}
	if bad := s.Bad(); len(bad) != 1 || bad[0].Index != 1 || s.Label(1) != -1 || !strings.Contains(bad[0].Err.Error(), "label 10") {
		t.Errorf("bad %v, label %d, want record 1 for its label 10", bad, s.Label(1))
	}
	if _, err := Open(writeFile(t, "b.bin", cifarBatch(200, 201)), Options{}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("labels 200 and 201 only: %v, want ErrCorrupt", err)
	}
}

func TestCIFARRecordMayBeginLikeIDX(t *testing.T) {
	b := cifarBatch(0)
	copy(b, idxImages)
	if s := mustOpen(t, writeFile(t, "a.bin", b), Options{Size: 32}); s.Label(0) != 0 {
		t.Errorf("label %d, want 0", s.Label(0))
	}
}

func TestFingerprintOfRecordsCoversPixels(t *testing.T) {
	for name, b := range map[string][]byte{"data_batch_1.bin": cifarBatch(1, 2), "images": idxFile(2, 4, 4)} {
		was := mustOpen(t, writeFile(t, name, b), Options{}).Fingerprint()
		b[len(b)-1] ^= 1
		if is := mustOpen(t, writeFile(t, name, b), Options{}).Fingerprint(); is == was {
			t.Errorf("%s: the same fingerprint %s after a pixel changed", name, is)
		}
	}
	if n := fmt.Sprint(len(mustOpen(t, facades, Options{}).Fingerprint())); n != "64" {
		t.Errorf("fingerprint of %s digits, want 64", n)
	}
}
