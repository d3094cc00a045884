package dataset

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
)

// openTar lists the pictures of a tar, which are then read where they lie.
func openTar(r io.ReaderAt, size int64, closer io.Closer, o Options) (*contents, error) {
	body := io.NewSectionReader(r, 0, size)
	ix := tarIndex{opts: o, keep: func(hdr *tar.Header, head []byte, _ io.Reader) (int64, error) {
		// The tar reader takes whole headers and not a byte more.
		at, err := body.Seek(0, io.SeekCurrent)
		at -= int64(len(head))
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
	ix := tarIndex{opts: o, keep: func(hdr *tar.Header, head []byte, body io.Reader) (int64, error) {
		at, n, err := out.add(io.MultiReader(bytes.NewReader(head), body))
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
	// keep says at which offset of the source an entry's bytes can be read, of which head
	// was read already and body is the rest.
	keep     func(hdr *tar.Header, head []byte, body io.Reader) (int64, error)
	pictures []entry
	members  []entry // files of a known data set
	passed   passed
	unended  bool // the file ends, and the tar has not said that it does
}

// scan goes through a tar: a file, or what a compressed one unpacks to.
func (ix *tarIndex) scan(r io.Reader) error {
	all := &blocks{r: r}
	seeker, file := r.(io.Seeker)
	rest := newFeed(all, "header of a tar", maxTarHeader)
	if r = rest; file {
		r = struct {
			io.Reader
			io.Seeker
		}{all, seeker}
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
			if all.partial {
				return fail(ErrCorrupt, "tar cut short after %s", last)
			}
			ix.unended = all.ended
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
		if !file && err == nil && !isSparse(hdr) { // whose holes would be read, too
			_, err = io.Copy(io.Discard, tr)
		}
		if err != nil {
			return corrupt(err, "tar at %s", last)
		}
	}
}

func (ix *tarIndex) add(hdr *tar.Header, body io.Reader) error {
	e := entry{name: archiveName(hdr.Name), size: hdr.Size}
	regular := hdr.Typeflag == tar.TypeReg
	picture, known := isPicture(e.name), isMember(e.name) && regular
	var head []byte
	if !picture && !known && regular && isBare(e.name) && !isSparse(hdr) {
		head = make([]byte, min(sniffHead, hdr.Size))
		if _, err := io.ReadFull(body, head); err != nil {
			return err
		}
		picture = beginsLikePicture(head)
	}
	switch {
	case hdr.Typeflag == tar.TypeDir:
		return nil
	case !picture && !known:
		if regular {
			ix.passed.add(e.name)
		}
		return nil
	case hdr.Typeflag == tar.TypeLink || hdr.Typeflag == tar.TypeSymlink:
		e.bad = fail(ErrUnsupported, "a link inside the archive")
	case isSparse(hdr):
		e.bad = fail(ErrUnsupported, "a sparse file")
	case !regular:
		return nil
	case picture && hdr.Size > ix.opts.MaxBytes:
		e.bad = fail(ErrLimit, "%d bytes, limit %d", hdr.Size, ix.opts.MaxBytes)
	default:
		at, err := ix.keep(hdr, head, body)
		if err != nil {
			return err
		}
		e.at = at
	}
	switch {
	case known && len(ix.members) == maxMembers:
		return fail(ErrLimit, "more than %d files of known data sets", maxMembers)
	case known:
		ix.members = append(ix.members, e)
		return nil
	case len(ix.pictures) == maxEntries:
		return fail(ErrLimit, "more than %d pictures", maxEntries)
	}
	ix.pictures = append(ix.pictures, e)
	return nil
}

// blocks tells how a tar ends: it comes in blocks of 512 bytes, the last two of zeros.
type blocks struct {
	r       io.Reader
	read    int64
	ended   bool // the reader asked for more than there is
	partial bool // the last block is not whole
}

func (b *blocks) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.read += int64(n)
	if n == 0 && err == io.EOF {
		b.ended = true
		at := b.read
		if s, ok := b.r.(io.Seeker); ok { // what was passed over was not read
			at, _ = s.Seek(0, io.SeekCurrent)
		}
		b.partial = at%512 != 0
	}
	return n, err
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

// contents makes a set of the pictures, or of the known data set if the archive has no
// pictures.
func (ix *tarIndex) contents(src *sections) (*contents, error) {
	if len(ix.pictures) == 0 {
		var members []*member
		for _, e := range arrange(ix.members) {
			if e.bad != nil {
				return nil, fmt.Errorf("%q: %w", e.name, e.bad)
			}
			members = append(members, sectionMember(e.name, src.files[0], e.at, e.size))
		}
		if c, err := openKnown(members, src.closer, ix.opts); c != nil || err != nil {
			return c, err
		}
	}
	c := newContents(ix.pictures, src, ix.opts.MaxPixels)
	if c.notes = ix.passed.note(); ix.unended {
		c.notes = append(c.notes, "the tar has no end mark: what comes last in it may be missing")
	}
	return c, nil
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
