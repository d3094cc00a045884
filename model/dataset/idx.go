package dataset

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The IDX files of MNIST begin with two zero bytes, an element type and the
// number of axes, then the axes' lengths, big-endian.
//
// Source: LeCun, Cortes and Burges, the MNIST database of handwritten digits,
// "File formats".
const (
	idxImages      = "\x00\x00\x08\x03" // unsigned bytes, [pictures, rows, columns]
	idxLabels      = "\x00\x00\x08\x01" // unsigned bytes, [pictures]
	idxImagesStart = 16
	idxLabelsStart = 8
)

// idxNames are the file names of a training set, as published and as some
// archives unpack them.
var idxNames = []string{"train-images-idx3-ubyte", "train-images.idx3-ubyte"}

// findIDX returns the images file of an IDX training set in dir, or "".
func findIDX(dir string) string {
	for _, name := range idxNames {
		for _, ext := range []string{"", ".gz"} {
			p := filepath.Join(dir, name+ext)
			if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
				return p
			}
		}
	}
	return ""
}

// findIDXLabels returns the labels file that belongs to an images file, or "".
func findIDXLabels(images string) string {
	dir, base := filepath.Split(images)
	for _, name := range idxLabelNames(base) {
		p := filepath.Join(dir, name)
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			return p
		}
	}
	return ""
}

// idxLabelNames returns how the labels of an images file may be called.
func idxLabelNames(images string) (names []string) {
	images = strings.TrimSuffix(images, ".gz")
	for _, r := range [][2]string{{"images-idx3", "labels-idx1"}, {"images.idx3", "labels.idx1"}} {
		if name := strings.Replace(images, r[0], r[1], 1); name != images {
			names = append(names, name, name+".gz")
		}
	}
	return names
}

// openIDX reads the header of an IDX file of gray pictures and checks it
// against size, the bytes that are there. name is what its pictures are called
// by; labels may be nil.
func openIDX(name string, r io.ReaderAt, size int64, labels []byte, src *sections, o Options) (*contents, error) {
	var head [idxImagesStart]byte
	if n, err := r.ReadAt(head[:], 0); n < len(head) {
		if !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, fail(ErrCorrupt, "IDX header cut short: %d bytes, want %d", n, len(head))
	}
	if string(head[:4]) != idxImages {
		return nil, fail(ErrUnsupported, "IDX magic % x, want % x (pictures as unsigned bytes)", head[:4], idxImages)
	}
	var dim [3]int64
	for i := range dim {
		dim[i] = int64(binary.BigEndian.Uint32(head[4+4*i:]))
	}
	n, rows, cols := dim[0], dim[1], dim[2]
	if n == 0 {
		return nil, fail(ErrEmpty, "IDX file of 0 pictures")
	}
	if err := checkPixels(int(rows), int(cols), o.MaxPixels); err != nil {
		return nil, err
	}
	area := rows * cols
	if n > maxEntries {
		return nil, fail(ErrLimit, "IDX file of %d pictures, limit %d", n, maxEntries)
	}
	if have := size - idxImagesStart; have/area != n || have%area != 0 {
		return nil, fail(ErrCorrupt, "IDX header claims %dx%dx%d pixels, %d bytes follow it", n, rows, cols, have)
	}
	if labels != nil && int64(len(labels)) != n {
		return nil, fail(ErrCorrupt, "%d labels for %d pictures", len(labels), n)
	}
	orient := 1
	sum := sha256.New()
	if isEMNIST(name) {
		orient = 5 // rows and columns are exchanged
		io.WriteString(sum, "turned upright")
	}
	if _, err := io.Copy(sum, io.NewSectionReader(r, 0, size)); err != nil {
		return nil, err
	}
	src.files = []io.ReaderAt{r}
	c := &contents{src: src, digest: sum.Sum(nil), entries: make([]entry, n)}
	for i := range c.entries {
		c.entries[i] = entry{name: fmt.Sprintf("%s/%05d", name, i), size: area, at: idxImagesStart + int64(i)*area, class: -1}
	}
	if labels != nil {
		for i := range c.entries {
			c.entries[i].class = int32(labels[i])
		}
		for i := range int(slices.Max(labels)) + 1 {
			c.classes = append(c.classes, fmt.Sprint(i))
		}
	}
	c.decode = func(b []byte) (picture, error) {
		m := &image.Gray{Pix: b, Stride: int(cols), Rect: image.Rect(0, 0, int(cols), int(rows))}
		return picture{w: int(cols), h: int(rows), orient: orient, pixels: func() (image.Image, error) { return m, nil }}, nil
	}
	return c, nil
}

// parseIDXLabels returns the labels in b, a whole IDX file of them.
func parseIDXLabels(b []byte) ([]byte, error) {
	if len(b) < idxLabelsStart {
		return nil, fail(ErrCorrupt, "IDX header cut short: %d bytes, want %d", len(b), idxLabelsStart)
	}
	if string(b[:4]) != idxLabels {
		return nil, fail(ErrCorrupt, "IDX magic % x, want % x (labels as unsigned bytes)", b[:4], idxLabels)
	}
	if n, have := int64(binary.BigEndian.Uint32(b[4:])), int64(len(b)-idxLabelsStart); n != have {
		return nil, fail(ErrCorrupt, "IDX header claims %d labels, %d bytes follow it", n, have)
	}
	return b[idxLabelsStart:], nil
}

// readIDXLabels reads a labels file, gzipped or not.
func readIDXLabels(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		zr, err := gzip.NewReader(f)
		if err != nil {
			return nil, corrupt(err, "gzip")
		}
		r = zr
	}
	b, err := readAll(r, nil, idxLabelsStart+maxEntries)
	if err != nil {
		return nil, corrupt(err, "labels")
	}
	return parseIDXLabels(b)
}
