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
	"strconv"
	"strings"
)

// A record of a CIFAR-10 binary batch is a label and the 32x32 red, then
// green, then blue values. One of CIFAR-100 has a coarse label before the fine one.
//
// Source: Krizhevsky 2009, "Learning multiple layers of features from tiny
// images", and the "Binary version" section of the data set's page.
const (
	cifarSide   = 32
	cifarPlane  = cifarSide * cifarSide
	cifarRecord = 1 + 3*cifarPlane

	namesCIFAR100 = "fine_label_names.txt"
)

// cifarClasses are the classes of CIFAR-10 in the order of their labels.
var cifarClasses = []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}

// A cifarKind says how records are laid out: the last of so many labels is the class.
type cifarKind struct {
	labels  int64
	classes []string
}

var cifar10 = cifarKind{1, cifarClasses}

// cifar100 names its classes by a file, one a line, or by their numbers.
func cifar100(names *member, o Options) (cifarKind, error) {
	k := cifarKind{2, numberedClasses(100)}
	if names == nil {
		return k, nil
	}
	b, err := names.bytes(o, 64<<10)
	if err != nil {
		return k, err
	}
	if lines := strings.Fields(string(b)); len(lines) == 100 {
		k.classes = lines
	}
	return k, nil
}

func numberedClasses(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// isCIFAR100Size reports whether a file may be of CIFAR-100's records, and not of CIFAR-10's.
func isCIFAR100Size(size int64) bool {
	return size > 0 && size%(cifarRecord+1) == 0 && size%cifarRecord != 0
}

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
func findCIFAR(dir string) []*member {
	items, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var found []*member
	for _, item := range items {
		p := filepath.Join(dir, item.Name())
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() && isBatch(item.Name()) {
			found = append(found, fileMember(p, item.Name(), info.Size()))
		}
	}
	return found
}

// openBinaries opens batches of the binary version.
func openBinaries(batches []*member, kind cifarKind, o Options) (c *contents, err error) {
	src := &sections{}
	defer func() {
		if err != nil {
			src.Close()
		}
	}()
	var parts []cifarPart
	for i, m := range batches {
		r, size, closer, err := m.open(o)
		if err != nil {
			return nil, err
		}
		if src.files = append(src.files, r); closer != nil {
			src.closer = append(src.closer, closer)
		}
		parts = append(parts, cifarPart{name: m.base(), file: i, size: size})
	}
	if c, err = openCIFAR(parts, kind, src); err == nil && len(c.entries) == 0 {
		err = fail(ErrEmpty, "CIFAR batches of 0 bytes")
	}
	return c, err
}

// openCIFAR reads the labels of the batches, whose bytes src holds. A label
// that no class has makes a bad picture; a batch that is not whole records is refused.
func openCIFAR(parts []cifarPart, kind cifarKind, src *sections) (*contents, error) {
	c := &contents{src: src, classes: kind.classes, decode: openCIFARPicture}
	size := kind.labels + 3*cifarPlane
	sum := sha256.New()
	for _, p := range parts {
		n := p.size / size
		if p.size%size != 0 {
			return nil, fail(ErrCorrupt, "%q: %d bytes, want a multiple of %d (CIFAR records)", p.name, p.size, size)
		}
		if int64(len(c.entries))+n > maxEntries {
			return nil, fail(ErrLimit, "more than %d pictures", maxEntries)
		}
		r := bufio.NewReaderSize(io.NewSectionReader(src.files[p.file], p.at, p.size), 64<<10)
		record := make([]byte, size)
		for i := range n {
			if _, err := io.ReadFull(r, record); err != nil {
				if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
					err = fail(ErrCorrupt, "%q: cut short at record %d of %d", p.name, i, n)
				}
				return nil, err
			}
			sum.Write(record)
			e := entry{name: fmt.Sprintf("%s/%05d", p.name, i), size: 3 * cifarPlane, file: int32(p.file), at: p.at + i*size + kind.labels}
			if label := int(record[kind.labels-1]); label < len(kind.classes) {
				e.class = int32(label)
			} else {
				e.class, e.bad = -1, fail(ErrCorrupt, "CIFAR label %d, want 0 to %d", label, len(kind.classes)-1)
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
