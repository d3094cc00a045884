package dataset

import (
	"archive/zip"
	"errors"
	"io"
)

// zipped is the source of pictures in a zip archive.
type zipped struct {
	files    []*zip.File
	maxBytes int64
	closer   io.Closer
}

// openZip lists the pictures of the zip archive of the given size. Whatever an
// entry claims to unpack to, no more than Options.MaxBytes of it is read.
func openZip(r io.ReaderAt, size int64, closer io.Closer, o Options) (*contents, error) {
	zr, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are labels here
		return nil, corrupt(err, "zip of %d bytes", size)
	}
	src := &zipped{files: zr.File, maxBytes: o.MaxBytes, closer: closer}
	var entries []entry
	for i, f := range zr.File {
		name := archiveName(f.Name)
		if f.FileInfo().IsDir() || !isPicture(name) {
			continue
		}
		if len(entries) == maxEntries {
			return nil, fail(ErrLimit, "more than %d pictures", maxEntries)
		}
		e := entry{name: name, size: int64(f.UncompressedSize64), at: int64(i)}
		const encrypted = 1
		switch {
		case len(f.Name) > maxName:
			return nil, fail(ErrLimit, "name of %d bytes, limit %d", len(f.Name), maxName)
		case f.Flags&encrypted != 0:
			e.bad = fail(ErrUnsupported, "encrypted")
		case f.UncompressedSize64 > uint64(o.MaxBytes):
			e.bad = fail(ErrLimit, "%d bytes, limit %d", f.UncompressedSize64, o.MaxBytes)
		}
		entries = append(entries, e)
	}
	return newContents(entries, src, o.MaxPixels), nil
}

func (z *zipped) read(e *entry, buf []byte) ([]byte, error) {
	r, err := z.files[e.at].Open()
	if err != nil {
		if errors.Is(err, zip.ErrAlgorithm) {
			return buf, fail(ErrUnsupported, "zip method %d", z.files[e.at].Method)
		}
		return buf, corrupt(err, "zip entry")
	}
	defer r.Close()
	buf, err = readAll(r, buf, z.maxBytes)
	if err != nil {
		return buf, corrupt(err, "zip entry")
	}
	return buf, nil
}

func (z *zipped) Close() error {
	if z.closer == nil {
		return nil
	}
	return z.closer.Close()
}
