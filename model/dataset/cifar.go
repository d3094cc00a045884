package dataset

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path"
	"path/filepath"
)

// A record of a CIFAR-10 binary batch is a label and the 32x32 red, then
// green, then blue values.
//
// Source: Krizhevsky 2009, "Learning multiple layers of features from tiny
// images", and the "Binary version" section of the data set's page.
const (
	cifarSide   = 32
	cifarPlane  = cifarSide * cifarSide
	cifarRecord = 1 + 3*cifarPlane
)

// cifarClasses are the classes in the order of their labels.
var cifarClasses = []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}

// cifarPart is one batch: its name, and where in its source's file it lies.
type cifarPart struct {
	name     string
	file     int
	at, size int64
}

// isBatch reports whether a training batch has that name.
func isBatch(name string) bool {
	ok, _ := path.Match("data_batch_*.bin", name)
	return ok
}

// findCIFAR returns the training batches in dir, sorted.
func findCIFAR(dir string) []string {
	items, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var found []string
	for _, item := range items {
		p := filepath.Join(dir, item.Name())
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() && isBatch(item.Name()) {
			found = append(found, p)
		}
	}
	return found
}

// openCIFAR reads the labels of the batches, whose bytes src holds. A label
// above 9 makes a bad picture; a batch that is not whole records is refused.
func openCIFAR(parts []cifarPart, src *sections) (*contents, error) {
	c := &contents{src: src, classes: cifarClasses, decode: openCIFARPicture}
	sum := sha256.New()
	for _, p := range parts {
		n := p.size / cifarRecord
		if p.size%cifarRecord != 0 {
			return nil, fail(ErrCorrupt, "%q: %d bytes, want a multiple of %d (CIFAR-10 records)", p.name, p.size, cifarRecord)
		}
		if int64(len(c.entries))+n > maxEntries {
			return nil, fail(ErrLimit, "more than %d pictures", maxEntries)
		}
		r := bufio.NewReaderSize(io.NewSectionReader(src.files[p.file], p.at, p.size), 64<<10)
		record := make([]byte, cifarRecord)
		for i := range n {
			if _, err := io.ReadFull(r, record); err != nil {
				if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
					err = fail(ErrCorrupt, "%q: cut short at record %d of %d", p.name, i, n)
				}
				return nil, err
			}
			sum.Write(record)
			e := entry{name: fmt.Sprintf("%s/%05d", p.name, i), size: cifarRecord - 1, file: int32(p.file), at: p.at + i*cifarRecord + 1}
			if label := int(record[0]); label < len(cifarClasses) {
				e.class = int32(label)
			} else {
				e.class, e.bad = -1, fail(ErrCorrupt, "CIFAR-10 label %d, want 0 to %d", label, len(cifarClasses)-1)
			}
			c.entries = append(c.entries, e)
		}
	}
	c.digest = sum.Sum(nil)
	return c, nil
}

func openCIFARPicture(b []byte) (picture, error) {
	return picture{w: cifarSide, h: cifarSide, orient: 1, pixels: func() (image.Image, error) {
		m := image.NewRGBA(image.Rect(0, 0, cifarSide, cifarSide))
		red, green, blue := b[:cifarPlane], b[cifarPlane:2*cifarPlane], b[2*cifarPlane:3*cifarPlane]
		for i := range red {
			m.Pix[4*i], m.Pix[4*i+1], m.Pix[4*i+2], m.Pix[4*i+3] = red[i], green[i], blue[i], 255
		}
		return m, nil
	}}, nil
}
