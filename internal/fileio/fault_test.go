package fileio

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// faulty is a file whose named call fails as on a full disk.
type faulty struct {
	file
	call string
	left int // bytes that still fit
}

func (f *faulty) Write(p []byte) (int, error) {
	if f.call == "write" && len(p) > f.left {
		n, _ := f.file.Write(p[:f.left])
		f.left = 0
		return n, &fs.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	f.left -= len(p)
	return f.file.Write(p)
}

func (f *faulty) Chmod(mode fs.FileMode) error {
	if f.call == "chmod" {
		return syscall.EPERM
	}
	return f.file.Chmod(mode)
}

func (f *faulty) Sync() error {
	if f.call == "sync" {
		return syscall.EIO
	}
	return f.file.Sync()
}

func (f *faulty) Close() error {
	err := f.file.Close()
	if f.call == "close" {
		return syscall.EDQUOT
	}
	return err
}

// failing is the real system, but for one call.
func failing(call string) system {
	s := system(realSystem)
	create := s.create
	s.create = func(path string, perm fs.FileMode) (file, error) {
		claim := !strings.Contains(filepath.Base(path), ".tmp-")
		switch {
		case call == "create" && !claim, call == "claim" && claim:
			return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.EROFS}
		}
		f, err := create(path, perm)
		if err != nil {
			return nil, err
		}
		return &faulty{file: f, call: call, left: bufferBytes + 10}, nil
	}
	if call == "rename" || call == "claimrename" {
		s.rename = func(from, to string) error {
			return &os.LinkError{Op: "rename", Old: from, New: to, Err: syscall.EACCES}
		}
	}
	if call == "claim" || call == "claimrename" {
		s.link = func(from, to string) error {
			return &os.LinkError{Op: "link", Old: from, New: to, Err: syscall.ENOTSUP}
		}
	}
	return s
}

// Every call that can fail, fails; what was there before is what is there after.
func TestFaultLeavesEverythingAsItWas(t *testing.T) {
	big := func(w io.Writer) error {
		_, err := w.Write(make([]byte, 5*bufferBytes))
		return err
	}
	forgetful := func(w io.Writer) error {
		big(w)
		return nil
	}
	wrapping := func(w io.Writer) error {
		if err := big(w); err != nil {
			return errors.New("encode: it went wrong") // without %w
		}
		return nil
	}
	small := writes("small")
	for _, c := range []struct {
		call  string
		force bool
		write func(io.Writer) error
		want  error
	}{
		{"create", false, small, syscall.EROFS},
		{"create", true, small, syscall.EROFS},
		{"write", false, big, syscall.ENOSPC},
		{"write", true, big, syscall.ENOSPC},
		{"write", true, forgetful, syscall.ENOSPC},
		{"write", true, wrapping, syscall.ENOSPC},
		{"sync", false, small, syscall.EIO},
		{"sync", true, small, syscall.EIO},
		{"close", false, small, syscall.EDQUOT},
		{"close", true, small, syscall.EDQUOT},
		{"chmod", true, small, syscall.EPERM},
		{"rename", true, small, syscall.EACCES},
		{"claim", false, small, syscall.EROFS},
		{"claimrename", false, small, syscall.EACCES},
	} {
		t.Run(fmt.Sprintf("%s/force=%t", c.call, c.force), func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "out")
			before := []string{}
			if c.force {
				before = []string{"out", "old"}
				if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, err := failing(c.call).writeFiles([]File{{path, Options{Force: c.force}, c.write}})
			if !errors.Is(err, ErrNotWritable) || !errors.Is(err, c.want) {
				t.Errorf("error %v, want ErrNotWritable: %v", err, c.want)
			}
			if strings.Count(err.Error(), ".tmp-") > 0 {
				t.Errorf("error %q names the temporary file, which is gone", err)
			}
			wantDir(t, dir, before...)
		})
	}
}

