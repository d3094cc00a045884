package dataset

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// openTar lists the pictures of a tar, which are then read where they lie.
func openTar(r io.ReaderAt, size int64, closer io.Closer, o Options) (*contents, error) {
	body := io.NewSectionReader(r, 0, size)
	ix := tarIndex{opts: o, keep: func(hdr *tar.Header, _ io.Reader) (int64, error) {
		// The tar reader takes whole headers and not a byte more.
		at, err := body.Seek(0, io.SeekCurrent)
		if err == nil && hdr.Size > size-at {
			err = fail(ErrCorrupt, "tar cut short: entry %q has %d bytes, %d are there", hdr.Name, hdr.Size, size-at)
		}
		return at, err
	}}
	src := &sections{files: []io.ReaderAt{r}}
	if closer != nil {
		src.closer = append(src.closer, closer)
	}
	if err := ix.scan(body); err != nil {
		return nil, err
	}
	return ix.contents(src)
}

// openTarGz lists the pictures of a gzipped tar. A gzip stream can only be
// read from its start, so the pictures, and nothing else of it, are unpacked
// into a temporary file once.
func openTarGz(r io.Reader, o Options) (*contents, error) {
	zr, err := gzip.NewReader(r)
	if err != nil {
		return nil, corrupt(err, "gzip")
	}
	out, err := newSpool(o.TempDir)
	if err != nil {
		return nil, err
	}
	c, err := spoolTar(&capped{r: zr, limit: o.MaxSpool}, out, o)
	if err != nil {
		out.Close()
		return nil, err
	}
	return c, nil
}

func spoolTar(r io.Reader, out *spool, o Options) (*contents, error) {
	ix := tarIndex{opts: o, keep: func(hdr *tar.Header, body io.Reader) (int64, error) {
		at, n, err := out.add(body)
		if err == nil && n != hdr.Size {
			err = io.ErrUnexpectedEOF
		}
		return at, err
	}}
	if err := ix.scan(r); err != nil {
		return nil, err
	}
	// The tar ends before the gzip stream does, whose last bytes are a checksum.
	if _, err := io.Copy(io.Discard, r); err != nil {
		return nil, corrupt(err, "gzip after the last entry")
	}
	if err := out.finish(); err != nil {
		return nil, err
	}
	return ix.contents(&sections{files: []io.ReaderAt{out}, closer: []io.Closer{out}})
}

// What stands before the entries of a tar costs more time than its bytes should, and of a
// compressed one these cost its maker nothing.
const (
	maxTarHeader  = 4 << 20  // of one entry: its name, and what pax adds
	maxTarHeaders = 16 << 20 // of all, beside 16 KiB of each
)

// tarIndex gathers the entries of a tar.
type tarIndex struct {
	opts Options
	// keep says at which offset of the source an entry's bytes can be read.
	keep     func(hdr *tar.Header, body io.Reader) (int64, error)
	pictures []entry
	batches  []entry // CIFAR-10 batches, as the data set's own archive holds them
}

// scan goes through a tar: a file, or what a compressed one unpacks to.
func (ix *tarIndex) scan(r io.Reader) error {
	rest := newFeed(r, "header of a tar", maxTarHeader)
	if _, file := r.(io.Seeker); !file {
		r = rest
	}
	tr := tar.NewReader(r)
	last := "the start"
	for headers := int64(0); ; headers -= 16 << 10 {
		at := rest.at
		rest.next(at)
		hdr, err := tr.Next()
		rest.open()
		if headers += rest.at - at; headers > maxTarHeaders {
			return fail(ErrLimit, "tar after %s: headers of more than %d bytes", last, maxTarHeaders)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) { // names are labels here
			return corrupt(err, "tar after %s", last)
		}
		if len(hdr.Name) > maxName {
			return fail(ErrLimit, "name of %d bytes, limit %d", len(hdr.Name), maxName)
		}
		last = fmt.Sprintf("entry %q", hdr.Name)
		err = ix.add(hdr, tr)
		if r == rest && err == nil && !isSparse(hdr) { // whose holes would be read, too
			_, err = io.Copy(io.Discard, tr)
		}
		if err != nil {
			return corrupt(err, "tar at %s", last)
		}
	}
}

func (ix *tarIndex) add(hdr *tar.Header, body io.Reader) error {
	e := entry{name: archiveName(hdr.Name), size: hdr.Size}
	batch := isBatch(path.Base(e.name))
	switch {
	case hdr.Typeflag == tar.TypeDir || !batch && !isPicture(e.name):
		return nil
	case hdr.Typeflag == tar.TypeLink || hdr.Typeflag == tar.TypeSymlink:
		e.bad = fail(ErrUnsupported, "a link inside the archive")
	case isSparse(hdr):
		e.bad = fail(ErrUnsupported, "a sparse file")
	case hdr.Typeflag != tar.TypeReg:
		return nil
	case !batch && hdr.Size > ix.opts.MaxBytes:
		e.bad = fail(ErrLimit, "%d bytes, limit %d", hdr.Size, ix.opts.MaxBytes)
	default:
		at, err := ix.keep(hdr, body)
		if err != nil {
			return err
		}
		e.at = at
	}
	if batch {
		ix.batches = append(ix.batches, e)
		return nil
	}
	if len(ix.pictures) == maxEntries {
		return fail(ErrLimit, "more than %d pictures", maxEntries)
	}
	ix.pictures = append(ix.pictures, e)
	return nil
}

// isSparse reports whether an entry's bytes do not simply follow its header.
func isSparse(hdr *tar.Header) bool {
	for key := range hdr.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return hdr.Typeflag == tar.TypeGNUSparse
}

// contents makes a set of the pictures, or of the CIFAR-10 batches if the archive has
// no pictures.
func (ix *tarIndex) contents(src *sections) (*contents, error) {
	if len(ix.pictures) > 0 || len(ix.batches) == 0 {
		return newContents(ix.pictures, src, ix.opts.MaxPixels), nil
	}
	var parts []cifarPart
	for _, e := range arrange(ix.batches) {
		if e.bad != nil {
			return nil, fmt.Errorf("%q: %w", e.name, e.bad)
		}
		parts = append(parts, cifarPart{name: path.Base(e.name), at: e.at, size: e.size})
	}
	return openCIFAR(parts, src)
}

// isTar reports whether block, the first bytes of a file, is a tar header: by
// its mark or, before POSIX gave it one, by its checksum.
func isTar(block []byte) bool {
	if len(block) < 512 {
		return false
	}
	if string(block[257:262]) == "ustar" {
		return true
	}
	_, err := tar.NewReader(bytes.NewReader(block[:512])).Next()
	return err == nil
}
