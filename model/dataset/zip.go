package dataset

import (
	"archive/zip"
	"cmp"
	"errors"
	"io"
	"slices"
)

// zipped is the source of pictures in a zip archive.
type zipped struct {
	files    []*zip.File
	maxBytes int64
	closer   io.Closer
}

// openZip lists the pictures of the zip archive of the given size. Whatever an
// entry claims to unpack to, no more than Options.MaxBytes of it is read, and nothing of
// the archive is read for two entries.
func openZip(r io.ReaderAt, size int64, closer io.Closer, o Options) (*contents, error) {
	// A section ends where the archive does: an offset outside is the archive's fault,
	// not the system's.
	zr, err := zip.NewReader(io.NewSectionReader(r, 0, size), size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are labels here
		return nil, corrupt(err, "zip of %d bytes", size)
	}
	src := &zipped{files: zr.File, maxBytes: o.MaxBytes, closer: closer}
	var entries []entry
	var members []*zip.File
	var over passed
	unpacked, most := uint64(0), uint64(max(o.MaxSpool, unpackRatio*size))
	for i, f := range zr.File {
		name := archiveName(f.Name)
		switch {
		case f.FileInfo().IsDir():
			continue
		case isPicture(name) || !isMember(name) && isBare(name) && src.isPicture(f):
		case isMember(name) && len(members) < maxMembers:
			members = append(members, f)
			continue
		default:
			over.add(name)
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
		if e.bad == nil {
			if unpacked += f.UncompressedSize64; unpacked > most {
				return nil, fail(ErrLimit, "pictures unpack to more than %d bytes", most)
			}
		}
		entries = append(entries, e)
	}
	entries = arrange(entries)
	if err := src.separate(entries, size); err != nil {
		return nil, err
	}
	if len(entries) == 0 && len(members) > 0 {
		return spoolMembers(members, closer, o)
	}
	c := newContents(entries, src, o.MaxPixels)
	c.notes = over.note()
	return c, nil
}

// isPicture looks into a file without an ending. What cannot be read is no picture.
func (z *zipped) isPicture(f *zip.File) bool {
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	head := make([]byte, sniffHead)
	n, _ := io.ReadFull(r, head)
	return beginsLikePicture(head[:n])
}

// spoolMembers unpacks the files of a known data set, and opens it.
func spoolMembers(files []*zip.File, closer io.Closer, o Options) (c *contents, err error) {
	out, err := newSpool(o.TempDir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			out.Close()
		}
	}()
	var members []*member
	left := o.MaxSpool
	for _, f := range files {
		r, err := f.Open()
		if err != nil {
			return nil, corrupt(err, "zip entry %.80q", f.Name)
		}
		at, n, err := out.add(&capped{r: r, limit: left})
		r.Close()
		if err != nil {
			return nil, corrupt(err, "zip entry %.80q", f.Name)
		}
		left -= n
		members = append(members, sectionMember(archiveName(f.Name), out, at, n))
	}
	if err := out.finish(); err != nil {
		return nil, err
	}
	closers := []io.Closer{out}
	if closer != nil {
		closers = append(closers, closer)
	}
	if c, err = openKnown(members, closers, o); c == nil && err == nil {
		err = fail(ErrEmpty, "archive without a picture")
	}
	return c, err
}

// unpackRatio is how often its own size a large archive's pictures may be: they are
// compressed already.
const unpackRatio = 8

// separate marks entries bad whose bytes are not there, and all but one of those that
// share some: few bytes could stand for millions of pictures. The most that can stay do.
//
// Source: Fifield 2019, "A better zip bomb", USENIX WOOT.
func (z *zipped) separate(entries []entry, size int64) error {
	type body struct {
		e          *entry
		start, end int64
	}
	bodies := make([]body, 0, len(entries))
	for i := range entries {
		e := &entries[i]
		if e.bad != nil {
			continue
		}
		start, err := z.files[e.at].DataOffset()
		if isSystem(err) {
			return err
		}
		switch packed := z.files[e.at].CompressedSize64; {
		case errors.Is(err, io.EOF):
			e.bad = fail(ErrCorrupt, "zip entry outside the archive of %d bytes", size)
		case err != nil:
			e.bad = fail(ErrCorrupt, "zip entry: %w", err)
		case packed > uint64(size-start):
			e.bad = fail(ErrCorrupt, "zip entry of %d bytes, %d are there", packed, size-start)
		default:
			bodies = append(bodies, body{e, start, start + int64(packed)})
		}
	}
	slices.SortStableFunc(bodies, func(a, b body) int { return cmp.Compare(a.end, b.end) })
	free := int64(0)
	for _, b := range bodies {
		if b.start < free {
			b.e.bad = fail(ErrCorrupt, "zip entry at byte %d shares its bytes with another", b.start)
			continue
		}
		free = b.end
	}
	return nil
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
