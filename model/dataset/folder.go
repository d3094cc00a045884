package dataset

import (
	"io"
	"os"
	"path"
	"path/filepath"
)

// folder is the source of pictures that are files below a directory.
type folder struct {
	root     string
	maxBytes int64
}

// openFolder lists the pictures below root. Links are followed, but each
// directory is entered once, by its own name rather than a link's where both
// lie below root: loops end, and webs of links do not multiply.
func openFolder(root string, o Options) (*contents, error) {
	w := walker{root: root, seen: map[string]bool{}}
	w.dirs = []dir{{}}
	for w.err == nil && (len(w.dirs) > 0 || len(w.links) > 0) {
		queue := &w.dirs
		if len(w.dirs) == 0 {
			queue = &w.links
		}
		next := (*queue)[0]
		*queue = (*queue)[1:]
		w.list(next)
	}
	if w.err != nil {
		return nil, w.err
	}
	if len(w.entries) == 0 {
		if c, err := openKnown(w.members, nil, o); c != nil || err != nil {
			return c, err
		}
		return nil, w.empty()
	}
	c := newContents(w.entries, &folder{root, o.MaxBytes}, o.MaxPixels)
	c.notes = w.passed.note()
	return c, nil
}

// empty says what there is in a folder without a picture.
func (w *walker) empty() error {
	if w.passed.n == 0 {
		return fail(ErrEmpty, "folder without a picture")
	}
	return fail(ErrEmpty, "folder without a picture: %d files that are none, the first %.80q; an archive is named itself", w.passed.n, w.passed.first)
}

func (f *folder) read(e *entry, buf []byte) ([]byte, error) {
	file, err := os.Open(filepath.Join(f.root, filepath.FromSlash(e.name)))
	if err != nil {
		return buf, err
	}
	defer file.Close()
	// One byte more than there was, so that a growing buffer does not take twice as much.
	return readAll(file, grow(buf, min(e.size, f.maxBytes)+1), f.maxBytes)
}

func (f *folder) Close() error { return nil }

// walker goes through a directory tree breadth first, real directories before
// links to directories. Names are relative to root and slash-separated.
type walker struct {
	root        string
	seen        map[string]bool // real paths of directories
	dirs, links []dir
	entries     []entry
	members     []*member
	passed      passed
	err         error
}

// dir is a directory and its real path. Of root and of links that is not known yet: to
// find it takes a look at each directory above.
type dir struct{ name, real string }

func (w *walker) list(d dir) {
	full := filepath.Join(w.root, filepath.FromSlash(d.name))
	if d.real == "" {
		real, err := filepath.EvalSymlinks(full)
		if err == nil {
			real, err = filepath.Abs(real)
		}
		if err != nil {
			w.err = err
			return
		}
		d.real = real
	}
	if w.seen[d.real] {
		return
	}
	w.seen[d.real] = true
	items, err := os.ReadDir(full) // sorted
	if err != nil {
		w.err = err
		return
	}
	for _, item := range items {
		name := path.Join(d.name, item.Name())
		if isHidden(item.Name()) {
			continue
		}
		if item.IsDir() {
			w.dirs = append(w.dirs, dir{name, filepath.Join(d.real, item.Name())})
			continue
		}
		w.file(name, item)
		if len(w.entries) > maxEntries {
			w.err = fail(ErrLimit, "more than %d pictures", maxEntries)
			return
		}
	}
}

// file adds a regular file or what a link leads to. Pipes, devices and sockets
// are passed over: opening one may never return.
func (w *walker) file(name string, item os.DirEntry) {
	info, err := os.Stat(filepath.Join(w.root, filepath.FromSlash(name)))
	switch {
	case err != nil && item.Type()&os.ModeSymlink != 0:
		if isPicture(name) {
			w.entries = append(w.entries, entry{name: name, bad: fail(ErrCorrupt, "a link that leads nowhere")})
		}
	case err != nil:
		w.err = err
	case info.IsDir():
		w.links = append(w.links, dir{name: name})
	case !info.Mode().IsRegular():
	case isPicture(name) || isBare(name) && w.isPicture(name):
		w.entries = append(w.entries, entry{name: name, size: info.Size()})
	case isMember(name) && len(w.members) < maxMembers:
		w.members = append(w.members, fileMember(filepath.Join(w.root, filepath.FromSlash(name)), name, info.Size()))
	default:
		w.passed.add(name)
	}
}

// isPicture looks into a file without an ending. What cannot be read is no picture.
func (w *walker) isPicture(name string) bool {
	f, err := os.Open(filepath.Join(w.root, filepath.FromSlash(name)))
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, sniffHead)
	n, _ := io.ReadFull(f, head)
	return beginsLikePicture(head[:n])
}
