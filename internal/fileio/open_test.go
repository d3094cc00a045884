package fileio

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"dcganviz/internal/refuse"
)

func TestOpenRegularOpensFiles(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(path, []byte("seven!!"), 0o644); err != nil {
		t.Fatal(err)
	}
	paths := []string{path}
	if err := os.Symlink("file", link); err == nil {
		paths = append(paths, link)
	}
	for _, p := range paths {
		f, size, err := OpenRegular(p)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(f)
		if err != nil || string(b) != "seven!!" || size != 7 {
			t.Errorf("%s: %q of %d bytes, %v", p, b, size, err)
		}
		f.Close()
	}
}

// TestOpenRegularRefusesOthers; above all it comes back from a pipe that nobody
// writes to.
func TestOpenRegularRefusesOthers(t *testing.T) {
	dir := t.TempDir()
	others := map[string]string{dir: "a folder"}
	pipe := filepath.Join(dir, "pipe")
	if err := exec.Command("mkfifo", pipe).Run(); err == nil {
		others[pipe] = "a pipe"
	} else {
		t.Log("no pipe was tried:", err)
	}
	if _, err := os.Stat("/dev/zero"); err == nil {
		others["/dev/zero"] = "a device"
	}
	for path, is := range others {
		f, _, err := OpenRegular(path)
		if f != nil || !errors.Is(err, refuse.ErrUnsupported) || !strings.HasPrefix(err.Error(), path+": this is "+is) {
			t.Errorf("%s: %v, want it refused as %s", path, err, is)
		}
	}
	if f, _, err := OpenRegular(filepath.Join(dir, "none")); f != nil || !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "none") {
		t.Errorf("missing: %v, want fs.ErrNotExist", err)
	}
}

// brokenAt gives an error from a place on.
type brokenAt struct {
	io.ReaderAt
	at  int64
	err error
}

func (b brokenAt) ReadAt(p []byte, at int64) (int, error) {
	if left := b.at - at; int64(len(p)) > left {
		n, _ := b.ReaderAt.ReadAt(p[:max(left, 0)], at)
		return n, b.err
	}
	return b.ReaderAt.ReadAt(p, at)
}

func TestReadFullAtTellsCutFromBroken(t *testing.T) {
	text := strings.NewReader("0123456789")
	b := make([]byte, 4)
	if err := ReadFullAt(text, b, 6); err != nil || string(b) != "6789" {
		t.Errorf("%q, %v", b, err)
	}
	for at, want := range map[int64]string{7: "ends at byte 10, want 1 more", 10: "ends at byte 10, want 4 more", 90: "ends at byte 90, want 4 more"} {
		if err := ReadFullAt(text, b, at); !errors.Is(err, refuse.ErrCorrupt) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("at %d: %v, want %q", at, err, want)
		}
	}
	err := ReadFullAt(brokenAt{text, 8, iotest.ErrTimeout}, b, 6)
	if errors.Is(err, refuse.ErrCorrupt) || !errors.Is(err, iotest.ErrTimeout) || !strings.HasPrefix(err.Error(), "read at byte 8: ") {
		t.Errorf("broken: %v, want the reader's error at byte 8", err)
	}
	// What is asked for was read: how it went on does not matter.
	if err := ReadFullAt(iotestEOF{text}, b, 6); err != nil || string(b) != "6789" {
		t.Errorf("%q, %v", b, err)
	}
}

// iotestEOF gives io.EOF with the last bytes, as a ReaderAt may.
type iotestEOF struct{ io.ReaderAt }

func (r iotestEOF) ReadAt(p []byte, at int64) (int, error) {
	n, _ := r.ReaderAt.ReadAt(p, at)
	return n, io.EOF
}
