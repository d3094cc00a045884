package dataset

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Open opens the set of pictures at path:
//
//   - a folder of .jpg, .png, .gif, .webp and .ppm files, whose nested folders are classes;
//   - a .zip, .tar, .tar.gz or .tgz of such a folder;
//   - an IDX file of gray pictures (MNIST), gzipped or not; the labels file is taken
//     from beside it if it is there. EMNIST's, by their names, are turned upright;
//   - a batch of CIFAR-10 or CIFAR-100, binary or of Python;
//   - a folder or an archive without pictures that holds one of these data sets, however
//     deep.
//
// What a file is, is decided by its first bytes (by its name for binary CIFAR,
// which has no mark of its own). Files without an ending are looked into. Other names that
// do not end like a picture's are passed over, and [Set.Notes] counts them; hidden files
// are passed over. Within a folder or an archive a picture is
// used whatever its ending, if it is jpeg, png, gif, webp or netpbm; if not, it is bad.
//
// Open reads the directory of the set and decodes pictures up to the first
// good one. The caller must Close the set. Errors wrap ErrNotFound, ErrEmpty,
// ErrCorrupt (also if there are pictures and none can be decoded),
// ErrUnsupported, ErrLimit or ErrNotInSet, or are the operating system's.
func Open(path string, o Options) (*Set, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	c, err := openPath(path, o)
	if err != nil {
		return nil, fmt.Errorf("dataset: %q: %w", path, err)
	}
	s, err := newSet(path, c, o)
	if err != nil {
		c.src.Close()
		return nil, err
	}
	return s, nil
}

// OpenZip is Open of a zip archive that is in memory; name is what errors call
// it. The bytes must not change while the set is open.
func OpenZip(name string, archive []byte, o Options) (*Set, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	c, err := openZip(bytes.NewReader(archive), int64(len(archive)), nil, o)
	if err = orEmpty(c, err); err != nil {
		return nil, fmt.Errorf("dataset: %q: %w", name, err)
	}
	return newSet(name, c, o)
}

func openPath(path string, o Options) (*contents, error) {
	if path == "" {
		return nil, fail(ErrNotFound, "no path given")
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fail(ErrNotFound, "no such file or folder")
	case err != nil:
		return nil, err
	case info.IsDir():
		return openDir(path, o)
	case !info.Mode().IsRegular():
		return nil, fail(ErrUnsupported, "neither a file nor a folder")
	case info.Size() == 0:
		return nil, fail(ErrEmpty, "file of 0 bytes")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	c, kept, err := openFile(path, f, info.Size(), o)
	if err != nil && c != nil {
		c.src.Close() // what was unpacked goes too
	}
	if !kept || err != nil {
		f.Close()
	}
	return c, err
}

func openDir(path string, o Options) (*contents, error) {
	if images := findIDX(path); images != "" {
		c, err := openPath(images, o)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", filepath.Base(images), err)
		}
		return c, nil
	}
	if batches := findCIFAR(path); len(batches) > 0 {
		return openBinaries(batches, cifar10, o)
	}
	return openFolder(path, o)
}

// openFile opens a set that is one file. It reports whether the set has kept f.
func openFile(path string, f *os.File, size int64, o Options) (c *contents, kept bool, err error) {
	head := make([]byte, min(512, size))
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, size), head); err != nil {
		return nil, false, err
	}
	base := filepath.Base(path)
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")):
		c, err = openZip(f, size, f, o)
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		c, err = openGzip(path, f, o)
		return c, false, orEmpty(c, err)
	case strings.HasSuffix(strings.ToLower(base), ".bin"): // before IDX, whose mark may begin a record
		kind := cifar10
		if isCIFAR100Size(size) && (base == trainCIFAR100+".bin" || base == "test.bin") {
			kind.labels, kind.classes = 2, numberedClasses(100)
		}
		src := &sections{files: []io.ReaderAt{f}, closer: []io.Closer{f}}
		c, err = openCIFAR([]cifarPart{{name: base, size: size}}, kind, src)
	case isPickle(head):
		c, err = openPickles([]*member{fileMember(path, base, size)}, metaBeside(path), o)
		return c, false, err
	case bytes.HasPrefix(head, []byte("\x00\x00\x08")):
		c, err = openIDXFile(path, base, f, size, f, o)
	case isTar(head) || strings.HasSuffix(strings.ToLower(base), ".tar"):
		c, err = openTar(f, size, f, o)
	default:
		return nil, false, notASet(base, head)
	}
	return c, true, orEmpty(c, err)
}

