package dataset

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path"
	"strings"
)

// maxMembers bounds the files of known data sets in one folder or archive. EMNIST has 24.
const maxMembers = 1000

// A member is a file whose name is one of a known data set's: IDX or CIFAR.
type member struct {
	name string // slash-separated, below the folder or inside the archive
	size int64
	// open returns the bytes and their number, which a gzipped file says only now. The
	// closer may be nil.
	open func(o Options) (r io.ReaderAt, size int64, closer io.Closer, err error)
}

func (m *member) base() string { return path.Base(m.name) }
func (m *member) dir() string  { return path.Dir(m.name) }

// isMember reports whether a file of that name may belong to a known data set. Pictures are
// preferred to them, and what they hold is checked.
func isMember(name string) bool {
	if anyHidden(name) {
		return false
	}
	base := path.Base(name)
	switch base {
	case metaCIFAR10, metaCIFAR100, trainCIFAR100, trainCIFAR100 + ".bin", namesCIFAR100:
		return true
	}
	return isBatch(base) || isPickledBatch(base) || isIDXName(base)
}

// fileMember is a member that is a file, perhaps a gzipped one.
func fileMember(file, name string, size int64) *member {
	open := func(o Options) (io.ReaderAt, int64, io.Closer, error) {
		f, err := os.Open(file)
		if err != nil || !strings.HasSuffix(name, ".gz") {
			return f, size, f, err
		}
		defer f.Close()
		zr, err := gzip.NewReader(f)
		if err != nil {
			return nil, 0, nil, corrupt(err, "gzip")
		}
		out, err := newSpool(o.TempDir)
		if err != nil {
			return nil, 0, nil, err
		}
		_, n, err := out.add(&capped{r: zr, limit: o.MaxSpool})
		if err == nil {
			err = out.finish()
		}
		if err != nil {
			out.Close()
			return nil, 0, nil, corrupt(err, "gzip after %d bytes", n)
		}
		return out, n, out, nil
	}
	return &member{name: name, size: size, open: open}
}

// sectionMember is a member that lies within a file that is open already.
func sectionMember(name string, r io.ReaderAt, at, size int64) *member {
	return &member{name: name, size: size, open: func(Options) (io.ReaderAt, int64, io.Closer, error) {
		return io.NewSectionReader(r, at, size), size, nil, nil
	}}
}

// bytes returns all of a member, at most limit bytes.
func (m *member) bytes(o Options, limit int64) ([]byte, error) {
	r, size, closer, err := m.open(o)
	if err != nil {
		return nil, err
	}
	if closer != nil {
		defer closer.Close()
	}
	if size > limit {
		return nil, fail(ErrLimit, "%q: %d bytes, limit %d", m.name, size, limit)
	}
	var b bytes.Buffer
	b.Grow(int(size) + bytes.MinRead)
	if _, err := b.ReadFrom(io.NewSectionReader(r, 0, size)); err != nil {
		return nil, err
	}
	if int64(b.Len()) != size {
		return nil, fail(ErrCorrupt, "%q: cut short: %d bytes, want %d", m.name, b.Len(), size)
	}
	return b.Bytes(), nil
}
