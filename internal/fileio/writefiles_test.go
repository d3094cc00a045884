package fileio

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// pair is two files to write, with their folder as it is before and after.
type pair struct {
	dir    string
	before []string
	files  []File
}

// newPair makes a folder with the files that stand there already.
func newPair(t *testing.T, force bool, before ...string) pair {
	t.Helper()
	p := pair{dir: t.TempDir(), before: before}
	for i := 0; i < len(before); i += 2 {
		if err := os.WriteFile(filepath.Join(p.dir, before[i]), []byte(before[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b"} {
		p.files = append(p.files, File{filepath.Join(p.dir, name), Options{Force: force}, writes("new " + name)})
	}
	return p
}

func TestWriteFilesWritesAll(t *testing.T) {
	for _, before := range [][]string{nil, {"a", "old"}, {"a", "old", "b", "old"}} {
		p := newPair(t, true, before...)
		if _, err := WriteFiles(p.files...); err != nil {
			t.Error(err)
		}
		wantDir(t, p.dir, "a", "new a", "b", "new b")
	}
}

// TestWriteFilesIsAllOrNone lets the second of two files fail, in every way
// that it can.
func TestWriteFilesIsAllOrNone(t *testing.T) {
	fails := errors.New("no more")
	second := func(s system, dir string) system { // moves to b fail
		rename, link := s.rename, s.link
		s.rename = func(from, to string) error {
			if to == filepath.Join(dir, "b") {
				return &os.LinkError{Op: "rename", Old: from, New: to, Err: syscall.EPERM}
			}
			return rename(from, to)
		}
		s.link = func(from, to string) error {
			if to == filepath.Join(dir, "b") {
				return &os.LinkError{Op: "link", Old: from, New: to, Err: syscall.EEXIST}
			}
			return link(from, to)
		}
		return s
	}
	for _, c := range []struct {
		name   string
		force  bool
		before []string
		spoil  func(*system, *pair)
		want   error
	}{
		{"write", true, []string{"a", "old", "b", "old"}, func(_ *system, p *pair) {
			p.files[1].Write = func(w io.Writer) error { writes("half")(w); return fails }
		}, fails},
		{"write new", false, nil, func(_ *system, p *pair) {
			p.files[1].Write = func(w io.Writer) error { return fails }
		}, fails},
		{"exists", false, []string{"b", "old"}, func(*system, *pair) {}, ErrExists},
		{"move over", true, []string{"a", "old", "b", "old"}, func(s *system, p *pair) { *s = second(*s, p.dir) }, syscall.EPERM},
		{"move one over", true, []string{"b", "old"}, func(s *system, p *pair) { *s = second(*s, p.dir) }, syscall.EPERM},
		{"taken meanwhile", false, nil, func(s *system, p *pair) { *s = second(*s, p.dir) }, ErrExists},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t, c.force, c.before...)
			s := realSystem
			c.spoil(&s, &p)
			at, err := s.writeFiles(p.files)
			if at != 1 || !errors.Is(err, c.want) || !strings.Contains(err.Error(), p.files[1].Path) {
				t.Errorf("file %d, error %v; want file 1 and %v", at, err, c.want)
			}
			wantDir(t, p.dir, p.before...)
		})
	}
}

// A stream takes what is written before anything is replaced.
func TestWriteFilesWritesStreamsBeforeItMoves(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	for stream := range 2 {
		p := newPair(t, true, "a", "old", "b", "old")
		p.files[stream].Path = "/dev/full"
		at, err := WriteFiles(p.files...)
		if at != stream || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("file %d, error %v; want file %d and no space", at, err, stream)
		}
		wantDir(t, p.dir, p.before...)
	}
}

func TestResolveFollowsLinks(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if err := errors.Join(os.Mkdir("real", 0o755), os.WriteFile("real/file", nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink("real", "link"), os.Symlink("real/file", "alias")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	for path, want := range map[string]string{
		"new": "new", "./real/../new": "new", filepath.Join(dir, "new"): "new",
		"link/new": "real/new", "alias": "real/file", "link/file": "real/file",
	} {
		got, err := Resolve(path)
		if want := filepath.Join(dir, want); got != want || err != nil {
			t.Errorf("%s resolves to %s, %v; want %s", path, got, err, want)
		}
	}
	// The folder that one is in can have several names too.
	t.Chdir("link")
	if got, err := Resolve("new"); got != filepath.Join(dir, "real", "new") || err != nil {
		t.Errorf("in a linked folder, new resolves to %s, %v", got, err)
	}
	if got, err := Resolve("none/new"); err != nil || got == "" {
		t.Errorf("in a folder that is not there: %q, %v", got, err)
	}
}
