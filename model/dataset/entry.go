package dataset

import (
	"fmt"
	"image"
	"maps"
	"path"
	"slices"
	"strings"
)

const (
	// maxEntries bounds the pictures of one set: an archive of empty entries
	// costs its maker almost nothing and us some 100 bytes each.
	maxEntries = 1 << 23
	// maxName bounds an entry's name, which in a tar may take a megabyte.
	maxName = 4096
)

// entry is one picture of a set, not yet read.
type entry struct {
	name  string // slash-separated; a label, never a path to write to
	size  int64  // of its bytes in the source
	at    int64  // where they are: an offset, or an index into the archive's directory
	file  int32  // which file of the source holds them
	class int32  // index into the set's classes, -1 without
	bad   error  // what is already known to be wrong with it
}

// source gives the bytes of entries. It is safe for concurrent use.
type source interface {
	// read returns the bytes of e, in buf if they fit. An *fs.PathError is the
	// operating system's; any other error is due to the bytes themselves.
	read(e *entry, buf []byte) ([]byte, error)
	Close() error
}

// contents is what a reader of some format found.
type contents struct {
	entries []entry
	classes []string
	src     source
	decode  func(b []byte) (picture, error)
	digest  []byte // of the pixels, for formats whose entries all have one size
	notes   []string
}

// newContents makes a set of picture files.
func newContents(entries []entry, src source, maxPixels int64) *contents {
	entries = arrange(entries)
	decode := func(b []byte) (picture, error) { return openPicture(b, maxPixels) }
	return &contents{entries: entries, classes: classify(entries), src: src, decode: decode}
}

// picture is a decoded picture, or one that is about to be: its size is known
// before its pixels are.
type picture struct {
	w, h   int
	orient int   // EXIF orientation, 1 to 8
	taken  int64 // bytes that pixels allocates
	kept   int64 // bytes of it that the result holds
	pixels func() (image.Image, error)
}

// pictureExt holds the file endings that make an entry a picture, in lower
// case. The value is false for formats that are named as unsupported.
var pictureExt = map[string]bool{
	".jpg": true, ".jpeg": true, ".jpe": true, ".jfif": true, ".png": true, ".gif": true,
	".ppm": true, ".pgm": true, ".pnm": true, ".webp": true, ".pbm": false, ".pam": false,
	".bmp": false, ".tif": false, ".tiff": false, ".heic": false, ".heif": false, ".avif": false,
}

// isPicture reports whether name counts as a picture of the set, good or bad.
// Everything else (texts, tables, hidden files, the resource forks that macOS
// adds under __MACOSX or as ._NAME) is passed over.
func isPicture(name string) bool {
	if _, ok := pictureExt[strings.ToLower(path.Ext(name))]; !ok {
		return false
	}
	return !anyHidden(name)
}

// isBare reports a file without an ending, which may be a picture for all that its name
// says.
func isBare(name string) bool { return path.Ext(name) == "" && !anyHidden(name) }

// sniffHead is how many bytes of a file without an ending tell whether it is a picture.
const sniffHead = 16

// beginsLikePicture reports whether a file of these first bytes is a picture that is read.
func beginsLikePicture(head []byte) bool {
	c := sniff(head)
	return c != nil && c.decode != nil
}

// textExt are the endings of texts and tables that lie beside pictures: nobody takes them
// for pictures.
var textExt = map[string]bool{
	".txt": true, ".md": true, ".csv": true, ".tsv": true, ".json": true, ".xml": true, ".html": true, ".toml": true, ".yaml": true, ".yml": true, ".ini": true, ".db": true,
}

// A passed counts the files that are passed over: neither pictures nor hidden.
type passed struct {
	n     int // without texts
	first string
	texts int
}

func (p *passed) add(name string) {
	switch {
	case anyHidden(name):
	case textExt[strings.ToLower(path.Ext(name))]:
		p.texts++
	default:
		if p.n++; p.n == 1 {
			p.first = name
		}
	}
}

// note says what was passed over.
func (p *passed) note() []string {
	switch p.n {
	case 0:
		return nil
	case 1:
		return []string{fmt.Sprintf("1 file passed over that is no picture: %.80q", p.first)}
	}
	return []string{fmt.Sprintf("%d files passed over that are no pictures, the first %.80q", p.n, p.first)}
}

func anyHidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if isHidden(part) {
			return true
		}
	}
	return false
}

func isHidden(part string) bool {
	return strings.HasPrefix(part, ".") || part == "__MACOSX"
}

// archiveName makes a relative, clean, slash-separated label of a name that an
// archive gives, whatever it tries.
func archiveName(name string) string {
	return path.Clean("/" + strings.ReplaceAll(name, `\`, "/"))[1:]
}

// arrange sorts entries by name. Of entries with one name the last stays, as
// it would if the archive were unpacked.
func arrange(entries []entry) []entry {
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	kept := entries[:0]
	for i, e := range entries {
		if i+1 < len(entries) && entries[i+1].name == e.name {
			continue
		}
		kept = append(kept, e)
	}
	return kept
}

// classify makes each folder that directly holds pictures a class, named by
// its path below the deepest folder that holds them all ("." for that folder
// itself), and returns the names in order. Pictures of one folder have no
// class.
func classify(entries []entry) []string {
	if len(entries) == 0 {
		return nil
	}
	common := dirParts(entries[0].name)
	for _, e := range entries[1:] {
		parts := dirParts(e.name)
		n := 0
		for n < min(len(parts), len(common)) && parts[n] == common[n] {
			n++
		}
		common = common[:n]
	}
	label := func(e entry) string {
		if rest := dirParts(e.name)[len(common):]; len(rest) > 0 {
			return strings.Join(rest, "/")
		}
		return "."
	}
	index := map[string]int32{}
	for _, e := range entries {
		index[label(e)] = 0
	}
	if len(index) == 1 {
		for i := range entries {
			entries[i].class = -1
		}
		return nil
	}
	names := slices.Sorted(maps.Keys(index))
	for i, name := range names {
		index[name] = int32(i)
	}
	for i, e := range entries {
		entries[i].class = index[label(e)]
	}
	return names
}

func dirParts(name string) []string {
	dir, _ := path.Split(name)
	if dir == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(dir, "/"), "/")
}
