package fileio

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

func writes(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// wantDir fails unless dir holds exactly these files with these contents,
// given as name, content, name, content, ...
func wantDir(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if len(names) != len(want)/2 {
		t.Errorf("directory holds %q, want %d files", names, len(want)/2)
	}
	for i := 0; i < len(want); i += 2 {
		got, err := os.ReadFile(filepath.Join(dir, want[i]))
		if err != nil || string(got) != want[i+1] {
			t.Errorf("%s holds %q (%v), want %q", want[i], got, err, want[i+1])
		}
	}
}

func TestWriteFileWritesWhatItIsGiven(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		pieces := rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 0, 3000)).Draw(rt, "pieces")
		repeat := rapid.IntRange(1, 40).Draw(rt, "repeat") // past the buffer
		path := filepath.Join(dir, "out")
		var want bytes.Buffer
		err = WriteFile(path, Options{}, func(w io.Writer) error {
			for range repeat {
				for _, p := range pieces {
					want.Write(p)
					if n, err := w.Write(p); n != len(p) || err != nil {
						return fmt.Errorf("wrote %d of %d: %w", n, len(p), err)
					}
				}
			}
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, want.Bytes()) {
			rt.Fatalf("read back %d bytes (%v), want %d", len(got), err, want.Len())
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 {
			rt.Fatalf("left behind: %v", entries)
		}
	})
}

func TestWriteFileKeepsAnExistingFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := WriteFile(path, Options{}, func(io.Writer) error {
		t.Error("the output was computed although it could not be kept")
		return nil
	})
	if !errors.Is(err, ErrExists) || errors.Is(err, ErrNotWritable) {
		t.Errorf("error %v, want ErrExists", err)
	}
	if err := CheckOut(path, Options{}); !errors.Is(err, ErrExists) {
		t.Errorf("CheckOut: %v, want ErrExists", err)
	}
	wantDir(t, dir, "out", "old")

	if err := CheckOut(path, Options{Force: true}); err != nil {
		t.Error(err)
	}
	if err := WriteFile(path, Options{Force: true}, writes("new")); err != nil {
		t.Error(err)
	}
	wantDir(t, dir, "out", "new")
}

// A file that appears while the output is computed is not replaced either.
func TestWriteFileKeepsAFileThatAppearsMeanwhile(t *testing.T) {
	for _, links := range []bool{true, false} {
		t.Run(fmt.Sprintf("links=%t", links), func(t *testing.T) {
			s := system(realSystem)
			if !links {
				s.link = func(string, string) error { return errors.ErrUnsupported }
			}
			dir := t.TempDir()
			path := filepath.Join(dir, "out")
			_, err := s.writeFiles([]File{{path, Options{}, func(w io.Writer) error {
				if err := os.WriteFile(path, []byte("other"), 0o644); err != nil {
					t.Fatal(err)
				}
				return writes("mine")(w)
			}}})
			if !errors.Is(err, ErrExists) {
				t.Errorf("error %v, want ErrExists", err)
			}
			wantDir(t, dir, "out", "other")
		})
	}
}

func TestWriteFileWithoutForceHasOneWinner(t *testing.T) {
	for _, links := range []bool{true, false} {
		t.Run(fmt.Sprintf("links=%t", links), func(t *testing.T) {
			s := system(realSystem)
			if !links {
				s.link = func(string, string) error { return errors.ErrUnsupported }
			}
			dir := t.TempDir()
			var all sync.WaitGroup
			var won atomic.Int32
			var content atomic.Value
			for i := range 16 {
				all.Go(func() {
					text := fmt.Sprint("writer ", i)
					switch _, err := s.writeFiles([]File{{filepath.Join(dir, "out"), Options{}, writes(text)}}); {
					case err == nil:
						won.Add(1)
						content.Store(text)
					case !errors.Is(err, ErrExists):
						t.Errorf("writer %d: %v, want ErrExists", i, err)
					}
				})
			}
			all.Wait()
			if won.Load() != 1 {
				t.Fatalf("%d writers won, want 1", won.Load())
			}
			wantDir(t, dir, "out", content.Load().(string))
		})
	}
}

func TestWriteFileWithForceIsAlwaysWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	text := func(i int) string { return strings.Repeat(fmt.Sprint(i), 100_000) }
	if err := WriteFile(path, Options{}, writes(text(0))); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := WriteFile(path, Options{Force: true}, writes(text(i))); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	for range 50 {
		got, err := os.ReadFile(path)
		if err != nil || len(got) != 100_000 || string(got) != text(int(got[0]-'0')) {
			t.Fatalf("a reader saw %d bytes (%v), want one writer's 100000", len(got), err)
		}
	}
	all.Wait()
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestWriteFileReturnsTheCallersError(t *testing.T) {
	dir := t.TempDir()
	mine := errors.New("the picture is empty")
	err := WriteFile(filepath.Join(dir, "out"), Options{}, func(w io.Writer) error {
		w.Write(make([]byte, 3*bufferBytes))
		return fmt.Errorf("viz: %w", mine)
	})
	if !errors.Is(err, mine) || errors.Is(err, ErrNotWritable) {
		t.Errorf("error %v, want the caller's alone", err)
	}
	wantDir(t, dir)
}

func TestWriteFileLeavesNothingAfterAPanic(t *testing.T) {
	dir := t.TempDir()
	func() {
		defer func() {
			if got := recover(); got != "boom" {
				t.Errorf("recovered %v, want boom", got)
			}
		}()
		WriteFile(filepath.Join(dir, "out"), Options{}, func(w io.Writer) error {
			w.Write(make([]byte, 3*bufferBytes))
			panic("boom")
		})
	}()
	wantDir(t, dir)
}

func TestWriteFileModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("windows has no mode bits")
	}
	dir := t.TempDir()
	mode := func(name string) fs.FileMode {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	// The umask applies as it does for any new file.
	if err := os.WriteFile(filepath.Join(dir, "plain"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(filepath.Join(dir, "a"), Options{}, writes("")); err != nil {
		t.Fatal(err)
	}
	if got, want := mode("a"), mode("plain"); got != want {
		t.Errorf("new file has mode %v, want %v", got, want)
	}
	if err := os.Chmod(filepath.Join(dir, "a"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(filepath.Join(dir, "a"), Options{Force: true}, writes("")); err != nil {
		t.Fatal(err)
	}
	if got := mode("a"); got != 0o640 {
		t.Errorf("replaced file has mode %v, want the old 0640", got)
	}
	if err := WriteFile(filepath.Join(dir, "b"), Options{Perm: 0o600}, writes("")); err != nil {
		t.Fatal(err)
	}
	if got := mode("b"); got != 0o600 {
		t.Errorf("file has mode %v, want 0600", got)
	}
}

func TestWriteFileFollowsALink(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "real"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(other, "real"), link); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	if err := WriteFile(link, Options{}, writes("new")); !errors.Is(err, ErrExists) {
		t.Errorf("error %v, want ErrExists", err)
	}
	if err := WriteFile(link, Options{Force: true}, writes("new")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Readlink(link); err != nil {
		t.Errorf("the link was replaced: %v", err)
	}
	wantDir(t, other, "real", "new")
	if err := os.Remove(filepath.Join(other, "real")); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(link, Options{Force: true}, writes("new")); !errors.Is(err, ErrNotWritable) {
		t.Errorf("link to nothing: %v, want ErrNotWritable", err)
	}
}

func TestWriteFileTakesTheLongestName(t *testing.T) {
	dir := t.TempDir()
	name := strings.Repeat("n", 255)
	if err := WriteFile(filepath.Join(dir, name), Options{}, writes("x")); err != nil {
		t.Fatal(err)
	}
	wantDir(t, dir, name, "x")
}

func ExampleWriteFile() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "losses.txt")
	write := func(w io.Writer) error {
		_, err := fmt.Fprintln(w, "0.69 0.71")
		return err
	}
	fmt.Println(WriteFile(path, Options{}, write))
	fmt.Println(errors.Is(WriteFile(path, Options{}, write), ErrExists))
	// Output:
	// <nil>
	// true
}