func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	for _, force := range []bool{false, true} {
		if err := CheckOut("/dev/full", Options{Force: force}); err != nil {
			t.Errorf("CheckOut: %v", err)
		}
		err := WriteFile("/dev/full", Options{Force: force}, writes("x"))
		if !errors.Is(err, ErrNotWritable) || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("force %t: %v, want ErrNotWritable: no space", force, err)
		}
	}
	if info, err := os.Stat("/dev/full"); err != nil || info.Mode()&fs.ModeCharDevice == 0 {
		t.Fatalf("/dev/full was replaced: %v, %v", info, err)
	}
}

func TestWriteFileWritesIntoAPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	path := fmt.Sprintf("/dev/fd/%d", w.Fd())
	if _, err := os.Stat(path); err != nil {
		t.Skip("no /dev/fd here")
	}
	if err := CheckOut(path, Options{}); err != nil {
		t.Errorf("CheckOut: %v", err)
	}
	if err := WriteFile(path, Options{}, writes("through")); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if got, err := io.ReadAll(r); string(got) != "through" || err != nil {
		t.Errorf("the pipe got %q, %v", got, err)
	}
}

func TestUnfitPlacesAreRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"empty":              "",
		"directory":          dir,
		"trailing slash":     filepath.Join(dir, "new") + string(filepath.Separator),
		"missing directory":  filepath.Join(dir, "none", "out"),
		"file for directory": filepath.Join(dir, "file", "out"),
		"long name":          filepath.Join(dir, strings.Repeat("n", 300)),
	} {
		t.Run(name, func(t *testing.T) {
			for _, force := range []bool{false, true} {
				err := WriteFile(path, Options{Force: force}, writes("x"))
				if !errors.Is(err, ErrNotWritable) {
					t.Errorf("WriteFile, force %t: %v, want ErrNotWritable", force, err)
				}
				if err := CheckOut(path, Options{Force: force}); !errors.Is(err, ErrNotWritable) && name != "long name" {
					t.Errorf("CheckOut, force %t: %v, want ErrNotWritable", force, err)
				}
			}
			wantDir(t, dir, "file", "")
		})
	}
}

func TestReadOnlyDirectoryIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("needs mode bits, and a user who is bound by them")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o755)
	path := filepath.Join(dir, "out")
	if err := CheckOut(path, Options{}); !errors.Is(err, ErrNotWritable) || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("CheckOut: %v, want ErrNotWritable: permission", err)
	}
	if err := WriteFile(path, Options{}, writes("x")); !errors.Is(err, ErrNotWritable) {
		t.Errorf("WriteFile: %v, want ErrNotWritable", err)
	}
}

func TestCheckOutLeavesNoTrace(t *testing.T) {
	dir := t.TempDir()
	if err := CheckOut(filepath.Join(dir, "out"), Options{}); err != nil {
		t.Fatal(err)
	}
	wantDir(t, dir)
	if err := failing("create").checkOut(filepath.Join(dir, "out"), Options{}); !errors.Is(err, ErrNotWritable) {
		t.Errorf("read-only disk: %v, want ErrNotWritable", err)
	}
}

func TestRemoveStaleTakesOnlyItsOwn(t *testing.T) {
	dir := t.TempDir()
	keep := []string{"out", "a", ".out.tmp-x1", "b", ".out.tmp-", "c", ".other.tmp-0", "d", "out.tmp-0", "e"}
	all := append([]string{".out.tmp-0", "stale", ".out.tmp-17", "stale"}, keep...)
	for i := 0; i < len(all); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, all[i]), []byte(all[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// Litter is no obstacle to the next writer.
	if err := WriteFile(filepath.Join(dir, "out"), Options{Force: true}, writes("a")); err != nil {
		t.Fatal(err)
	}
	wantDir(t, dir, all...)
	ours := func(name string) bool { return name == "out" }
	if err := RemoveStale(dir, ours); err != nil {
		t.Fatal(err)
	}
	if err := RemoveStale(filepath.Join(dir, "none"), ours); err != nil {
		t.Errorf("a folder that is not there: %v", err)
	}
	wantDir(t, dir, keep...)
}