// isPickle reports a pickle of protocol 2 to 5.
func isPickle(head []byte) bool {
	return len(head) > 2 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5
}

// metaBeside returns the file that names the classes of a pickled batch, nil without one.
func metaBeside(batch string) *member {
	for _, name := range []string{metaCIFAR10, metaCIFAR100} {
		p := filepath.Join(filepath.Dir(batch), name)
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			return fileMember(p, name, info.Size())
		}
	}
	return nil
}

func orEmpty(c *contents, err error) error {
	if err == nil && len(c.entries) == 0 {
		return fail(ErrEmpty, "archive without a picture")
	}
	return err
}

// openGzip opens a gzipped file, which is unpacked to a temporary one.
func openGzip(path string, f *os.File, o Options) (*contents, error) {
	head, err := gzipHead(f)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	base := strings.TrimSuffix(filepath.Base(path), ".gz")
	switch {
	case len(head) == 0:
		return nil, fail(ErrEmpty, "unpacks to 0 bytes")
	case bytes.HasPrefix(head, []byte("\x00\x00\x08")):
		return openIDXGz(path, base, f, o)
	case isTar(head) || isTarGzName(path):
		return openTarGz(f, o)
	}
	return nil, fail(ErrUnsupported, "gzip of something that begins with %q, want a tar or IDX", head[:min(8, len(head))])
}

func isTarGzName(path string) bool {
	name := strings.ToLower(filepath.Base(path))
	return strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tgz")
}

// gzipHead returns the first 512 bytes, or all, that f unpacks to.
func gzipHead(f io.Reader) ([]byte, error) {
	zr, err := gzip.NewReader(f)
	if err != nil {
		return nil, corrupt(err, "gzip")
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(zr, head)
	if err != nil && err != io.EOF && !(err == io.ErrUnexpectedEOF && n > 0) {
		return nil, corrupt(err, "gzip")
	}
	return head[:n], nil
}

func openIDXGz(path, base string, f io.Reader, o Options) (*contents, error) {
	zr, err := gzip.NewReader(f)
	if err != nil {
		return nil, corrupt(err, "gzip")
	}
	out, err := newSpool(o.TempDir)
	if err != nil {
		return nil, err
	}
	_, size, err := out.add(&capped{r: zr, limit: o.MaxSpool})
	if err == nil {
		err = out.finish()
	}
	if err != nil {
		out.Close()
		return nil, corrupt(err, "gzip after %d bytes", size)
	}
	c, err := openIDXFile(path, base, out, size, out, o)
	if err != nil {
		out.Close()
		return nil, err
	}
	return c, nil
}

// openIDXFile opens the pictures in r with the labels that lie beside path.
func openIDXFile(path, base string, r io.ReaderAt, size int64, closer io.Closer, o Options) (*contents, error) {
	var labels []byte
	if p := findIDXLabels(path); p != "" {
		var err error
		if labels, err = readIDXLabels(p); err != nil {
			return nil, fmt.Errorf("labels %q: %w", filepath.Base(p), err)
		}
	}
	return openIDX(base, r, size, labels, &sections{closer: []io.Closer{closer}}, o)
}

// notASet says why a file is not a set.
func notASet(base string, head []byte) error {
	if c := sniff(head); c != nil {
		return fail(ErrUnsupported, "a single %s picture, want a folder or an archive of pictures", c.name)
	}
	begins := head[:min(8, len(head))]
	for _, ext := range []string{".zip", ".gz", ".tgz"} {
		if strings.HasSuffix(strings.ToLower(base), ext) {
			return fail(ErrCorrupt, "named %s but begins with %q", ext, begins)
		}
	}
	return fail(ErrUnsupported, "begins with %q, want a folder, zip, tar, tar.gz, IDX or CIFAR batches", begins)
}
