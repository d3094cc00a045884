package fileio

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// mkfifo makes a pipe with a name.
func mkfifo(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if out, err := exec.Command("mkfifo", path).CombinedOutput(); err != nil {
		t.Skipf("no pipe can be made here: %v %s", err, out)
	}
	return path
}

// beside returns a file beside a pipe, and reports in the end whether it was written
// or left a temporary file.
func beside(t *testing.T, pipe string) (File, func(want int)) {
	t.Helper()
	dir := filepath.Dir(pipe)
	return File{Path: filepath.Join(dir, "file"), Write: writes("x")}, func(want int) {
		t.Helper()
		if left, err := os.ReadDir(dir); err != nil || len(left) != want {
			t.Errorf("%d entries are left, want %d: %v, %v", len(left), want, left, err)
		}
	}
}

// TestPipeWithoutReaderIsLeft ends the wait for a reader who never comes.
func TestPipeWithoutReaderIsLeft(t *testing.T) {
	pipe := mkfifo(t)
	file, check := beside(t, pipe)
	ctx, cancel := context.WithCancel(t.Context())
	file.Write = func(w io.Writer) error { // is written before the pipe is opened
		cancel()
		return nil
	}
	at, err := WriteFilesContext(ctx, file, File{Path: pipe, Write: writes("x")})
	if !errors.Is(err, context.Canceled) || at != 1 {
		t.Errorf("file %d: %v, want 1: %v", at, err, context.Canceled)
	}
	check(1)
}

// TestPipeThatNobodyReadsIsLeft ends the wait for a reader who does not read.
func TestPipeThatNobodyReadsIsLeft(t *testing.T) {
	pipe := mkfifo(t)
	file, check := beside(t, pipe)
	r, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Skipf("a pipe cannot be opened for both: %v", err)
	}
	defer r.Close()
	ctx, cancel := context.WithCancel(t.Context())
	_, err = WriteFilesContext(ctx, file, File{Path: pipe, Write: func(w io.Writer) error {
		cancel()
		_, err := w.Write(make([]byte, 1<<21)) // above what any pipe holds
		return err
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
	check(1)
}

// TestPipeTakesWhatItsReaderReads opens the pipe before there is a reader.
func TestPipeTakesWhatItsReaderReads(t *testing.T) {
	pipe := mkfifo(t)
	file, check := beside(t, pipe)
	got := make(chan []byte)
	file.Write = func(w io.Writer) error {
		go func() {
			b, _ := os.ReadFile(pipe)
			got <- b
		}()
		return nil
	}
	want := make([]byte, 1<<21)
	if _, err := WriteFiles(file, File{Path: pipe, Write: writes(string(want))}); err != nil {
		t.Fatal(err)
	}
	if b := <-got; len(b) != len(want) {
		t.Errorf("the reader got %d bytes, want %d", len(b), len(want))
	}
	check(2)
}

// TestDeadReaderOfANamelessPipe is what --out /dev/stdout meets behind head: no
// other reader can come.
func TestDeadReaderOfANamelessPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	path := filepath.Join("/dev/fd", strconv.Itoa(int(w.Fd())))
	if !isPipe(path) {
		t.Skip("no /dev/fd here")
	}
	if err := WriteFile(path, Options{}, writes("x")); !errors.Is(err, ErrNotWritable) {
		t.Errorf("%v, want %v", err, ErrNotWritable)
	}
}
