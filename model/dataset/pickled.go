package dataset

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path"

	"dcganviz/internal/pth"
	"dcganviz/internal/refuse"
)

// The names of the files of CIFAR's Python version. Each is a pickle of a dict.
//
// Source: the data set's page, section "Python version".
const (
	metaCIFAR10   = "batches.meta"
	metaCIFAR100  = "meta"
	trainCIFAR100 = "train"
)

// isPickledBatch reports whether a training batch of CIFAR-10's Python version has that name.
func isPickledBatch(name string) bool {
	ok, _ := path.Match("data_batch_[0-9]", name)
	return ok
}

// openPickles opens batches of the Python version. Their pixels are unpacked to a temporary
// file, one batch at a time. meta names the classes, and may be nil. No code that a pickle
// names is run.
func openPickles(batches []*member, meta *member, o Options) (c *contents, err error) {
	classes, err := pickledNames(meta, o)
	if err != nil {
		return nil, err
	}
	out, err := newSpool(o.TempDir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			out.Close()
		}
	}()
	c = &contents{src: &sections{files: []io.ReaderAt{out}, closer: []io.Closer{out}}, decode: openCIFARPicture}
	sum := sha256.New()
	for _, m := range batches {
		b, err := readBatch(m, o)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", m.name, err)
		}
		if classes == nil {
			classes = b.defaultClasses()
		}
		if len(c.entries)+len(b.labels) > maxEntries {
			return nil, fail(ErrLimit, "more than %d pictures", maxEntries)
		}
		for i, label := range b.labels {
			e := entry{name: fmt.Sprintf("%s/%05d", m.base(), i), size: 3 * cifarPlane, at: out.size + int64(i)*3*cifarPlane}
			if e.class = int32(label); label < 0 || label >= int64(len(classes)) {
				e.class, e.bad = -1, fail(ErrCorrupt, "CIFAR label %d, want 0 to %d", label, len(classes)-1)
			}
			fmt.Fprintf(sum, "%d,", label)
			c.entries = append(c.entries, e)
		}
		io.WriteString(sum, b.pixels)
		if _, err := io.WriteString(out.buf, b.pixels); err != nil {
			return nil, err
		}
		out.size += int64(len(b.pixels))
	}
	if err := out.finish(); err != nil {
		return nil, err
	}
	if len(c.entries) == 0 {
		return nil, fail(ErrEmpty, "CIFAR batches of 0 pictures")
	}
	c.classes, c.digest = classes, sum.Sum(nil)
	return c, nil
}

// A batch is what one pickle holds: a label and 3*1024 bytes of pixels a picture.
type batch struct {
	labels []int64
	fine   bool // of CIFAR-100
	pixels string
}

func (b *batch) defaultClasses() []string {
	if b.fine {
		return numberedClasses(100)
	}
	return cifarClasses
}

func readBatch(m *member, o Options) (*batch, error) {
	d, err := readPickle(m, o)
	if err != nil {
		return nil, err
	}
	b := &batch{}
	labels, ok := d.Key("labels")
	if !ok {
		labels, b.fine = d.Key("fine_labels")
	}
	data, ok := d.Key("data")
	if !ok || labels == nil {
		return nil, fail(ErrUnsupported, "a pickle without data and labels, want a batch of CIFAR's Python version")
	}
	pixels, _ := data.(*pth.Array)
	if b.labels, ok = pth.Ints(labels); !ok || pixels == nil || pixels.Sort != 'u' || pixels.Size != 1 {
		return nil, fail(ErrCorrupt, "a batch of CIFAR whose data are no array of bytes, or whose labels are no integers")
	}
	if n := len(b.labels); len(pixels.Shape) != 2 || pixels.Shape[0] != n || pixels.Shape[1] != 3*cifarPlane {
		return nil, fail(ErrCorrupt, "a batch of CIFAR with %d labels and data of shape %v, want [N %d]", n, pixels.Shape, 3*cifarPlane)
	}
	b.pixels = pixels.Data
	return b, nil
}

// pickledNames returns the names of the classes; nil without a file of them.
func pickledNames(meta *member, o Options) ([]string, error) {
	if meta == nil {
		return nil, nil
	}
	d, err := readPickle(meta, o)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", meta.name, err)
	}
	for _, key := range []string{"label_names", "fine_label_names"} {
		v, _ := d.Key(key)
		if names, ok := pth.Texts(v); ok && len(names) > 0 && len(names) <= maxClasses {
			return names, nil
		}
	}
	return nil, fail(ErrCorrupt, "%q: no names of classes, want label_names or fine_label_names", meta.name)
}

// readPickle reads a pickle of a dict.
func readPickle(m *member, o Options) (*pth.Dict, error) {
	b, err := m.bytes(o, pth.MaxData)
	if err != nil {
		return nil, err
	}
	v, err := pth.ParseData(b)
	switch {
	case errors.Is(err, refuse.ErrUnsupported), errors.Is(err, pth.ErrForeign):
		return nil, fail(ErrUnsupported, "%w", err)
	case errors.Is(err, refuse.ErrTooLarge):
		return nil, fail(ErrLimit, "%w", err)
	case err != nil:
		return nil, corrupt(err, "pickle")
	}
	d, ok := v.(*pth.Dict)
	if !ok {
		return nil, fail(ErrUnsupported, "a pickle that is no dict, want a batch of CIFAR's Python version")
	}
	return d, nil
}
