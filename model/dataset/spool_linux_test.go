package dataset

import (
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"

	"dcganviz/internal/fileio"
)

// smallDisk is a folder with a disk of its own.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("no disk can be made here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestSpoolLeavesSomeOfTheDisk(t *testing.T) {
	tmp := smallDisk(t)
	noise := make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{}).Read(noise)
	files := []file{{"0.png", asPNG(t, ramp(4, 4))}, {"1.png", noise}, {"2.png", noise}, {"3.png", noise}}
	s, err := Open(writeFile(t, "set.tar.gz", asGzip(t, asTar(t, files))), Options{TempDir: tmp})
	if err != nil {
		t.Fatalf("of 4 MB, 3 are wanted: %v", err)
	}
	// The disk is the second's, too.
	for _, what := range []string{"set.tar.gz", "idx.gz"} {
		data := asTar(t, files)
		if what == "idx.gz" {
			data = idxFile(3, 1<<10, 1<<10)
		}
		if _, err := Open(writeFile(t, what, asGzip(t, data)), Options{TempDir: tmp}); !errors.Is(err, fileio.ErrNotWritable) ||
			errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "bytes are free") || !strings.Contains(err.Error(), tmp) {
			t.Errorf("%s: %v, want ErrNotWritable", what, err)
		}
		if free, size, ok := fileio.Free(tmp); !ok || size != 4<<20 || free < size/16 {
			t.Errorf("%s: %d of %d bytes are free, %t", what, free, size, ok)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
