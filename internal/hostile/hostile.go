package hostile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"dcganviz/internal/refuse"
)

// Allocated returns what f allocates: no less than the memory that it holds at
// any moment.
func Allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A Lie is a file that claims more than there is, or a size that does.
type Lie struct {
	File []byte
	Size int64 // 0: that of File
}

// lieBytes is what may be allocated before a lie is found out.
const lieBytes = 1 << 20

// CheckLies checks that each of reads refuses each lie, as ErrCorrupt or
// ErrTooLarge, and takes no memory for what is not there.
func CheckLies(t *testing.T, lies map[string]Lie, reads ...func(r io.ReaderAt, size int64) error) {
	t.Helper()
	for name, l := range lies {
		t.Run(name, func(t *testing.T) {
			size := l.Size
			if size == 0 {
				size = int64(len(l.File))
			}
			for i, read := range reads {
				var err error
				got := Allocated(func() { err = read(bytes.NewReader(l.File), size) })
				if !errors.Is(err, refuse.ErrCorrupt) && !errors.Is(err, refuse.ErrTooLarge) {
					t.Errorf("reader %d: error %v, want ErrCorrupt or ErrTooLarge", i, err)
				}
				if got > lieBytes {
					t.Errorf("reader %d: %d bytes were allocated for %d", i, got, len(l.File))
				}
			}
		})
	}
}

// CheckBroken checks that an error of the disk, from any of these bytes of a
// sound file on, is returned and not taken for damage.
func CheckBroken(t *testing.T, file []byte, from []int, reads ...func(r io.ReaderAt, size int64) error) {
	t.Helper()
	bad := errors.New("bad sector")
	for _, at := range from {
		for i, read := range reads {
			err := read(broken{bytes.NewReader(file), int64(at), bad}, int64(len(file)))
			if !errors.Is(err, bad) || errors.Is(err, refuse.ErrCorrupt) {
				t.Errorf("reader %d, broken from byte %d: %v, want only %v", i, at, err, bad)
			}
		}
	}
}

// broken gives an error for what does not end before byte from.
type broken struct {
	io.ReaderAt
	from int64
	err  error
}

func (b broken) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > b.from {
		return 0, b.err
	}
	return b.ReaderAt.ReadAt(p, at)
}

// CheckPaths checks what each of reads says of a file that is cut short, a
// folder and a path where nothing is.
func CheckPaths(t *testing.T, cut []byte, reads ...func(path string) error) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "cut")
	if err := os.WriteFile(path, cut, 0o644); err != nil {
		t.Fatal(err)
	}
	for i, read := range reads {
		for at, want := range map[string]error{path: refuse.ErrCorrupt, dir: refuse.ErrUnsupported, filepath.Join(dir, "none"): fs.ErrNotExist} {
			if err := read(at); !errors.Is(err, want) || !strings.Contains(err.Error(), at) {
				t.Errorf("reader %d of %s: %v, want the path and %v", i, at, err, want)
			}
		}
	}
}

// ErrFull is what a Full writer gives.
var ErrFull error = syscall.ENOSPC

// Full is a writer that takes this many bytes. Then it is a full disk.
type Full int

// Write implements io.Writer.
func (f *Full) Write(p []byte) (int, error) {
	if n := int(*f); n < len(p) {
		*f = 0
		return n, ErrFull
	}
	*f -= Full(len(p))
	return len(p), nil
}
